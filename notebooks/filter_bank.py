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
# # Lab: a filter bank
#
# A convolutional layer looks at one picture through many small filters at once. Such a set of filters
# is called a *filter bank*. Here you send handwritten digits and colour photographs through the two
# banks of the lecture and look at what comes out.
#
# **What you do:** build banks of filters, random and made by hand, apply them with your own `conv2d`, and find a
# curve in a digit.
#
# **What you learn**
#
# - how to read the four numbers in a filter bank's shape, such as 5 × 5 × 1 × 16;
# - why stride 2 with `SAME` padding halves a picture, and where the zeros go;
# - how to see from a response what its filter looks for.
#
# The lab works on your functions from the assignment. You can also start before they are done: the next cell
# prints whose function works here.

# %%
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.labkit.grids import Grid, draw_grids

own = labkit.own_functions("conv2d", "apply_kernel")
conv2d, apply_kernel = own.conv2d, own.apply_kernel

# %% [markdown]
# ## 1. The digits
#
# The kit comes with 500 digits of the MNIST set. A digit has 28 rows and 28 columns of gray values,
# and one *channel*, since gray is one number. Divided by 255, the values run from 0 (black) to 1
# (white).

# %%
mnist = data.load("mnist")
digits = mnist.images / 255
print("digits:", digits.shape, " = (how many, rows, columns, channels)")

labkit.show(
    labkit.draw_images(digits[:10], mnist.labels[:10]),
    alt="Ten handwritten digits, one of each from 0 to 9, white on black.",
)

# %% [markdown]
# ## 2. From 28 to 14
#
# The lecture's bank for the digits has the shape 5 × 5 × 1 × 16: each filter covers **5** rows and
# **5** columns, reads **1** channel, and there are **16** of them. It moves in steps of 2, with
# `SAME` padding.
#
# `SAME` promises as many windows as there are steps of 2 in 28 pixels: 28 / 2 = 14, rounded up if
# need be. How many zeros does that take? Follow one row:
#
# - The 14 windows need (14 − 1) · 2 + 5 = **31** pixels: 13 steps, and the width of the last window.
# - The row has 28, so **3** zeros are missing.
# - 3 cannot be shared equally. TensorFlow puts **1 before and 2 after**: the odd one goes to the end.
#
# This is why you do not find a padding *p* for this bank in the formula (w − f + 2p) / s + 1: it
# means the same *p* on both sides, and p = 1.5 is no number of zeros.

# %%
labkit.show(
    labkit.draw_windows(size=28, length=5, stride=2),
    alt="A row of 28 pixels, numbered 0 to 27, with one hatched zero before it and two after it. "
    "Window 0 covers the zero before and pixels 0 to 3. Window 1 starts two pixels later. Window 13, the "
    "last one, covers pixels 25 to 27 and the two zeros after.",
)

# %% [markdown]
# ## 3. A bank of random filters
#
# The lecture fills the bank with random numbers. That is also how a network starts, before it has
# learned anything. The seed makes your numbers the same as everybody's; change it if you like.

# %%
random = np.random.default_rng(seed=28)
random_bank = random.normal(size=(5, 5, 1, 16))
numbers = [f"filter {k}" for k in range(16)]

labkit.show(
    labkit.draw_kernels(random_bank, numbers),
    alt="Sixteen kernels of 5 by 5 random weights, most between minus 3 and 3. None shows a pattern.",
)

# %% [markdown]
# Now one digit goes through all 16 filters. `conv2d` wants a *batch*, so we cut out a batch of one
# with `digits[3:4]`, which keeps all four axes, where `digits[3]` would drop the first.

# %%
one_digit = digits[3:4]
responses = conv2d(one_digit, random_bank, [1, 2, 2, 1], "SAME")

print("digit:    ", one_digit.shape)
print("bank:     ", random_bank.shape, " = (rows, columns, channels in, filters)")
print("responses:", responses.shape, " = (how many, rows, columns, one channel per filter)")

