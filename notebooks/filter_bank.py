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
# # Lab: a filter bank
#
# A convolutional layer looks at one picture through many small filters at once. Such a set of filters
# is called a *filter bank*. Here you send a handwritten digit through a bank of the lecture, with random
# weights at first, and then through two banks of filters of which we know what they look for.
#
# **What you do:** build banks of filters, random and made by hand, apply them with your own `conv2d`, and compare
# their answers.
#
# **What you learn**
#
# - how to read the four numbers in a filter bank's shape, such as 5 × 5 × 1 × 16;
# - why stride 2 with `SAME` padding halves a picture, and where the zeros go;
# - how to see from a response what its filter looks for.
#
# The lab works on your function from the assignment. You can also start before it is done: the next cell
# prints whose function works here. Then come the labs `colour_filters` and `curve_detector`.

# %%
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path.cwd().parent))  # the kit's main folder, where data and notebooks are

import data
from notebooks import labkit
from notebooks.labkit.grids import Grid, draw_grids
from notebooks.labkit.kernels import blur, copy, edge, gabor, line

conv2d = labkit.own_functions("conv2d").conv2d

# %% [markdown]
# ## 1. The digits
#
# The kit comes with 500 digits of the MNIST set. A digit has 28 rows and 28 columns of gray values,
# and one *channel*, since gray is one number. Divided by 255, the values run from 0 (black) to 1
# (white).

# %%
mnist = data.load("mnist")
digits = mnist.images / 255
print("digits:", digits.shape, " = (how many, rows, columns, channels)")

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_images(digits[:10], mnist.labels[:10]),
    alt="Ten handwritten digits, one of each from 0 to 9, white on black.",
)

# %% [markdown]
# ## 2. From 28 to 14
#
# The lecture's bank for the digits has the shape 5 × 5 × 1 × 16: each filter covers **5** rows and
# **5** columns, reads **1** channel, and there are **16** of them. It moves in steps of 2, with
# `SAME` padding.
#
# `SAME` promises as many windows as there are steps of 2 in 28 pixels: 28 / 2 = 14, rounded up if
# need be. How many zeros does that take? Follow one row:
#
# - The 14 windows need (14 − 1) · 2 + 5 = **31** pixels: 13 steps, and the width of the last window.
# - The row has 28, so **3** zeros are missing.
# - 3 cannot be shared equally. TensorFlow puts **1 before and 2 after**: the odd one goes to the end.
#
# This is why you do not find a padding *p* for this bank in the formula (w − f + 2p) / s + 1: it
# means the same *p* on both sides, and p = 1.5 is no number of zeros.

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_windows(size=28, length=5, stride=2),
    alt="A row of 28 pixels, numbered 0 to 27, with one hatched zero before it and two after it. "
    "Window 0 covers the zero before and pixels 0 to 3. Window 1 starts two pixels later. Window 13, the "
    "last one, covers pixels 25 to 27 and the two zeros after.",
)

# %% [markdown]
# ## 3. A bank of random filters
#
# The lecture fills the bank with random numbers. That is also how a network starts, before it has
# learned anything. The seed makes your numbers the same as everybody's; change it if you like.

# %%
random = np.random.default_rng(seed=28)
random_bank = random.normal(size=(5, 5, 1, 16))
numbers = [f"filter {k}" for k in range(16)]

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_kernels(random_bank, numbers),
    alt="Sixteen kernels of 5 by 5 random weights, most between minus 3 and 3. None shows a pattern.",
)

# %% [markdown]
# Now one digit goes through all 16 filters. `conv2d` wants a *batch*, so we cut out a batch of one
# with `digits[3:4]`, which keeps all four axes, where `digits[3]` would drop the first.

# %%
one_digit = digits[3:4]
responses = conv2d(one_digit, random_bank, [1, 2, 2, 1], "SAME")

print("digit:    ", one_digit.shape)
print("bank:     ", random_bank.shape, " = (rows, columns, channels in, filters)")
print("responses:", responses.shape, " = (how many, rows, columns, one channel per filter)")

# %% [markdown]
# 28 × 28 has become 14 × 14, and the one channel has become 16: one picture for each filter.
#
# A response can be negative, so gray will not do. Orange is positive: the window looks like the
# filter. Purple is negative: it looks like the filter's opposite. White is zero. The two numbers
# below a picture are its smallest and its largest value.

