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
# # Lab: filters are learned
#
# In the lab on filter banks you made filters by hand: edges, lines, blurs. Nobody does that for a network. Its
# filters start as random numbers, and each training step changes them a little, so that the result becomes a little
# less wrong. Here you watch it happen, on your own `conv2d` and `conv2d_gradients`.
#
# **What you do:** find out a secret kernel from what it does; then train a filter bank to read digits.
#
# **What you learn**
#
# - what a gradient step does to a kernel, and why it needs input in which every weight matters;
# - how to train a small network with a page of NumPy and two functions of yours;
# - what learned filters look like, what they answer to, and what they are worth against random ones.

# %%
import os
import sys
from pathlib import Path
from types import SimpleNamespace

os.environ["OPENBLAS_NUM_THREADS"] = (
    "1"  # before NumPy: threads cost more than they bring where matrices are small
)

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit

own = labkit.own_functions("conv2d", "conv2d_gradients")
conv2d, conv2d_gradients = own.conv2d, own.conv2d_gradients

# %% [markdown]
# ## 1. A secret kernel
#
# Somebody sends a picture through a kernel and gives you the picture and the result, but not the kernel. Can you
# find it? Start with any kernel, look how wrong its result is, and improve it step by step:
#
# - The **loss** says how wrong: the mean of (output − target)² / 2 over all numbers of the output.
# - Its **upstream gradient** says in which direction each number of the output is wrong: (output − target) / their
#   number.
# - `conv2d_gradients` turns that into the gradient of each **weight**: it grows with how much too large the outputs
#   are where this weight met bright pixels.
# - A **step** goes a little way against the gradient.
#
# The picture is noise: every pixel is a random number of its own.

# %%
random = np.random.default_rng(seed=4)
secret = np.array([[1.0, 0, 1], [2, 1, 0], [0, 0, 1]]).reshape(3, 3, 1, 1)
noise = random.normal(size=(1, 16, 16, 1))
ONE = [1, 1, 1, 1]  # strides


def find_kernel(picture, steps=20, rate=0.5):
    """Search for the secret kernel by gradient descent; return the kernel and the loss before each step."""
    target = conv2d(picture, secret, ONE, "VALID")
    kernel = np.zeros((3, 3, 1, 1))
    kernels, losses = [], []
    for _ in range(steps + 1):
        error = conv2d(picture, kernel, ONE, "VALID") - target
        kernels.append(kernel)
        losses.append(np.mean(error**2) / 2)
        _, d_kernel = conv2d_gradients(picture, kernel, ONE, "VALID", error / error.size)
        kernel = kernel - rate * d_kernel
    return kernels, losses


kernels, losses = find_kernel(noise)
print(f"loss before: {losses[0]:.3f}   after 20 steps: {losses[-1]:.6f}")

shown = [0, 1, 3, 20]

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_steps(
        [kernels[step][:, :, 0, 0] for step in shown] + [secret[:, :, 0, 0]],
        [f"after {step} steps" if step != 1 else "after 1 step" for step in shown] + ["the secret kernel"],
    ),
    alt="Five kernels of 3 by 3 with their numbers. At first all are 0. After one step the largest weights of the "
    "secret kernel can be guessed, after three steps they are nearly right. After 20 steps the kernel agrees with "
    "the secret one: 1 0 1, 2 1 0, 0 0 1.",
)

# %% [markdown]
# Nobody told the search where the 2 stands: the gradient did. Now the same search with a handwritten digit in place
# of the noise, and as many steps.

# %% tags=["hide-input"]
labkit.predict(
    "The picture is now a digit and no noise. Will twenty steps find the secret kernel again?",
    {
        "yes, a picture is a picture": "The search needs pixels that differ from their neighbours. How often do they, in a digit?",
        "no: the loss falls, but the kernel is another one": "Neighbouring pixels are nearly always alike, so the gradient hardly tells where a weight belongs.",
        "no: the loss does not fall at all": "It falls: many kernels give nearly the same result on a digit, and the search finds one of them.",
    },
    right="no: the loss falls, but the kernel is another one",
)

# %%
mnist = data.load("mnist")
digits = mnist.images / 255
digit_kernels, digit_losses = find_kernel(digits[3:4])

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_steps(
        [digit_kernels[20][:, :, 0, 0], secret[:, :, 0, 0]], ["from a digit, 20 steps", "the secret kernel"]
    ),
    alt="Two kernels. The one found from a digit is smooth: all its weights lie close together, unlike those of the "
    "secret kernel beside it.",
)
labkit.show(
    labkit.draw_losses({"noise": losses, "a digit": digit_losses}, log=True),
    alt=f"Two falling curves of the loss over 20 steps, on a logarithmic scale. With noise it falls on a straight "
    f"line from {losses[0]:.1f} to {losses[-1]:.0e}. With a digit it falls in the first steps and then ever more "
    f"slowly, to {digit_losses[-1]:.0e}.",
)

