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
# # Lab: convolution is a matrix product
#
# "Is convolution a multiplication?" is a question that comes up in every course. The short answer is no: a
# picture times a filter is not defined. The long answer is yes, and it is how the libraries compute: it is a
# product of **two matrices that you build first**.
#
# **What you do:** cut a picture into patches, flatten the filters, multiply; then write the same convolution
# as one large matrix with many zeros, and count its weights.
#
# **What you learn**
#
# - which numbers stand in the rows and columns of the two matrices, and all the shapes on the way;
# - why the product is fast, and what it costs in memory;
# - what a convolutional layer saves against a fully connected one: where, and how much.
#
# The lab works on your functions from the assignment; the line below the next cell says which of them are
# yours already.

# %%
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.labkit.grids import Grid, draw_grids
from notebooks.labkit.matrices import draw_linear_map

own = labkit.own_functions("conv2d", "flatten_filters", "extract_patches", "conv2d_matmul")
conv2d, conv2d_matmul = own.conv2d, own.conv2d_matmul
flatten_filters, extract_patches = own.flatten_filters, own.extract_patches

# %% [markdown]
# ## 1. One small example
#
# A 4 × 4 picture, a 3 × 3 kernel, no padding (`VALID`). The kernel fits at four places:

# %%
image = np.array([[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]])
kernel = np.array([[1, 0, 1], [2, 1, 0], [0, 0, 1]])
inputs = image.reshape(1, 4, 4, 1)  # a batch of one picture with one channel
filters = kernel.reshape(3, 3, 1, 1)  # a bank of one filter
ONE = [1, 1, 1, 1]  # strides

corners = [(0, 0), (0, 1), (1, 0), (1, 1)]

# %% tags=["hide-input"]
labkit.show(
    draw_grids(
        *(Grid(f"window {k}", image, marks=((x, y, 3, 3),)) for k, (x, y) in enumerate(corners)),
        Grid("kernel", kernel),
    ),
    alt="The same 4 by 4 picture four times: rows 4 3 1 0, 2 1 0 1, 1 2 4 1, 3 1 0 2. A blue frame of 3 by 3 "
    "lies at the top left, at the top right, at the bottom left and at the bottom right. Beside them the "
    "kernel with rows 1 0 1, 2 1 0, 0 0 1.",
)

# %% [markdown]
# Each window is nine numbers. Read it row by row, and write these nine numbers as **one row** of a matrix: four
# windows, four rows. This is what your `extract_patches` returns (its first three axes say which picture and
# which place; we put them together into one).
#
# Read the kernel in the same order, and write it as **one column**: your `flatten_filters`.
#
# Now a row times a column is: multiply the window and the kernel number by number, and add it all up. That is
# exactly what a convolution does at each place. So one matrix product does it at all places.

# %% tags=["hide-input"]
labkit.predict(
    "The 3 × 3 kernel fits into the 4 × 4 picture at four places. How large is the matrix of patches?",
    {
        "4 × 9": "A row for each window, a column for each weight.",
        "9 × 4": "That is the other way round: windows are rows here, so that a row times the filter's column is one output.",
        "16 × 9": "There are 16 pixels, but only 4 windows.",
    },
    right="4 × 9",
)

# %%
patches = extract_patches(inputs, (3, 3), ONE, "VALID")
print("patches:", patches.shape, " = (how many, rows, columns, weights)")
patches = patches.reshape(4, 9)
column = flatten_filters(filters)
product = patches @ column

chosen = 1  # the window that is framed: 0, 1, 2 or 3
x, y = corners[chosen]
labkit.show(
    draw_grids(
        Grid("picture", image, marks=((x, y, 3, 3),)),
        Grid("patches 4 × 9", patches, marks=((chosen, 0, 1, 9),), axes=("windows", "")),
        Grid("@ filter 9 × 1", column, marks=((0, 0, 9, 1),)),
        Grid("= product", product, marks=((chosen, 0, 1, 1),), axes=("windows", "")),
        Grid("output", product.reshape(2, 2), marks=((*np.divmod(chosen, 2), 1, 1),)),
    ),
    alt=f"The picture with window {chosen} framed; the matrix of patches, 4 rows of 9 numbers, with row {chosen} "
    "framed; the kernel as a column of 9 numbers; the product, a column of 14, 6, 6 and 12, with number "
    f"{chosen} framed; and the output, these four numbers as 2 by 2: 14 6 above 6 12.",
)