# %% tags=["hide-input"]
labkit.predict(
    "A digit goes through sixteen filters of random weights. What will their sixteen responses look like?",
    {
        "like noise, since the weights are noise": "A response is made of the digit's pixels, and neighbouring windows share most of theirs: so the strokes stay where they are.",
        "like the 3, lighter or darker, positive or negative": "Each filter weighs the strokes in its own way, but all of them leave the strokes in their places.",
        "all sixteen alike": "Each filter has other weights, so each gives another sum, often one of the other sign.",
    },
    right="like the 3, lighter or darker, positive or negative",
)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_responses(responses[0], numbers),
    alt="Sixteen responses of 14 by 14 to a handwritten 3. In most of them the 3 can still be read, in some "
    "as positive values, in some as negative ones, in others as a ragged mixture of both.",
)

# %% [markdown]
# The 3 is still there, now blurred, now ragged. But can you say what a random filter looks for?
# Hardly. So let us build filters of which we know it.
#
# ## 4. A bank made by hand
#
# An **edge** is where one side is bright and the other dark. So an edge filter has positive weights
# on one side, negative ones on the other. A **line** is bright along the middle and dark on both
# sides. Both come from one idea: measure how far a weight lies *across* the edge or the line, and let that decide
# its value. With x for the row (downwards) and y for the column (to the right), counted from the middle, and an
# angle α:
#
# - edge: across · fading, where across = y · cos α − x · sin α;
# - line: (1 − across²) · fading, where across = y · sin α + x · cos α; then minus the mean.
#
# *Fading* is exp(−(x² + y²) / 4): weights near the rim count less. In the end all weights are divided by the sum of
# their sizes. (This is written down in `labkit/kernels.py`.) Two of them, in numbers:

# %% tags=["hide-input"]
labkit.show(
    draw_grids(
        Grid("edge, 0°", edge(0), signed=True),
        Grid("edge, 90°", edge(90), signed=True),
        Grid("line, 0°", line(0), signed=True),
    ),
    alt="Three kernels of 5 by 5 numbers. Edge, 0 degrees: negative on the left, 0 in the middle column, positive on the "
    "right. Edge, 90 degrees: the same turned, positive at the top. Line, 0 degrees: positive in the middle row, negative "
    "above and below it.",
)

# %% [markdown]
# The bank has eight edges, four lines, and four kernels without a direction.

# %%
kernels = {f"edge {degrees}°": edge(degrees) for degrees in range(0, 360, 45)}
kernels |= {f"line {degrees}°": line(degrees) for degrees in range(0, 180, 45)}
kernels |= {"copy": copy(), "blur": blur(), "sharpen": 2 * copy() - blur(), "outline": copy() - blur()}

names = list(kernels)
hand_bank = np.stack(list(kernels.values()), axis=-1)[:, :, np.newaxis, :]
print("hand-made bank:", hand_bank.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_kernels(hand_bank, names, own_scale=True),
    alt="Sixteen hand-made kernels. Eight edges: half positive, half negative, turned in steps of 45 "
    "degrees. Four lines: a positive stripe between negative ones. Copy: a single 1 in the middle. Blur: a "
    "positive hill. Sharpen: a large positive middle in a slightly negative ring. Outline: the same with a "
    "smaller middle.",
)

# %% [markdown]
# These filters differ in strength, so each one is drawn on a scale of its own: the darkest orange or
# purple is its largest weight. The responses below are drawn in the same way.

# %% tags=["hide-input"]
labkit.predict(
    "Which of these filters will answer most clearly to the flat strokes of the 3?",
    {
        "edge 0°": "It compares left with right. Along a flat stroke both are equally bright, so it answers only at the stroke's ends.",
        "line 0°": "Bright in a flat stripe, dark above and below: this is what a flat stroke is.",
        "line 90°": "It looks for upright lines, of which the 3 has only short stretches.",
    },
    right="line 0°",
)

# %%
responses = conv2d(one_digit, hand_bank, [1, 2, 2, 1], "SAME")

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_responses(responses[0], names, own_scale=True),
    alt="Sixteen responses to the 3. Each edge kernel answers positively along one side of the strokes and "
    "negatively along the other; opposite directions give opposite signs. Line kernels answer where a stroke "
    "runs in their direction. Copy gives the 3 at half size, blur a soft one, sharpen a hard one with a "
    "negative rim, outline the strokes with a negative rim.",
)

