"""How the outputs of a network's layers are made: shape formulas, places, and what errors mean here."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.judge.ladder import Origin
from autograder.judge.plain_words import Hint, Trouble


@dataclass(frozen=True)
class Pooled(Origin):
    """Windows of a max_pool: sizes are (rows, columns)."""

    image: tuple[int, ...]
    size: tuple[int, ...]
    strides: tuple[int, ...]

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        lines = ""
        for axis, word in enumerate(("rows", "columns")):
            n, f, s = self.image[axis], self.size[axis], self.strides[axis]
            lines += f"\n  {word}: floor(({n} − {f})/{s}) + 1 = {shape[1 + axis]}"
        return lines

    def where(self, index: tuple[int, ...]) -> str:
        spans = []
        for axis in (0, 1):
            start = index[1 + axis] * self.strides[axis]
            spans.append(f"{start} to {start + self.size[axis] - 1}")
        return f"\nIts window covers rows {spans[0]} and columns {spans[1]} of image {index[0]}, channel {index[3]}."

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        return (index[0], slice(None), slice(None), index[3])


@dataclass(frozen=True)
class PooledGradient(Origin):
    """The gradient of a max_pool for its inputs."""

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        return " A gradient has the shape of what it belongs to, here of the inputs."

    def where(self, index: tuple[int, ...]) -> str:
        return (
            f"\nIt belongs to row {index[1]}, column {index[2]} of image {index[0]}, channel {index[3]}: look at every "
            "window that this number lies in, and at whether it is the first of the largest there."
        )

    def plane(self, index: tuple[int, ...], part: int | None) -> tuple:
        return (index[0], slice(None), slice(None), index[3])


@dataclass(frozen=True)
class Gradients(Origin):
    """The gradients that a layer gives in a tuple."""

    parts: tuple[str, ...] = ("d_inputs", "d_weights", "d_bias")

    def rule(self, shape: tuple[int, ...], name: str) -> str:
        return f" A gradient has the shape of what it belongs to, here of the {name.removeprefix('d_')}."


def _unfit_matrices(trouble: Trouble) -> str:
    """What a matrix product that does not fit may mean, by the function."""
    if trouble.function == "dense_gradients":
        return (
            "The two matrices do not fit. Write the shapes down: inputs [batch, in], weights [in, out], upstream [batch, out]. "
            "d_inputs is [batch, in] and d_weights [in, out]: which of them must be transposed (.T)?"
        )
    return "The two matrices do not fit: the columns of the first must be as many as the rows of the second."


# fmt: off
HINTS = (
    Hint("ValueError", "matmul: .*mismatch|shapes .* not aligned", _unfit_matrices),
    Hint("ValueError", "zero-size array to reduction operation",
         "An empty window has no largest number: does a window begin behind the last row or column?"),
    Hint("TypeError", "cannot unpack non-iterable|object is not (subscriptable|iterable)",
         "Sizes and strides may be one number for both axes, or a pair (rows, columns), and strides may be None."),
    Hint("IndexError", "arrays used as indices must be of integer",
         "Labels are whole numbers: are these probabilities or floats?"),
)
# fmt: on
