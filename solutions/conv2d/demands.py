"""What is demanded of each function: one table, and what every visible case and hidden call is an example of.

    python -m solutions.conv2d.demands        # writes docs/demands.md

The kinds of calls, and the words of the text that announce them. What a kind is, and the table: `solutions.demands`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.suite import conv2d
from solutions.conv2d.cases import CASES
from solutions.demands import ROOT, Demand, Demands, chosen
from solutions.reference import same_padding

Size = tuple[int, ...]

# --- of what kinds a call is ---------------------------------------------------------------------------------


def kinds(function: str, arguments: Sequence[Any]) -> frozenset[str]:
    """The kinds of a call: why it must be refused or, of a sound call, what its arguments are like."""
    reasons = frozenset(REASONS.get(function, _none)(*arguments))
    return reasons or frozenset(KINDS[function](*arguments))


def _none(*_: object) -> tuple[str, ...]:
    return ()


def _numbers(
    image: np.ndarray, kernel: np.ndarray | None = None, upstream: np.ndarray | None = None
) -> Iterator[str]:
    """Which numbers the arrays hold, and how they lie in memory."""
    arrays = [each for each in (image, kernel, upstream) if each is not None]
    whole = [each.dtype.kind in "iu" for each in arrays]
    yield from chosen(
        {
            "whole numbers in the image": whole[0],
            "whole numbers in the kernel": kernel is not None and whole[1],
            "fractions in the kernel of a whole-number image": kernel is not None
            and whole[0]
            and _fractions(kernel),
            "whole numbers in upstream": upstream is not None and whole[-1],
            "float32": any(each.dtype == np.float32 for each in arrays),
            "another dtype": any(each.dtype.name not in DTYPES for each in arrays),
            "columns first in memory": any(not each.flags.c_contiguous for each in arrays),
        }
    )


def _products(image: np.ndarray, kernel: np.ndarray) -> Iterator[str]:
    """Whether a product is too large: of a window's pixels and the weights on them, or of any two."""
    common = np.result_type(image, kernel)
    factors = image.astype(float), kernel.astype(float)
    largest = (
        np.max(factors[0] * factors[1])
        if image.shape == kernel.shape
        else np.max(factors[0]) * np.max(factors[1])
    )
    if common.kind in "iu" and largest > np.iinfo(common).max:
        yield "products that do not fit into the type of image and kernel"


DTYPES = ("float64", "float32", "uint8", "int32", "int64")


def _fractions(array: np.ndarray) -> bool:
    return bool(np.any(array != np.round(array)))


def _filter(image: Size, window: Size) -> Iterator[str]:
    """How large a window is, next to its image."""
    pairs = list(zip(image, window, strict=True))
    yield from chosen(
        {
            "an odd filter": all(f % 2 for f in window),
            "an even number of filter rows or columns": any(f % 2 == 0 for f in window),
            "a filter that is not square": len(set(window)) > 1,
            "a square filter": len(set(window)) == 1,
            "a filter of more than half the image": any(2 * f > n for n, f in pairs),
            "an image of one row": image[0] == 1,
            "an image of one column": image[1] == 1,
        }
    )


def _strides(image: Size, window: Size, strides: Size, same: bool) -> Iterator[str]:
    along = list(zip(image, window, strides, strict=True))
    equal = len(set(strides)) == 1 and strides[0] > 1
    yield from chosen(
        {
            "stride 1": set(strides) == {1},
            "equal strides above 1, with a remainder": equal
            and any((n if same else n - f) % s for n, f, s in along),
            "different strides for rows and columns": len(set(strides)) > 1,
            "a stride larger than the filter": any(s > f for _, f, s in along),
        }
    )


def _images(inputs: np.ndarray) -> Iterator[str]:
    batch, channels = len(inputs), inputs.shape[3]
    yield "one image" if batch == 1 else "two images" if batch == 2 else "three images or more"
    yield "one channel" if channels == 1 else "several channels"


def _batch(inputs: np.ndarray, window: Size, strides: Sequence[int], padding: str) -> Iterator[str]:
    """Windows that slide over a batch."""
    image, steps, same = inputs.shape[1:3], tuple(strides[1:3]), padding.upper() == "SAME"
    yield from _images(inputs)
    yield from _filter(image, window)
    yield from _strides(image, window, steps, same)
    zeros = [sum(same_padding(*each)) for each in zip(image, window, steps, strict=True)] if same else []
    yield from chosen(
        {
            "VALID": not same,
            "SAME": same,
            "the padding in small letters": padding != padding.upper(),
            "SAME with an odd number of zeros": any(total % 2 for total in zeros),
            "SAME where an axis needs no zeros": 0 in zeros,
        }
    )


