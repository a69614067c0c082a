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
# # Lab: the article's network on clothes, in NumPy alone
#
# The article on `Conv2D` ends with a network for Fashion-MNIST. Here it is, made of the reference's layers, which are
# written in NumPy and nothing else. It reads as in Keras. On the way, this lab puts right what the article gets wrong.
#
# **What you do:** train the network, and look into it: its filters, what they make of a picture, and its mistakes.
#
# **What you learn**
#
# - which layers the network needs, and what shapes they hand on;
# - what learned filters look like in a first and in a second layer;
# - which statements about `Conv2D` are rules, and which are only habits.
#
# (This lab uses the reference, which contains the solutions. So it stays with the instructor.)

# %%
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder

import data
from notebooks import labkit
from solutions.reference.layers import Adam, Conv2D, Dense, Flatten, MaxPooling2D, Sequential

own = labkit.own_functions("conv2d")

# %% [markdown]
# ## 1. The pictures
#
# Ten kinds of clothes, 28 × 28 pixels, gray. Of the full data set, 60,000 pictures are for learning and 10,000 for
# testing. If it is not on this computer, a line below says so, and the lab uses the 2,000 and 500 that come with the
# kit. Bytes from 0 to 255 become numbers from 0 to 1: steps of a size that suits Adam, and no larger sums than needed.

# %%
training, test = data.load("fashion_mnist", "train"), data.load("fashion_mnist", "test")
train_images, train_labels = training.images / np.float32(255), training.labels
test_images, test_labels = test.images / np.float32(255), test.labels
names = training.class_names
print(
    f"{len(train_images):,} pictures to learn from, {len(test_images):,} to test, each {train_images.shape[1:]}"
)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_images(train_images[:10], [names[label] for label in train_labels[:10]]),
    alt="Ten small gray pictures of clothes, white on black, in this order: "
    + ", ".join(names[label] for label in train_labels[:10])
    + ".",
)

# %% [markdown]
# ## 2. The network
#
# Two things are missing in the article, and in Keras its example stops with an error:
#
# - **`Flatten`.** The article imports it and does not use it. `Dense` works on the last axis, whatever comes before it.
#   So without `Flatten` the output is 4 × 4 × 10 for each picture, and no loss can compare that with one label.
# - **`model.compile`**, where Keras is told the loss and the optimizer. The layers here have defaults for both, so that
#   there is nothing to compile.

# %%
model = Sequential(
    [
        Conv2D(32, (5, 5), activation="relu", input_shape=(28, 28, 1)),
        MaxPooling2D((2, 2)),
        Conv2D(64, (5, 5), activation="relu"),
        MaxPooling2D((2, 2)),
        Flatten(),
        Dense(10, activation="softmax"),
    ],
    seed=0,
)
model.summary()

# %% [markdown]
# Check the numbers by hand. A 5 × 5 filter fits 28 − 5 + 1 = 24 times; the pooling halves that to 12; then 12 − 5 + 1 = 8,
# and 4. So `Flatten` hands on 4 · 4 · 64 = 1,024 numbers. The parameters: 5 · 5 · 1 · 32 + 32 = 832, then 5 · 5 · 32 · 64 + 64 =
# 51,264, then 1,024 · 10 + 10 = 10,250.
#
# ## 3. Training
#
# Ten times through all pictures, 32 at a time. The learning rate is Adam's 0.001, and a tenth of that in the last three
# epochs: small steps at the end settle what large steps keep stirring up. `winograd=True` computes the second
# convolution, and its gradients, with a sixth of the multiplications and slightly larger roundings. The evaluation does not.

# %%
EPOCHS = 10


def learning_rate(epoch):
    return 0.001 if epoch < 0.7 * EPOCHS else 0.0001


history = model.fit(
    train_images,
    train_labels,
    batch_size=32,
    epochs=EPOCHS,
    optimizer=Adam(learning_rate),
    validation_data=(test_images, test_labels),
    winograd=True,
    verbose=2,
)
loss, accuracy = model.evaluate(test_images, test_labels)
print(f"\ntest pictures: loss {loss:.3f}, accuracy {accuracy:.1%}")

# %%
learned = history.history["accuracy"][-1]

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_curves({"seed 0": history.history}),
    alt=f"Two rising curves of the accuracy over {EPOCHS} epochs. While learning it ends at {learned:.1%}, on the test "
    f"pictures at {accuracy:.1%}.",
)

# %% [markdown]
# **Read it with care.** The figure for learning is a mean over the epoch, in which the network kept getting better. And
# one training is one throw of the dice: another seed, which means other first weights and another order of the
# pictures, may well end half a percent higher or lower. `python -m benchmarks.fashion` trains with three seeds and
# gives the mean.
#
# ## 4. What the filters look like
#
# The first layer sees the picture. Its 32 filters of 5 × 5 are edges, lines and spots, as in the lab on learned filters.

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_kernels(model.layers[0].kernel.value, own_scale=True),
    alt="The 32 kernels of the first layer, 5 by 5 each, on scales of their own. Many have a positive side (orange) and a negative side "
    "(purple), so that they answer to edges in different directions; some have one sign only.",
)