# %% [markdown]
# 28 × 28 has become 14 × 14, and the one channel has become 16: one picture for each filter.
#
# A response can be negative, so gray will not do. Orange is positive: the window looks like the
# filter. Purple is negative: it looks like the filter's opposite. White is zero. The two numbers
# below a picture are its smallest and its largest value.

# %%
labkit.show(
    labkit.draw_responses(responses[0], numbers),
    alt="Sixteen responses of 14 by 14 to a handwritten 3. In most of them the 3 can still be read, in some "
    "as positive values, in some as negative ones, in others as a ragged mixture of both.",
)

# %% [markdown]
# The 3 is still there, now blurred, now ragged. But can you say what a random filter looks for?
# Hardly. So let us build filters of which we know it.
#
# ## 4. A bank made by hand
#
# An **edge** is where one side is bright and the other dark. So an edge filter has positive weights
# on one side, negative ones on the other. A **line** is bright along the middle and dark on both
# sides. Both are made below from one idea: measure how far a pixel lies *across* the edge, in the
# direction of an angle, and let that decide its weight. As in the lecture, x is the row (downwards)
# and y is the column (to the right).

# %%
x, y = np.mgrid[-2:3, -2:3]  # the place of each weight; (0, 0) is the middle of the filter
fading = np.exp(-(x**2 + y**2) / 4)  # the weights fade towards the rim


def edge(degrees):
    """Bright towards one direction: 0 is right, 90 is up, 180 is left, 270 is down."""
    angle = np.radians(degrees)
    across = y * np.cos(angle) - x * np.sin(angle)
    kernel = across * fading
    return kernel / np.abs(kernel).sum()


def line(degrees):
    """A bright line in one direction: 0 lies flat, 90 stands upright."""
    angle = np.radians(degrees)
    across = y * np.sin(angle) + x * np.cos(angle)
    kernel = (1 - across**2) * fading
    kernel = kernel - kernel.mean()
    return kernel / np.abs(kernel).sum()


# The last four kernels have no direction.
copy = np.where((x == 0) & (y == 0), 1.0, 0.0)
hill = np.exp(-(x**2 + y**2) / 2)
blur = hill / hill.sum()
sharpen = 2 * copy - blur
outline = copy - blur

kernels = {f"edge {degrees}°": edge(degrees) for degrees in range(0, 360, 45)}
kernels |= {f"line {degrees}°": line(degrees) for degrees in range(0, 180, 45)}
kernels |= {"copy": copy, "blur": blur, "sharpen": sharpen, "outline": outline}

names = list(kernels)
hand_bank = np.stack(list(kernels.values()), axis=-1)[:, :, np.newaxis, :]
print("hand-made bank:", hand_bank.shape)

labkit.show(
    labkit.draw_kernels(hand_bank, names, own_scale=True),
    alt="Sixteen hand-made kernels. Eight edges: half positive, half negative, turned in steps of 45 "
    "degrees. Four lines: a positive stripe between negative ones. Copy: a single 1 in the middle. Blur: a "
    "positive hill. Sharpen: a large positive middle in a slightly negative ring. Outline: the same with a "
    "smaller middle.",
)

# %% [markdown]
# These filters differ in strength, so each one is drawn on a scale of its own: the darkest orange or
# purple is its largest weight. The responses below are drawn in the same way.
#
# Before you run the next cell, guess: which filters will answer to the flat strokes of the 3, and which
# to the upright ones?

# %%
responses = conv2d(one_digit, hand_bank, [1, 2, 2, 1], "SAME")
labkit.show(
    labkit.draw_responses(responses[0], names, own_scale=True),
    alt="Sixteen responses to the 3. Each edge kernel answers positively along one side of the strokes and "
    "negatively along the other; opposite directions give opposite signs. Line kernels answer where a stroke "
    "runs in their direction. Copy gives the 3 at half size, blur a soft one, sharpen a hard one with a "
    "negative rim, outline the strokes with a negative rim.",
)

