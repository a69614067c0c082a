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
# # A network by hand that reads clothes
#
# **What you will do.** In the first assignment you wrote a convolution and its gradients. Here you write everything else that
# a network needs, in small functions, and train it on pictures of clothes until it tells shirts from shoes.
#
# **What you will learn**
#
# - what each layer of a network computes, and which shapes the layers hand on;
# - how a loss says how wrong a network is, and how its gradient goes back through all layers;
# - how to find out whether gradients are right, and whether a network can learn at all;
# - what a network has learned, and where it goes wrong.
#
# **What you need.** NumPy, and your `conv2d` and `conv2d_gradients` of the first assignment. (If you have none, a stand-in
# works in their place.)
#
# ## How this notebook works
#
# It works as the first one did: an explanation, a cell for your function, a check cell below it. The points in the headings
# add up to @points@. They are given later by hidden tests, which call your functions with other inputs and compare results,
# not code: loops are as welcome as clever NumPy (only `max_pool` is also timed). A hidden test of a later function does not
# cost you points where it fails because of an earlier one alone.
#
# - Arrays of pictures are `[batch, height, width, channels]`, and rarely square, so that a mix-up shows.
# - Everything is computed in floats. Inputs may be `float64`, `float32` or whole numbers, and may lie in memory in any
#   order; results may be `float64` or `float32`.
# - *Gradients* work as in the first assignment: `upstream` says for each number of a layer's output how the loss changes with
#   it, and the layer's gradient function says the same for its inputs and weights.
# - Do not change the arrays that your functions are given, but where the text says so (in `train`). Keep names and parameters.
#   Use NumPy only.
# - @Written questions@ written questions (5 points each) are read by a person.

# %%
import numpy as np

try:
    import checks
except ModuleNotFoundError:
    raise ModuleNotFoundError("checks.py belongs beside this notebook: it is in your course's zip, and on its site") from None

# %% [markdown]
# ## The network, layer by layer
#
# It is the one at the end of the article on `Conv2D`, with half as many filters, so that it learns in a quarter of a minute:
#
# | layer | its output for one picture | why | parameters |
# |---|---|---|---|
# | the picture | 28 × 28 × 1 | | |
# | convolution, 16 filters of 5 × 5 | 24 × 24 × 16 | 28 − 5 + 1 = 24 | 5 · 5 · 1 · 16 + 16 = 416 |
# | relu, max_pool 2 × 2 | 12 × 12 × 16 | 24 / 2 = 12 | |
# | convolution, 32 filters of 5 × 5 | 8 × 8 × 32 | 12 − 5 + 1 = 8 | 5 · 5 · 16 · 32 + 32 = 12,832 |
# | relu, max_pool 2 × 2 | 4 × 4 × 32 | 8 / 2 = 4 | |
# | flatten | 512 | 4 · 4 · 32 = 512 | |
# | dense, 10 units | 10 | one for each kind of clothes | 512 · 10 + 10 = 5,130 |
#
# (The article has 32 and 64 filters: then flatten hands on 1,024 numbers. It forgets to say *flatten*, and without it the
# network as printed does not train.) Work out for yourself what becomes of a picture of 32 × 30. (640 numbers are left for the
# dense layer.)
#
# ## Your convolution
#
# Put your own `conv2d` into the first cell and your own `conv2d_gradients` into the second, with whatever else they call:
# copy them from your first notebook. If you wrote `conv2d_matmul` and it is right, copy it as well, and let `conv2d` be
# `return conv2d_matmul(inputs, filters, strides, padding)`: it is much faster.
# They give no points here, since they were graded there. Then run the third cell. It looks at both, and where one is missing or
# wrong it says so, and a slower stand-in works in its place, so that you can go on. When your work is graded, right ones are
# put in the place of missing or wrong ones, too.

# %% nbgrader={"grade": false, "grade_id": "conv2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d(inputs, filters, strides, padding):
    """The convolution of a batch of images with a bank of filters: your own, from the first assignment."""
    ### BEGIN SOLUTION
    windows, _ = all_windows(inputs, filters.shape[:2], strides, padding)
    return np.tensordot(windows, filters, axes=((4, 5, 3), (0, 1, 2)))


