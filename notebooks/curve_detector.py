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
# # Lab: the curve detector
#
# The lecture explains filters with a curve on the back of a mouse. Here you build that filter, let it go over real
# digits, find out why it answers to nearly everything, and mend it.
#
# **What you do:** send ten digits through one filter at a time, with your own `apply_kernel` and `conv2d`.
#
# **What you learn**
#
# - that one filter serves every picture and every place in it;
# - why a filter that only asks for brightness is not enough;
# - what negative weights are for.
#
# The lab works on your functions from the assignment. You can also start before they are done: the next cell
# prints whose function works here. The lab `filter_bank` comes before this one.

# %%
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.labkit.grids import Grid, draw_grids
from notebooks.labkit.kernels import line

own = labkit.own_functions("conv2d", "apply_kernel")
conv2d, apply_kernel = own.conv2d, own.apply_kernel

# %% [markdown]
# ## 1. One filter, many pictures
#
# A filter bank sends one picture through many filters. Now the other way round: one filter, for upright lines, over a
# batch of ten digits. It is the same call; only the shapes are different. The same 25 weights serve every digit,
# every place in it, and everybody's handwriting.

# %%
mnist = data.load("mnist")
ten = mnist.images[:10] / 255
one_filter = line(90).reshape(5, 5, 1, 1)
responses = conv2d(ten, one_filter, [1, 2, 2, 1], "SAME")
print("digits:", ten.shape, "  filter:", one_filter.shape, "  responses:", responses.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_one_filter(ten, responses[:, :, :, 0], mnist.labels[:10]),
    alt="Ten digits in a row, and below each the response of the filter for upright lines. It is positive "
    "along upright strokes, such as the sides of the 0, the 1 and the stem of the 9, with a negative rim "
    "on either side, and weak along flat strokes.",
)

# %% [markdown]
# ## 2. The curve on the slide
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
on_back, on_head = (round(float(apply_kernel(part, curve, 0, 0)), 6) + 0.0 for part in (back, head))
print("on the back:", on_back, "  on the head:", on_head)

# %% tags=["hide-input"]
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
# ## 3. The curve in digits
#
# Is this curve in our digits, too? The left side of the 0 looks like it. Let the filter go over all ten, one pixel
# at a time.

# %% tags=["hide-input"]
labkit.predict(
    "To which digits will the curve filter answer strongly?",
    {
        "to the 0 alone": "It asks that six places are bright. Is the 0 the only digit that has such places?",
        "to those with a round left side: 0, 6 and 9": "They have the curve. But the filter does not ask that everything else is dark.",
        "to all of them, about equally": "Six bright places are found on every thick stroke, whatever its shape.",
    },
    right="to all of them, about equally",
)

# %%
curve_filter = curve.reshape(7, 7, 1, 1)
responses = conv2d(ten, curve_filter, [1, 1, 1, 1], "SAME")
best = responses.max(axis=(1, 2, 3))

# %% tags=["hide-input"]
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

# %% tags=["hide-input"]
labkit.predict(
    "The mean is subtracted from all 49 weights. What does the filter answer now where the whole window is bright?",
    {
        "its largest number": "Bright places under negative weights now count against it.",
        "0": "The weights add up to 0, and a window of equal pixels is their sum times the pixel.",
        "a negative number": "Positive and negative weights are exactly as heavy as each other.",
    },
    right="0",
)

# %%
careful_filter = curve_filter - curve_filter.mean()
responses = conv2d(ten, careful_filter, [1, 1, 1, 1], "SAME")
best = responses.max(axis=(1, 2, 3))

# %% tags=["hide-input"]
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
# ## 4. Try it
#
# Edit the kernel and the choice of the picture, then run the cell again. Some things to try:
#
# - Make a kernel that answers to the corner at the top right of a 7.
# - Turn the curve upside down (`curve[::-1]` in section 2). Which digit has it?
# - Multiply all weights by −1. What changes, and what does not?
# - Make the weights add up to 0, then to 1. What happens to a flat background?
# - Use stride 1 below. How large is the response now?

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
my_image = ten[7:8]
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
# - One filter is 49 weights, or 25; it serves every picture and every place.
# - Positive weights say what has to be bright, negative ones what has to be dark. A filter without negative weights
#   answers to every thick stroke.
# - A filter answers most strongly where the picture looks like the filter.