# %% [markdown]
# ## 5. Before and after
#
# Take one filter and look closely. The blue square marks the window with the strongest response: the
# place that looks most like the filter. Multiply this window and the kernel number by number, add it
# all up, and you have the number that stands in the small blue square on the right.

# %%
chosen = names.index("line 0°")
labkit.show(
    labkit.draw_before_after(one_digit[0], hand_bank[:, :, :, chosen], responses[0, :, :, chosen], stride=2),
    alt="Left, the 3 with a blue square on one of its flat strokes. Then that window enlarged, a bright "
    "horizontal bar; beside it the kernel for flat lines, which looks alike. Right, the 14 by 14 response "
    "with its strongest value marked.",
)

# %% [markdown]
# ## 6. Gabor filters
#
# Edges and lines are two of a family. A **Gabor filter** is a wave that fades out:
#
# $$K(x, y) = \exp\left(-\frac{x^2 + y^2}{2\sigma^2}\right) \cdot \cos\left(\frac{2\pi \cdot across}{\lambda} - \varphi\right)$$
#
# *across* is, as before, the distance across the stripes. The wavelength λ decides how wide the stripes are, σ how far the
# filter reaches, and the phase φ what is in its middle: with 0° the crest of a wave, so a line; with 90° the slope
# between crest and trough, so an edge. Cells much like this were found in the visual cortex of cats and monkeys, and networks
# learn filters like this by themselves.
#
# The bank has 8 directions, each with both phases, in 7 × 7 weights.

# %%
x, y = np.mgrid[-3:4, -3:4]


def gabor(degrees, phase, wavelength=5.0, sigma=2.0):
    """A wave in one direction that fades out: 0 lies flat, 90 stands upright; the weights add up to 0."""
    angle = np.radians(degrees)
    across = y * np.sin(angle) + x * np.cos(angle)
    wave = np.cos(2 * np.pi * across / wavelength - np.radians(phase))
    kernel = wave * np.exp(-(x**2 + y**2) / (2 * sigma**2))
    kernel = kernel - kernel.mean()  # a flat window gives 0
    return kernel / np.abs(kernel).sum()


directions = np.arange(0, 180, 22.5)
gabor_names = [f"{degrees:g}°, φ {phase}°" for phase in (0, 90) for degrees in directions]
gabor_kernels = [gabor(degrees, phase) for phase in (0, 90) for degrees in directions]
gabor_bank = np.stack(gabor_kernels, axis=-1)[:, :, np.newaxis, :]
print("Gabor bank:", gabor_bank.shape)

labkit.show(
    labkit.draw_kernels(gabor_bank, gabor_names, own_scale=True),
    alt="Sixteen kernels of 7 by 7. The upper eight have a positive stripe through the middle between two negative ones, "
    "turned in steps of 22.5 degrees from flat over upright back to nearly flat. The lower eight have a positive stripe "
    "beside a negative one, in the same directions. All fade towards the rim.",
)

# %%
responses = conv2d(one_digit, gabor_bank, [1, 2, 2, 1], "SAME")
print("responses:", responses.shape)
labkit.show(
    labkit.draw_responses(responses[0], gabor_names),
    alt="Sixteen responses to the 3, on one scale. The filters for flat stripes answer to its three flat strokes, in "
    "positive and negative stripes, the upright ones to the short stretches that join them, the slanting ones to "
    "what lies between.",
)

# %% [markdown]
# This time all responses have the same scale, so you can compare them. Each stroke stands out in the filter
# of its own direction, and fades in the next ones.
#
# ## 7. Pictures in colour
#
# The kit also has 20 photographs of the CIFAR-10 set: 32 rows, 32 columns, and **3** channels (red,
# green, blue).

# %%
cifar10 = data.load("cifar10")
photos = cifar10.images / 255
print("photos:", photos.shape)

labkit.show(
    labkit.draw_images(photos, [cifar10.class_names[label] for label in cifar10.labels]),
    alt="Twenty small colour photographs, each with its name: cats, ships, airplanes, frogs, automobiles, "
    "trucks, dogs and horses.",
)