# %% [markdown]
# The framed window says 3·1 + 1·0 + 0·1 + 1·2 + 0·1 + 1·0 + 2·0 + 4·0 + 1·1 = **6**. Change `chosen` above, and
# check another one by hand.
#
# The product, put back into two rows and two columns, must be what your `conv2d` says: [[14, 6], [6, 12]].

# %%
print("conv2d:        ", conv2d(inputs, filters, ONE, "VALID").reshape(2, 2).round(6).tolist())
print("matrix product:", product.reshape(2, 2).round(6).tolist())

# %% [markdown]
# **The order.** It does not matter in which order you read the nine numbers, as long as windows and filters use
# **the same** one. Here the filter is read column by column and the windows row by row:

# %%
wrong = patches @ kernel.T.reshape(9, 1)
print("two different orders:", wrong.reshape(2, 2).round(6).tolist(), " and not [[14, 6], [6, 12]]")

# %% [markdown]
# Nothing fails, the shape is right, and every number is wrong. With several channels there are more orders to
# mix up. So your functions keep to one: row, then column, then channel.
#
# ## 2. A real layer
#
# With 16 filters there are 16 columns, and the same product gives 16 responses at once. Here a digit goes through
# the lecture's bank: 5 × 5 × 1 × 16, stride 2, `SAME`.

# %%
mnist = data.load("mnist")
digits = mnist.images / 255
bank = np.random.default_rng(seed=28).normal(size=(5, 5, 1, 16))
strides = [1, 2, 2, 1]

one_digit = digits[3:4]
patches = extract_patches(one_digit, (5, 5), strides, "SAME")
rows = patches.reshape(14 * 14, 25)
columns = flatten_filters(bank)
product = rows @ columns
responses = product.reshape(1, 14, 14, 16)

print("digit         ", one_digit.shape)
print("patches       ", patches.shape, " → as rows  ", rows.shape)
print("filters       ", bank.shape, "   → as columns", columns.shape)
print("rows @ columns", product.shape, " → responses", responses.shape)
print(
    "largest difference to conv2d:",
    np.abs(responses - conv2d(one_digit, bank, strides, "SAME")).max().round(9),
)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_layer(one_digit[0], rows, columns, product, (14, 14), chosen=5),
    alt="From left to right: a handwritten 3; its patches, a tall gray matrix of 196 rows and 25 columns, where the "
    "strokes return as slanting stripes; the filters, 25 rows of random weights and 16 columns, column 5 framed; "
    "the product, 196 rows and 16 columns, column 5 framed; and this column put back into 14 by 14, where the 3 "
    "can be seen again.",
)

# %% [markdown]
# Each row of the patches is a window of the 3, read row by row. Neighbouring windows share pixels, so most pixels
# stand in the matrix several times. That is the price:

# %%
print(
    f"one digit: {one_digit.size} numbers; its patches: {rows.size}, {rows.size / one_digit.size:.2f} times as many"
)

# %% [markdown]
# About (5 · 5) / (2 · 2) = 6.25 times: there are 25 weights in a window, and the stride of 2 leaves out 3 of 4
# places. What do you get for it? Let us measure your two functions on the same digits.

# %%
batch = digits[: labkit.how_many(conv2d, "conv2d", digits[:64], bank, strides, "SAME")]
for name, function in (("conv2d", conv2d), ("conv2d_matmul", conv2d_matmul)):
    function(batch, bank, strides, "SAME")  # once to warm up
    start = perf_counter()
    responses = function(batch, bank, strides, "SAME")
    print(f"{name:14} {len(batch)} digits → {responses.shape} in {1000 * (perf_counter() - start):8.2f} ms")

