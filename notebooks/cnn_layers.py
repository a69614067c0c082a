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
# # Lab: a network, layer by layer
#
# A network that reads handwritten digits, small enough to look at every number of it. It runs on your own functions.
#
# **What you do:** follow a digit through filters, pooling, a dense layer and softmax. Point at any number and see the window that
# made it, with its arithmetic.
#
# **What you learn**
#
# - how layers fit together: what one gives is what the next one sees;
# - what pooling does, and what a stride does in its place;
# - that a dense layer is a convolution whose filters are as large as the picture;
# - how ten scores become probabilities.
#
# You can start before the assignment is done: the line that the next cell prints tells you whose functions work here.

# %%
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.layers_view import follow

own = labkit.own_functions("conv2d", "extract_patches")
conv2d, extract_patches = own.conv2d, own.extract_patches

# %% [markdown]
# ## 1. The network, in your functions
#
# These are the layers of the article's network for Fashion-MNIST, with 6 and 12 filters in place of 32 and 64, trained on digits:
#
# | layer | shape, for one digit | numbers that it has learned |
# |---|---|---|
# | the picture | 28 × 28 × 1 | |
# | 6 filters of 5 × 5, bias, ReLU | 24 × 24 × 6 | 5 · 5 · 1 · 6 + 6 = 156 |
# | pooling: the largest of each 2 × 2 | 12 × 12 × 6 | |
# | 12 filters of 5 × 5, bias, ReLU | 8 × 8 × 12 | 5 · 5 · 6 · 12 + 12 = 1,812 |
# | pooling | 4 × 4 × 12 | |
# | ten scores: a dense layer | 10 | 4 · 4 · 12 · 10 + 10 = 1,930 |
# | softmax: ten probabilities | 10 | |
#
# Everything that has to be computed is below. `conv2d` does the filters, and the dense layer, too: a filter as large as what it sees fits
# just once. Pooling takes the windows of `extract_patches`, each a row of 2 · 2 · channels numbers, and keeps the largest of the four.

# %%
weights = data.load_weights("digit_network")
EVERY = [1, 1, 1, 1]  # strides: every window


def relu(responses):
    return np.maximum(responses, 0)