# %% [markdown]
# ## 5. Before and after
#
# Take one filter and look closely. The blue square marks the window with the strongest response: the
# place that looks most like the filter. Multiply this window and the kernel number by number, add it
# all up, and you have the number that stands in the small blue square on the right.

# %%
chosen = names.index("line 0°")

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_before_after(one_digit[0], hand_bank[:, :, :, chosen], responses[0, :, :, chosen], stride=2),
    alt="Left, the 3 with a blue square on one of its flat strokes. Then that window enlarged, a bright "
    "horizontal bar; beside it the kernel for flat lines, which looks alike. Right, the 14 by 14 response "
    "with its strongest value marked.",
)

# %% [markdown]
# ## 6. Gabor filters
#
# Edges and lines are two of a family. A **Gabor filter** is a wave that fades out:
#
# $$K(x, y) = \exp\left(-\frac{x^2 + y^2}{2\sigma^2}\right) \cdot \cos\left(\frac{2\pi \cdot across}{\lambda} - \varphi\right)$$
#
# *across* is, as before, the distance across the stripes. The wavelength λ decides how wide the stripes are, σ how far the
# filter reaches, and the phase φ what is in its middle: with 0° the crest of a wave, so a line; with 90° the slope
# between crest and trough, so an edge. Cells much like this were found in the visual cortex of cats and monkeys, and networks
# learn filters like this by themselves.
#
# The bank has 8 directions, each with both phases, in 7 × 7 weights.

# %%
directions = np.arange(0, 180, 22.5)
gabor_names = [f"{degrees:g}°, φ {phase}°" for phase in (0, 90) for degrees in directions]
gabor_kernels = [gabor(degrees, phase) for phase in (0, 90) for degrees in directions]
gabor_bank = np.stack(gabor_kernels, axis=-1)[:, :, np.newaxis, :]
print("Gabor bank:", gabor_bank.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_kernels(gabor_bank, gabor_names, own_scale=True),
    alt="Sixteen kernels of 7 by 7. The upper eight have a positive stripe through the middle between two negative ones, "
    "turned in steps of 22.5 degrees from flat over upright back to nearly flat. The lower eight have a positive stripe "
    "beside a negative one, in the same directions. All fade towards the rim.",
)

# %%
responses = conv2d(one_digit, gabor_bank, [1, 2, 2, 1], "SAME")
print("responses:", responses.shape)

# %% tags=["hide-input"]
labkit.show(
    labkit.draw_responses(responses[0], gabor_names),
    alt="Sixteen responses to the 3, on one scale. The filters for flat stripes answer to its three flat strokes, in "
    "positive and negative stripes, the upright ones to the short stretches that join them, the slanting ones to "
    "what lies between.",
)

# %% [markdown]
# This time all responses have the same scale, so you can compare them. Each stroke stands out in the filter
# of its own direction, and fades in the next ones.
#
# ## 7. Try it
#
# Choose another digit, kernel and stride, then run the cell again. Some things to try:
#
# - Which digit answers most strongly to `line(90)`, and which to `edge(0)`?
# - Make the weights add up to 1 in place of 0 (`line(0) + copy()`). What happens to the flat background?
# - Multiply all weights by −1. What changes, and what does not?
# - Use stride 1. How large is the response now?

# %%
my_image = digits[7:8]
my_kernel = line(0)
my_stride = 2

my_filter = my_kernel.reshape(5, 5, 1, 1)
response = conv2d(my_image, my_filter, [1, my_stride, my_stride, 1], "SAME")
print("response:", response.shape, " sum of the weights:", my_kernel.sum().round(2) + 0.0)

labkit.show(
    labkit.draw_before_after(my_image[0], my_filter[:, :, :, 0], response[0, :, :, 0], my_stride),
    alt="My picture, its window with the strongest response, my kernel, and my response. "
    f"The strongest response is {response.max():.2f}.",
)

# %% [markdown]
# ## What to take with you
#
# - A bank of shape rows × columns × channels in × filters turns a picture into as many pictures as there are filters:
#   one number for each filter and each window.
# - With `SAME`, the size after is the size before divided by the stride, rounded up. When the number
#   of zeros is odd, the extra one goes after.
# - A filter answers most strongly where the picture looks like the filter. You just chose the filters
#   by hand; a network starts from random ones and changes them until their answers are useful.
