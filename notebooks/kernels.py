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
# # Lab: kernels
#
# Nine numbers decide what a convolution does to a picture. The same few lines of code blur it, sharpen it,
# draw its outlines or move it aside; only the kernel is different.
#
# **What you do:** send a photograph, digits and colour pictures through well-known kernels, with your own
# `apply_kernel`, `convolve` and `conv2d`.
#
# **What you learn**
#
# - what blur, sharpen, outline, shift and edge kernels look like, and why they work;
# - what the sum of a kernel's weights tells you before you run anything;
# - why one kernel on the lecture's slides has the wrong name;
# - what flipping a kernel means, and why deep learning leaves it out.
#
# You can also start before your functions are done: the lines that the next cell prints tell you whose
# functions work here.

# %%
import sys
from pathlib import Path

import numpy as np
from matplotlib import cbook, image

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.labkit.grids import Grid, draw_gallery, draw_grids

own = labkit.own_functions("apply_kernel", "convolve", "conv2d")
apply_kernel, convolve, conv2d = own.apply_kernel, own.convolve, own.conv2d

# %% [markdown]
# ## 1. One picture, one window
#
# The photograph comes with matplotlib. It shows Grace Hopper, who wrote one of the first compilers. We make
# it gray (the mean of red, green and blue) and small (the mean of each 8 × 8 pixels), so that loops in
# Python stay quick. Values run from 0 (black) to 1 (white).

# %%
with cbook.get_sample_data("grace_hopper.jpg") as file:
    colours = image.imread(file, format="jpg") / 255
gray = colours.mean(axis=2)
photo = gray.reshape(75, 8, 64, 8).mean(axis=(1, 3))
print("photo:", photo.shape, " = (rows, columns)")

# %% [markdown]
# The simplest kernel has nine equal weights of 1/9. Nine pixels, each times 1/9, added up: that is their
# *mean*. Here is one window, at the rim of her cap, and what your `apply_kernel` makes of it.

# %%
blur = np.ones((3, 3)) / 9
x, y = 6, 42
window = photo[x : x + 3, y : y + 3]
value = apply_kernel(photo, blur, x, y)
print(f"V({x}, {y}) = {value:.3f}   the mean of the window: {window.mean():.3f}")

# %% tags=["hide-input"]
labkit.show(
    draw_grids(
        Grid("window", window, names=(range(x, x + 3), range(y, y + 3))),
        Grid("kernel", blur, signed=True),
        Grid("window · kernel", window * blur, signed=True),
        Grid("their sum", np.array([[value]]), signed=True),
    ),
    alt=f"A window of 3 by 3 gray values, a kernel of nine times 0.11, their nine products, and the sum of "
    f"the products, {value:.2f}.",
)

# %% [markdown]
# ## 2. Blur
#
# Your `convolve` does this at every place. Each pixel becomes the mean of its surroundings, so that fine
# detail is lost. A larger kernel takes in more surroundings. The last kernel is a *Gaussian*: near pixels
# count more than far ones, which blurs more softly.

# %%
hill = np.array([1, 4, 6, 4, 1])
kernels = {
    "copy": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "blur 3 × 3": blur,
    "blur 5 × 5": np.ones((5, 5)) / 25,
    "Gaussian 5 × 5": np.outer(hill, hill) / np.outer(hill, hill).sum(),
}
results = {name: convolve(photo, kernel) for name, kernel in kernels.items()}
for name, result in results.items():
    print(f"{name:>15}: {photo.shape} becomes {result.shape}")

# %% tags=["hide-input"]
labkit.show(
    draw_gallery(photo, kernels, results),
    alt="The photograph of Grace Hopper in uniform, and four results, each below its kernel. Copy, a single "
    "1 in the middle, changes nothing. The blurs soften her face and the stars of the flag behind her, 5 by 5 "
    "more than 3 by 3.",
)

# %% [markdown]
# The results are a little smaller than the photograph: a 3 × 3 window fits into 75 rows at 73 places. The
# lab *Stride and padding* is about that.
#
# ## 3. Sharpen, outline, and a slide with the wrong name
#
# To sharpen, do the opposite of blurring: strengthen the difference between a pixel and its neighbours.
#
# - **Sharpen:** five times the pixel, minus its four neighbours.
# - **Outline:** eight times the pixel, minus its eight neighbours. Only the difference is left.
#
# The lecture calls the *first* of these "Edge detection / Outline". That is a slip, and you can tell without
# running it: **add up the weights**. On a flat patch, where all pixels are equal, the response is the
# pixel's value times the sum of the weights.

