"""Names for what goes through the reference, so that signatures can say which axes an array has.

NumPy's types hold no shapes, so for a type checker the arrays here are all one; the names are for readers.
The dtype is float32, float64 or an integer type, whichever the caller uses.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

# Of any shape.
Array: TypeAlias = npt.NDArray[Any]
# [numbers]
Vector: TypeAlias = npt.NDArray[Any]
# [rows, columns]
Matrix: TypeAlias = npt.NDArray[Any]
# [rows, columns] of an image or a kernel
Plane: TypeAlias = npt.NDArray[Any]
# [batch, height, width, channels], or [batch, channels, height, width] where a docstring says so
Images: TypeAlias = npt.NDArray[Any]
# [height, width, in_channels, out_channels]
Filters: TypeAlias = npt.NDArray[Any]

# What a caller may give in their place: an array, or lists that `np.asarray` makes one of.
PlaneLike: TypeAlias = npt.ArrayLike
ImagesLike: TypeAlias = npt.ArrayLike
FiltersLike: TypeAlias = npt.ArrayLike

DType: TypeAlias = np.dtype[Any]
Shape: TypeAlias = tuple[int, ...]
# (rows, columns), or (before, after) along one axis
Pair: TypeAlias = tuple[int, int]
# Around an image: ((above, below), (left, right))
Zeros: TypeAlias = tuple[Pair, Pair]

# As a caller may write them: an int for both axes, a pair (rows, columns), or a list of four; dilations too.
PairLike: TypeAlias = Sequence[int] | npt.NDArray[np.integer]
Strides: TypeAlias = int | PairLike
# "SAME", "VALID", or the zeros along the four axes.
Padding: TypeAlias = str | Sequence[PairLike] | npt.NDArray[np.integer]

Each = TypeVar("Each")


def two(values: Iterable[Each]) -> tuple[Each, Each]:
    """Return the two values, one for the rows and one for the columns, as the pair that a type checker can count.

    >>> two(size + 1 for size in (28, 32))
    (29, 33)
    """
    rows, columns = values
    return rows, columns