# %% [markdown]
# With the digit the loss falls, too, but the kernel is not the secret one. In a digit, neighbouring pixels are nearly
# always alike: bright beside bright, black beside black. Whether a weight stands at one place or at the next hardly
# changes the output, so the gradient hardly says where it belongs. **A network learns what its data can tell it**, and
# no more. (More steps help, slowly: give `find_kernel` 2000 of them.)
#
# ## 2. A network that reads digits
#
# Now nobody knows the right filters. All we know is which digit is meant. The network is as small as can be:
#
# | step | shape, for one digit | learned |
# |---|---|---|
# | the digit | 28 × 28 × 1 | |
# | `conv2d`: 8 filters, stride 2, `SAME`; plus a bias for each filter | 14 × 14 × 8 | filters, biases |
# | ReLU: negative responses become 0 | 14 × 14 × 8 | |
# | mean over each quarter of the picture, 7 × 7 responses | 2 × 2 × 8 | |
# | these 32 numbers times weights: a score for each class | 10 | weights, offsets |
# | softmax: scores become probabilities | 10 | |
#
# The mean over a quarter leaves only *how much* of what a filter looks for is there, top left, top right, bottom left
# and bottom right. So the filters have to look for something useful.

# %%
STRIDES = [1, 2, 2, 1]


def new_network(size, classes, filters=8):
    """Small random filters of size × size, and everything else 0."""
    return SimpleNamespace(
        filters=np.random.default_rng(seed=3).normal(size=(size, size, 1, filters)) / 10,
        biases=np.zeros(filters),
        weights=np.zeros((4 * filters, classes)),
        offsets=np.zeros(classes),
    )


def respond(network, pictures):
    """The responses after ReLU: (N, 14, 14, filters)."""
    return np.maximum(conv2d(pictures, network.filters, STRIDES, "SAME") + network.biases, 0)


def pool(responses):
    """The mean of each filter in each quarter of the picture: (N, 4 · filters)."""
    quarters = responses.reshape(len(responses), 2, 7, 2, 7, -1)
    return quarters.mean(axis=(2, 4)).reshape(len(responses), -1)


def probabilities(network, features):
    """The probability of each class: (N, classes)."""
    scores = features @ network.weights + network.offsets
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # minus the largest: no overflow
    return powers / powers.sum(axis=1, keepdims=True)


def accuracy(network, pictures, labels):
    """The part of the pictures whose most probable class is right."""
    return np.mean(probabilities(network, pool(respond(network, pictures))).argmax(axis=1) == labels)


# %% [markdown]
# Training goes backwards through the same steps. For softmax with its usual loss, −log of the probability of the right
# class, the gradient of the scores is short: *probabilities − what they should be*. The rest is the chain rule: the
# weights pass it on to the 32 features, the mean gives each of its 49 responses 1/49, ReLU stops it where the response
# was 0, and your `conv2d_gradients` brings it to the filters.


# %%
def learn_last(network, features, labels, rate):
    """One step for weights and offsets; return the loss, and the gradient of the features for the filters."""
    found = probabilities(network, features)
    loss = -np.log(found[np.arange(len(labels)), labels]).mean()
    d_scores = (found - np.eye(found.shape[1])[labels]) / len(labels)
    d_features = d_scores @ network.weights.T
    network.weights -= rate * features.T @ d_scores
    network.offsets -= rate * d_scores.sum(axis=0)
    return loss, d_features


def learn(network, pictures, labels, rate):
    """One step for everything, on one batch; return the loss."""
    responses = respond(network, pictures)
    loss, d_features = learn_last(network, pool(responses), labels, rate)
    d_quarters = d_features.reshape(len(pictures), 2, 2, -1) / 49
    d_responses = d_quarters.repeat(7, axis=1).repeat(7, axis=2) * (responses > 0)
    _, d_filters = conv2d_gradients(pictures, network.filters, STRIDES, "SAME", d_responses)
    network.filters -= rate * d_filters
    network.biases -= rate * d_responses.sum(axis=(0, 1, 2))
    return loss