def all_windows(inputs, filter_size, strides, padding):
    """[batch, out_height, out_width, channels, rows, columns], and the zeros that were put around the images."""
    zeros = [(0, 0), (0, 0)]
    if padding.upper() == "SAME":
        for axis in (0, 1):
            w, f, s = inputs.shape[1 + axis], filter_size[axis], strides[1 + axis]
            total = max((-(-w // s) - 1) * s + f - w, 0)
            zeros[axis] = (total // 2, total - total // 2)
    padded = np.pad(inputs, ((0, 0), *zeros, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, filter_size, axis=(1, 2))
    return windows[:, :: strides[1], :: strides[2]], zeros
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_conv2d", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_conv2d()

# %% nbgrader={"grade": false, "grade_id": "conv2d_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_gradients(inputs, filters, strides, padding, upstream):
    """The gradients of np.sum(upstream * conv2d(inputs, filters, strides, padding)): your own."""
    ### BEGIN SOLUTION
    windows, ((top, bottom), (left, right)) = all_windows(inputs, filters.shape[:2], strides, padding)
    d_filters = np.tensordot(windows, upstream, axes=((0, 1, 2), (0, 1, 2))).transpose(1, 2, 0, 3)
    batch, height, width, channels = inputs.shape
    d_padded = np.zeros((batch, top + height + bottom, left + width + right, channels), upstream.dtype)
    rows, columns = upstream.shape[1:3]
    for m in range(filters.shape[0]):
        for n in range(filters.shape[1]):
            down = slice(m, m + (rows - 1) * strides[1] + 1, strides[1])
            across = slice(n, n + (columns - 1) * strides[2] + 1, strides[2])
            d_padded[:, down, across] += upstream @ filters[m, n].T
    return d_padded[:, top : top + height, left : left + width], d_filters
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_conv2d_gradients", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_conv2d_gradients()

# %%
checks.stand_in_where_needed()

# %% [markdown]
# ## 1. relu
#
# ### 1.1 The layer (@points of relu@ points)
#
# Between two convolutions stands a *relu*: numbers below 0 become 0, all others stay. [3, −1, 0, 2] becomes [3, 0, 0, 2].
# Without it, two convolutions in a row could be replaced by a single one.

# %% nbgrader={"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(values):
    """The array with 0 in place of each number below 0, of the same shape, whatever that is."""
    ### BEGIN SOLUTION
    return np.maximum(values, 0)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_relu", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_relu()

# %% [markdown]
# ### 1.2 Its gradient (@points of relu_gradient@ points)
#
# Where a number is above 0, relu hands it on as it is, so the upstream number passes. Where it is below 0, the output stays 0
# whatever happens, so nothing passes. At 0 itself there is a kink; by agreement nothing passes there either. For the values
# [3, −1, 0, 2] and upstream [10, 20, 30, 40] that is [10, 0, 0, 40].

# %% nbgrader={"grade": false, "grade_id": "relu_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_gradient(values, upstream):
    """The gradient of np.sum(upstream * relu(values)) for the values; at 0 it is 0."""
    ### BEGIN SOLUTION
    return np.where(values > 0, upstream, 0)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_relu_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_relu_gradient()

# %% [markdown]
# ## 2. max_pool
#
# ### 2.1 The layer (@points of max_pool@ points)
#
# A window slides over each picture and channel, and the largest number in it is kept. Nothing is learned. With a size of 2 and
# strides of 2:
#
# $$\begin{bmatrix} 1&3&2&0&9 \\ 4&2&2&1&8 \\ 0&5&6&6&7 \\ 1&5&2&6&3 \end{bmatrix} \rightarrow
# \begin{bmatrix} 4&2 \\ 5&6 \end{bmatrix}$$
#
# The last column is left out: a window there would stick out. So along an axis of n numbers there are ⌊(n − size) / stride⌋ + 1
# windows, as in the first assignment without padding.
#
# `size` and `strides` are one number for both axes, or a pair (rows, columns). Where `strides` is left out or `None`, it is the
# size: the windows stand side by side. With smaller strides they overlap, with larger ones there are gaps.
#
# *Mind negative numbers.* The largest of −3 and −5 is −3, and not 0.
#
# **Speed counts here.** A hidden test measures your function next to a vectorized one, with room to spare: a loop over the
# places of the output, or over those of the window, is fast enough. A loop over pictures and channels as well is not.

# %% nbgrader={"grade": false, "grade_id": "max_pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool(inputs, size, strides=None):
    """The largest number of each window: [batch, out_height, out_width, channels].

    inputs: [batch, height, width, channels]
    size, strides: ints, or pairs (rows, columns); without strides, they are the size
    """
    ### BEGIN SOLUTION
    return np.max([inputs[place] for place in pool_places(inputs, size, strides)], axis=0)


def pool_places(inputs, size, strides):
    """For each place of a window, by rows, the index of what it sees in all windows at once."""
    size = (size, size) if np.ndim(size) == 0 else size
    strides = size if strides is None else strides
    strides = (strides, strides) if np.ndim(strides) == 0 else strides
    slices = []
    for n, f, s in zip(inputs.shape[1:3], size, strides):
        last = (n - f) // s * s  # where the last window starts
        slices.append([slice(start, start + last + 1, s) for start in range(f)])
    return [(slice(None), rows, columns) for rows in slices[0] for columns in slices[1]]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_max_pool", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_max_pool()

# %% [markdown]
# ### 2.2 Its gradient (@points of max_pool_gradient@ points)
#
# Only the largest number of a window had a say, so it alone gets the window's upstream number. In the example above, with
# upstream [[10, 20], [30, 40]]:
#
# $$\begin{bmatrix} 0&0&20&0&0 \\ 10&0&0&0&0 \\ 0&30&40&0&0 \\ 0&0&0&0&0 \end{bmatrix}$$
#
# - **Ties.** Several numbers may be the largest, as the two 2s and the 6s here: then the *first* gets all of it, row by row from
#   the top, from left to right in each row. (After a relu many windows hold zeros alone, so this happens all the time.)
# - **Overlaps.** A number may be the largest of several windows: what it gets adds up. For the row [1, 5, 2], a size of (1, 2)
#   and strides of 1, the windows are [1, 5] and [5, 2]; with upstream [10, 1] the 5 gets 11.

# %% nbgrader={"grade": false, "grade_id": "max_pool_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_gradient(inputs, size, strides, upstream):
    """The gradient of np.sum(upstream * max_pool(inputs, size, strides)) for the inputs: an array of their shape.

    upstream: an array of the shape of max_pool's output; strides may be None, as there
    """
    ### BEGIN SOLUTION
    largest = max_pool(inputs, size, strides)
    free = np.ones(largest.shape, bool)  # windows whose largest number has not come yet
    gradient = np.zeros(inputs.shape, upstream.dtype)
    for place in pool_places(inputs, size, strides):
        gets_it = free & (inputs[place] == largest)
        gradient[place] += gets_it * upstream
        free &= ~gets_it
    return gradient
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_max_pool_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_max_pool_gradient()

# %% [markdown]
# ## 3. A dense layer
#
# ### 3.1 The layer (@points of dense@ points)
#
# *Flatten* puts all numbers of a picture into one row: `pooled.reshape(batch, -1)`. A dense layer then weighs all of them for
# each of its units: `inputs @ weights + bias`, where weights are `[in, out]` and there is one bias for each unit.
#
# $$\begin{bmatrix} 1&2 \\ 0&-1 \end{bmatrix} \begin{bmatrix} 1&0&2 \\ 3&1&-1 \end{bmatrix} + \begin{bmatrix} 0.5&0&1 \end{bmatrix}
# = \begin{bmatrix} 7.5&2&1 \\ -2.5&-1&2 \end{bmatrix}$$

# %% nbgrader={"grade": false, "grade_id": "dense", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense(inputs, weights, bias):
    """A dense layer: [batch, units].

    inputs: [batch, in]; weights: [in, units]; bias: [units]
    """
    ### BEGIN SOLUTION
    return inputs @ weights + bias
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_dense", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_dense()

# %% [markdown]
# ### 3.2 Its gradients (@points of dense_gradients@ points)
#
# A weight connects one input with one unit: in each picture its gradient grows by input · upstream. An input goes into all
# units, each through its weight. A bias goes into its unit once for each picture. Everything *adds up* over the batch (the
# mean is the loss's business, see section 5). With the numbers from above and upstream [[1, 0, 2], [0, 1, 1]]:
#
# - d_inputs: the first is 1 · 1 + 0 · 0 + 2 · 2 = 5; in all [[5, 1], [2, 0]]
# - d_weights: the one at [1, 2] is 2 · 2 + (−1) · 1 = 3; in all [[1, 0, 2], [2, −1, 3]]
# - d_bias: [1 + 0, 0 + 1, 2 + 1] = [1, 1, 3]
#
# Write down the shapes, and see which two matrices give which: each gradient has the shape of what it belongs to.

# %% nbgrader={"grade": false, "grade_id": "dense_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense_gradients(inputs, weights, upstream):
    """The gradients of np.sum(upstream * dense(inputs, weights, bias)).

    upstream: [batch, units]
    Returns (d_inputs, d_weights, d_bias).
    """
    ### BEGIN SOLUTION
    return upstream @ weights.T, inputs.T @ upstream, upstream.sum(axis=0)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_dense_gradients", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_dense_gradients()

# %% [markdown]
# ## 4. softmax (@points of softmax@ points)
#
# The last layer gives ten numbers for a picture, the *logits*: the larger, the likelier. `softmax` turns each row into
# probabilities: e to the power of each, divided by the sum of all in the row.
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
#
# For [0, log 2, log 5] the powers are 1, 2 and 5, and the probabilities 1/8, 2/8, 5/8. (Here *log* is always the natural
# logarithm, `np.log`.)
#
# *Mind large numbers.* `np.exp(1000)` is infinite, and infinite / infinite is no number. But taking the same number off all
# logits of a row changes nothing (it divides all powers by the same). Take off the row's largest: then all powers are at
# most 1.

# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(logits):
    """Each row as probabilities, for logits of any size.

    logits: [batch, classes]
    """
    ### BEGIN SOLUTION
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_softmax", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_softmax()

# %% [markdown]
# ## 5. The loss
#
# ### 5.1 One number that says how wrong (@points of cross_entropy@ points)
#
# Each picture has a *label*, the number of its class, counted from 0. Its loss is −log of the probability of that class: 0 for
# a network that is certain and right, log 10 = 2.30 for one that guesses among ten. The loss of a batch is the *mean*. For the
# logits [0, log 2, log 5] and label 1 it is −log(2/8) = 1.386.
#
# *Mind small numbers.* A probability may be so small that it becomes 0, and log 0 is infinite. So do not go through the
# probability. With z the row of logits, k its label and m the largest logit in it,
#
# $$-\log p_k = \log \sum_j e^{z_j - m} - (z_k - m)$$
#
# which is finite for logits of any size: [0, 3000] and label 0 have a loss of 3000.

# %% nbgrader={"grade": false, "grade_id": "cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(logits, labels):
    """The mean loss of a batch: a number, finite for logits of any size.

    logits: [batch, classes]; labels: [batch], whole numbers from 0 to classes - 1
    """
    ### BEGIN SOLUTION
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(labels)), labels]
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_cross_entropy", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_cross_entropy()

# %% [markdown]
# ### 5.2 Its gradient (@points of cross_entropy_gradient@ points)
#
# For the logits of one picture it is beautifully simple: the probabilities, less 1 at the label. For [0, log 2, log 5] and
# label 1 that is [1/8, 2/8 − 1, 5/8] = [0.125, −0.75, 0.625]: the label's logit should grow, the others should shrink, and the
# more, the more the network believed in them. Since the loss is a mean, **divide by the number of pictures**.

# %% nbgrader={"grade": false, "grade_id": "cross_entropy_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy_gradient(logits, labels):
    """The gradient of cross_entropy(logits, labels) for the logits: [batch, classes]."""
    ### BEGIN SOLUTION
    gradient = softmax(logits)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_cross_entropy_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_cross_entropy_gradient()

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_loss", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Written question 1 (5 points)
#
# 1. A network for ten classes has just been made, with random weights. Its first loss is 2.31. Why is that a good sign, and what
#    would you look for if it were 7?
# 2. Somebody leaves out the division by the batch in `cross_entropy_gradient`, and everything else is right. The network still
#    learns with a learning rate that is chosen anew. By what factor must it be another one, and why is the division a good
#    idea all the same?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_loss", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# 1. It guesses: −log(1/10) = log 10 = 2.30, so nothing is wrong so far. With 7 it is certain of wrong answers before it has
#    learned anything: its weights, and so its logits, are too large.
# 2. All gradients are larger by the size of the batch, so the learning rate must be smaller by that factor. With the division
#    the same learning rate does for batches of any size, the smaller last one among them.
#
# **Rubric**
#
# - (+1) 2.31 is about log 10, the loss of a guess among ten.
# - (+1) 7 means being certain and wrong.
# - (+1) The first weights (or logits) are too large.
# - (+1) The learning rate must be divided by the size of the batch.
# - (+1) With the division it need not be changed with the batch.

# %% [markdown]
# ## 6. Weights to begin with (@points of glorot_uniform@ points)
#
# If all weights began at 0, all filters would learn the same. So they begin at random: neither so large that numbers explode
# from layer to layer, nor so small that they vanish. Keras draws them evenly between −limit and limit, where
#
# $$\text{limit} = \sqrt{\frac{6}{\text{fan in} + \text{fan out}}}$$
#
# *fan in* is how many numbers go into one output, *fan out* how many outputs one input goes into (X. Glorot and Y. Bengio,
# 2010). For a dense layer's weights `(in, out)` they are in and out. For filters `(rows, columns, in, out)` each place of the
# filter counts: rows · columns · in and rows · columns · out.
#
# - (2, 4): √(6 / 6) = 1
# - (3, 5, 2, 6): √(6 / (30 + 90)) = 0.224
#
# `rng` is a generator of random numbers, such as `np.random.default_rng(0)`: draw all numbers with it, so that a training can
# be repeated.

# %% nbgrader={"grade": false, "grade_id": "glorot_uniform", "locked": false, "schema_version": 3, "solution": true, "task": false}
def glorot_uniform(shape, rng):
    """Random weights of that shape, evenly between -limit and limit.

    shape: (in, out) of a dense layer, or (rows, columns, in, out) of filters
    rng: a generator, as np.random.default_rng makes one
    """
    ### BEGIN SOLUTION
    places = np.prod(shape[:-2])  # 1 for a dense layer
    limit = np.sqrt(6 / (places * shape[-2] + places * shape[-1]))
    return rng.uniform(-limit, limit, shape)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_glorot_uniform", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_glorot_uniform()

# %% [markdown]
# ## 7. One step (@points of sgd_step@ points)
#
# A gradient says in which direction the loss grows. So each parameter makes a step the other way: parameter − learning rate ·
# gradient. For [1, 2], a gradient of [10, −5] and a learning rate of 0.1 that is [0, 2.5].
#
# `parameters` and `gradients` are lists of arrays that belong together. Return a *new* list of new arrays: those that are given
# stay as they are (`parameter -= …` would change them).

# %% nbgrader={"grade": false, "grade_id": "sgd_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_step(parameters, gradients, learning_rate):
    """A new list of arrays: each parameter after one step against its gradient."""
    ### BEGIN SOLUTION
    return [parameter - learning_rate * gradient for parameter, gradient in zip(parameters, gradients)]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_sgd_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_sgd_step()

# %% [markdown]
# ## 8. Train (@points of train@ points)
#
# The whole network is a list of six arrays: `[filters_1, bias_1, filters_2, bias_2, weights, bias]`. Its layers are those of the
# table at the top; how many filters there are, and how large, is in the arrays' shapes. This is the way of a batch through
# it, from pictures to logits:

# %%
def forward(network, images):
    """The logits of these pictures: [batch, classes]."""
    filters_1, bias_1, filters_2, bias_2, weights, bias = network
    pooled_1 = max_pool(relu(conv2d(images, filters_1, [1, 1, 1, 1], "VALID") + bias_1), 2)
    pooled_2 = max_pool(relu(conv2d(pooled_1, filters_2, [1, 1, 1, 1], "VALID") + bias_2), 2)
    return dense(pooled_2.reshape(len(images), -1), weights, bias)

# %% [markdown]
# **Back again.** Training needs the gradient of the loss for each of the six arrays. Go the same way backwards, from the loss to
# the first filters: each layer's gradient function takes what the layer was *given*, and the gradient of what it gave. So keep
# what each layer is given on the way forward.
#
# | forward | backward |
# |---|---|
# | sums_1 = conv2d(images, filters_1) + bias_1 | d_filters_1 from `conv2d_gradients`; d_bias_1 = d_sums_1 summed over axes 0, 1, 2 |
# | active_1 = relu(sums_1) | d_sums_1 from `relu_gradient` |
# | pooled_1 = max_pool(active_1, 2) | d_active_1 from `max_pool_gradient` |
# | sums_2 = conv2d(pooled_1, filters_2) + bias_2 | d_pooled_1 and d_filters_2; d_bias_2 as above |
# | active_2, pooled_2 as before | d_sums_2, d_active_2 as before |
# | flat = pooled_2.reshape(batch, −1) | d_pooled_2 = d_flat, reshaped back |
# | logits = dense(flat, weights, bias) | d_flat, d_weights, d_bias from `dense_gradients` |
# | loss = cross_entropy(logits, labels) | d_logits from `cross_entropy_gradient`: begin here |
#
# **And the steps.** In each of so many *epochs* every picture is used once: put the pictures into a new order with
# `rng.permutation(len(images))`, cut it into batches of `batch_size` (the last one may be smaller), and for each batch work out
# loss and gradients, then make one step of all six arrays.
#
# The loss of an epoch is the mean over all its *pictures*, each with the loss that it had in its batch, *before* the step. So a last
# batch that is smaller counts less: for batches of 3 and 1 pictures with the losses 1 and 2 it is (3 · 1 + 1 · 2) / 4 = 1.25.
# (With a learning rate of 0 the network stays as it is, and every epoch has the same loss, however the pictures are cut.)
#
# `network` is changed: after `train` the list holds the trained arrays. `network[:] = sgd_step(…)` changes the list itself;
# `network = sgd_step(…)` would only give the name to another one. The pictures and labels stay as they are.

# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(network, images, labels, epochs, learning_rate, batch_size, rng):
    """Train the network on these pictures; return the list of mean losses, one for each epoch.

    network: [filters_1, bias_1, filters_2, bias_2, weights, bias], which is changed
    images: [number, height, width, channels]; labels: [number], whole numbers
    rng: a generator, for the order of the pictures
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        order = rng.permutation(len(images))
        total = 0.0
        for start in range(0, len(images), batch_size):
            batch = order[start : start + batch_size]
            loss, gradients = loss_and_gradients(network, images[batch], labels[batch])
            network[:] = sgd_step(network, gradients, learning_rate)
            total += loss * len(batch)
        losses.append(total / len(images))
    return losses


def loss_and_gradients(network, images, labels):
    """The mean loss on a batch, and its gradient for each of the six arrays."""
    filters_1, bias_1, filters_2, bias_2, weights, bias = network
    one = [1, 1, 1, 1]
    sums_1 = conv2d(images, filters_1, one, "VALID") + bias_1
    active_1 = relu(sums_1)
    pooled_1 = max_pool(active_1, 2)
    sums_2 = conv2d(pooled_1, filters_2, one, "VALID") + bias_2
    active_2 = relu(sums_2)
    pooled_2 = max_pool(active_2, 2)
    flat = pooled_2.reshape(len(images), -1)
    logits = dense(flat, weights, bias)

    d_logits = cross_entropy_gradient(logits, labels)
    d_flat, d_weights, d_bias = dense_gradients(flat, weights, d_logits)
    d_active_2 = max_pool_gradient(active_2, 2, None, d_flat.reshape(pooled_2.shape))
    d_sums_2 = relu_gradient(sums_2, d_active_2)
    d_pooled_1, d_filters_2 = conv2d_gradients(pooled_1, filters_2, one, "VALID", d_sums_2)
    d_active_1 = max_pool_gradient(active_1, 2, None, d_pooled_1)
    d_sums_1 = relu_gradient(sums_1, d_active_1)
    _, d_filters_1 = conv2d_gradients(images, filters_1, one, "VALID", d_sums_1)
    d_bias_1, d_bias_2 = (d_sums.sum(axis=(0, 1, 2)) for d_sums in (d_sums_1, d_sums_2))
    return cross_entropy(logits, labels), [d_filters_1, d_bias_1, d_filters_2, d_bias_2, d_weights, d_bias]
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_train", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.check_train()

# %% [markdown]
# **Check gradients yourself.** You never need an answer book for a gradient: nudge one weight a little and see what the loss
# does. Here that is done with a weight of each of the six arrays. What your `train` takes off a weight in one step, divided by
# the learning rate, is the gradient that it has worked with.

# %%
checks.nudge()

# %% [markdown]
# **Ten pictures to 100 %.** Before a long training, see whether the network can learn *anything* by heart: ten pictures
# are enough. If it does not get all of them right, there is no use in more pictures.

# %%
checks.overfit()

# %% [markdown]
# ## 9. Clothes
#
# Now the real thing: 2,000 pictures of ten kinds of clothes (Fashion-MNIST, from Zalando; a small part of it comes with the kit).
# Twelve times through all of them takes about a quarter of a minute with a vectorized `conv2d`, and much longer with loops:
# then begin with `epochs=1` in the first line of `learn_clothes`.
#
# The last epochs go with a smaller learning rate: small steps settle what large ones keep stirring up.

# %%
def new_network(rng, filters=(16, 32)):
    """The network of the table at the top, before it has learned anything, in float32, which is faster."""
    first, second = filters
    shapes = [(5, 5, 1, first), (first,), (5, 5, first, second), (second,), (16 * second, 10), (10,)]
    arrays = [glorot_uniform(shape, rng) if len(shape) > 1 else np.zeros(shape) for shape in shapes]
    return [array.astype(np.float32) for array in arrays]


def learn_clothes(epochs=12):
    """A trained network and its losses."""
    images, labels = checks.clothes("train")
    rng = np.random.default_rng(0)
    network = new_network(rng)
    large = -(-epochs * 2 // 3)
    losses = train(network, images, labels, large, 0.05, 8, rng)
    return network, losses + train(network, images, labels, epochs - large, 0.01, 8, rng)

# %%
trained_network, epoch_losses = checks.example(learn_clothes)
checks.show_losses(epoch_losses)

# %% [markdown]
# How many of 500 pictures that it has never seen does it get right? Guessing gives 10 %. With all 60,000 pictures of
# Fashion-MNIST and the article's number of filters it is 90 %.

# %%
checks.show_accuracy(trained_network)

# %% [markdown]
# **What has it learned?** The sixteen filters of the first layer: most have become edges of some direction. Orange weights are
# positive, purple ones negative.

# %%
checks.show_filters(trained_network)

# %% [markdown]
# **Where does it go wrong?** A row for each kind of clothes, a column for what the network takes it for. Everything off the
# diagonal is a mistake.

# %%
checks.show_confusion(trained_network)

# %% [markdown]
# **One mistake, looked into.** The picture that it is most certain about, and wrong: its probabilities, and the picture of the
# class that it was taken for which is most like it, among those that the network has learned from.

# %%
checks.explain_mistake(trained_network)

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_mistakes", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ### Written question 2 (5 points)
#
# 1. Which two kinds of clothes does your network mix up most often, and why these?
# 2. The loss on the 2,000 pictures goes on falling with every epoch, and the share of right answers on the others stays where it
#    is. What does the network learn then, and what would help?
# 3. Somebody moves all test pictures by three pixels. Does that do more harm to this network than to one with a dense layer alone?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_mistakes", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# 1. Shirts, with T-shirts, pullovers and coats: they have the same outline, and what tells them apart (buttons, a collar) is a
#    pixel or two wide in pictures of 28 × 28.
# 2. It learns these pictures by heart, down to what they share with no others. More pictures help, or moved and mirrored copies of
#    those that there are, a smaller network, or stopping earlier.
# 3. Less harm: a convolution gives the same numbers three pixels further on, and pooling hides a part of the move. A dense layer
#    alone has a weight for every place.
#
# **Rubric**
#
# - (+1) Names a pair that the confusion matrix shows, such as shirt and T-shirt.
# - (+1) They look alike at this size.
# - (+1) It learns the pictures by heart.
# - (+1) A cure: more or altered pictures, a smaller network, stopping earlier.
# - (+1) Less harm, since a convolution moves along and pooling forgives small moves.

# %% [markdown]
# ## How far am I?

# %%
checks.progress(globals())

# %% [markdown]
# ## Before you hand in
#
# Choose *Kernel → Restart Kernel and Run All Cells*. Every check should still pass. Do not delete or copy the check cells, since
# the points hang on them. The hidden tests go further than the checks: other sizes and strides, ties, larger logits. Your `train`
# is judged by what its network makes of pictures that it has never seen: a small network, and pictures that nobody knows
# beforehand.