# %% [markdown]
# The second layer sees 32 feature maps, so each of its 64 filters is 5 × 5 × 32: a stack of 32 kernels. Here are the
# strongest ones. They cannot be read as edges in a picture, because what they look at is no picture, but where
# the first layer's filters have found something.

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_strongest_kernels(model.layers[2].kernel.value),
    alt="A table of 12 channels by 24 filters of the second layer, each cell a kernel of 5 by 5 weights of both signs. "
    "Neighbouring weights are often alike, and some channels have larger weights than others.",
)

# %% [markdown]
# ## 5. What they make of a picture
#
# The feature maps of the first layer are what `conv2d` of the assignment computes, plus a bias, with negative numbers
# made 0. The next cell does it with your function and compares.

# %%
picture = test_images[:1]
first = model.layers[0](picture)
second = model.layers[2](model.layers[1](first))

kernel, bias = model.layers[0].get_weights()
by_hand = np.maximum(own.conv2d(picture, kernel, [1, 1, 1, 1], "VALID") + bias, 0)
print(f"largest difference between the layer and conv2d: {np.abs(by_hand - first).max():.0e}")

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_images(picture, [names[test_labels[0]]]),
    alt=f"The test picture that the following maps belong to: {names[test_labels[0]]}.",
)
labkit.show(
    labkit.draw_responses(first[0]),
    alt="32 feature maps of 24 by 24. Some show the whole garment, others only edges on one of its sides, and a few are "
    "nearly empty.",
)
labkit.show(
    labkit.draw_responses(second[0], columns=16),
    alt="64 feature maps of 8 by 8 of the second layer. They are coarse: each one is active in a few regions of the "
    "garment, and many are empty.",
)

# %% [markdown]
# ## 6. What it mixes up

# %%
answers = model.predict(test_images).argmax(axis=1)
counts = labkit.confusion(test_labels, answers, len(names))
mistakes = counts - np.diag(np.diag(counts))
worst, taken_for = np.unravel_index(mistakes.argmax(), mistakes.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_confusion(counts, names),
    alt=f"A table of {len(test_labels):,} test pictures: a row for what they are, a column for the network's answer. "
    f"Most of them are on the diagonal. The most frequent mistake: {names[worst]} taken for {names[taken_for]}, "
    f"{mistakes[worst, taken_for]} times.",
)

# %%
rates = np.diag(counts) / counts.sum(axis=1)
for place in np.argsort(rates):
    print(f"{names[place]:<12} {rates[place]:.0%}")

# %% [markdown]
# A shirt, a pullover, a coat: at 28 × 28 pixels people mix them up, too. Shoes and bags are told from
# everything else with ease.
#
# ## 7. The article, put right
#
# | the article says | it is so |
# |---|---|
# | kernels are M × N, "provided M and N are odd" | any positive size will do; odd ones have a middle, that is all |
# | with "same", the output is as large as the input | only for stride 1; in general ⌈input / stride⌉; and the number of channels is that of the filters |
# | padding is a number of pixels | `padding` is a rule, "valid" or "same"; how many zeros follow from it, and they may be one more below and to the right |
# | the bias scales the function | the bias shifts it: it is added |
# | the two matrices are multiplied | filter and window are multiplied number by number, and the products are added up |
# | strides go along x and y | the order is (rows, columns), as in `kernel_size`; and strides and dilation cannot both be larger than 1 |
# | `Dense` takes one-dimensional input | it takes the last axis of any input; hence `Flatten` |
# | `kernel_initializer` initializes all values of the class | the kernel's first values; the bias has an initializer of its own, zeros |
# | regularizers are "l1", "l2" or "l1_l2" | Keras 3 takes the string "l1l2" (class `L1L2`); the layers here take both |
# | 5 × 5 and 7 × 7 only for images above 128 pixels; powers of two for the number of filters | habits, not rules: this network takes 5 × 5 at 28 pixels |
#
# It also does not say that without `activation` there is none, and leaves out `groups`. The next cell shows three of these.

# %%
even = Conv2D(1, (4, 4), padding="same")
print("even kernel, same:        ", even(picture).shape)

halving = Conv2D(8, 3, strides=2, padding="same")
print("same with stride 2:       ", halving(picture).shape, "— ⌈28 / 2⌉ = 14, and 8 channels")

shifting = Conv2D(1, 1, kernel_initializer="ones")
shifting.build((28, 28, 1))
shifting.set_weights([shifting.kernel.value, [0.25]])
print("a bias of 0.25 adds        ", np.unique(np.round(shifting(picture) - picture, 6)))

try:
    Conv2D(1, 3, strides=2, dilation_rate=2)
except ValueError as error:
    print("strides with dilation:    ", error)

# %% [markdown]
# ## 8. Try it
#
# - Leave out `Flatten`. What does the error say?
# - Another seed, and `python -m benchmarks.fashion --seeds 0 1 2 3 4`: how far apart are the results?
# - `learning_rate`: take `Adam()` without the schedule. How do the curves change in the last three epochs?
# - 3 × 3 filters, or `padding="same"`: how many parameters, how long, how good?
# - Get all 60,000 pictures (`python -m data fetch fashion_mnist`, 31 MB) and run everything again.
#
# ## What to take with you
#
# - A convolutional network is a handful of NumPy functions, one after the other, and the chain rule.
# - First layers learn edges and spots; later ones, combinations of them.
# - One training is one throw. Say how many seeds there were, and give their mean.