def pool(maps):
    """The largest number in each 2 × 2 window of each map: half as many rows and columns."""
    windows = extract_patches(maps, (2, 2), [1, 2, 2, 1], "VALID")
    count, rows, columns, numbers = windows.shape
    return windows.reshape(count, rows, columns, 4, numbers // 4).max(axis=3)


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # minus the largest: no overflow
    return powers / powers.sum(axis=1, keepdims=True)


def read(pictures, stride=1):
    """What each layer gives for pictures (N, 28, 28, 1): a list of arrays, from the first responses to the probabilities."""
    first = conv2d(pictures, weights["filters_1"], [1, stride, stride, 1], "VALID") + weights["biases_1"]
    pooled = [pool(relu(first))] if stride == 1 else []  # with stride 2 the maps are small already
    seen = pooled[0] if pooled else relu(first)
    second = conv2d(seen, weights["filters_2"], EVERY, "VALID") + weights["biases_2"]
    small = pool(relu(second))
    scores = conv2d(small, weights["filters_3"], EVERY, "VALID")[:, 0, 0] + weights["biases_3"]
    return [first, *pooled, second, small, scores, softmax(scores)]


# %% [markdown]
# Does it read? The network has learned from the first 400 digits of the kit's sample. These are from the other 100, which it has
# never seen.

# %%
mnist = data.load("mnist")
pictures, labels = mnist.images[400:] / 255, mnist.labels[400:]
count = labkit.how_many(conv2d, "conv2d", pictures, weights["filters_1"], EVERY, "VALID")
answers = read(pictures[:count])[-1].argmax(axis=1)
print(f"{np.sum(answers == labels[:count])} of {count} digits are read rightly.")

# %% [markdown]
# ## 2. Follow a digit
#
# Each number comes from a window of the layer before. So it depends on the picture through windows of windows.

# %% tags=["hide-input"]
labkit.predict(
    "A number behind the first pooling is the largest of 2 × 2 responses, and each of those comes from 5 × 5 pixels. On how many "
    "of the picture's 784 pixels does it depend?",
    {
        "25": "That is one response. The other three come from windows that lie one pixel further right, further down, or both.",
        "36": "The windows of the four responses lie one pixel apart and overlap: together they cover 6 × 6 pixels.",
        "100": "That is 4 · 25, but the four windows overlap: most of their pixels are the same.",
    },
    right="36",
)

# %% [markdown]
# Now look. Each column is a layer. Point at any number, in any layer. A blue square shows it, and others the window that it was made
# from, in every map that takes part; dashed squares show what that window comes from in turn. Below stands the arithmetic.
# A click holds a number while you read, and another click lets it go.
#
# Or use the keyboard alone: Tab leads to the choices and then to the layers, where the arrow keys move within a map, Page up and
# Page down go to another map, Home and End to the layer before and after.
#
# Orange is positive, purple is negative, white is zero. The maps show what the next layer sees, after the ReLU.

# %%
unseen = replace(mnist, images=mnist.images[400:], labels=mnist.labels[400:])
follow(read, unseen, weights)

# %% [markdown]
# Things to find:
#
# 1. **Filters.** Which of the first six answers to horizontal strokes? Look at its weights: where are they positive, where negative?
# 2. **ReLU.** Find a number in layer 3 whose sum is negative. What does the next layer see of it?
# 3. **Pooling.** Move along a row of layer 2. How far does the window in layer 1 move with each step, and how far the one in the
#    picture?
# 4. **Depth.** How much of the picture does one number of layer 4 depend on? And a score?
# 5. **Dense.** Choose the score of the right class. Which maps speak for it, and which against it?
# 6. **Softmax.** Compare the two largest scores of a digit that is read with doubt (number 2). Their difference alone decides: what is
#    the quotient of the two probabilities?
#
# ## 3. A stride in place of pooling
#
# Pooling computes 24 × 24 responses and throws three quarters of them away. With a stride of 2 the other three quarters are never
# computed: the maps come out as 12 × 12 at once. Choose *stride 2, no pooling* above, and look at the maps. The filters are the same,
# so each number that is left is one of those from before; but it is now every second one, not the largest of four.

# %% tags=["hide-input"]
labkit.predict(
    "The network was trained with pooling. With a stride in its place, and no weight changed, how many of the digits will it still read?",
    {
        "about one in ten": "That would be guessing. But the maps still look much as before.",
        "about half": "Fewer are lost: look how alike the maps are with and without pooling.",
        "nearly as many": "Neighbouring responses are alike, so that it matters little which one of the four is kept.",
    },
    right="nearly as many",
)

# %%
for stride, name in ((1, "stride 1, then pooling"), (2, "stride 2, no pooling")):
    answers = read(pictures[:count], stride)[-1].argmax(axis=1)
    print(f"{name}: {np.sum(answers == labels[:count])} of {count} digits are read rightly.")

# %% [markdown]
# Many networks have strides in place of pooling, and are trained with them, of course.
#
# ## 4. Try it
#
# - Move the digits: `np.roll(pictures, 3, axis=2)` moves them three pixels to the right. How many are still read? And six pixels?
#   Which layers move along with the digit, and which one minds?
# - Turn them: `pictures[:, ::-1]` is upside down. Which digits are still read?
# - Leave out the ReLU: let `relu` return what it is given. How many are still read? (Two layers of filters with nothing between them
#   could do no more than one. Here the pooling still stands between them.)
# - Take your `conv2d_matmul`: `conv2d = labkit.own_functions("conv2d_matmul").conv2d_matmul`. Is anything different?
# - Put a mistake into `pool`, `min` in place of `max`, run the cells again, and find it in the view: it says where a number is not what
#   it should be.
#
# ## What to take with you
#
# - A layer's maps are the next layer's picture: a filter of the second layer has a sheet for each map of the first.
# - Deeper numbers see more of the picture, through windows of windows.
# - Pooling and strides make maps smaller. A dense layer is a convolution as large as its input.
# - All of it is products and sums, and you have written them.
