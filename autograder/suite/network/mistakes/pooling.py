"""Mistakes of max_pool and its gradient."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.network import right as truth
from autograder.suite.network.mistakes import knobs

POOL = "2. max_pool"


def of_pool(sentence, **about):
    return mistake("max_pool", sentence=sentence, lecture=POOL, **about)


def of_gradient(sentence, **about):
    return mistake("max_pool_gradient", sentence=sentence, lecture=POOL, **about)


@of_pool("You take the mean of each window: it is the largest number.")
def mean_of_windows(right, *arguments):
    return right(*arguments, reduce=np.mean)


@of_pool("You take the sum of each window: it is the largest number.")
def sum_of_windows(right, *arguments):
    return right(*arguments, reduce=np.sum)


@of_pool("You take the smallest number of each window: it is the largest.")
def smallest_of_windows(right, *arguments):
    return right(*arguments, reduce=np.min)


@of_pool(
    "Where all numbers of a window are negative, you return 0: begin with the window's own numbers, not with 0."
)
def begins_with_zero(right, *arguments):
    return np.maximum(right(*arguments), 0)


@mistake(
    "max_pool",
    "max_pool_gradient",
    sentence="The strides are not used: the windows stand side by side, whatever strides says.",
    lecture=POOL,
    by_error=True,
)
def strides_ignored(right, inputs, size, strides=None, *upstream):
    return right(inputs, size, None, *upstream)


@mistake(
    "max_pool",
    "max_pool_gradient",
    sentence="The two strides are swapped: the first is that of the rows.",
    lecture=POOL,
    by_error=True,
)
def strides_swapped(right, inputs, size, strides=None, *upstream):
    return right(inputs, size, truth.both(size if strides is None else strides)[::-1], *upstream)


@mistake(
    "max_pool",
    "max_pool_gradient",
    sentence="Rows and columns of the size are swapped: the first is how many rows a window has.",
    lecture=POOL,
    by_error=True,
)
def size_swapped(right, inputs, size, strides=None, *upstream):
    return right(inputs, truth.both(size)[::-1], size if strides is None else strides, *upstream)


@mistake(
    "max_pool",
    "max_pool_gradient",
    sentence="Where strides is None, you take steps of 1: they default to the size.",
    lecture=POOL,
    by_error=True,
)
def default_of_one(right, inputs, size, strides=None, *upstream):
    return right(inputs, size, 1 if strides is None else strides, *upstream)


@mistake(
    "max_pool",
    "max_pool_gradient",
    sentence="Both axes take the size and the stride of the rows: a pair has one number for each.",
    lecture=POOL,
    by_error=True,
)
def rows_for_both(right, inputs, size, strides=None, *upstream):
    steps = size if strides is None else strides
    return right(inputs, truth.both(size)[0], truth.both(steps)[0], *upstream)


@of_pool(
    "A pair as size or strides ends in an error: it is one number for both axes, or a pair (rows, columns).",
    by_error=True,
)
def pairs_refused(right, inputs, size, strides=None):
    if np.ndim(size) or np.ndim(strides or 0):
        raise TypeError("unsupported operand type(s) for -: 'int' and 'tuple'")
    return right(inputs, size, strides)


@of_pool("One number as size or strides ends in an error: it stands for both axes.", by_error=True)
def numbers_refused(right, inputs, size, strides=None):
    if np.ndim(size) == 0 or (strides is not None and np.ndim(strides) == 0):
        raise TypeError("cannot unpack non-iterable int object")
    return right(inputs, size, strides)


@of_pool("strides as None ends in an error: it stands for the size.", by_error=True)
def none_refused(right, inputs, size, strides=None):
    if strides is None:
        raise TypeError("unsupported operand type(s) for //: 'int' and 'NoneType'")
    return right(inputs, size, strides)


def _stick_out(inputs, size, strides):
    """Zeros behind the last row and column, so that windows that stick out count as well."""
    steps = truth.both(size if strides is None else strides)
    sizes = zip(inputs.shape[1:3], truth.both(size), steps, strict=True)
    more = [max(0, (-(-max(n - f, 0) // s)) * s + f - n) for n, f, s in sizes]
    lowest = float(inputs.min()) - 1
    return np.pad(inputs.astype(float), ((0, 0), (0, more[0]), (0, more[1]), (0, 0)), constant_values=lowest)


@of_pool("Windows that stick out count as well, with what of them lies inside: they are left out.")
def windows_that_stick_out(right, inputs, size, strides=None):
    return right(_stick_out(inputs, size, strides), size, strides)


@of_pool(
    "The number of windows is rounded as size // strides: it is (n − size) // strides + 1.", by_error=True
)
def count_by_strides(right, inputs, size, strides=None):
    steps = truth.both(size if strides is None else strides)
    pooled = right(inputs, size, strides)
    rows, columns = (n // s for n, s in zip(inputs.shape[1:3], steps, strict=True))
    if rows > pooled.shape[1] or columns > pooled.shape[2]:
        padded = np.pad(
            pooled,
            ((0, 0), (0, max(0, rows - pooled.shape[1])), (0, max(0, columns - pooled.shape[2])), (0, 0)),
        )
        return padded[:, :rows, :columns]
    return pooled[:, :rows, :columns]


@of_pool("The largest number is taken over all channels: each channel has its own.")
def over_channels(right, inputs, size, strides=None):
    pooled = right(inputs, size, strides)
    return np.broadcast_to(pooled.max(axis=3, keepdims=True), pooled.shape).copy()


@of_pool("The last window of each axis is missing: it is (n − size) // strides + 1, with the + 1.")
def one_window_less(right, *arguments):
    return right(*arguments)[:, :-1, :-1]


@of_gradient("Of several equal largest numbers all get the upstream number: only the first does.")
def all_of_a_tie(right, *arguments):
    return right(*arguments, chosen=lambda w: (w == w.max(axis=(1, 2), keepdims=True)).astype(float))


@of_gradient("Several equal largest numbers share the upstream number: the first gets all of it.")
def shared_by_a_tie(right, *arguments):
    def shares(window):
        largest = (window == window.max(axis=(1, 2), keepdims=True)).astype(float)
        return largest / largest.sum(axis=(1, 2), keepdims=True)

    return right(*arguments, chosen=shares)


@of_gradient("Of several equal largest numbers the last gets the upstream number: it is the first, by rows.")
def last_of_a_tie(right, *arguments):
    return right(*arguments, chosen=knobs.last)


@of_gradient(
    "Where windows overlap, only the last counts: what a number gets from each of its windows adds up (+=)."
)
def overlaps_overwritten(right, *arguments):
    return right(*arguments, adds=False)


@of_gradient(
    "All numbers of a window get an equal part: that is the gradient of a mean. The largest gets all."
)
def gradient_of_mean(right, *arguments):
    return right(*arguments, chosen=lambda w: np.full(w.shape, 1 / (w.shape[1] * w.shape[2])))


@of_gradient("All numbers of a window get the upstream number: only the largest does.")
def whole_window(right, *arguments):
    return right(*arguments, chosen=lambda w: np.ones(w.shape))


@of_gradient("The upstream numbers are not used: the largest number of each window gets 1.")
def pool_without_upstream(right, inputs, size, strides, upstream):
    return right(inputs, size, strides, np.ones_like(upstream))


@of_gradient("You multiply by the largest number itself: it gets the upstream number alone.")
def times_the_largest(right, inputs, size, strides, upstream):
    return right(inputs, size, strides, upstream * truth.max_pool(inputs, size, strides))


@of_gradient("The smallest number of each window gets the upstream number: it is the largest.")
def smallest_gets_it(right, inputs, size, strides, upstream):
    return right(-inputs.astype(float), size, strides, upstream)


@of_gradient("The gradient has the shape of the output: it has that of the inputs.", on_answer=True)
def shape_of_output(right, inputs, size, strides, upstream):
    return upstream * 1.0