# %% [markdown]
# The lecture's second bank has the shape 5 × 5 × **3** × 16. A filter for colour pictures has three
# sheets, one for each channel. All three look at the same window, and their sums are added to **one**
# number. So there is still one response for each filter, not three.
#
# `SAME` and stride 2 once more: 32 / 2 = 16 windows need 15 · 2 + 5 = 35 pixels, again 3 zeros, 1
# before and 2 after.

# %%
random_colour_bank = random.normal(size=(5, 5, 3, 16))

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

labkit.show(
    labkit.draw_responses(responses[0], numbers),
    alt="Sixteen responses of 16 by 16 to the photograph of a frog. Most are pale and ragged. In a few, "
    "nearly all positive or nearly all negative, the frog can be made out as a stronger patch.",
)

# %% [markdown]
# Filters made by hand say more again. We give the same sheet to all three channels (an edge is an
# edge in any colour) and add a few that *compare* the colours: `red − green` is positive on one sheet
# and negative on another.


# %%
def in_gray(kernel):
    """The same kernel for red, green and blue: it sees brightness."""
    return np.stack([kernel, kernel, kernel], axis=-1) / 3


def in_colour(red, green, blue):
    """A blur that is weighted differently for each colour: it sees colour."""
    return blur[:, :, np.newaxis] * np.array([red, green, blue])


brightness = ["edge 0°", "edge 90°", "line 45°", "outline", "blur"]
colour_kernels = {name: in_gray(kernels[name]) for name in brightness}
colour_kernels |= {
    "red − green": in_colour(1, -1, 0),
    "green − blue": in_colour(0, 1, -1),
    "red − blue": in_colour(1, 0, -1),
}
colour_names = list(colour_kernels)
colour_bank = np.stack(list(colour_kernels.values()), axis=-1)
print("hand-made colour bank:", colour_bank.shape)

labkit.show(
    labkit.draw_kernels(colour_bank, colour_names, own_scale=True),
    alt="Eight kernels for colour pictures, each drawn as three sheets for red, green and blue. For the two "
    "edges, the line, the outline and the blur the three sheets are alike. Red minus green has a positive "
    "red sheet, a negative green one and an empty blue one; the other two compare colours in the same way.",
)

# %%
responses = conv2d(one_photo, colour_bank, [1, 2, 2, 1], "SAME")
print("responses:", responses.shape)

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
labkit.show(
    labkit.draw_before_after(
        one_photo[0], colour_bank[:, :, :, chosen], responses[0, :, :, chosen], stride=2
    ),
    alt="Left, the frog with a blue square on its brown skin. Then that window enlarged, and the three "
    "sheets of the kernel red minus green: positive, negative, empty. Right, the 16 by 16 response: one "
    "positive patch in the shape of the frog, negative around it.",
)

# %% [markdown]
# And the Gabor filters? Every second direction, in gray, on the photograph of a ship. To see more, we move by 1 here,
# and take `VALID`, which has no zeros that could be mistaken for edges: 32 − 7 + 1 = 26.

# %%
some = [0, 2, 4, 6, 8, 10, 12, 14]
gabor_colour_bank = np.stack([in_gray(gabor_kernels[k]) for k in some], axis=-1)
ship = photos[1:2]
responses = conv2d(ship, gabor_colour_bank, [1, 1, 1, 1], "VALID")
print("photo:", ship.shape, "  bank:", gabor_colour_bank.shape, "  responses:", responses.shape)

labkit.show(
    labkit.draw_responses(responses[0], [gabor_names[k] for k in some], columns=4),
    alt="Eight responses of 26 by 26 to the photograph of a ship, on one scale. The filters for flat stripes draw its "
    "windows and the rim of its hull in strong flat bands, the one for 45 degrees the same things, weaker. The upright "
    "ones are pale but for one spot at the bottom, a little left of the middle; so is the one for 135 degrees, which "
    "answers to the slope of the roof at the top right, too.",
)

