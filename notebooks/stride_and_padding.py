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
# # Lab: stride and padding
#
# How large is the output of a convolution, and which pixels does each of its numbers see? Two settings
# decide: the *stride*, how far the window moves, and the *padding*, how many zeros stand around the picture.
#
# **What you do:** watch a window slide, try sizes, and compare ways to pad, with your own `output_size`,
# `same_padding`, `pad`, `convolve` and `conv2d`.
#
# **What you learn**
#
# - how to work out the output's size, and why the formula needs to round down;
# - what `VALID` and `SAME` do to the pixels at the rim;
# - why TensorFlow puts one zero before the picture and two after it, and what that changes;
# - what goes wrong with kernels of an even size.
#
# You can also start before your functions are done: the lines that the next cell prints tell you whose
# functions work here.

# %%
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.labkit.grids import Grid, draw_grids
from notebooks.labkit.sliding import draw_paddings, draw_stairs, show_steps

own = labkit.own_functions("output_size", "same_padding", "pad", "convolve", "conv2d")
output_size, same_padding, pad = own.output_size, own.same_padding, own.pad
convolve, conv2d = own.convolve, own.conv2d

# %% [markdown]
# ## 1. Watch it slide
#
# A picture of 4 rows and 6 columns, and the lecture's edge kernel. In each step the window is multiplied
# with the kernel, number by number, and the products are added up to one number of the output.
#
# *Play* runs through all steps, *Back* and *Next* take one at a time. With the keyboard: Tab to a button, then
# the arrow keys, Home and End. Every step also stands below as a line of text.

# %%
picture = np.array(
    [
        [0, 0, 5, 5, 5, 0],
        [0, 0, 5, 5, 5, 0],
        [0, 0, 5, 5, 5, 9],
        [0, 0, 5, 5, 9, 9],
    ]
)
kernel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])

show_steps(picture, kernel, convolve(picture, kernel))

# %% [markdown]
# 4 rows have room for a window of 3 at 2 places, 6 columns at 4. So the output has 2 × 4 numbers. Where the
# window lies on equal numbers, the output is 0; where the left side is brighter than the right, it is
# positive.
#
# With a stride of 3 along the columns only every third place is used. The window jumps, and the output is
# smaller. The numbers that are left are the same as before: a stride leaves out, it does not change.

# %% tags=["hide-input"]
labkit.predict(
    "The picture has 4 rows and 6 columns, the window 3 and 3, and now the stride is 1 along the rows and 3 along the columns. How large is the output?",
    {
        "2 × 1": "Along the columns the window fits at 0 and, three further, at 3.",
        "2 × 2": "4 − 3 + 1 = 2 along the rows; ⌊(6 − 3) / 3⌋ + 1 = 2 along the columns.",
        "2 × 4": "That is the output for a stride of 1; now only every third place along the columns counts.",
    },
    right="2 × 2",
)

# %%
show_steps(picture, kernel, convolve(picture, kernel, (1, 3)), stride=(1, 3))

# %% [markdown]
# ## 2. How large is the output?
#
# With w numbers along one axis, a window of f, p zeros on each side and a stride of s:
#
# $$w' = \left\lfloor \frac{w - f + 2p}{s} \right\rfloor + 1$$
#
# The brackets ⌊ ⌋ mean: round down. The slides leave them out. Let us try every window from 1 to 7 on a row
# of w = 28, the width of a digit, with your `output_size`. The blue squares mark outputs of ⌈28 / s⌉ (rounded
# *up*): these are the sizes that `SAME` promises.