# %% [markdown]
# A matrix product is the one computation that every processor, and every graphics card even more, was made to do
# well. The multiplications are the same ones, only in a better order and without a Python step between them. How
# large the difference is depends on how you wrote `conv2d`. (Two stand-ins take the same time: they are one function.)
#
# ## 3. The same as one large matrix
#
# There is a second way to write a convolution as a product, and you must not confuse the two. Now the **picture**
# becomes a column of 16 numbers, and the matrix holds nothing but weights:
#
# $$\text{output} = W \cdot \text{picture}$$
#
# How do we find *W*? Its column *j* is what comes out when pixel *j* is 1 and all others are 0. So we send 16 such
# pictures through `conv2d`, as one batch.


# %%
def as_matrix(kernel, height, width):
    """The matrix W of a VALID convolution with stride 1: a row for each output, a column for each pixel."""
    single_pixels = np.eye(height * width).reshape(height * width, height, width, 1)
    outputs = conv2d(single_pixels, kernel.reshape(*kernel.shape, 1, 1), ONE, "VALID")
    return outputs.reshape(height * width, -1).T.round(4)


def connected_only(kernel, height, width):
    """The same matrix, to be drawn with empty cells where an output does not see a pixel."""
    connected = as_matrix(np.ones(kernel.shape), height, width) == 1
    return np.where(connected, as_matrix(kernel, height, width), np.nan)


W = as_matrix(kernel, 4, 4)
print("W:", W.shape, "  W @ picture =", (W @ image.reshape(16)).tolist())

# %% tags=["hide-input"]
labkit.show(
    draw_linear_map(connected_only(kernel, 4, 4), image),
    alt="The sixteen pixels of the picture in a row, and below them the matrix W of 4 rows and 16 columns. Each row "
    "holds the nine numbers of the kernel in three groups of three, 1 0 1, 2 1 0 and 0 0 1, with empty cells between "
    "and around them. Row 1 is row 0 moved one column to the right; row 2 starts four columns further than row 0. Beside "
    "it the outputs 14, 6, 6 and 12. Row 1 and its output, 6, are framed.",
)

# %% [markdown]
# A cell is empty where an output does not see the pixel; as a number it is 0, too. Look at the rows: all four hold
# **the same nine numbers**, the three rows of the kernel, each time moved a little to the right. A matrix whose
# diagonals hold one number each is called a *Toeplitz* matrix; *W* is built of such blocks.
#
# Nobody computes like this: nearly everything would be a multiplication by zero. But it shows what a convolution
# *is*: a linear map, with a special matrix. The lecture's slide on partially connected layers draws the same thing.
# Check its numbers:

# %%
slide_image = np.array([[2, 0, 1, 3], [7, 1, 1, 0], [0, 2, 5, 0], [0, 5, 1, 4]])
slide_kernel = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
print((as_matrix(slide_kernel, 4, 4) @ slide_image.reshape(16)).reshape(2, 2).tolist())

# %% tags=["hide-input"]
labkit.show(
    draw_linear_map(connected_only(slide_kernel, 4, 4), slide_image),
    alt="The pixels of the slide's picture in a row, and below them its matrix of 4 rows and 16 columns. Each row has "
    "three cells of 1, three of 0 and three of minus 1, with an empty cell between the groups; the rows are moved copies "
    "of one another. The outputs are minus 4, minus 3, 3 and minus 8.",
)

# %% [markdown]
# [[−4, −3], [3, −8]] is right, as on the slide that introduced the example. Some later slides print
# [[−4, −3], [2, −9]]: a slip.
#
# ## 4. Against a fully connected layer
#
# A **fully connected** layer has a matrix *W*, too, but every number in it is a weight of its own: each output sees
# each pixel. A convolution differs in two things:
#
# 1. **Partially connected.** An output sees only its window. All other places of *W* are 0 and stay 0.
# 2. **Shared weights.** All outputs use the same filter. The rows of *W* are copies of one another.
#
# Here are the three kinds of matrix for a picture of 8 × 8 pixels and windows of 3 × 3:

