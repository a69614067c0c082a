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
# # Convolution by hand and in NumPy
#
# **What you will do.** You write the convolution of deep learning yourself, in @functions@ small functions: first one
# window, then a whole image, then a batch of colour images with many filters, and at last the same thing as
# one fast matrix product, and its gradients.
#
# **What you will learn**
#
# - what a kernel computes at one place of an image, and how sliding it makes a new image;
# - how kernel size, stride and padding decide the size of the output, and what `"SAME"` and `"VALID"` really
#   do;
# - how channels, filters and batches fit together in the layouts NHWC and HWIO;
# - why libraries compute a convolution as a matrix product, and how a network learns its kernels.
#
# **What you need.** Python loops and functions, and NumPy arrays: indexing, slicing, `shape`, `np.zeros`,
# `np.sum`. Everything else is explained where it is used.
#
# ## How this notebook works
#
# - Each exercise has a short explanation, a cell for your function, and a check cell right below it. Run the
#   check as often as you like. It stops at the first thing that is wrong and shows you where. It looks at what
#   you ran last: after a change, run the function's cell, then its check.
# - A function that you have not written yet raises `NotImplementedError`. You may leave one out and go on;
#   later functions may call your earlier ones, but do not have to.
# - The points in the headings add up to @points@. They are given later by *hidden tests*, which call your
#   functions with other inputs. They compare results, not code: loops are as welcome as clever NumPy (only
#   `conv2d_matmul` is also timed). So write what the text says for *every* size, not just for the sizes in
#   the checks: filters that are square or not, odd or even, or larger than half of the image; an image of one
#   row or column; a stride larger than the filter, or one that leaves a remainder; one image, channel and
#   filter, or many.
# - Arrays hold `float64` or `float32` numbers and may lie in memory in any order (a transposed array has its
#   columns first; indexing and slicing do not notice). Where a function's text says *floats or whole numbers*,
#   `uint8` and other integers may come as well: their products and sums need not fit into their own type, so
#   compute in floats. Your results may be `float64` or `float32`.
# - Keep the names and parameters of the functions. Use NumPy only: the hidden tests run without a network and
#   without any other library, matplotlib included. Do not change the arrays that your functions are given.
# - @Written questions@ written questions (5 points each) are read by a person.
#
# **Rows and columns.** In this notebook `x` is always the *row* and `y` the *column*, counted from 0 at the
# top left, so that `image[x, y]` is the pixel in row x and column y. (The slides label their axes the other
# way in places. With NumPy, axis 0 is the rows.) Our images are rarely square, so that a mix-up shows.

# %%
import numpy as np

try:
    import checks
except ModuleNotFoundError:
    raise ModuleNotFoundError("checks.py belongs beside this notebook: it is in your course's zip, and on its site") from None

# %% [markdown]
# ## 1. One window (@points of apply_kernel@ points)
#
# A *kernel* is a small array of weights. Lay it on an image with its top left corner on row x, column y.
# Multiply each weight by the pixel beneath it, and add everything up. The sum is one number of the output:
#
# $$V(x, y) = \sum_m \sum_n I(x + m,\; y + n)\; K(m, n)$$
#
# where m runs over the rows of the kernel and n over its columns. By hand, at row 1, column 2 of a 3×5 image:

# %%
checks.show_one_window()

# %% [markdown]
# $V(1, 2) = 8 \cdot 1 + 9 \cdot 2 + 2 \cdot 0 + 5 \cdot (-1) = 21$
#
# Write this sum for any image, any kernel (it need not be square, and may have an even size) and any place at
# which the kernel lies inside the image.
#
# *Mind the data type.* Image files hold `uint8` numbers, from 0 to 255, and NumPy computes in the type it is
# given: `np.uint8(200) * np.uint8(2)` is 144, because 400 does not fit. Turn the pixels into floats first.

# %% nbgrader={"grade": false, "grade_id": "apply_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def apply_kernel(image, kernel, x, y):
    """The number V(x, y): the sum of kernel times window, with the window's top left corner at row x, column y.

    image, kernel: 2-D arrays of any sizes, of floats or whole numbers. Returns one number.
    """
    ### BEGIN SOLUTION
    rows, columns = kernel.shape
    window = image[x : x + rows, y : y + columns].astype(float)
    return np.sum(window * kernel)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_apply_kernel", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_apply_kernel()