# %% tags=["hide-input"]
labkit.predict(
    "The weights of the first kernel add up to 5 − 4 = 1. What does it make of a flat patch of 0.6?",
    {
        "0": "That would take weights that add up to 0, like those of the second kernel.",
        "0.6": "0.6 times the sum of the weights, which is 1.",
        "3": "The middle gives 5 · 0.6 = 3, but the four neighbours take 4 · 0.6 away again.",
    },
    right="0.6",
)

# %%
sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])  # the slide says "outline"
outline = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
flat = np.full((3, 3), 0.6)
for name, kernel in {"sharpen": sharpen, "outline": outline}.items():
    response = round(float(apply_kernel(flat, kernel, 0, 0)), 1) + 0.0  # so that it is never "-0.0"
    print(f"{name}: weights add up to {kernel.sum()}; a flat patch of 0.6 becomes {response}")

# %% [markdown]
# The slide's kernel adds up to 1: a flat patch stays as it is. An outline kernel must add up to 0, so that a
# flat patch becomes *nothing* and only changes are left. Look at both:

# %%
kernels = {"sharpen (the slide's “outline”)": sharpen, "outline": outline}
results = {name: convolve(photo, kernel) for name, kernel in kernels.items()}

# %% tags=["hide-input"]
labkit.show(
    draw_gallery(photo, kernels, results),
    alt="The photograph, the result of sharpen, and the result of outline. Sharpened, it is still a "
    "photograph, with harder contours. In the outline, flat areas such as the uniform are white, which is "
    "zero, and the rims of cap, collar, ribbons and stars stand out in orange and purple.",
)

# %% [markdown]
# The outline has a sign, so gray will not do: orange is positive (brighter than its surroundings), purple is
# negative (darker), white is zero. Along every rim the two colours run side by side, one on each side.
#
# ## 4. The sum of a kernel
#
# You have just seen the two most useful sums, 1 and 0. Now the same blur three times, with weights that add
# up to different numbers.

# %% tags=["hide-input"]
labkit.predict(
    "What will a blur do to the photograph if all its weights are 1.5 times as large?",
    {
        "blur it more": "How much it blurs depends on how many neighbours count, and these are the same nine.",
        "make it brighter, in places plain white": "Every mean comes out 1.5 times as large; what passes 1 cannot be shown any brighter.",
        "nothing, a picture has no scale": "Here it has: 0 is black and 1 is white.",
    },
    right="make it brighter, in places plain white",
)

# %%
kernels = {f"{total} · blur": total * blur for total in (0.5, 1, 1.5)}
kernels["−1 · blur"] = -blur
results = {name: convolve(photo, kernel) for name, kernel in kernels.items()}
for name, result in results.items():
    ratio = result.mean() / results["1 · blur"].mean()
    print(f"{name:>10}: the mean brightness becomes {ratio:.2f} times what it was")

# %% tags=["hide-input"]
labkit.show(
    draw_gallery(photo, kernels, results),
    alt="The photograph and four blurs. Weights with the sum 0.5 make it half as bright, 1 keeps its "
    "brightness, 1.5 makes it brighter until light areas are plain white, and minus 1 gives negative "
    "values only: the photograph in purple, darkest where it was brightest.",
)

# %% [markdown]
# | the weights add up to | what happens to flat areas | examples |
# |---|---|---|
# | 1 | they keep their brightness | copy, blur, sharpen, shift |
# | 0 | they become 0; only changes are left | outline, edges |
# | between 0 and 1 | they get darker | half a blur |
# | more than 1 | they get brighter, in the end too bright to show | a blur that is not divided by 9 |
# | less than 0 | they become negative | an inverted picture |
#
# In a network nobody asks for the sum to be 0 or 1: it learns its weights, and its responses need not be
# pictures.
#
# ## 5. Shift
#
# A single 1 that is *not* in the middle copies a neighbour instead of the pixel itself. The lecture's shift
# kernel has its 1 in the middle row, on the **left**.

# %% tags=["hide-input"]
labkit.predict(
    "The kernel has a single 1, in the middle row on the left. Which way does the picture move?",
    {
        "to the left, where the 1 is": "The 1 tells where a pixel comes from, not where it goes.",
        "to the right": "Every pixel becomes its left neighbour, so what was on the left is now one further right.",
        "it does not move": "That takes the 1 in the middle.",
    },
    right="to the right",
)

# %% [markdown]
# So every pixel becomes its left neighbour, and the
# picture moves to the **right**. With `SAME` padding a column of zeros comes in on the left.

# %%
digits = data.load("mnist").images / 255
four = digits[4]
shift = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])
moved = conv2d(four[np.newaxis], shift.reshape(3, 3, 1, 1), [1, 1, 1, 1], "SAME")[0]