def train(step, pictures, labels, epochs, batch, rate=1.0):
    """Go through all pictures `epochs` times, in batches; return the mean loss of each epoch."""
    losses = []
    for _ in range(epochs):
        starts = range(0, len(pictures), batch)
        losses.append(np.mean([step(pictures[i : i + batch], labels[i : i + batch], rate) for i in starts]))
    return losses


# %% [markdown]
# ## 3. Training
#
# The kit's 500 digits are divided: 400 to learn from, and 100 that the network never sees while it learns. Only those
# 100 tell whether it has learned to read, or has learned 400 pictures by heart.
#
# How long does it take? The next cell compares your functions with the kit's. If yours are much slower, since they loop over
# pixels, the training would take minutes. Then the cell shows that the kit's give the same numbers as yours, and goes on
# with those.

# %%
plan = SimpleNamespace(kinds=range(10), size=7, pictures=400, epochs=12, batch=10)
bank = new_network(plan.size, len(plan.kinds)).filters
one, upstream = digits[:1], conv2d(digits[:1], bank, STRIDES, "SAME")
slowness = max(
    labkit.slowness(conv2d, "conv2d", one, bank, STRIDES, "SAME"),
    labkit.slowness(conv2d_gradients, "conv2d_gradients", one, bank, STRIDES, "SAME", upstream),
)
print(f"Your functions take {slowness:.1f} times as long as the kit's.")

if slowness > labkit.FAST:
    yours = upstream, conv2d_gradients(one, bank, STRIDES, "SAME", upstream)[1]
    conv2d, conv2d_gradients = (labkit.stand_in("conv2d", name) for name in ("conv2d", "conv2d_gradients"))
    kits = conv2d(one, bank, STRIDES, "SAME"), conv2d_gradients(one, bank, STRIDES, "SAME", upstream)[1]
    difference = max(np.abs(mine - theirs).max() for mine, theirs in zip(yours, kits, strict=True))
    print(f"So the kit's go on from here. Largest difference from what yours give: {difference:.0e}")


def choose(part, count):
    """The first `count` pictures of the plan's kinds in one part of the digits, and their classes 0, 1, 2, …"""
    images, labels = digits[part], mnist.labels[part]
    wanted = np.isin(labels, plan.kinds)
    return images[wanted][:count], np.searchsorted(plan.kinds, labels[wanted][:count])


train_pictures, train_labels = choose(slice(0, 400), plan.pictures)
test_pictures, test_labels = choose(slice(400, 500), 100)
print(
    f"{len(train_pictures)} pictures of the digits {', '.join(map(str, plan.kinds))} to learn from, {plan.epochs} times; "
    f"{len(test_pictures)} held out; 8 filters of {plan.size} × {plan.size}"
)

# %% [markdown]
# Two networks start from the same random filters. The first one learns everything. The second one keeps its random
# filters and learns only the last step, the weights. That tells what learned *filters* are worth.

# %%
network = new_network(plan.size, len(plan.kinds))
random_filters = network.filters.copy()
before = accuracy(network, test_pictures, test_labels)
losses = train(lambda *batch: learn(network, *batch), train_pictures, train_labels, plan.epochs, plan.batch)
after = accuracy(network, test_pictures, test_labels)

frozen = new_network(plan.size, len(plan.kinds))
features = pool(respond(frozen, train_pictures))  # the filters stay as they are, so once is enough
test_features = pool(respond(frozen, test_pictures))


def train_frozen(epochs):
    """Train the last step only; return the losses, and the part of the held-out digits that is right."""
    found = train(lambda *batch: learn_last(frozen, *batch)[0], features, train_labels, epochs, plan.batch)
    return found, np.mean(probabilities(frozen, test_features).argmax(axis=1) == test_labels)


frozen_losses, after_frozen = train_frozen(plan.epochs)
_, after_long = train_frozen(20 * plan.epochs)

print(f"of the {len(test_pictures)} held-out digits right:")
print(f"{before:4.0%} before training (guessing: {1 / len(plan.kinds):.0%})")
print(f"{after_frozen:4.0%} with random filters, after {plan.epochs} epochs of learning the weights")
print(f"{after_long:4.0%} with random filters, after {21 * plan.epochs} epochs")
print(f"{after:4.0%} with learned filters, after {plan.epochs} epochs")

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_losses({"random filters": frozen_losses, "learned filters": losses}, unit="epoch"),
    alt=f"The loss over {plan.epochs} epochs. With random filters it goes from {frozen_losses[0]:.2f} to "
    f"{frozen_losses[-1]:.2f}, with learned filters from {losses[0]:.2f} to {losses[-1]:.2f}.",
)