# %% tags=["hide-input"]
labkit.predict(
    "The matrix of a convolution has 36 rows and 64 columns, 2304 places. How many different weights stand in them?",
    {
        "2304": "So many has a fully connected layer, where each place is a weight of its own.",
        "324": "So many places are not empty: 36 outputs with windows of 9. But the outputs share their weights.",
        "9": "The filter's nine weights return in each of the 36 rows.",
    },
    right="9",
)

# %%
random = np.random.default_rng(seed=8)
shared = as_matrix(random.normal(size=(3, 3)), 8, 8)
fully = random.normal(size=shared.shape)
partially = np.where(shared == 0, 0, fully)

for name, matrix in (("fully connected", fully), ("partially connected", partially), ("convolution", shared)):
    print(
        f"{name:20} connections: {np.count_nonzero(matrix):5}   different weights: {len(np.unique(matrix[matrix != 0])):5}"
    )

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_matrices(
        [fully, partially, shared],
        [
            "fully connected:\n2304 weights",
            "partially connected:\n324 weights",
            "convolution:\n9 weights, shared",
        ],
    ),
    alt="Three matrices of 36 rows and 64 columns. Fully connected: random weights everywhere. Partially connected: "
    "random weights on a few slanting lines of short dashes, white elsewhere. Convolution: the same slanting lines, "
    "but along each diagonal the colour stays the same.",
)

# %% [markdown]
# Along a diagonal of the third matrix the colour stays the same: that is one weight of the filter, used by one
# output after the other.
#
# Now the lecture's layers, with 16 filters of 5 × 5 and stride 2. Biases are not counted: one for each output in a
# fully connected layer, one for each filter in a convolution.


# %%
def count_weights(name, height, width, channels, size=5, filters=16, stride=2):
    """Print how many weights three kinds of layer need for the same inputs and outputs, under SAME."""
    out_height, out_width = -(-height // stride), -(-width // stride)
    outputs = out_height * out_width * filters
    window = size * size * channels
    print(f"{name}: {height}·{width}·{channels} = {height * width * channels} numbers in, {outputs} out")
    print(f"   fully connected     {height * width * channels * outputs:>12,} weights")
    print(
        f"   partially connected {window * outputs:>12,}   (each output sees {window} numbers, zeros of SAME included)"
    )
    print(f"   convolution         {window * filters:>12,}   ({filters} filters of {size}·{size}·{channels})")


count_weights("MNIST digits", 28, 28, 1)
count_weights("CIFAR-10 photographs", 32, 32, 3)

# %% [markdown]
# The first step saves memory and time: fewer connections, fewer multiplications. The second saves memory only, but
# something more important comes with it: what a filter has learned at one place, it can do at every place.
#
# ## 5. Try it
#
# Edit and run again:
#
# - A kernel of `[[1, 1]]`, or of 1 × 1. What does its *W* look like? When is it the identity?
# - A wider picture, such as 3 × 7. How far does *W*'s second row lie to the right of its first?
# - Where the kernel reaches the right end of the picture, *W* jumps by more than one column to the next row of
#   outputs. Why?
# - `W.T @ v` sends four numbers back to the 16 pixels. Compare it with the `d_inputs` of the assignment's last
#   section.

# %%
my_kernel = np.array([[1, -1]])
my_height, my_width = 3, 5

my_matrix = as_matrix(my_kernel, my_height, my_width)
print("W:", my_matrix.shape)
labkit.show(
    draw_grids(Grid("my W", connected_only(my_kernel, my_height, my_width), signed=True)),
    alt=f"The matrix of my kernel: {my_matrix.shape[0]} rows, one for each output, and {my_matrix.shape[1]} columns, "
    "one for each pixel. Each row holds the weights of the kernel at the pixels of its window.",
)

# %% [markdown]
# ## What to take with you
#
# - Patches as rows, filters as columns, **one** matrix product: this is how convolution is computed. The shapes:
#   (windows × weights) @ (weights × filters) = (windows × filters).
# - Picture as a column, and a large, sparse matrix with repeated weights: this is what convolution *is*.
# - A convolutional layer is a fully connected one with most connections cut and the others sharing their weights:
#   400 weights in place of 2.5 million for the lecture's digits.