def column_of_centre(picture):
    """The mean column of a picture's brightness: where its weight lies from left to right."""
    return np.sum(picture[:, :, 0] * np.arange(picture.shape[1])) / np.sum(picture)


before, after = column_of_centre(four), column_of_centre(moved)
print(f"centre of the digit: column {before:.2f} before, {after:.2f} after")

far = np.zeros((1, 15, 1, 1))
far[0, 0] = 1  # one row, 15 columns; the 1 lies 7 places left of the middle
moved_far = conv2d(four[np.newaxis], far, [1, 1, 1, 1], "SAME")[0]

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_images(np.stack([four, moved, moved_far]), ["before", "shift by 1", "shift by 7"], columns=5),
    alt="A handwritten 4 three times: as it was, one pixel further right, and seven pixels further right, "
    "where a part of it has been pushed out of the picture.",
)

# %% [markdown]
# ## 6. Edges
#
# Put positive weights on one side and negative ones on the other, and you measure the difference between the
# two sides. The lecture's kernel, known as the *Sobel* kernel, compares left with right; turned on its side
# (`.T`), it compares above with below. Both add up to 0.

# %% tags=["hide-input"]
labkit.predict(
    "Which rims will the kernel “left minus right” find?",
    {
        "upright ones, such as the sides of the collar": "There, left and right of the rim differ.",
        "flat ones, such as the brim of the cap": "Along a flat rim, left and right are equally bright: their difference is 0.",
        "all of them": "It compares in one direction only; the other one needs a second kernel.",
    },
    right="upright ones, such as the sides of the collar",
)

# %%
left_right = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
kernels = {"left minus right": left_right, "above minus below": left_right.T}
results = {name: convolve(photo, kernel) for name, kernel in kernels.items()}

# %% tags=["hide-input"]
labkit.show(
    draw_gallery(photo, kernels, results),
    alt="The photograph and its two edge responses. Left minus right answers to upright rims, such as "
    "the sides of the cap and of the collar. Above minus below answers to flat rims, such as the brim of "
    "the cap, the shoulders and the ribbons. Orange where the first side is brighter, purple where the second is.",
)

# %% [markdown]
# An edge has a strength and a direction, like an arrow. The two responses are the arrow's two parts, and
# Pythagoras gives its length: how strong the edge is, whatever its direction.

# %%
across, down = results.values()
strength = np.sqrt(across**2 + down**2)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_images(np.stack([photo[1:-1, 1:-1], strength / strength.max()])[..., np.newaxis], columns=3),
    alt="The photograph beside the strength of its edges: a drawing in white lines on black of the contours "
    "of cap, face, collar and flag.",
)

# %% [markdown]
# ## 7. To flip or not to flip
#
# The lecture's first example, with your `convolve`:

# %%
picture = np.array([[2, 0, 1, 3], [7, 1, 1, 0], [0, 2, 5, 0], [0, 5, 1, 4]])
kernel = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
flipped = kernel[::-1, ::-1]  # last row first, last column first: a turn by 180°

# %% tags=["hide-input"]
labkit.show(
    draw_grids(
        Grid("picture", picture),
        Grid("kernel", kernel, signed=True),
        Grid("result", convolve(picture, kernel), signed=True),
        Grid("flipped kernel", flipped, signed=True),
        Grid("result", convolve(picture, flipped), signed=True),
    ),
    alt="The lecture's 4 by 4 picture. With the kernel [[1, 1, 1], [0, 0, 0], [−1, −1, −1]] the result is "
    "[[−4, −3], [3, −8]]. With the flipped kernel [[−1, −1, −1], [0, 0, 0], [1, 1, 1]] it is "
    "[[4, 3], [−3, 8]].",
)

# %% [markdown]
# The lecture's numbers are those on the left: [[−4, −3], [3, −8]]. (Three later slides print 2, −9 in the
# second row, a misprint.) In mathematics this operation is called **cross-correlation**. What mathematicians
# call **convolution** flips the kernel first and gives the numbers on the right.
#
# This kernel hides the difference well: flipped, it is just its own negative, so all signs change. And a blur
# does not change at all when flipped. To see what flipping really does, take a kernel without any symmetry,
# and a picture with a single 1:

# %%
lonely = np.zeros((5, 7), dtype=int)
lonely[2, 3] = 1
letter = np.array([[1, 2, 3], [4, 0, 0], [5, 0, 0]])  # read its numbers in order