# %% [markdown]
# ## 2. How large is the output? (@points of output_size@ points)
#
# A window of 3 fits into a row of 4 at two places, 0 and 1. In general a window of size f fits into w numbers
# at w − f + 1 places. With p zeros added on *each* side there are w + 2p numbers. With a *stride* of s, only
# every s-th place is used:
#
# $$w' = \left\lfloor \frac{w - f + 2p}{s} \right\rfloor + 1$$
#
# - 4 wide, window 3: ⌊(4 − 3)/1⌋ + 1 = **2**
# - the same with one zero on each side: ⌊(4 − 3 + 2)/1⌋ + 1 = **4**, as large as before
# - 6 wide, window 3, stride 2: ⌊3/2⌋ + 1 = **2**: the windows start at 0 and 2; one at 4 would stick out
#
# The slides leave out the floor brackets ⌊ ⌋, and without them the last line would give 2.5. A window that
# does not fit is left out, so we round *down*.
#
# Rows and columns each have their own sizes, so the function deals with one direction at a time. Raise a
# `ValueError` with a helpful text if a size is not positive, if the stride is less than 1, or if the window
# does not fit at all.

# %% nbgrader={"grade": false, "grade_id": "output_size", "locked": false, "schema_version": 3, "solution": true, "task": false}
def output_size(input_size, filter_size, stride=1, padding=0):
    """How many windows fit along one axis, with `padding` zeros on each side: an int.

    Raises ValueError if the filter does not fit, the stride is less than 1 or a size is not positive.
    """
    ### BEGIN SOLUTION
    if input_size < 1 or filter_size < 1:
        raise ValueError(f"sizes must be positive, not {input_size} and {filter_size}")
    if stride < 1:
        raise ValueError(f"the stride must be at least 1, not {stride}")
    room = input_size + 2 * padding - filter_size
    if room < 0:
        raise ValueError(f"a filter of {filter_size} does not fit into {input_size + 2 * padding}")
    return room // stride + 1
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_output_size", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_output_size()

# %% [markdown]
# ## 3. Slide the kernel (@points of convolve@ points)
#
# Now put a window at every place where it fits, and write its sum into an output array. The slides' first
# example is
#
# $$\begin{bmatrix} 2&0&1&3 \\ 7&1&1&0 \\ 0&2&5&0 \\ 0&5&1&4 \end{bmatrix} *
# \begin{bmatrix} 1&1&1 \\ 0&0&0 \\ -1&-1&-1 \end{bmatrix} = \begin{bmatrix} -4&-3 \\ 3&-8 \end{bmatrix}$$
#
# Its first number is 2 + 0 + 1 − 0 − 2 − 5 = −4; its last is 1 + 1 + 0 − 5 − 1 − 4 = −8. (Three later slides
# print the second row as 2, −9. That is a misprint: add it up and see.)
#
# With a stride, output number (i, j) belongs to the window at row i · (row stride), column j · (column
# stride). Both the *size* of the output and the *places* of the windows change:

# %%
checks.show_strides()

# %% [markdown]
# `stride` is one number for both directions, or a pair `(rows, columns)`. Above it is `(1, 3)`, and the
# output has ⌊(3 − 2)/1⌋ + 1 = 2 rows and ⌊(5 − 2)/3⌋ + 1 = 2 columns. `np.ndim(stride)` is 0 for a number and
# 1 for a pair.

# %% nbgrader={"grade": false, "grade_id": "convolve", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convolve(image, kernel, stride=1):
    """Slide the kernel over the image: the 2-D array of V(x, y) at every place where the kernel fits.

    image, kernel: 2-D arrays, of floats or whole numbers
    stride: an int, or a pair (rows, columns)
    """
    ### BEGIN SOLUTION
    row_stride, column_stride = (stride, stride) if np.ndim(stride) == 0 else stride
    rows = output_size(image.shape[0], kernel.shape[0], row_stride)
    columns = output_size(image.shape[1], kernel.shape[1], column_stride)
    output = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            output[i, j] = apply_kernel(image, kernel, i * row_stride, j * column_stride)
    return output
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_convolve", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_convolve()