def _filters(filters: np.ndarray) -> Iterator[str]:
    yield "one filter" if filters.shape[3] == 1 else "several filters"


def of_apply_kernel(image: np.ndarray, kernel: np.ndarray, x: int, y: int) -> Iterator[str]:
    yield from _filter(image.shape, kernel.shape)
    yield from _numbers(image, kernel)
    yield from _products(image[x : x + kernel.shape[0], y : y + kernel.shape[1]], kernel)
    last = (image.shape[0] - kernel.shape[0], image.shape[1] - kernel.shape[1])
    yield from chosen(
        {
            "the first place": (x, y) == (0, 0),
            "the last place": (x, y) == last,
            "row and column differ": x != y,
        }
    )


def of_output_size(size: int, length: int, stride: int = 1, *padding: int) -> Iterator[str]:
    room = size - length + 2 * sum(padding)
    yield from chosen(
        {
            "stride 1": stride == 1,
            "a stride above 1 with a remainder": room % stride,
            "a stride above 1 without a remainder": stride > 1 and room % stride == 0,
            "a stride larger than the filter": stride > length,
            "zeros on each side": sum(padding),
            "no zeros": not sum(padding),
            "the padding is left out": not padding,
            "the filter fits once": room == 0,
            "a filter of more than half the input": 2 * length > size,
            "a filter larger than the input, which fits by the zeros": length > size,
        }
    )


def of_convolve(image: np.ndarray, kernel: np.ndarray, *stride: Any) -> Iterator[str]:
    strides = tuple(np.broadcast_to(stride[0] if stride else 1, 2).tolist())
    yield from _filter(image.shape, kernel.shape)
    yield from _strides(image.shape, kernel.shape, strides, same=False)
    yield from _numbers(image, kernel)
    yield from _products(image, kernel)
    yield from chosen(
        {
            "the stride is left out": not stride,
            "one stride for both": stride and np.ndim(stride[0]) == 0,
            "a pair of strides": stride and np.ndim(stride[0]) == 1,
        }
    )


def of_same_padding(size: int, length: int, *stride: int) -> Iterator[str]:
    step = sum(stride) or 1
    total = sum(same_padding(size, length, step))
    yield from chosen(
        {
            "the stride is left out": not stride,
            "a stride above 1 that divides the size": step > 1 and size % step == 0,
            "a stride above 1 with a remainder": size % step,
            "a stride larger than the filter": step > length,
            "an odd number of zeros": total % 2,
            "an even number of zeros": total and total % 2 == 0,
            "no zeros are needed": total == 0,
            "a filter of more than half the input": 2 * length > size,
            "a filter larger than the input": length > size,
            "an input of one number": size == 1,
        }
    )


def of_pad(image: np.ndarray, rows: Sequence[int], columns: Sequence[int]) -> Iterator[str]:
    yield from _numbers(image)
    yield from chosen(
        {
            "another number of zeros on each side": len({*rows, *columns}) == 4,
            "zeros at rows and columns": any(rows) and any(columns),
            "zeros at the rows only": any(rows) and not any(columns),
            "zeros at the columns only": any(columns) and not any(rows),
            "no zeros": not any((*rows, *columns)),
            "an image of one row": image.shape[0] == 1,
            "an image of one column": image.shape[1] == 1,
            "numbers above 255 or below 0": image.max() > 255 or image.min() < 0,
        }
    )


def of_conv2d(inputs: np.ndarray, filters: np.ndarray, strides: Sequence[int], padding: str) -> Iterator[str]:
    yield from _batch(inputs, filters.shape[:2], strides, padding)
    yield from _filters(filters)
    yield from _numbers(inputs, filters)
    yield from _products(inputs, filters)


def of_flatten_filters(filters: np.ndarray) -> Iterator[str]:
    height, width, channels, _ = filters.shape
    yield from _filters(filters)
    yield from _numbers(filters)
    yield from chosen(
        {
            "one channel": channels == 1,
            "several channels": channels > 1,
            "a filter that is not square": height != width,
            "a square filter": height == width,
        }
    )


def of_extract_patches(
    inputs: np.ndarray, window: Size, strides: Sequence[int], padding: str
) -> Iterator[str]:
    yield from _batch(inputs, window, strides, padding)
    yield from _numbers(inputs)


