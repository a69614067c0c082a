# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lab: filters for pictures in colour
#
# A gray digit has one number for each pixel. A photograph has three: red, green and blue. So its filters have three
# sheets, and can do what no gray filter can: compare colours.
#
# **What you do:** send photographs through random filters and through filters made by hand, with your own `conv2d`,
# and find a frog in the grass.
#
# **What you learn**
#
# - why a filter with three sheets still gives one number for a window;
# - what a comparison of colours sees that brightness does not show;
# - what happens at the rim of a picture whose ground is not black;
# - how many pictures and many filters fit into one call.
#
# The lab works on your function from the assignment. You can also start before it is done: the next cell
# prints whose function works here. The lab `filter_bank` comes before this one.

# %%
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.labkit.kernels import blur, copy, edge, gabor, line

conv2d = labkit.own_functions("conv2d").conv2d
random = np.random.default_rng(seed=28)  # the seed makes your numbers the same as everybody's
numbers = [f"filter {k}" for k in range(16)]

# %% [markdown]
# ## 1. The photographs
#
# The kit has 20 photographs of the CIFAR-10 set: 32 rows, 32 columns, and **3** channels (red,
# green, blue).

# %%
cifar10 = data.load("cifar10")
photos = cifar10.images / 255
print("photos:", photos.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_images(photos, [cifar10.class_names[label] for label in cifar10.labels]),
    alt="Twenty small colour photographs, each with its name: cats, ships, airplanes, frogs, automobiles, "
    "trucks, dogs and horses.",
)

# %% tags=["hide-input"]
labkit.predict(
    "A filter for colour pictures has three sheets: one for red, one for green, one for blue. A bank has 16 such filters. How many responses does one photograph get?",
    {
        "3": "There is one response for each filter, not for each channel.",
        "16": "The three sums of a filter's sheets are added to one number; so each filter gives one response.",
        "48": "The sheets of a filter do not answer on their own: their three sums are added to one number.",
    },
    right="16",
)

# %% [markdown]
# ## 2. A bank of random filters
#
# The lecture's bank for them has the shape 5 × 5 × **3** × 16. A filter for colour pictures has three
# sheets, one for each channel. All three look at the same window, and their sums are added to **one**
# number. So there is still one response for each filter, not three.
#
# With `SAME` and stride 2: 32 / 2 = 16 windows need 15 · 2 + 5 = 35 pixels, and 3 zeros
# are missing: 1 goes before and 2 after.

# %%
random_colour_bank = random.normal(size=(5, 5, 3, 16))

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_kernels(random_colour_bank[:, :, :, :8], numbers),
    alt="The first eight of the sixteen random kernels for colour pictures. Each is drawn as three sheets of "
    "5 by 5 weights, one below the other, for red, green and blue. None shows a pattern.",
)

# %% [markdown]
# Now the photograph of a frog in the grass goes through all 16 of them.

# %%
one_photo = photos[4:5]
responses = conv2d(one_photo, random_colour_bank, [1, 2, 2, 1], "SAME")

print("photo:    ", one_photo.shape)
print("bank:     ", random_colour_bank.shape)
print("responses:", responses.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_responses(responses[0], numbers),
    alt="Sixteen responses of 16 by 16 to the photograph of a frog. Most are pale and ragged. In a few, "
    "nearly all positive or nearly all negative, the frog can be made out as a stronger patch.",
)

# %% [markdown]
# ## 3. A bank made by hand
#
# Filters made by hand say more, as they did for the digits. We give the same sheet to all three channels (an edge is an
# edge in any colour) and add a few that *compare* the colours: `red − green` is positive on one sheet
# and negative on another.


# %%
def in_gray(kernel):
    """The same kernel for red, green and blue: it sees brightness."""
    return np.stack([kernel, kernel, kernel], axis=-1) / 3


def in_colour(red, green, blue):
    """A blur that is weighted differently for each colour: it sees colour."""
    return blur()[:, :, np.newaxis] * np.array([red, green, blue])


brightness = {"edge 0°": edge(0), "edge 90°": edge(90), "line 45°": line(45)}
brightness |= {"outline": copy() - blur(), "blur": blur()}
colour_kernels = {name: in_gray(kernel) for name, kernel in brightness.items()}
colour_kernels |= {
    "red − green": in_colour(1, -1, 0),
    "green − blue": in_colour(0, 1, -1),
    "red − blue": in_colour(1, 0, -1),
}
colour_names = list(colour_kernels)
colour_bank = np.stack(list(colour_kernels.values()), axis=-1)
print("hand-made colour bank:", colour_bank.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_kernels(colour_bank, colour_names, own_scale=True),
    alt="Eight kernels for colour pictures, each drawn as three sheets for red, green and blue. For the two "
    "edges, the line, the outline and the blur the three sheets are alike. Red minus green has a positive "
    "red sheet, a negative green one and an empty blue one; the other two compare colours in the same way.",
)

# %% tags=["hide-input"]
labkit.predict(
    "The photograph shows a brown frog in green grass. Which filter will show the frog in one piece?",
    {
        "outline": "It answers wherever brightness changes, and grass is full of that.",
        "blur": "It gives a small, soft copy. Frog and grass are about equally bright, so the frog does not stand out.",
        "red − green": "Brown holds more red than green, grass more green than red: the sign tells them apart.",
    },
    right="red − green",
)