# %% tags=["hide-input"]
labkit.show(
    draw_grids(
        Grid("picture with one 1", lonely),
        Grid("kernel", letter, signed=True),
        Grid("cross-correlation", convolve(lonely, letter), signed=True),
        Grid("true convolution", convolve(lonely, letter[::-1, ::-1]), signed=True),
    ),
    alt="A picture of zeros with a single 1, and the kernel [[1, 2, 3], [4, 0, 0], [5, 0, 0]]. "
    "Cross-correlation answers with the kernel turned by 180 degrees, [[0, 0, 5], [0, 0, 4], [3, 2, 1]], in "
    "the middle of its result. True convolution answers with the kernel as it is.",
)

# %% [markdown]
# - **Cross-correlation** lays the kernel on the picture as it is and asks: how much does the picture *look
#   like the kernel* here? The answer to a single 1 is the kernel turned around.
# - **True convolution** asks: if every pixel *spreads* into the shape of the kernel, what do they add up to?
#   The answer to a single 1 is the kernel itself. The flip also makes the order of picture and kernel not
#   matter, which mathematicians like.
#
# Deep learning takes the first and calls it convolution. It loses nothing: the kernel is *learned*, and where
# flipping would help, a network simply learns the flipped kernel. What matters is that everybody means the
# same. So does a shift: under true convolution the kernel of section 5 would move the 4 to the **left**.

# %%
moved_left = conv2d(four[np.newaxis], shift[::-1, ::-1].reshape(3, 3, 1, 1), [1, 1, 1, 1], "SAME")[0]
print(f"centre of the digit: column {before:.2f} before, {column_of_centre(moved_left):.2f} after the flip")

# %% [markdown]
# ## 8. In colour
#
# A photograph from CIFAR-10 has three channels. To blur or sharpen it *and keep its colours*, each channel
# must go through the kernel on its own: red makes red, green makes green, blue makes blue. In a filter bank
# of shape 3 × 3 × 3 × 3 (rows, columns, channels in, filters) that means: the kernel where the channel going
# in and the filter are the same, zeros elsewhere.


# %%
def for_each_colour(kernel):
    """A filter bank that sends red, green and blue through the same kernel, each on its own."""
    return kernel[:, :, np.newaxis, np.newaxis] * np.eye(3)


cifar10 = data.load("cifar10")
photos = cifar10.images[[1, 4, 6, 13, 15]] / 255
rows = {
    "before": photos,
    "blur": conv2d(photos, for_each_colour(blur), [1, 1, 1, 1], "SAME"),
    "sharpen": conv2d(photos, for_each_colour(sharpen), [1, 1, 1, 1], "SAME"),
    "outline": 0.5 + 0.5 * conv2d(photos, for_each_colour(outline), [1, 1, 1, 1], "SAME"),
}
titles = [name if number == 0 else "" for name in rows for number in range(len(photos))]

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_images(np.clip(np.concatenate(list(rows.values())), 0, 1), titles, columns=5),
    alt="Five small colour photographs in four rows: as they were, blurred, sharpened, and as outlines on "
    "middle gray, where flat areas have vanished and the contours remain. Blurred and sharpened pictures "
    "keep their colours.",
)

# %% [markdown]
# (The outlines are drawn on middle gray, so that negative values have a place too.) Look at the rims of the
# last row: the bright and dark frame is not in the photographs. It is the step to the zeros of `SAME`.
#
# ## 9. Try it
#
# Change the kernel, guess what it will do, and run the cell. Some ideas:
#
# - Make a blur along one direction only, as if the camera had moved.
# - The kernel below is called *emboss*. Turn it around: where does the light seem to come from now?
# - Sharpen more strongly, but keep the sum of 1.
# - Make a 5 × 5 kernel that moves the picture two rows up.

# %%
my_kernel = np.array(
    [
        [-2, -1, 0],
        [-1, 1, 1],
        [0, 1, 2],
    ]
)

my_result = convolve(photo, my_kernel)
labkit.show(
    draw_gallery(photo, {"my kernel": my_kernel}, {"my kernel": my_result}),
    alt=f"The photograph, my kernel, and my result. The weights add up to {my_kernel.sum():g}; the result runs "
    f"from {my_result.min():.2f} to {my_result.max():.2f}.",
)

# %% [markdown]
# ## What to take with you
#
# - A kernel is a question asked at every place of a picture: what is the mean here, where does it change,
#   what lies to the left?
# - Add up the weights first. With a sum of 1 a kernel keeps the brightness; with a sum of 0 it keeps only
#   changes. The slide's "outline" adds up to 1: it sharpens.
# - A 1 on the left moves the picture to the right, because deep learning does not flip. What it calls
#   convolution is cross-correlation; the two differ by a kernel turned by 180°.
# - You chose these kernels by hand. A network starts from random ones and finds its own.
