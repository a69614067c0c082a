"""How the outputs of a convolution are made: the shape formula, the window of one number, and what errors mean here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.judge.drawing import Panel
from autograder.judge.ladder import Origin
from autograder.judge.plain_words import Hint


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

    def panels(self, arguments: tuple, index: tuple[int, ...]) -> tuple[list[Panel], str]:
        corner = self.corner_of(index)
        return ([], "") if corner is None else _window_panels(arguments, index, corner)


@dataclass(frozen=True)
class OneWindow(Origin):
    """One number of one window, whose place is what the function is given after the image and the kernel."""

    def panels(self, arguments: tuple, index: tuple[int, ...]) -> tuple[list[Panel], str]:
        return _window_panels(arguments, index, arguments[2:])


@dataclass(frozen=True)
class Gradients(Origin):
    """The gradients of the images and of the filters."""

    parts: tuple[str, ...] = ("d_inputs", "d_filters")

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        return f" A gradient has the shape of what it belongs to, here of the {name.removeprefix('d_')}."

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        by_filter = self.parts[part or 0] == "d_filters"
        return (slice(None), slice(None), *index[2:]) if by_filter else _plane_of_one_image(index)


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


HINTS = (
    Hint(
        "ValueError",
        "operands could not be broadcast",
        "Two arrays whose shapes do not fit were combined. If one is a window and the other the kernel, the "
        "window hangs over the edge of the image: the loop runs too far, or the image needs (more) padding.",
    ),
    Hint(
        "ValueError",
        "to unpack",
        "There are more or fewer values than names: a single image's shape has 2, a batch's 4.",
    ),
    Hint("ZeroDivisionError", "", "Something was divided by zero: which size or stride is 0 here?"),
)
