"""How far a right answer may be from the reference's: a bound from the dtype and the number of products summed."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

# Any order of summation keeps within the bound; a Fourier transform spreads the largest error over the whole
# image. Measured shares of the bare bound: sums 0.15, float32 transforms 0.21. The smallest effect of a mistake
# is some hundred times what is allowed.
MARGIN = 4


def rounding(
    function: Callable[..., Any], *arguments: object, dtype: type[np.floating] = np.float32
) -> float | tuple[float, ...] | None:
    """The largest rounding error of a right implementation of `function` in `dtype` on these arguments.

    A sum of n products has an error of at most (n + 2) · u · Σ|products| to first order, where u is half the
    spacing of the numbers at 1 (N. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd edition, sections 3.1
    and 4.2): n − 1 additions, a product, and two factors that were rounded first; rounding the result adds two more.
    float32 counts as right whatever the inputs are. n and Σ|products| are what the function itself gives for
    ones and for absolute values, at their largest place.

    Returns one number, or one for each array where the function gives a tuple of arrays. None where ones give no
    finite numbers, or floats cannot stand for whole numbers, such as labels: then the function is no sum of products, and
    nothing is known of its rounding.
    """
    with np.errstate(all="ignore"):
        try:
            terms = _largest(function(*(_of(np.ones_like, value) for value in arguments)))
            magnitudes = _largest(function(*(_of(np.abs, value) for value in arguments)))
        except IndexError:
            return None
    if not np.all(np.isfinite([*terms, *magnitudes])):
        return None
    unit = np.finfo(dtype).eps / 2
    bounds = tuple(
        float(MARGIN * (n + 4) * unit * magnitude) for n, magnitude in zip(terms, magnitudes, strict=True)
    )
    return bounds if len(bounds) > 1 else bounds[0]


def _of(make: Callable[[np.ndarray], np.ndarray], value: object) -> object:
    """Arrays in float64, so that no dtype overflows; a copy of everything else, which the function may change."""
    return make(value.astype(np.float64)) if isinstance(value, np.ndarray) else copy.deepcopy(value)


def _largest(result: Any) -> tuple[float, ...]:
    parts = result if isinstance(result, tuple) else (result,)
    return tuple(float(np.max(part, initial=0.0)) for part in parts)
