"""How the outputs of a convolution are made: the shape formula, the window of one number, and what errors mean here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.judge.drawing import Panel
from autograder.judge.ladder import Origin
from autograder.judge.plain_words import Hint, Trouble, shapes_in


@dataclass(frozen=True)
class Window(Origin):
    """Windows that slide over an image, or over each image of a batch; sizes are (rows, columns)."""

    image: tuple[int, ...]
    filter: tuple[int, ...]
    strides: tuple[int, ...] = (1, 1)
    padding: str = "VALID"
    before: tuple[int, ...] | None = None  # zeros above and left; without, SAME windows stay unnamed

    def corner(self, row: int, column: int) -> tuple[int, int] | None:
        """The first image row and column that output (row, column) covers; negative ones are padding."""
        before = (0, 0) if self.padding == "VALID" else self.before
        if before is None:
            return None
        return row * self.strides[0] - before[0], column * self.strides[1] - before[1]

    def corner_of(self, index: tuple[int, ...]) -> tuple[int, int] | None:
        """The same for a place in an output [rows, columns] or [batch, rows, columns, channels]."""
        return self.corner(*index[_spatial(index)]) if len(index) in (2, 4) else None

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        lines = ""
        for axis, word in enumerate(("rows", "columns")):
            n, f, s = self.image[axis], self.filter[axis], self.strides[axis]
            formula = f"floor(({n} − {f})/{s}) + 1" if self.padding == "VALID" else f"ceil({n}/{s})"
            lines += f"\n  {word}: {formula} = {shape[_spatial(shape)][axis]}"
        return lines

    def where(self, index: tuple[int, ...]) -> str:
        corner = self.corner_of(index)
        if corner is None:
            return ""
        ends = [corner[axis] + self.filter[axis] for axis in (0, 1)]
        spans = [f"{first} to {end - 1}" for first, end in zip(corner, ends, strict=True)]
        outside = min(corner) < 0 or ends[0] > self.image[0] or ends[1] > self.image[1]
        padding = " What lies outside the image is zero padding." if outside else ""
        return f"\nIts window covers image rows {spans[0]} and columns {spans[1]}.{padding}"

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        return _plane_of_one_image(index)

    def panels(
        self, arguments: tuple, index: tuple[int, ...], part: int | None = None
    ) -> tuple[list[Panel], str]:
        corner = self.corner_of(index)
        return ([], "") if corner is None else _window_panels(arguments, index, corner)


@dataclass(frozen=True)
class OneWindow(Origin):
    """One number of one window, whose place is what the function is given after the image and the kernel."""

    def panels(
        self, arguments: tuple, index: tuple[int, ...], part: int | None = None
    ) -> tuple[list[Panel], str]:
        return _window_panels(arguments, index, arguments[2:])


@dataclass(frozen=True)
class Gradients(Origin):
    """The gradients of the images and of the filters, of a function given (inputs, filters, strides, padding, upstream)."""

    parts: tuple[str, ...] = ("d_inputs", "d_filters")
    before: tuple[int, ...] | None = None  # zeros above and left; without, SAME windows stay unnamed

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        return f" A gradient has the shape of what it belongs to, here of the {name.removeprefix('d_')}."

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        return (slice(None), slice(None), *index[2:]) if self._by_filter(part) else _plane_of_one_image(index)

    def _by_filter(self, part: int | None) -> bool:
        return self.parts[part or 0] == "d_filters"

    def panels(
        self, arguments: tuple, index: tuple[int, ...], part: int | None = None
    ) -> tuple[list[Panel], str]:
        inputs, filters, strides, padding, upstream = arguments
        window = Window(
            inputs.shape[1:3], filters.shape[:2], tuple(strides[1:3]), padding.upper(), self.before
        )
        if window.corner(0, 0) is None:
            return [], ""
        if self._by_filter(part):
            return _weight_panels(inputs, upstream, window, index)
        return _pixel_panels(inputs, filters, upstream, window, index)


def _pixel_panels(
    inputs: np.ndarray, filters: np.ndarray, upstream: np.ndarray, window: Window, index: tuple[int, ...]
) -> tuple[list[Panel], str]:
    """The windows that hold one number of an image, with what each passes on to it."""
    image, row, column, channel = index
    terms, places = [], []
    for i, j in np.ndindex(*upstream.shape[1:3]):
        top, left = window.corner(i, j) or (0, 0)
        m, n = row - top, column - left
        if 0 <= m < window.filter[0] and 0 <= n < window.filter[1]:
            places.append((i, j))
            terms += [
                f"output [{i}, {j}, {f}]: upstream {upstream[image, i, j, f]:.4g}, its weight "
                f"[{m}, {n}] {filters[m, n, channel, f]:.4g}"
                for f in range(filters.shape[3])
            ]
    told = "No window holds this number of the image, so nothing depends on it."
    if places:
        told = "These windows hold this number of the image; each passes its upstream number on, times the weight there:"
    panels = [
        Panel("image", inputs[image, :, :, channel], (row, column, 1, 1)),
        *(Panel(f"filter {f}", filters[:, :, channel, f]) for f in range(filters.shape[3] if places else 0)),
        *(
            Panel(f"upstream {f}", upstream[image, :, :, f], _around(places))
            for f in range(upstream.shape[3] if places else 0)
        ),
    ]
    return panels, f"\n{told}{_listed(terms)}"


def _weight_panels(
    inputs: np.ndarray, upstream: np.ndarray, window: Window, index: tuple[int, ...]
) -> tuple[list[Panel], str]:
    """The numbers of the images that one weight meets, with the upstream number of each meeting."""
    m, n, channel, f = index
    terms, places = [], []
    for image, i, j in np.ndindex(*upstream.shape[:3]):
        top, left = window.corner(i, j) or (0, 0)
        row, column = top + m, left + n
        inside = 0 <= row < window.image[0] and 0 <= column < window.image[1]
        if inside and image == 0:
            places.append((row, column))
        number = f"number {inputs[image, row, column, channel]:.4g}" if inside else "zero padding"
        terms.append(
            f"image {image}, output [{i}, {j}]: upstream {upstream[image, i, j, f]:.4g}, {number} at "
            f"[{row}, {column}]"
        )
    told = "In every window this weight meets one number of the image, and the window's upstream number says how much it counts:"
    panels = [
        Panel("image 0", inputs[0, :, :, channel], _around(places)),
        Panel("upstream 0", upstream[0, :, :, f], (0, 0, *upstream.shape[1:3])),
    ]
    return panels, f"\n{told}{_listed(terms)}"


def _around(places: list[tuple[int, int]]) -> tuple[int, int, int, int] | None:
    """The smallest frame around some places; None around none."""
    if not places:
        return None
    rows, columns = zip(*places, strict=True)
    return min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1


def _listed(terms: list[str], most: int = 6) -> str:
    rest = [f"and {len(terms) - most} more"] if len(terms) > most else []
    return "".join(f"\n  {term}" for term in (*terms[:most], *rest))


def _spatial(index: tuple[int, ...]) -> slice:
    """Which axes are rows and columns: the first two of an image, the second and third of a batch."""
    return slice(0, 2) if len(index) == 2 else slice(1, 3)


def _plane_of_one_image(index: tuple[int, ...]) -> tuple:
    """The rows and columns of one image and channel of a batch; an image is its own plane."""
    rows_and_columns = (slice(None), slice(None))
    return rows_and_columns if len(index) == 2 else (index[0], *rows_and_columns, index[3])


def _window_panels(arguments: tuple, index: tuple, corner: tuple) -> tuple[list[Panel], str]:
    """The image planes with the window, the kernel planes that meet it, and both in words."""
    image, kernel = arguments[:2]
    if image.ndim == 4:
        image = image[index[0]]
        kernel = kernel[:, :, :, index[3]] if isinstance(kernel, np.ndarray) else None
    else:
        image, kernel = image[:, :, None], kernel[:, :, None]
    size = kernel.shape[:2] if kernel is not None else arguments[1]
    panels, words = [], ""
    for channel in range(image.shape[2]):
        panel, window = _windowed(image[:, :, channel], corner, size)
        number = f" {channel}" if image.shape[2] > 1 else ""
        panels.append(Panel(f"image{number}", *panel))
        words += f"\n  window{number}  {_numbers(window)}"
        if kernel is not None:
            panels.append(Panel(f"kernel{number}", kernel[:, :, channel]))
            words += f"\n  kernel{number}  {_numbers(kernel[:, :, channel])}"
    return panels, words + "\nWork this one number out by hand, then follow your code to where it differs."


def _numbers(array: np.ndarray) -> str:
    rows = (", ".join(f"{number:.4g}" for number in row) for row in array)
    return f"[{', '.join(f'[{row}]' for row in rows)}]"


def _windowed(plane: np.ndarray, corner: tuple, size: tuple) -> tuple[tuple, np.ndarray]:
    """A plane with as much zero padding as the window needs: (numbers, mark, padding), and the window."""
    around = [(max(0, -c), max(0, c + f - n)) for c, f, n in zip(corner, size, plane.shape, strict=True)]
    numbers = np.pad(plane, around)
    row, column = corner[0] + around[0][0], corner[1] + around[1][0]
    window = numbers[row : row + size[0], column : column + size[1]]
    return (numbers, (row, column, *size), (*around[0], *around[1])), window


def _unfit_shapes(trouble: Trouble) -> str:
    """What two arrays that cannot be multiplied say of a window and its kernel."""
    first, second = (*shapes_in(trouble.message), (), ())[:2]
    if not first or not second:
        return ""
    if 0 in first or 0 in second:
        return (
            "One of the two arrays is empty. A slice is empty where it starts behind the last row or column, or ends where it "
            "starts or before: print both of its ends."
        )
    if trouble.function == "conv2d_matmul" and len(second) == 2 and first[-1] == second[0]:
        return "`*` multiplies number by number; the matrix product, rows by columns, is `@`."
    if len(first) != len(second):
        return f"The two arrays have different numbers of axes. {_one_of(trouble)}"
    if first == second[::-1]:
        return "One array has as many rows as the other has columns: are rows and columns swapped somewhere?"
    if len(first) == 3 and first[:2] == second[:2]:
        return f"The two arrays have as many rows and columns, but different channels. {_one_of(trouble)}"
    return _window_and_kernel(first, second, trouble)


def _one_of(trouble: Trouble) -> str:
    """How one image and one filter are taken out of what the function was given."""
    taken = "Of a batch, inputs[n] is one image; of the filters, filters[:, :, :, f] is one filter"
    number = "; of the upstream gradient, upstream[n, i, j, f] is one number"
    return f"{taken}{number if trouble.function == 'conv2d_gradients' else ''}."


def _unfit_sum(trouble: Trouble) -> str:
    """What does not fit where something is added to a window."""
    first, second = (*shapes_in(trouble.message), (), ())[:2]
    if len(first) != len(second):
        return (
            f"What is added has another number of axes than the place that it is added to. {_one_of(trouble)}"
        )
    return (
        "What is added has another size than the place that it is added to. If that is a window, does it hang over the edge of "
        "the image, because padding is missing or strides are swapped?"
    )


_KERNEL = r"\b\w*(kernel|filt|weight)\w*"


def _window_and_kernel(first: tuple[int, ...], second: tuple[int, ...], trouble: Trouble) -> str:
    """Whether the window is larger or smaller than the kernel, where the line says which of the two is which."""
    left, star, right = trouble.line.partition("*")
    known = star and bool(re.search(_KERNEL, left)) != bool(re.search(_KERNEL, right))
    fitting = "image[x : x + rows, y : y + columns], with the kernel's rows and columns"
    if not known:
        return f"Two arrays whose shapes do not fit were combined. A window must be as large as its kernel: {fitting}."
    window, kernel = (first, second) if re.search(_KERNEL, right) else (second, first)
    larger = any(w > k for w, k in zip(window, kernel, strict=True))
    if larger or trouble.function == "apply_kernel":
        return f"What the kernel is multiplied by has another size than the kernel. A window is {fitting}."
    return (
        "The window is smaller than the kernel. Either it hangs over the edge of the image, so that the loop runs too far or "
        f"padding is missing, or it is cut out wrongly: it is {fitting}."
    )


def only_in(functions: str, sentence: str) -> Callable[[Trouble], str]:
    """A sentence that is told of these functions alone, whose names are given with spaces between."""
    return lambda trouble: sentence if trouble.function in functions.split() else ""


BATCHES = "conv2d extract_patches conv2d_matmul conv2d_gradients"
# fmt: off
HINTS = (
    Hint("ValueError", "operands could not be broadcast together with shapes", _unfit_shapes),
    Hint("ValueError", "non-broadcastable output", _unfit_sum),
    Hint("ValueError", "to unpack",
         "There are more or fewer values than names: a single image's shape has 2, a batch's 4.", line="shape"),
    Hint("TypeError", "cannot unpack non-iterable|object is not (subscriptable|iterable)|has no len",
         only_in("convolve", "A stride may be one number for both axes, or a pair (rows, columns): both must work."),
         line=r"\bstride\b"),
    Hint("TypeError", "(unsupported operand|not supported between|concatenate|multiply sequence).*tuple",
         only_in("convolve", "A tuple stands where one number is needed: a shape, or a stride that is a pair (rows, columns). "
                 "Take its numbers apart."), line=r"\bstride\b"),
    Hint("TypeError", "(unsupported operand|not supported between|concatenate|multiply sequence).*list",
         only_in(BATCHES, "A list stands where one number is needed. `strides` is one, [1, rows, columns, 1]: strides[1] is "
                 "the step of the rows, strides[2] that of the columns.")),
    Hint("ZeroDivisionError", "", "Something was divided by zero: which size or stride is 0 here?"),
)
# fmt: on