# %%
width, windows, strides = 28, range(1, 8), range(1, 5)
tables = []
for p in (0, 1, 2, 3):
    sizes = np.array([[output_size(width, f, s, p) for s in strides] for f in windows])
    promised = [-(-width // s) for s in strides]
    marks = [(row, column, 1, 1) for row, column in np.argwhere(sizes == promised)]
    names, axes = (windows, strides), ("window f" if p == 0 else "", "stride s")
    tables.append(Grid(f"p = {p}", sizes, marks=tuple(marks), names=names, axes=axes))

# %% tags=["hide-input"]
labkit.show(
    draw_grids(*tables),
    alt="Four tables of output sizes for 28 numbers: windows 1 to 7 down, strides 1 to 4 across, for paddings "
    "0, 1, 2 and 3. With stride 1 the sizes run from 28 down to 22 without padding. The size 28 is marked at "
    "window 1 for p = 0, window 3 for p = 1, window 5 for p = 2 and window 7 for p = 3. With larger strides "
    "several windows in each table give the promised size.",
)

# %% [markdown]
# - **Stride 1:** the output stays 28 wide only where 2p = f − 1. So there is such a p for windows of 1, 3, 5
#   and 7, and none for 2, 4 and 6.
# - **Larger strides:** many windows share one size, because of the rounding. The same size does *not* mean
#   the same output: section 4 shows two that differ.
#
# The rounding makes stairs. Each step is as long as the stride: the pixels beyond the last whole window are
# simply not seen.

# %%
before = range(5, 33)
after = {f"stride {s}": [output_size(w, 5, s) for w in before] for s in (1, 2, 3)}

# %% tags=["hide-input"]
labkit.show(
    draw_stairs(before, after),
    alt="The output size for a window of 5 and inputs from 5 to 32. With stride 1 a straight line from 1 to 28; "
    "with stride 2 stairs with steps of two, up to 14; with stride 3 stairs with steps of three, up to 10.",
)

# %% [markdown]
# A window that does not fit at all has no output. A good `output_size` says so:

# %%
try:
    output_size(3, 5)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# ## 3. VALID and SAME side by side
#
# `VALID` adds nothing: the window stays inside the picture. `SAME` adds the zeros that make the output
# ⌈w / s⌉ long. Here is the lecture's homework, both ways, with your `same_padding`, `pad` and `convolve`.

# %%
homework = np.array([[2, 0, 3, 1], [1, 1, 0, 0], [1, 0, 2, 0], [1, 0, 1, 2]])
zeros = same_padding(4, 3), same_padding(4, 3)
padded = pad(homework, *zeros)

# %% tags=["hide-input"]
labkit.show(
    draw_grids(
        Grid("picture", homework),
        Grid("VALID", convolve(homework, kernel), signed=True, limit=6),
        Grid("picture with zeros", padded, zeros=zeros),
        Grid("SAME", convolve(padded, kernel), signed=True, limit=6, marks=((1, 1, 2, 2),)),
    ),
    alt="The 4 by 4 picture and its VALID output [[0, 1], [−1, −1]]; the picture in a border of zeros and its "
    "SAME output of 4 by 4, [[−1, −1, −1, 6], [−2, 0, 1, 5], [−1, −1, −1, 5], [0, −1, −4, 4]]. In its middle, "
    "outlined, stand the four numbers of VALID.",
)

# %% [markdown]
# The middle of `SAME` is `VALID`. All else is a rim whose windows see zeros that are not in the picture. Look
# at the last column: 6, 5, 5, 4. The kernel found an edge there, between the picture and the zeros!
#
# Why pad at all, then? Because without zeros the pixels at the rim count less. Let us count for each pixel
# how many windows see it:


# %%
def times_seen(rows, columns, f, stride, zeros):
    """For each pixel: how many f × f windows cover it; `zeros` are those around, as pairs for rows and columns."""
    (top, bottom), (left, right) = zeros
    seen = np.zeros((top + rows + bottom, left + columns + right), dtype=int)
    for x in range(0, seen.shape[0] - f + 1, stride):
        for y in range(0, seen.shape[1] - f + 1, stride):
            seen[x : x + f, y : y + f] += 1
    return seen[top : top + rows, left : left + columns]


counts = {"VALID": times_seen(5, 7, 3, 1, ((0, 0), (0, 0))), "SAME": times_seen(5, 7, 3, 1, ((1, 1), (1, 1)))}

# %% tags=["hide-input"]
labkit.predict(
    "With SAME there is a border of one zero. How many of the 3 × 3 windows see a corner pixel?",
    {
        "1": "That is so without zeros, with VALID.",
        "4": "The windows whose middles lie on the pixel itself, on its two neighbours along the sides, and on the one across.",
        "9": "That takes windows on all sides of the pixel, also where there is no picture.",
    },
    right="4",
)

# %% tags=["hide-input"]
labkit.show(
    draw_grids(*(Grid(f"{name}: windows on a pixel", seen, signed=True) for name, seen in counts.items())),
    alt="How many of the 3 by 3 windows cover each pixel of a 5 by 7 picture. VALID: 1 in the corners, up to 9 "
    "in the middle, and only 3 in the middle of each side. SAME: 4 in the corners, 6 along the sides, 9 "
    "everywhere else.",
)

# %% [markdown]
# With `VALID`, a corner pixel is seen once and a pixel in the middle nine times. After ten such layers a
# picture of 28 × 28 has shrunk to 8 × 8. `SAME` keeps the size and treats the rim almost like the rest; what
# it costs is the edge to the zeros.
#
# ## 4. Why TensorFlow pads unevenly
#
# The lecture sends 28 × 28 digits through 5 × 5 filters with stride 2 and `SAME`, and gets 14 × 14. Which p
# is that? Solve (28 − 5 + 2p) / 2 + 1 = 14, and p is **1.5**. There is no such thing as half a zero. So take
# the nearest ones, and TensorFlow's choice:

# %%
before, after = same_padding(28, 5, 2)
print("p = 1:", output_size(28, 5, 2, 1), "windows")
print("p = 2:", output_size(28, 5, 2, 2), "windows")
print(
    "SAME: ", output_size(before + 28 + after, 5, 2), f"windows, with {before} zero before and {after} after"
)

# %% tags=["hide-input"]
labkit.show(
    draw_paddings(28, 5, 2, {"p = 1": (1, 1), "p = 2": (2, 2), "SAME": (before, after)}),
    alt="A row of 28 pixels with all windows of 5 in steps of 2, three times. With one zero on each side: 13 "
    "windows, their middles over pixels 1, 3, up to 25; the zero after is never seen. With two on each side: "
    "14 windows over pixels 0, 2, up to 26; the last zero is never seen. With SAME, one before and two after: "
    "14 windows over pixels 1, 3, up to 27; every zero is seen.",
)

# %% [markdown]
# - **p = 1** gives 13 windows. The zero after the row lies under none of them (the cross).
# - **p = 2** gives 14, but only because of the rounding: its last zero is not used either.
# - **SAME** takes the 3 zeros that are needed and no more. 3 cannot be shared equally, so the odd one goes
#   *after*.
#
# Both p = 2 and `SAME` have 14 windows, but look at their middles (the dots): with p = 2 they lie on the
# pixels 0, 2, 4 …, with `SAME` on 1, 3, 5 … . The same size, and every window one pixel further on. Does it
# matter? Here is one digit, one kernel, both paddings:

# %%
digit = data.load("mnist").images[5, :, :, 0] / 255
x, y = np.mgrid[-2:3, -2:3]
edge = y * np.exp(-(x**2 + y**2) / 4)  # bright on the right, dark on the left
edge = edge / np.abs(edge).sum()

same = conv2d(digit[np.newaxis, :, :, np.newaxis], edge[:, :, np.newaxis, np.newaxis], [1, 2, 2, 1], "SAME")
same = same[0, :, :, 0]
by_hand = convolve(pad(digit, (before, after), (before, after)), edge, 2)
equal_sides = convolve(pad(digit, (2, 2), (2, 2)), edge, 2)
print("SAME is the same as 1 zero before and 2 after:", np.allclose(same, by_hand))
print("largest response with SAME, sign left out:", np.abs(same).max().round(2))
print("largest difference between the two:", np.abs(same - equal_sides).max().round(2))

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_responses(
        np.stack([same, equal_sides, same - equal_sides], axis=-1),
        ["SAME", "p = 2", "SAME minus p = 2"],
        columns=3,
    ),
    alt="Three pictures of 14 by 14: the edge response of a handwritten 5 with SAME, the same with two zeros on "
    "each side, and their difference. Both show the 5, but their pixels differ along every stroke, two thirds as "
    "strongly as the responses themselves.",
)

# %% [markdown]
# The difference is two thirds as large as the responses themselves. A network that was trained with one padding and
# runs with the other gets wrong numbers in every layer with a stride, and no error message. PyTorch's
# `padding=2` is the second kind; who moves a network from one library to the other has to pad by hand.
#
# How many zeros `SAME` takes depends on all three numbers, with your `same_padding`:

# %%
zeros = np.array([[same_padding(28, f, s) for s in strides] for f in windows])
names, axes = (windows, strides), ("window f", "stride s")
uneven = tuple((row, column, 1, 1) for row, column in np.argwhere(zeros[:, :, 0] != zeros[:, :, 1]))

# %% tags=["hide-input"]
labkit.show(
    draw_grids(
        Grid("zeros before", zeros[:, :, 0], marks=uneven, names=names, axes=axes),
        Grid("zeros after", zeros[:, :, 1], marks=uneven, names=names, axes=axes),
    ),
    alt="Two tables for a row of 28: how many zeros SAME puts before and after it, for windows 1 to 7 and "
    "strides 1 to 4. Outlined are the uneven ones: even windows with strides 1 and 3, odd windows from "
    "3 on with stride 2, and from 5 on with stride 4. There the number after is larger by one.",
)

# %% [markdown]
# With stride 2, it is the *odd* windows that are padded unevenly here, 5 × 5 among them. On a row of 29 it
# would be the even ones. Do not learn such rules by heart: work backwards from the output, as `same_padding`
# does.
#
# ## 5. Kernels of an even size
#
# A window of 2 has no middle pixel. With stride 1 `SAME` needs one zero, and it goes after. So each output
# stands for the pixels x and x + 1, and the picture moves by half a pixel up and to the left. You hardly see
# that once. In a network of many layers it adds up: here a digit is blurred twelve times, once with 2 × 2
# kernels and once with 3 × 3.


# %% tags=["hide-input"]
labkit.predict(
    "A digit is blurred twelve times with a 2 × 2 kernel and SAME. Where is it afterwards?",
    {
        "where it was": "Each time the one zero goes after, so each output stands for a pixel and the one after it.",
        "further up and to the left": "Half a pixel each time, twelve times: six pixels.",
        "further down and to the right": "The zero goes after, so the digit moves the other way.",
    },
    right="further up and to the left",
)


# %%
def blurred(picture, size, times):
    """Blur a picture (H, W) with a size × size mean, `times` times, with SAME padding."""
    mean = np.full((size, size, 1, 1), 1 / size**2)
    batch = picture[np.newaxis, :, :, np.newaxis]
    for _ in range(times):
        batch = conv2d(batch, mean, [1, 1, 1, 1], "SAME")
    return batch[0, :, :, 0]


def centre(picture):
    """Row and column of the centre of a picture's brightness, rounded for printing."""
    x, y = np.mgrid[: picture.shape[0], : picture.shape[1]]
    return tuple(round(float((place * picture).sum() / picture.sum()), 2) for place in (x, y))


pictures = {"before": digit, "12 times 2 × 2": blurred(digit, 2, 12), "12 times 3 × 3": blurred(digit, 3, 12)}
for name, result in pictures.items():
    print(f"{name:>15}: centre at row and column {centre(result)}")

brightened = np.stack([picture / picture.max() for picture in pictures.values()])[..., np.newaxis]

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_images(brightened, list(pictures), columns=3),
    alt="A handwritten 5; after twelve 2 by 2 blurs it is soft and lies about six pixels further up and left, "
    "cut off at the rim; after twelve 3 by 3 blurs it is softer still, but in its old place.",
)