# %%
responses = conv2d(one_photo, colour_bank, [1, 2, 2, 1], "SAME")
print("responses:", responses.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_responses(responses[0], colour_names, own_scale=True),
    alt="Eight responses to the frog. Edges, line and outline are restless: grass is full of edges. Blur "
    "gives a small copy of the photograph. Red minus green is positive on the frog and negative on the grass "
    "around it, so the frog stands out in one piece.",
)

# %% [markdown]
# In gray, a frog in the grass is hard to find: both are full of edges. The comparison of red and green
# finds it at once, since the frog is browner than the grass.
#
# Look at the rim of the two edge responses, too: the strong values at the bottom and on the right belong to
# no edge in the photograph. There the filter sees the step from the picture to the zeros of `SAME`. On the
# black ground of the digits this step did not show.

# %%
chosen = colour_names.index("red − green")

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_before_after(
        one_photo[0], colour_bank[:, :, :, chosen], responses[0, :, :, chosen], stride=2
    ),
    alt="Left, the frog with a blue square on its brown skin. Then that window enlarged, and the three "
    "sheets of the kernel red minus green: positive, negative, empty. Right, the 16 by 16 response: one "
    "positive patch in the shape of the frog, negative around it.",
)

# %% [markdown]
# ## 4. Stripes on a ship
#
# And the Gabor filters of the lab `filter_bank`? Four directions, both phases, in gray, on the photograph of a ship. To see more, we move by 1 here,
# and take `VALID`, which has no zeros that could be mistaken for edges: 32 − 7 + 1 = 26.

# %% tags=["hide-input"]
labkit.predict(
    "A ship lies flat on the water. Filters for which direction will answer to it most strongly?",
    {
        "0°, flat stripes": "Windows, deck and hull are flat lines.",
        "90°, upright stripes": "Hardly anything on this ship stands upright.",
        "all alike": "A filter answers where the picture looks like it, and this picture has a direction.",
    },
    right="0°, flat stripes",
)

# %%
waves = [(degrees, phase) for phase in (0, 90) for degrees in (0, 45, 90, 135)]
gabor_bank = np.stack([in_gray(gabor(*wave)) for wave in waves], axis=-1)
ship = photos[1:2]
responses = conv2d(ship, gabor_bank, [1, 1, 1, 1], "VALID")
print("photo:", ship.shape, "  bank:", gabor_bank.shape, "  responses:", responses.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_responses(responses[0], [f"{degrees}°, φ {phase}°" for degrees, phase in waves], columns=4),
    alt="Eight responses of 26 by 26 to the photograph of a ship, on one scale. The filters for flat stripes draw its "
    "windows and the rim of its hull in strong flat bands, the one for 45 degrees the same things, weaker. The upright "
    "ones are pale but for one spot at the bottom, a little left of the middle; so is the one for 135 degrees, which "
    "answers to the slope of the roof at the top right, too.",
)

# %% [markdown]
# A ship is made of flat lines. Find the one strong spot in `90°, φ 90°`, at the bottom: there the red bow begins beside
# a black shadow.
#
# ## 5. Many pictures, many filters
#
# So far one picture went through many filters. Many filters *and* many pictures: this is what a layer of a network does. The lecture writes it in TensorFlow, with
# a batch of 64 pictures:
#
#     tf.nn.conv2d(mnist_batch, tf.random.normal([5, 5, 1, 16]), strides=[1, 2, 2, 1], padding="SAME")
#     tf.nn.conv2d(cifar_batch, tf.random.normal([5, 5, 3, 16]), strides=[1, 2, 2, 1], padding="SAME")
#
# Here are both on your own function. The kit comes with 20 photographs only; to fill the batch, we add mirrored copies
# of them: left and right exchanged, top and bottom exchanged, and both.

# %%
mirrored = [photos, photos[:, :, ::-1], photos[:, ::-1], photos[:, ::-1, ::-1]]
batches = {
    "MNIST": (data.load("mnist").images[:64] / 255, random.normal(size=(5, 5, 1, 16))),
    "CIFAR-10": (np.concatenate(mirrored)[:64], random_colour_bank),
}

for name, (pictures, bank) in batches.items():
    count = labkit.how_many(conv2d, "conv2d", pictures, bank, [1, 2, 2, 1], "SAME")
    responses = conv2d(pictures[:count], bank, [1, 2, 2, 1], "SAME")
    print(f"{name}: {pictures[:count].shape} through {bank.shape} gives {responses.shape}")

# %% [markdown]
# Read the four numbers of the result: pictures, rows, columns, filters.
#
# ## 6. Try it
#
# Which filter finds the red hull of a ship, the blue of the sky, the green of the grass? Change the photograph and
# how much each colour counts, then run the cell again.

# %%
my_photo = photos[1:2]
my_kernel = in_colour(1, -0.5, -0.5)

response = conv2d(my_photo, my_kernel[..., np.newaxis], [1, 2, 2, 1], "SAME")
labkit.show(
    labkit.draw_before_after(my_photo[0], my_kernel, response[0, :, :, 0], stride=2),
    alt="My photograph, its window with the strongest response, the three sheets of my kernel, and my response. "
    f"The strongest response is {response.max():.2f}.",
)

# %% [markdown]
# ## What to take with you
#
# - Every filter reads **all** channels of its window and gives **one** number for it.
# - A bank of shape rows × columns × channels in × filters turns pictures of *channels in* channels
#   into pictures of *filters* channels.
# - Sheets that are alike see brightness; sheets that differ compare colours. Nobody has to choose: a network learns both.