# %% [markdown]
# **Definitional note.** Mathematicians call what you wrote *cross-correlation*. Their convolution rotates the
# kernel by 180° first (`kernel[::-1, ::-1]`), and then the first example gives [[4, 3], [−3, 8]].
# Deep-learning libraries skip the rotation and say convolution all the same, and so do we: **never flip the
# kernel here**.
#
# **See it.** Three kernels on a letter. The slides call the second one, [[0, −1, 0], [−1, 5, −1], [0, −1,
# 0]], "outline", but its weights add up to 1, so it leaves flat areas as they are and strengthens every step:
# it *sharpens*. A real outline kernel adds up to 0 and turns flat areas to zero. The last one is the slides'
# "shift": it copies each pixel's *left* neighbour, so that the picture moves to the *right*.

# %%
checks.see_kernels()

# %% [markdown]
# ## 4. What happens at the edge
#
# ### 4.1 How many zeros does SAME add? (@points of same_padding@ points)
#
# Without padding (`"VALID"`) the output shrinks, and pixels at the edge are seen by fewer windows. `"SAME"`
# adds zeros around the image so that the output has ⌈w/s⌉ numbers (rounded *up*): with stride 1 that is as
# many as the image, with stride 2 half of them. Work backwards from that:
#
# 1. there are o = ⌈w/s⌉ windows; the last one starts at (o − 1) · s, so that they need (o − 1) · s + f
#    numbers;
# 2. what they need beyond w must be zeros: total = (o − 1) · s + f − w, or none if this is negative;
# 3. half of them go before the image. If the total is odd, the odd one goes **after** it.
#
# | w | f | s | o | total | before, after |
# |---|---|---|---|---|---|
# | 4 | 3 | 1 | 4 | 3 + 3 − 4 = 2 | 1, 1 |
# | 4 | 2 | 1 | 4 | 3 + 2 − 4 = 1 | 0, 1 |
# | 28 | 5 | 2 | 14 | 26 + 5 − 28 = 3 | 1, 2 |
#
# The last line is the slides' 5×5 filter with stride 2 on a 28×28 digit. No *equal* padding p gives 14 there
# exactly: (28 − 5 + 2p)/2 + 1 is 14.5 for p = 2, and only the floor saves it. TensorFlow uses 1 and 2, and
# the windows lie one pixel further right and down than with 2 and 2. The two choices give different numbers!