def of_gradients(
    inputs: np.ndarray, filters: np.ndarray, strides: Sequence[int], padding: str, upstream: np.ndarray
) -> Iterator[str]:
    yield from _batch(inputs, filters.shape[:2], strides, padding)
    yield from _filters(filters)
    yield from _numbers(inputs, filters, upstream)


KINDS: dict[str, Callable[..., Iterable[str]]] = {
    "apply_kernel": of_apply_kernel,
    "output_size": of_output_size,
    "convolve": of_convolve,
    "same_padding": of_same_padding,
    "pad": of_pad,
    "conv2d": of_conv2d,
    "flatten_filters": of_flatten_filters,
    "extract_patches": of_extract_patches,
    "conv2d_matmul": of_conv2d,
    "conv2d_gradients": of_gradients,
}


def refused_sizes(size: int, length: int, stride: int = 1, padding: int = 0) -> Iterator[str]:
    yield from chosen(
        {
            "refused: a size that is not positive": size < 1 or length < 1,
            "refused: a stride of 0": stride == 0,
            "refused: a negative stride": stride < 0,
            "refused: a filter that does not fit": length > size + 2 * padding,
        }
    )


def refused_batch(
    inputs: np.ndarray, filters: np.ndarray, strides: Sequence[float], padding: str
) -> Iterator[str]:
    four = inputs.ndim == filters.ndim == 4
    form = len(strides) == 4 and strides[0] == strides[3] == 1
    larger = four and any(f > n for n, f in zip(inputs.shape[1:3], filters.shape[:2], strict=True))
    yield from chosen(
        {
            "refused: inputs without 4 axes": inputs.ndim != 4,
            "refused: filters without 4 axes": filters.ndim != 4,
            "refused: numbers of channels that do not match": four and inputs.shape[3] != filters.shape[2],
            "refused: another padding": padding.upper() not in ("SAME", "VALID"),
            "refused: strides of another form than [1, rows, columns, 1]": not form,
            "refused: a stride below 1": form and min(strides) < 1,
            "refused: a stride that is not a whole number": any(s != int(s) for s in strides),
            "refused: a VALID filter larger than the image": larger and padding.upper() == "VALID",
        }
    )


REASONS: dict[str, Callable[..., Iterable[str]]] = {
    "output_size": refused_sizes,
    "conv2d": refused_batch,
    "conv2d_matmul": refused_batch,
}

# --- the table -------------------------------------------------------------------------------------------------

# What the text says, and the kinds of calls that it announces. The words stand in the function's own section, in the
# introduction, or in the section that the function's own refers to.
SAID: dict[str, tuple[str, ...]] = {
    "square or not, odd or even, or larger than half of the image": (
        "an odd filter",
        "an even number of filter rows or columns",
        "a filter that is not square",
        "a square filter",
        "a filter of more than half the image",
        "a filter of more than half the input",
        "a filter larger than the input",
    ),
    "an image of one row or column": (
        "an image of one row",
        "an image of one column",
        "an input of one number",
    ),
    "a stride larger than the filter, or one that leaves a remainder": (
        "a stride larger than the filter",
        "a stride above 1 with a remainder",
        "a stride above 1 without a remainder",
        "a stride above 1 that divides the size",
        "equal strides above 1, with a remainder",
    ),
    "one image, channel and filter, or many": (
        "one image",
        "two images",
        "three images or more",
        "one channel",
        "several channels",
        "one filter",
        "several filters",
    ),
    "`float64` or `float32` numbers": ("float32",),
    "in any order": ("columns first in memory",),
    "floats or whole numbers": (
        "whole numbers in the image",
        "whole numbers in the kernel",
        "fractions in the kernel of a whole-number image",
    ),
    "their products and sums need not fit into their own type": (
        "products that do not fit into the type of image and kernel",
    ),
    "any place at which the kernel lies inside the image": (
        "the first place",
        "the last place",
        "row and column differ",
    ),
    "`strides` is `[1, rows, columns, 1]`": ("stride 1", "different strides for rows and columns"),
    "stride=1": ("the stride is left out", "stride 1"),
    "padding=0": ("the padding is left out", "no zeros"),
    "With p zeros added on *each* side there are w + 2p numbers": (
        "zeros on each side",
        "the filter fits once",
        "a filter larger than the input, which fits by the zeros",
    ),
    "if a size is not positive": ("refused: a size that is not positive",),
    "if the stride is less than 1": ("refused: a stride of 0", "refused: a negative stride"),
    "if the window does not fit at all": ("refused: a filter that does not fit",),
    "`stride` is one number for both directions, or a pair `(rows, columns)`": (
        "one stride for both",
        "a pair of strides",
        "different strides for rows and columns",
    ),
    "the odd one goes **after** it": ("an odd number of zeros", "SAME with an odd number of zeros"),
    "half of them go before the image": ("an even number of zeros",),
    "or none if this is negative": ("no zeros are needed", "SAME where an axis needs no zeros"),
    "`rows` and `columns` are pairs (before, after)": (
        "another number of zeros on each side",
        "zeros at rows and columns",
        "zeros at the rows only",
        "zeros at the columns only",
        "no zeros",
    ),
    "which stay as they are": ("numbers above 255 or below 0",),
    '`padding` is `"VALID"` or `"SAME"`': ("VALID", "SAME"),
    "Ours accepts any case": ("the padding in small letters",),
    "inputs or filters that do not have 4 axes": (
        "refused: inputs without 4 axes",
        "refused: filters without 4 axes",
    ),
    "numbers of channels that do not match": ("refused: numbers of channels that do not match",),
    "another padding": ("refused: another padding",),
    "strides that are not of the form `[1, rows, columns, 1]` with whole numbers of at least 1": (
        "refused: strides of another form than [1, rows, columns, 1]",
        "refused: a stride below 1",
        "refused: a stride that is not a whole number",
    ),
    "a filter larger than the image with VALID": ("refused: a VALID filter larger than the image",),
}
OWN = "floats or whole numbers"  # stands in the section of every function that it is true of

