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
# # Lab: the kernel explorer
#
# A kernel is a handful of numbers. Here you change them one at a time and watch what they do to a
# picture, on your own `conv2d`.
#
# **What you do:** edit a kernel, drag stride and padding, and follow single windows through the sum.
#
# **What you learn**
#
# - what each weight of a kernel is for;
# - which sum stands behind every single value of a response;
# - what stride and padding do to the size of the response, and where the zeros go.
#
# The explorer asks your `conv2d` from the assignment. You can also start before that is done: the line
# that the next cell prints tells you whose function works here.

# %%
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.explorer import explore

conv2d = labkit.own_functions("conv2d").conv2d

# %% [markdown]
# ## 1. The explorer
#
# Run the next cell. On the left is the picture, in the middle what `conv2d` answers, on the right the kernel. The
# blue square on the picture is the *window*; the one on the response is the value that belongs to it. Below, the
# window is multiplied by the kernel number by number, and the sum is written out.
#
# Move the mouse over either picture. Or use the keyboard alone:
#
# | where you are (Tab leads there) | keys |
# |---|---|
# | the two pictures | arrow keys move the window; Home, End, Page up and Page down go to the rims |
# | the kernel | arrow keys go from weight to weight; type a number (−1, 0.5, 1/9); Page up and Page down change it by 1, with Shift by 0.1 |
# | stride and padding | arrow keys |
#
# Orange is positive, purple is negative, white is zero; the scale below the response says how much.
# Hatched pixels are padding: zeros that do not belong to the picture.

# %% tags=["hide-input"]
labkit.predict(
    "The explorer starts with the kernel “outline”, whose weights add up to 0. What will it answer where the picture is black, or white, all around?",
    {
        "0 on black, a large number on white": "White under positive and negative weights that add up to 0: what is left?",
        "0 on both": "Where all pixels of a window are equal, the answer is the pixel times the sum of the weights.",
        "the pixel itself": "That would take weights that add up to 1.",
    },
    right="0 on both",
)

# %%
explorer = explore(conv2d, {"digits": data.load("mnist"), "photos": data.load("cifar10")})
explorer

# %% [markdown]
# ## 2. Guess first, then look
#
# 1. **identity.** Why does the picture come out unchanged? Which weight does it? Now move the 1 to
#    another place: where does the picture go? (*shift* is that.)
# 2. **blur.** All weights are 1/9. What do they add up to, and what happens if you double them all?
#    Choose 5 × 5: what has changed?
# 3. **outline.** The weights add up to 0. Put the window on the black background, then inside a
#    stroke, then on its rim. Where is the sum 0, and why?
# 4. **upright edges.** Find a window with a positive and one with a negative sum. What is the
#    difference between the two places? Press *× (−1)*: what changes, and what does not?
# 5. **Stride.** Move it from 1 to 2 to 3, and compute the number of rows before you look. The line
#    below the pictures has the formula.
# 6. **Padding.** Take a 5 × 5 kernel, stride 2, and `SAME`: on which sides are the zeros, and how many?
#    Where in the response can you see them? (Try *identity* and *blur* on a photograph.)
# 7. **Colour.** Choose the photographs. The kernel now has three sheets, one for each channel, and
#    still gives one number for a window. Make a kernel that answers to red things only.
#
# ## 3. Your kernel in Python
#
# What you made with the mouse is an array, and what you see is what `conv2d` gives for it. The next cell
# takes both from the explorer. Run it again whenever you changed something.

# %%
np.set_printoptions(precision=3, suppress=True)
print("kernel:", explorer.kernel.shape, " = (rows, columns, channels in, filters)")
print(explorer.kernel[:, :, 0, 0])
print("response:", explorer.response.shape)
print("from", explorer.response.min().round(3) + 0.0, "to", explorer.response.max().round(3) + 0.0)

# %% [markdown]
# One kernel, many pictures: here it goes over ten digits (of a kernel for colour pictures, its
# first sheet).

# %%
mnist = data.load("mnist")
ten = mnist.images[:10] / 255
one_filter = explorer.kernel[:, :, :1]
responses = conv2d(ten, one_filter, [1, 1, 1, 1], "SAME")

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_one_filter(ten, responses[:, :, :, 0], mnist.labels[:10]),
    alt="Ten digits in a row, and below each the response of the explorer's kernel to it, from "
    f"{responses.min():.2f} to {responses.max():.2f}. With the kernel at the start, outline, the strokes are "
    "positive and have a negative rim.",
)

# %% [markdown]
# ## 4. Try it
#
# The explorer takes any `conv2d`, also one that is still wrong: it shows the message of an error, and says
# where a value is not the sum. The function below has a mistake that is easily made. Look for a kernel
# with which you cannot see it, and for one with which you can. Then put your own function in its place.


# %%
def my_conv2d(inputs, filters, strides, padding):
    return conv2d(inputs, filters[::-1, ::-1], strides, padding)


explore(my_conv2d, {"digits": data.load("mnist")})

# %% [markdown]
# ## What to take with you
#
# - Every value of a response is one sum of products: a window of the picture times the kernel.
# - Weights that add up to 1 keep the brightness; weights that add up to 0 answer to changes only.
# - The stride takes every second (third, fourth) window and nothing else; padding adds windows at the
#   rim, and what they see there is zeros.
# - A kernel for colour pictures has a sheet for each channel, and adds their sums up to one number.