# %% [markdown]
# Random filters are not worthless: given time enough, the weights make something of them. Learned ones are better, and
# much sooner. (With only a hundred pictures, luck plays a part in all these numbers.)
#
# ## 4. Before and after
#
# Here are the eight filters as they were, and as they are now.

# %%
names = [f"filter {k}" for k in range(8)]

# %% tags=["hide-input"]
labkit.predict(
    "The filters started as random numbers. What will they look like now?",
    {
        "like small digits": "They see windows much smaller than a digit, and each of them serves all digits.",
        "like edges and lines": "Strokes and their rims tell digits apart, whatever the handwriting.",
        "still random, only the weights behind them have changed": "Every step changed the filters, too: the gradient went through conv2d to them.",
    },
    right="like edges and lines",
)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_kernels(random_filters, names, own_scale=True),
    alt="Eight kernels of small random weights, before training. None shows a pattern.",
)
labkit.show(
    labkit.draw_kernels(network.filters, names, own_scale=True),
    alt="The same eight kernels after training. The weights have come together in patches: in most kernels one side "
    "or a stripe is positive, and another side or stripe negative.",
)

# %% [markdown]
# Compare them with the bank that you made by hand in the lab `filter_bank`: there are edges and lines, in several
# directions. Nobody asked for edges and lines. The only request was: tell the digits apart. (How clear the patterns
# are depends on how long you train and on how many pictures.)
#
# What does each filter look for? Let us ask it: these are the windows in the held-out digits to which it answers most
# strongly, at most one from each digit.

# %%
responses = respond(network, test_pictures)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_strongest(network.filters, test_pictures, responses, stride=2),
    alt="Eight rows, one for each learned filter: its weights, and then the ten windows with its strongest responses. "
    "The windows of one row are alike: strokes of one direction in one place, bright where the filter is positive and "
    "dark where it is negative.",
)

# %% [markdown]
# The windows of a row are alike, although they come from different digits and different hands: a stroke of the same
# direction at the same place. And they look like the filter: bright where it is positive, dark where it is negative.
# That is what a filter is: a small picture of what it looks for.
#
# One held-out digit, closely: the filter that answers to it most strongly, before its bias and ReLU. Below, all eight
# responses with bias and ReLU: nothing is negative any more.

# %%
one = slice(7, 8)
number = int(responses[one].max(axis=(0, 1, 2)).argmax())
plain = conv2d(test_pictures[one], network.filters, STRIDES, "SAME")

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_before_after(
        test_pictures[7], network.filters[:, :, :, number], plain[0, :, :, number], stride=2
    ),
    alt=f"Left, a held-out digit with a blue square on its strongest window for filter {number}; that window enlarged; "
    "the learned kernel, which is positive where the window is bright; right, the response, with its strongest value "
    "marked.",
)
labkit.show(
    labkit.draw_responses(responses[7], names),
    alt="Eight responses of 14 by 14 to this digit, none below 0. Each filter answers along other parts of the strokes, "
    "and some hardly anywhere.",
)

# %% [markdown]
# ## 5. Try it
#
# - Change the seed in `new_network`, and run everything below it again. Are the filters the same? Are they of the same
#   kinds?
# - Train longer (`plan.epochs = 50`), or on 50 pictures only (`plan.pictures = 50`). Compare the accuracy on the pictures
#   that it learned from with that on the held-out ones.
# - Use `rate=5.0` in `train`, then `rate=0.01`. What happens to the loss?
# - Clothes in place of digits: put `data.load("fashion_mnist", "train", download=True)` into section 1 (31 MB, the first
#   time; its ten classes are shown as numbers), and run everything. Do the filters look different?
# - Which digits are mixed up? The cell below shows the held-out digits that the network reads wrongly.

# %%
found = probabilities(network, pool(responses)).argmax(axis=1)
wrong = np.flatnonzero(found != test_labels)[:10]
if len(wrong):
    labkit.show(
        labkit.draw_images(
            test_pictures[wrong],
            [f"{plan.kinds[test_labels[k]]} read as {plan.kinds[found[k]]}" for k in wrong],
        ),
        alt="Held-out digits that the network reads wrongly: "
        + ", ".join(f"a {plan.kinds[test_labels[k]]} as {plan.kinds[found[k]]}" for k in wrong)
        + ".",
    )
else:
    print("All held-out digits are read rightly.")

# %% [markdown]
# ## What to take with you
#
# - A step against the gradient makes every weight a little better, all at once. `conv2d_gradients` says how.
# - Learned filters come out as edges, lines and blobs: not because somebody put them in, but because they help.
# - The data decide what can be learned, and only pictures that were held out tell what *has* been learned.