# %% [markdown]
# This is why most networks use odd kernels. It is a habit, not a rule: TensorFlow takes any size, and so does
# your `conv2d`.
#
# ## 6. Try it
#
# Change the numbers and watch. The zeros come from your `same_padding`; for other paddings write them
# yourself, such as `zeros = (2, 2), (0, 1)`.
#
# - Set `zeros = (0, 0), (0, 0)`. Which pixels does no window see now?
# - Take a kernel of one row, or of 2 × 2. Where do the zeros go?
# - With a 3 × 3 kernel and stride 3, which picture sizes need no zeros at all?

# %%
my_picture = np.arange(1, 21).reshape(4, 5)
my_kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
my_stride = 2
zeros = [same_padding(my_picture.shape[axis], my_kernel.shape[axis], my_stride) for axis in (0, 1)]

my_padded = pad(my_picture, *zeros)
my_output = convolve(my_padded, my_kernel, my_stride)
print("zeros for rows and columns:", zeros, "  output:", my_output.shape)

show_steps(my_padded, my_kernel, my_output, my_stride, zeros)

# %% [markdown]
# ## What to take with you
#
# - The output has ⌊(w − f + 2p) / s⌋ + 1 numbers along an axis: as many as there are whole windows. What lies
#   beyond the last one is not seen.
# - `VALID` shrinks the picture and neglects its rim. `SAME` gives ⌈w / s⌉ numbers, and its rim sees an edge to
#   the zeros.
# - `SAME` takes only as many zeros as it needs; an odd one goes after. That differs from a p on both sides,
#   and the numbers differ with it.
# - Even kernels have no middle: with `SAME` they move the picture by half a pixel, in every layer.