# %% [markdown]
# A ship is made of flat lines. Find the one strong spot in `90°, φ 90°`, at the bottom: there the red bow begins beside
# a black shadow.
#
# ## 8. One filter, many pictures
#
# So far: one picture through many filters. Now the other way round: one filter over a batch of ten
# digits. It is the same call; only the shapes are different. The same 25 weights serve every digit,
# every place in it, and everybody's handwriting.

# %%
one_filter = hand_bank[:, :, :, [names.index("line 90°")]]
ten = digits[:10]
responses = conv2d(ten, one_filter, [1, 2, 2, 1], "SAME")
print("digits:", ten.shape, "  filter:", one_filter.shape, "  responses:", responses.shape)

labkit.show(
    labkit.draw_one_filter(ten, responses[:, :, :, 0], mnist.labels[:10]),
    alt="Ten digits in a row, and below each the response of the filter for upright lines. It is positive "
    "along upright strokes, such as the sides of the 0, the 1 and the stem of the 9, with a negative rim "
    "on either side, and weak along flat strokes.",
)

# %% [markdown]
# ## 9. The lecture's two lines
#
# Many filters *and* many pictures: this is what a layer of a network does. The lecture writes it in TensorFlow, with
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
    "MNIST": (digits[:64], random_bank),
    "CIFAR-10": (np.concatenate(mirrored)[:64], random_colour_bank),
}

for name, (pictures, bank) in batches.items():
    count = labkit.how_many(
        lambda batch, bank=bank: conv2d(batch, bank, [1, 2, 2, 1], "SAME"), pictures, seconds=3
    )
    responses = conv2d(pictures[:count], bank, [1, 2, 2, 1], "SAME")
    print(f"{name}: {pictures[:count].shape} through {bank.shape} gives {responses.shape}")

# %% [markdown]
# Read the four numbers of the result: pictures, rows, columns, filters.
#
# ## 10. The curve detector
#
# The lecture explains filters with a curve on the back of a mouse: a filter that has its weights where the curve runs
# gives a large number there, and 0 on the mouse's head. In numbers (on the slide, one array has slipped by a column;
# the sum there belongs to these):

# %%
curve = np.zeros((7, 7))
curve[[0, 1, 2, 3, 4, 5], [5, 4, 3, 3, 3, 3]] = 30

back = np.array(
    [
        [0, 0, 0, 0, 0, 0, 30],
        [0, 0, 0, 0, 50, 50, 50],
        [0, 0, 0, 20, 50, 0, 0],
        [0, 0, 0, 50, 50, 0, 0],
        [0, 0, 0, 50, 50, 0, 0],
        [0, 0, 0, 50, 50, 0, 0],
        [0, 0, 0, 50, 50, 0, 0],
    ]
)
head = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 40, 0, 0, 0, 0, 0],
        [40, 0, 40, 0, 0, 0, 0],
        [40, 20, 0, 0, 0, 0, 0],
        [0, 50, 0, 0, 0, 0, 0],
        [0, 0, 50, 0, 0, 0, 0],
        [25, 25, 0, 50, 0, 0, 0],
    ]
)
print("on the back:", apply_kernel(back, curve, 0, 0), "  on the head:", apply_kernel(head, curve, 0, 0))

labkit.show(
    draw_grids(
        Grid("the back", back, signed=True),
        Grid("× filter", curve, signed=True),
        Grid("= sum this up: 6600", back * curve, signed=True),
    ),
    alt="Three arrays of 7 by 7. The back: a curve of 50s that comes up in columns 3 and 4 and bends to the right at the "
    "top. The filter: 30s on the same curve. Their product, number by number: 1500 four times and 600 once, "
    "all other places 0; the sum is 6600.",
)
labkit.show(
    draw_grids(
        Grid("the head", head, signed=True),
        Grid("× filter", curve, signed=True),
        Grid("= sum this up: 0", head * curve, signed=True),
    ),
    alt="Three arrays of 7 by 7. The head: a curve that runs down to the right on the left side. The same filter. Their "
    "product is 0 everywhere, since no bright pixel meets a weight.",
)