# The section that a function's own refers to, and the words by which it does.
REFERS = {
    "conv2d": ("same_padding", "with SAME padding"),
    "extract_patches": ("conv2d", "the others are those of conv2d"),
    "conv2d_matmul": ("conv2d", "the same results and the same errors as `conv2d`"),
    "conv2d_gradients": ("conv2d", "those of conv2d"),
}


DEMANDS = Demands(
    suite=conv2d,
    text=Path(__file__).with_name("notebook.py"),
    page=ROOT / "docs" / "demands.md",
    cases=CASES,
    kinds=kinds,
    said=SAID,
    own=(OWN,),
    refers=REFERS,
)


# Kinds that have nothing to do with the padding: how numbers are stored.
STORAGE = (
    "columns first in memory",
    "float32",
    "fractions in the kernel of a whole-number image",
    "products that do not fit into the type of image and kernel",
    "whole numbers in the image",
    "whole numbers in the kernel",
)


def classes(demands: Sequence[Demand]) -> list[tuple[str, tuple[str, ...]]]:
    """Classes of arguments, each of which a hidden test must ask: a function, and the kinds that its calls have.

    They are the kinds of the table and, where a function pads, those about sizes once more with each padding.
    """
    alone = [(each.function, (each.kind,)) for each in demands]
    padding = {each.function for each in demands if each.kind == "SAME"}
    return alone + [
        (function, (rule, kind))
        for function, (kind,) in alone
        for rule in ("VALID", "SAME")
        if function in padding and kind not in STORAGE and not kind.startswith(("refused: ", "VALID", "SAME"))
    ]


# --- the page --------------------------------------------------------------------------------------------------


def page(demands: Sequence[Demand]) -> str:
    """docs/demands.md."""
    lines = [
        "# What is demanded of each function",
        "",
        "Made by `python -m solutions.conv2d.demands` from the text, the visible cases and the hidden tests; not edited by",
        "hand. Every kind of call that a hidden test makes is said in the text and shown by a visible check, and nothing else",
        "is asked: `tests/test_demands.py` fails on each gap. Beside the kinds of calls, the introduction asks that arrays",
        "which a function is given stay as they are (every visible check and one hidden test of each function look), and 6.3",
        "that conv2d_matmul is about as fast as one matrix product.",
        "",
        f"The table has {len(demands)} rows. They and, for functions that pad, those about sizes once more with each padding,",
        f"are the {len(classes(demands))} classes of arguments of the mutation test: a function that is wrong, or raises, for",
        "one of them alone loses points. `python -m tests.mutation --classes` shows each.",
        "",
        "| function | rows | classes |",
        "|---|---|---|",
        *map(_counts, conv2d.ASSIGNMENT.right, itertools.repeat(demands)),
    ]
    return "\n".join([*lines, *DEMANDS.sections_of_page(demands)]) + "\n"


def _counts(function: str, demands: Sequence[Demand]) -> str:
    rows = sum(each.function == function for each in demands)
    return f"| {function} | {rows} | {sum(name == function for name, _ in classes(demands))} |"


if __name__ == "__main__":
    DEMANDS.write(page(DEMANDS.table()))
