"""Matrix products in pieces that OpenBLAS, which multiplies for NumPy, does best.

    left, [rows, depth]        right, [depth, columns], in panels      product

    ┌─────────┬─────────┐          ┌─────┬─────┐                       ┌─────┬─────┐
    │ piece 0 │         │          │  A  │  B  │  PIECE_DEPTH          │     │     │
    ├─────────┼─────────┤          │     │     │  terms at most        ├─────┼─────┤
    │ piece 1 │         │    ·     ├─────┼─────┤                   =   │     │     │
    ├─────────┼─────────┤          │  C  │  D  │                       ├─────┼─────┤
    │ piece 2 │         │          │     │     │                       │     │     │
    └─────────┴─────────┘          └─────┴─────┘                       └─────┴─────┘
                                PIECE_COLUMNS at most

The left half times A fills the first column of pieces, all in one call of `matmul`, which takes a stack of
matrices; the right half times C is then added. A piece has as many rows, in twelves, as keep it below
PIECE_MULTIPLICATIONS.
"""

import functools
import os
from collections.abc import Iterator

import numpy as np

from solutions.reference.engine.threads import cut
from solutions.reference.engine.tuning import (
    LONG_SUM_TERMS,
    PIECE_COLUMNS,
    PIECE_DEPTH,
    PIECE_MULTIPLICATIONS,
    PIECE_ROWS,
    SUM_TERMS,
    WHOLE_ABOVE_DEPTH,
)
from solutions.reference.shapes import Array, Matrix

THREAD_COUNTS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")  # in OpenBLAS's order
AVX512_CORES = ("skylakex", "cooperlake", "sapphirerapids")  # OpenBLAS's names


class Right:
    """The right side of products, `[depth, columns]`, which many left sides meet one after the other.

    It may also be several matrices `[..., depth, columns]`, each to be multiplied by the same left side.
    """

    def __init__(self, matrix: Array):
        self.matrix = matrix
        # Made when first needed, once for all left sides.
        self._panels: list[tuple[slice, slice, Array]] | None = None

    def multiply(self, left: Matrix, product: Array) -> None:
        """Write left @ matrix to `product`, `[..., rows, columns]`, which need not be contiguous."""
        if left.size * self.matrix.shape[-1] <= PIECE_MULTIPLICATIONS:
            np.matmul(left, self.matrix, out=product)
            return
        whole = left.shape[1] > WHOLE_ABOVE_DEPTH and better_whole()
        if self._panels is None:
            self._panels = list(_panels(self.matrix, self.matrix.shape[-1] if whole else PIECE_COLUMNS))
        for terms, columns, panel in self._panels:
            part = product[..., columns]
            # The first terms are written, later ones added.
            target = np.empty(part.shape, part.dtype) if terms.start else part
            if whole:
                np.matmul(left[:, terms], panel, out=target)
            else:
                _multiply(left[:, terms], panel, target)
            if terms.start:
                part += target


def add_product(left: Matrix, right: Matrix, total: Matrix) -> None:
    """Add left @ right to `total`, `[rows, columns]`, where the sums are longer than the matrices are wide."""
    rows, columns = total.shape
    length = min(PIECE_DEPTH if has_avx512() else LONG_SUM_TERMS, PIECE_MULTIPLICATIONS // (rows * columns))
    if length < PIECE_COLUMNS:
        product = np.empty_like(total)
        Right(right).multiply(left, product)
        total += product
        return
    # Here the sum is what is cut: a stack of short sums in one call, added up afterwards, and what is left
    # over.
    whole = left.shape[1] // length * length
    if whole:
        pieces = left[:, :whole].reshape(rows, -1, length).transpose(1, 0, 2)
        total += np.matmul(pieces, right[:whole].reshape(-1, length, columns)).sum(axis=0)
    if whole < len(right):
        total += left[:, whole:] @ right[whole:]


def better_whole() -> bool:
    """Whether rows and columns had better stay together: OpenBLAS has AVX2 alone, and one thread by the environment, where
    it looks when NumPy is imported.
    """
    counts = [os.environ[name] for name in THREAD_COUNTS if name in os.environ]
    return counts[:1] == ["1"] and not has_avx512()


def has_avx512() -> bool:
    """Whether OpenBLAS multiplies with AVX-512: the CPU has it, and the environment does not name an older one."""
    return os.environ.get("OPENBLAS_CORETYPE", AVX512_CORES[0]).lower() in AVX512_CORES and _cpu_has_avx512()


@functools.cache
def _cpu_has_avx512() -> bool:
    """Whether NumPy runs AVX-512 code on this CPU; NumPy 2.4 calls that x86-64's fourth level."""
    targets = [each for kinds in np.lib.introspect.opt_func_info().values() for each in kinds.values()]
    return any(target["current"].startswith(("AVX512", "X86_V4")) for target in targets)


def _panels(right: Array, width: int) -> Iterator[tuple[slice, slice, Array]]:
    """Yield which terms of a sum, which `width` columns, and the part of `right` that they mean, laid out anew."""
    depth, columns = right.shape[-2:]
    for terms in cut(range(depth), -(-depth // (PIECE_DEPTH if has_avx512() else SUM_TERMS))):
        for column in range(0, columns, width):
            part = slice(terms.start, terms.stop), slice(column, column + width)
            yield *part, np.ascontiguousarray(right[..., *part])


def _multiply(left: Matrix, panel: Array, product: Array) -> None:
    """Write left @ panel to `product`, some rows at a time, but in a single call of matmul."""
    *several, depth, columns = panel.shape
    rows = PIECE_MULTIPLICATIONS // (depth * columns) // PIECE_ROWS * PIECE_ROWS
    whole = len(left) // rows * rows
    if whole:
        pieces, targets = left[:whole].reshape(-1, rows, depth), product[..., :whole, :]
        targets = targets.reshape(*several, -1, rows, columns)
        np.matmul(pieces, panel[..., None, :, :] if several else panel, out=targets)
    if whole < len(left):
        np.matmul(left[whole:], panel, out=product[..., whole:, :])