# %% [markdown]
# Is this curve in our digits, too? The left side of the 0 looks like it. Let the filter go over all ten, one pixel
# at a time.

# %%
curve_filter = curve.reshape(7, 7, 1, 1)
responses = conv2d(ten, curve_filter, [1, 1, 1, 1], "SAME")
best = responses.max(axis=(1, 2, 3))
labkit.show(
    labkit.draw_one_filter(
        ten, responses[:, :, :, 0], [f"{digit}: {value:.0f}" for digit, value in enumerate(best)]
    ),
    alt="Ten digits, and below each the response of the curve filter, positive along all strokes. The largest "
    "responses are nearly the same for all: " + ", ".join(f"{value:.0f}" for value in best) + ".",
)

# %% [markdown]
# It finds the curve, and everything else, too: no digit stays below 170 of the 180 that are possible. The filter asks
# only that six places are bright. It does not ask that the others are **dark**, and so every thick stroke will do.
#
# The cure: negative weights around the curve. Subtract the mean, and the weights add up to 0: then a window that is
# bright everywhere gives 0.

# %%
careful_filter = curve_filter - curve_filter.mean()
responses = conv2d(ten, careful_filter, [1, 1, 1, 1], "SAME")
best = responses.max(axis=(1, 2, 3))
labkit.show(
    labkit.draw_one_filter(
        ten, responses[:, :, :, 0], [f"{digit}: {value:.0f}" for digit, value in enumerate(best)]
    ),
    alt="The same ten digits with the careful filter. Its responses are thin, positive on one kind of stroke and negative "
    "beside it. The largest ones differ now: "
    + ", ".join(f"{value:.0f}" for value in best)
    + ". The 0 comes first.",
)
labkit.show(
    labkit.draw_before_after(ten[0], careful_filter[:, :, :, 0], responses[0, :, :, 0], stride=1),
    alt="Left, the 0 with a blue square on its left side. That window enlarged: a stroke that comes up and bends to the "
    "right at the top, on a dark ground. The kernel: the same curve, positive, on a slightly negative ground. Right, the "
    "response with its strongest value on the left side of the 0.",
)

# %% [markdown]
# Now the 0 is ahead, and the strongest window of all is the one we were looking for.
#
# ## 11. Try it
#
# Edit the kernel and the choice of the picture, then run the cell again. Some things to try:
#
# - Make a kernel that answers to the corner at the top right of a 7.
# - Turn the curve upside down (`curve[::-1]` in section 10). Which digit has it?
# - Multiply all weights by −1. What changes, and what does not?
# - Make the weights add up to 0, then to 1. What happens to a flat background?
# - Use stride 1 (in **both** places below). How large is the response now?

# %%
my_kernel = np.array(
    [
        [0, 0, 0, 0, 0],
        [2, 2, 2, 1, 0],
        [-1, -1, 1, 2, 0],
        [-2, -2, -1, 2, 0],
        [-2, -2, -1, 2, 0],
    ]
)
my_image = digits[7:8]
stride = 2

my_filter = my_kernel.reshape(5, 5, 1, 1)
response = conv2d(my_image, my_filter, [1, stride, stride, 1], "SAME")
print("response:", response.shape, " sum of the weights:", my_kernel.sum())

labkit.show(
    labkit.draw_before_after(my_image[0], my_filter[:, :, :, 0], response[0, :, :, 0], stride),
    alt="My picture, its window with the strongest response, my kernel, and my response. "
    f"The strongest response is {response.max():.2f}.",
)

# %% [markdown]
# ## What to take with you
#
# - A bank of shape rows × columns × channels in × filters turns pictures of *channels in* channels
#   into pictures of *filters* channels. Every filter reads **all** channels of its window and gives
#   **one** number for it.
# - With `SAME`, the size after is the size before divided by the stride, rounded up. When the number
#   of zeros is odd, the extra one goes after.
# - A filter answers most strongly where the picture looks like the filter. You just chose the filters
#   by hand; a network starts from random ones and changes them until their answers are useful.