# %% nbgrader={"grade": false, "grade_id": "same_padding", "locked": false, "schema_version": 3, "solution": true, "task": false}
def same_padding(input_size, filter_size, stride=1):
    """The zeros that "SAME" adds along one axis: the pair (before, after) of ints."""
    ### BEGIN SOLUTION
    windows = -(-input_size // stride)  # rounded up
    total = max((windows - 1) * stride + filter_size - input_size, 0)
    return total // 2, total - total // 2
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_same_padding", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_same_padding()

# %% [markdown]
# ### 4.2 Add the zeros (@points of pad@ points)
#
# Make a larger array of zeros and put the image into it. The picture shows `rows=(1, 0)` and `columns=(1,
# 2)`: one row above and none below, one column to the left and two to the right. The hatched places are the
# padding.

# %%
checks.show_padding()

# %% nbgrader={"grade": false, "grade_id": "pad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pad(image, rows, columns):
    """The 2-D image with zeros around it; `rows` and `columns` are pairs (before, after).

    image: of floats or whole numbers, which stay as they are.
    """
    ### BEGIN SOLUTION
    height, width = image.shape
    padded = np.zeros((rows[0] + height + rows[1], columns[0] + width + columns[1]), dtype=image.dtype)
    padded[rows[0] : rows[0] + height, columns[0] : columns[0] + width] = image
    return padded
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_pad", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_pad()

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_same_padding", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Written question 1 (5 points)
#
# A 2×2 filter with stride 1 and `"SAME"` needs one zero per direction, and it is put *after* the image.
#
# 1. Which pixels of a 3×4 image does the output number at row 2, column 3 (the last one) depend on? And the
#    first one?
# 2. Somebody trained a network with the zeros after the image, and runs it with a library that puts them
#    before. What happens to the picture that comes out of one such layer, and of ten of them in a row?
# 3. Why does the question not come up for a 3×3 filter with stride 1?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_same_padding", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# 1. The last number's window covers rows 2 to 3 and columns 3 to 4, of which only pixel (2, 3) lies inside
#    the image; the other three places are zeros. The first number depends on four real pixels: (0, 0), (0,
#    1), (1, 0) and (1, 1).
# 2. Each window then starts one pixel further up and to the left, so the same picture comes out one pixel
#    further down and to the right, apart from the edges, where other zeros come in. Ten such layers move it
#    by ten pixels; on small images, or where a layer at the end expects things at fixed places, that ruins
#    the prediction, and no error is raised.
# 3. The total is 2, an even number, so both sides get one zero and there is nothing to choose.
#
# **Rubric**
#
# - (+1) The last number depends on pixel (2, 3) alone.
# - (+1) The first number depends on the four pixels (0, 0), (0, 1), (1, 0) and (1, 1).
# - (+1) One layer: the same picture, one pixel further down and to the right.
# - (+1) Ten layers: ten pixels, and no error is raised.
# - (+1) A 3×3 filter with stride 1 needs two zeros, one on each side: there is nothing to choose.
# - (0) Draw the 3×4 image with its zeros, and put the filter onto its last place.
# - (0) Windows that start further up show what lies further up: the picture moves the other way.

# %% [markdown]
# ## 5. The whole operation: `conv2d` (@points of conv2d@ points)
#
# Real images come in batches and have channels, and a layer has many filters. The layouts are TensorFlow's:
#
# - `inputs` is **NHWC**: `inputs[n, x, y, c]` is image n, row x, column y, channel c;
# - `filters` is **HWIO**: `filters[m, n, c, o]` is the weight at row m, column n of input channel c for
#   output channel o.
#
# Each filter covers *all* channels of its window. Their products are all added up, so one filter makes one
# output channel:
#
# $$\text{output}[b, i, j, o] = \sum_m \sum_n \sum_c \text{padded}[b,\; i\, s_r + m,\; j\, s_c + n,\; c]\;\, \text{filters}[m, n, c, o]$$
#
# By hand, with a 1×1 filter: a pixel with the channels [1, 2] and weights [10, 100] give 1 · 10 + 2 · 100 =
# 210, one number.
#
# - `strides` is `[1, rows, columns, 1]`: the stride for each axis of `inputs`. Batch and channel always move
#   by 1.
# - `padding` is `"VALID"` or `"SAME"`. `tf.nn.conv2d` insists on capital letters, Keras does not (the slides
#   say that case does not matter, which is true of Keras only). Ours accepts any case.
#
# Raise a `ValueError` for: inputs or filters that do not have 4 axes; numbers of channels that do not match;
# another padding; strides that are not of the form `[1, rows, columns, 1]` with whole numbers of at least 1;
# and a filter larger than the image with VALID. (For a stride of 1.5 the error that NumPy itself raises will do
# as well.)
#
# The homework of the slides: the image below with SAME padding. The window of number (0, 3), at the top right
# corner, is [[0, 0, 0], [3, 1, 0], [0, 0, 0]], so that number is 3·2 + 1·0 + 0·(−2) = 6.

# %%
checks.show_same()

# %% [markdown]
# *A way to go.* Check the arguments. Pad rows and columns of the whole batch. Then either loop over the
# output places and multiply each window `padded[:, x:x+h, y:y+w, :]` by the filters, or (faster, and shorter)
# loop over the places m, n *of the filter*: `padded[:, m : m + ..., n : n + ..., :]` with steps of the
# strides is what this one weight sees for every output at once, and `@ filters[m, n]` adds up its channels.
# Either is fine. Sections 6 and 7 need the same checks and the same padding, so put them into a function of
# their own in this cell and use it again.

# %% nbgrader={"grade": false, "grade_id": "conv2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d(inputs, filters, strides, padding):
    """The convolution of a batch of images with a bank of filters, like tf.nn.conv2d.

    inputs: [batch, height, width, in_channels], of floats or whole numbers
    filters: [filter_height, filter_width, in_channels, out_channels], of floats or whole numbers
    strides: [1, rows, columns, 1]
    padding: "SAME" or "VALID", in any case
    Returns [batch, out_height, out_width, out_channels]. Raises ValueError for arguments that do not fit.
    """
    ### BEGIN SOLUTION
    check_channels(inputs, filters)
    padded, _, places = pad_batch(inputs, filters.shape[:2], strides, padding)
    return sum(padded[seen] @ filters[m, n] for (m, n), seen in places.items())


def check_channels(inputs, filters):
    """Raise ValueError unless both arrays have four axes and the same number of input channels."""
    if np.ndim(inputs) != 4 or np.ndim(filters) != 4:
        raise ValueError(f"inputs and filters need 4 axes, not {np.ndim(inputs)} and {np.ndim(filters)}")
    if inputs.shape[3] != filters.shape[2]:
        raise ValueError(f"the inputs have {inputs.shape[3]} channels, the filters {filters.shape[2]}")


def pad_batch(inputs, filter_size, strides, padding):
    """The padded batch in floats, the zeros ((top, bottom), (left, right)), and what each weight sees.

    The last is a dict: for each place (m, n) of the filter, the index into the padded batch that selects
    what this place sees for all outputs, [batch, out_height, out_width, in_channels].
    """
    if np.ndim(inputs) != 4:
        raise ValueError(f"inputs need 4 axes, not {np.ndim(inputs)}")
    if np.shape(strides) != (4,) or strides[0] != 1 or strides[3] != 1:
        raise ValueError(f"strides must be [1, rows, columns, 1], not {strides}")
    if any(stride < 1 or stride != int(stride) for stride in strides):
        raise ValueError(f"strides must be whole numbers of at least 1, not {strides}")
    if str(padding).upper() not in ("SAME", "VALID"):
        raise ValueError(f'padding must be "SAME" or "VALID", not {padding!r}')

    zeros, slices = [], []
    for w, f, s in zip(inputs.shape[1:3], filter_size, strides[1:3]):
        before, after = same_padding(w, f, s) if padding.upper() == "SAME" else (0, 0)
        last = (output_size(before + w + after, f, s) - 1) * s  # where the last window starts
        zeros.append((before, after))
        slices.append([slice(start, start + last + 1, s) for start in range(f)])
    places = {
        (m, n): (slice(None), rows, columns)
        for m, rows in enumerate(slices[0])
        for n, columns in enumerate(slices[1])
    }
    floats = inputs.astype(np.result_type(inputs, np.float32))
    return np.pad(floats, ((0, 0), *zeros, (0, 0))), zeros, places
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_conv2d", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_conv2d()

# %% [markdown]
# ## 6. The same as one matrix product
#
# Loops in Python are slow, and a matrix product is the one thing that computers are best at. So libraries
# write every window as one *row* of a matrix, every filter as one *column* of another, and multiply: each
# number of the product is one window times one filter. (This answers the question whether convolution "is a
# multiplication". It is one, of these two matrices.)
#
# The example from the questions and answers: the image and the kernel below, VALID, one channel.

# %%
checks.show_matrix_product()

# %% [markdown]
# The product, 14, 6, 6, 12, put back into the shape of the output, is [[14, 6], [6, 12]].
#
# ### 6.1 Filters as columns (@points of flatten_filters@ points)
#
# The order of the numbers in a column is free, but it must be the same in the rows of the other matrix. We
# take the order that the arrays already have: filter row first, then filter column, then channel, the last
# one changing fastest.

# %% nbgrader={"grade": false, "grade_id": "flatten_filters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flatten_filters(filters):
    """The filters as columns: [filter_height * filter_width * in_channels, out_channels]."""
    ### BEGIN SOLUTION
    height, width, in_channels, out_channels = filters.shape
    return filters.reshape(height * width * in_channels, out_channels)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_flatten_filters", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_flatten_filters()

# %% [markdown]
# ### 6.2 Windows as rows (@points of extract_patches@ points)
#
# `extract_patches` keeps batch, output row and output column as axes of their own; the last axis holds the
# flattened window, in the order of 6.1. A window of 2×2 with two channels, whose pixels are [1, 2] and [3, 4]
# above [5, 6] and [7, 8], gives the row [1, 2, 3, 4, 5, 6, 7, 8]: all channels of the first pixel, then all
# of the next.
#
# The arguments are always such as `conv2d` accepts: nothing needs to be refused here. The speed of this function
# decides that of 6.3. Two good ways, both without a loop over the output:
#
# - loop over the few places of the *filter*; what one place sees, for all outputs at once, is a slice of the
#   padded batch with steps, and fills one slice of the last axis;
# - or let `np.lib.stride_tricks.sliding_window_view(padded, filter_size, axis=(1, 2))` make all windows at
#   once. Its result is `[batch, rows, columns, in_channels, filter_height, filter_width]`; the steps of the
#   strides, a `transpose` and a `reshape` are still to do.

# %% nbgrader={"grade": false, "grade_id": "extract_patches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def extract_patches(inputs, filter_size, strides, padding):
    """All windows as rows: [batch, out_height, out_width, filter_height * filter_width * in_channels].

    filter_size: (rows, columns); the others are those of conv2d.
    """
    ### BEGIN SOLUTION
    padded, _, _ = pad_batch(inputs, filter_size, strides, padding)
    windows = np.lib.stride_tricks.sliding_window_view(padded, filter_size, axis=(1, 2))
    windows = windows[:, :: strides[1], :: strides[2]].transpose(0, 1, 2, 4, 5, 3)
    batch, rows, columns, height, width, channels = windows.shape
    return windows.reshape(batch, rows, columns, height * width * channels)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_extract_patches", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_extract_patches()

# %% [markdown]
# ### 6.3 Multiply (@points of conv2d_matmul@ points)
#
# Put the two together: the same results and the same errors as `conv2d`, as **one** matrix product. Reshape
# the patches to a matrix with `batch * out_height * out_width` rows, multiply, and reshape the product to the
# output.
#
# **Speed counts here.** A hidden test measures the time of your function next to that of a plain vectorized
# one, with room to spare. A Python loop over the output's positions is too slow, here and in `extract_patches`.

# %% nbgrader={"grade": false, "grade_id": "conv2d_matmul", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_matmul(inputs, filters, strides, padding):
    """The same as conv2d(inputs, filters, strides, padding), computed as one matrix product.

    inputs, filters: of floats or whole numbers. Raises ValueError wherever conv2d does.
    """
    ### BEGIN SOLUTION
    check_channels(inputs, filters)
    patches = extract_patches(inputs, filters.shape[:2], strides, padding)
    batch, rows, columns, size = patches.shape
    product = patches.reshape(batch * rows * columns, size) @ flatten_filters(filters)
    return product.reshape(batch, rows, columns, filters.shape[3])
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_conv2d_matmul", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_conv2d_matmul()

# %% [markdown]
# **See it.** How much faster is it than the loops of section 3? The filters are those of the slides' first
# layer: 16 of 5×5, stride 2, on images of 28×28.

# %%
checks.race()

# %% [markdown]
# ## 7. How a network learns its kernels (@points of conv2d_gradients@ points)
#
# Nobody types in the kernels of a network. Training computes a loss, one number that says how wrong the
# output is, and then asks for each weight: *how does the loss change when this weight grows a little?* That
# is the weight's gradient. Suppose we know it for every number of the output already; these are the
# *upstream* gradients, in an array of the output's shape. Then for each output number
#
# $$\text{output} = \dots + \text{pixel} \cdot \text{weight} + \dots$$
#
# and by the chain rule each such product passes its share on:
#
# - to the filter: the weight's gradient grows by *upstream · pixel*. So **every output number adds upstream ×
#   window to the filter's gradient.**
# - to the image: the pixel's gradient grows by *upstream · weight*. So **every output number adds upstream ×
#   filter to the gradient of its window.**
#
# By hand, for a row [3, 1, 4], a filter [2, 5] and upstream [10, 1], VALID:
#
# | output number | its window | adds to d_filters | adds to d_inputs |
# |---|---|---|---|
# | 0 | [3, 1] | 10 · [3, 1] = [30, 10] | 10 · [2, 5] at 0 and 1: [20, 50, 0] |
# | 1 | [1, 4] | 1 · [1, 4] = [1, 4] | 1 · [2, 5] at 1 and 2: [0, 2, 5] |
# | sum | | **[31, 14]** | **[20, 52, 5]** |
#
# With SAME, do this on the padded batch and cut the padding off `d_inputs` at the end. With channels, an
# output number has a window and a filter with all its channels, and adds the gradients of each of them. The
# arguments are always such as `conv2d` accepts, and upstream gradients are always floats: the images and filters
# may be whole numbers, their gradients are not.

# %% nbgrader={"grade": false, "grade_id": "conv2d_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_gradients(inputs, filters, strides, padding, upstream):
    """The gradients of np.sum(upstream * conv2d(inputs, filters, strides, padding)).

    inputs, filters: those of conv2d, of floats or whole numbers
    upstream: an array of floats, of the shape of conv2d's output
    Returns (d_inputs, d_filters), with the shapes of inputs and filters.
    """
    ### BEGIN SOLUTION
    check_channels(inputs, filters)
    padded, ((top, _), (left, _)), places = pad_batch(inputs, filters.shape[:2], strides, padding)
    d_padded = np.zeros(padded.shape)
    d_filters = np.zeros(filters.shape)
    for (m, n), seen in places.items():
        d_filters[m, n] = np.tensordot(padded[seen], upstream, axes=((0, 1, 2), (0, 1, 2)))
        d_padded[seen] += upstream @ filters[m, n].T
    height, width = inputs.shape[1:3]
    return d_padded[:, top : top + height, left : left + width, :], d_filters
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_conv2d_gradients", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_conv2d_gradients()

# %% [markdown]
# **Check gradients yourself.** You never need an answer book for a gradient: nudge one weight a little and
# see what the loss does. (The loss is `np.sum(upstream * conv2d(…))`.)
#
# ```python
# nudged[1, 0, 2, 3] += 1e-4                                      # one weight of the filters
# change = conv2d(inputs, nudged, …) - conv2d(inputs, filters, …)
# np.sum(upstream * change) / 1e-4                                # about d_filters[1, 0, 2, 3]
# ```
#
# `checks.gradient_check(conv2d, conv2d_gradients, inputs, filters, strides, padding)` does this at many places of all
# arrays. It takes any function and its gradients, so it will serve you in your next network, too.

# %%
checks.nudge()

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_equivariance", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Written question 2 (5 points)
#
# 1. Deep-learning libraries do not rotate the kernel, mathematicians do. Suppose that a library changed its
#    mind and rotated every filter by 180° before using it. What would change in a network that is trained
#    with it from the start? What in one that was trained before?
# 2. The slides say that convolution is "translationally invariant". Take the letter F of section 3 and move
#    it two pixels to the right before you call `convolve`. What happens to the output? Choose the right word
#    and say why: the output is *invariant* (stays the same) or *equivariant* (moves along). What happens near
#    the edges, and what changes with a stride of 2?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_equivariance", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# 1. Trained from the start, nothing but the way the weights are stored: training finds the filter that lowers
#    the loss, and now finds the same filter rotated by 180°; the outputs are equal. A network that was
#    trained before would compute other numbers, unless its filters are rotated once, or are symmetric.
# 2. Equivariant: the same kernel is used at every place, so a window with the same pixels gives the same
#    number two columns further right. Nothing stays the same as a whole. At the edges it holds only as long
#    as nothing is cut off or mixed with padding. With a stride of 2, a move by two pixels moves the output by
#    one; a move by one pixel is no move of the output at all: other windows are used, and its numbers change.
#
# **Rubric**
#
# - (+1) Trained from the start: the same network, with its filters stored rotated by 180°.
# - (+1) Trained before: other numbers, unless its filters are rotated once, or are symmetric.
# - (+1) Equivariant, since the same kernel is used at every place.
# - (+1) At the edges only as long as nothing is cut off or mixed with padding.
# - (+1) Stride 2: a move by two pixels moves the output by one; after a move by one pixel other windows are used.
# - (0) Invariant would mean that the output stays the same; here it moves along.
# - (0) Right, but say why.

# %% [markdown]
# ## How far am I?
#
# Run this cell at any time, here or in a cell of your own further up. It runs every check again and says in one
# line for each function whether it is right, wrong, not started, or waiting for another one. When all are right, it
# shows what you have built.

# %%
checks.progress(globals())

# %% [markdown]
# ## Before you hand in
#
# Choose *Kernel → Restart Kernel and Run All Cells*. Every check should still pass: then nothing depends on a
# cell that you have changed or deleted since. Do not delete or copy the check cells, since the points hang on
# them. The hidden tests go further than the checks: other sizes, other strides, more channels, and inputs
# that should raise an error. Read each function's text once more with that in mind.
