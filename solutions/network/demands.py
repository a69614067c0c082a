"""What is demanded of each function of the network: one table, and what every visible case and hidden call is an example of.

    python -m solutions.network.demands        # writes docs/demands-network.md

The kinds of calls, and the words of the text that announce them. What a kind is, and the table: `solutions.demands`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.suite import network
from autograder.suite.network.right import Pair, both, max_pool
from solutions.demands import ROOT, Demand, Demands, chosen
from solutions.network.cases import CASES

OVERFLOWS, UNDERFLOWS = 709.0, -745.0  # exp of more is infinite, of less is 0, in float64

# --- of what kinds a call is ---------------------------------------------------------------------------------


def kinds(function: str, arguments: Sequence[Any]) -> frozenset[str]:
    """The kinds of a call: what its arguments are like."""
    return frozenset(KINDS[function](*arguments))


def _numbers(*arrays: np.ndarray) -> Iterator[str]:
    """Which numbers the arrays hold, and how they lie in memory."""
    yield from chosen(
        {
            "whole numbers": any(each.dtype.kind in "iu" for each in arrays),
            "float32": any(each.dtype == np.float32 for each in arrays),
            "another dtype": any(each.dtype.name not in DTYPES for each in arrays),
            "columns first in memory": any(not each.flags.c_contiguous for each in arrays),
        }
    )


DTYPES = ("float64", "float32", "uint8", "int64")


def _shape(values: np.ndarray) -> Iterator[str]:
    yield "an array of one axis" if values.ndim == 1 else "an array of several axes"


def of_relu(values: np.ndarray) -> Iterator[str]:
    yield from _shape(values)
    yield from _numbers(values)


def of_relu_gradient(values: np.ndarray, upstream: np.ndarray) -> Iterator[str]:
    yield from _shape(values)
    yield from _numbers(values, upstream)
    if 0 in values:
        yield "a value of exactly 0"


def of_max_pool(inputs: np.ndarray, size: Pair, *strides: Pair | None) -> Iterator[str]:
    step = strides[0] if strides and strides[0] is not None else size
    along = list(zip(inputs.shape[1:3], both(size), both(step), strict=True))
    yield from _pictures(inputs)
    yield "one channel" if inputs.shape[3] == 1 else "several channels"
    yield "one size for both axes" if np.ndim(size) == 0 else "a pair of sizes"
    yield from _numbers(inputs)
    yield from chosen(
        {
            "the strides are left out": not strides,
            "strides of None": strides == (None,),
            "one stride for both axes": strides and strides[0] is not None and np.ndim(strides[0]) == 0,
            "a pair of strides": strides and strides[0] is not None and np.ndim(strides[0]) == 1,
            "strides smaller than the size": any(s < f for _, f, s in along),
            "strides larger than the size": any(s > f for _, f, s in along),
            "rows or columns that are left out": any((n - f) % s for n, f, s in along),
            "negative numbers alone in a window": max_pool(inputs, size, *strides).min() < 0,
        }
    )


def of_max_pool_gradient(
    inputs: np.ndarray, size: Pair, strides: Pair | None, upstream: np.ndarray
) -> Iterator[str]:
    yield from of_max_pool(inputs, size, strides)
    yield from chosen({"several largest numbers in a window": _is_tied(inputs, size, strides)})


def _is_tied(inputs: np.ndarray, size: Pair, strides: Pair | None) -> bool:
    """Whether a window has its largest number twice."""
    windows = np.lib.stride_tricks.sliding_window_view(inputs, both(size), axis=(1, 2))
    down, right = both(size if strides is None else strides)
    seen = windows[:, ::down, ::right]
    return bool(np.any((seen == seen.max(axis=(4, 5), keepdims=True)).sum(axis=(4, 5)) > 1))


def _pictures(inputs: np.ndarray) -> Iterator[str]:
    yield "one picture" if len(inputs) == 1 else "several pictures"


def of_dense(inputs: np.ndarray, weights: np.ndarray, added: np.ndarray) -> Iterator[str]:
    """Also of its gradients, whose last argument is upstream."""
    width, units = weights.shape
    yield from _pictures(inputs)
    yield "one unit" if units == 1 else "several units"
    yield "as many inputs as units" if width == units else "another number of inputs than units"
    yield from _numbers(inputs, weights, added)


def of_softmax(logits: np.ndarray) -> Iterator[str]:
    largest = logits.max(axis=1)
    yield from _pictures(logits)
    yield from _numbers(logits)
    yield from chosen(
        {
            "logits whose powers are infinite": largest.max() > OVERFLOWS,
            "logits whose powers are all 0": largest.min() < UNDERFLOWS,
        }
    )


def of_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> Iterator[str]:
    """Also of its gradient."""
    yield from of_softmax(logits)
    away = logits[np.arange(len(labels)), labels] - logits.max(axis=1)
    yield from chosen(
        {
            "the first class": 0 in labels,
            "the last class": logits.shape[1] - 1 in labels,
            "a label whose probability becomes 0": away.min() < UNDERFLOWS,
        }
    )


def of_glorot_uniform(shape: Sequence[int], rng: np.random.Generator) -> Iterator[str]:
    yield "the weights of a dense layer" if len(shape) == 2 else "filters"


def of_sgd_step(
    parameters: Sequence[np.ndarray], gradients: Sequence[np.ndarray], learning_rate: float
) -> Iterator[str]:
    yield "one array" if len(parameters) == 1 else "several arrays"


def of_train(
    network: Sequence[np.ndarray],
    images: np.ndarray,
    labels: np.ndarray,
    epochs: int,
    learning_rate: float,
    batch_size: int,
    rng: np.random.Generator,
) -> Iterator[str]:
    count = len(images)
    yield from _pictures(images)
    yield "one channel" if images.shape[3] == 1 else "several channels"
    yield "one epoch" if epochs == 1 else "several epochs"
    yield "one batch in an epoch" if batch_size >= count else "several batches in an epoch"
    yield from chosen(
        {
            "fewer pictures than the size of a batch": count < batch_size,
            "a last batch that is smaller": batch_size < count and count % batch_size,
            "a learning rate of 0": learning_rate == 0,
        }
    )


KINDS: dict[str, Callable[..., Iterable[str]]] = {
    "relu": of_relu,
    "relu_gradient": of_relu_gradient,
    "max_pool": of_max_pool,
    "max_pool_gradient": of_max_pool_gradient,
    "dense": of_dense,
    "dense_gradients": of_dense,
    "softmax": of_softmax,
    "cross_entropy": of_cross_entropy,
    "cross_entropy_gradient": of_cross_entropy,
    "glorot_uniform": of_glorot_uniform,
    "sgd_step": of_sgd_step,
    "train": of_train,
}

# --- the table -------------------------------------------------------------------------------------------------

# What the text says, and the kinds of calls that it announces.
SAID: dict[str, tuple[str, ...]] = {
    "Arrays of pictures are `[batch, height, width, channels]`": (
        "one picture",
        "several pictures",
        "one channel",
        "several channels",
    ),
    "`float64`, `float32` or whole numbers": ("float32", "whole numbers"),
    "may lie in memory in any order": ("columns first in memory",),
    "of the same shape, whatever that is": ("an array of one axis", "an array of several axes"),
    "at 0 it is 0": ("a value of exactly 0",),
    "one number for both axes, or a pair (rows, columns)": (
        "one size for both axes",
        "a pair of sizes",
        "one stride for both axes",
        "a pair of strides",
    ),
    "Where `strides` is left out or `None`, it is the size": ("the strides are left out", "strides of None"),
    "With smaller strides they overlap, with larger ones there are gaps": (
        "strides smaller than the size",
        "strides larger than the size",
    ),
    "a window there would stick out": ("rows or columns that are left out",),
    "*Mind negative numbers.*": ("negative numbers alone in a window",),
    "Several numbers may be the largest": ("several largest numbers in a window",),
    "weights: [in, units]": (
        "one unit",
        "several units",
        "as many inputs as units",
        "another number of inputs than units",
    ),
    "for logits of any size": ("logits whose powers are infinite", "logits whose powers are all 0"),
    "A probability may be so small that it becomes 0": ("a label whose probability becomes 0",),
    "whole numbers from 0 to classes - 1": ("the first class", "the last class"),
    "(in, out) of a dense layer, or (rows, columns, in, out) of filters": (
        "the weights of a dense layer",
        "filters",
    ),
    "lists of arrays that belong together": ("one array", "several arrays"),
    "In each of so many *epochs*": ("one epoch", "several epochs"),
    "cut it into batches of `batch_size`": ("one batch in an epoch", "several batches in an epoch"),
    "(the last one may be smaller)": (
        "a last batch that is smaller",
        "fewer pictures than the size of a batch",
    ),
    "With a learning rate of 0": ("a learning rate of 0",),
}

# The section that a function's own refers to, and the words by which it does.
REFERS = {
    "relu_gradient": ("relu", "relu(values)"),
    "max_pool_gradient": ("max_pool", "max_pool(inputs, size, strides)"),
    "dense_gradients": ("dense", "dense(inputs, weights, bias)"),
    "cross_entropy_gradient": ("cross_entropy", "cross_entropy(logits, labels)"),
}

DEMANDS = Demands(
    suite=network,
    text=Path(__file__).with_name("notebook.py"),
    page=ROOT / "docs" / "demands-network.md",
    cases=CASES,
    kinds=kinds,
    said=SAID,
    refers=REFERS,
)


def page(demands: Sequence[Demand]) -> str:
    """docs/demands-network.md."""
    lines = [
        "# What is demanded of each function of the network",
        "",
        "Made by `python -m solutions.network.demands` from the text, the visible cases and the hidden tests; not edited by",
        "hand. Every kind of call that a hidden test makes is said in the text and shown by a visible check, and nothing else",
        "is asked: `tests/test_demands.py` fails on each gap, and on each kind of call for which a function may be wrong at no",
        "cost. Beside the kinds of calls, the introduction asks that arrays which a function is given stay as they are (but for",
        "`train`'s network), 2.1 that max_pool is about as fast as a vectorized one, 6 that weights have the right limits and",
        "spread and come from the generator that is given, and 8 that a trained network knows pictures that are new to it.",
        "",
        f"The table has {len(demands)} rows.",
        *DEMANDS.sections_of_page(demands),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DEMANDS.write(page(DEMANDS.table()))
