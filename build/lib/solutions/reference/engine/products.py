"""Matrix products in pieces that OpenBLAS, which multiplies for NumPy, does best."""

import functools
import os

import numpy as np

from solutions.reference.engine.threads import cut

# OpenBLAS starts threads of its own from 2 · 4 · 65,536 multiplications (interface/gemm.c): waiting for them costs more
# than they bring, and the more so where `threads` has already given each core its share. Below it, where the CPU has
# AVX-512, it multiplies without first copying both matrices into an order of its own.
MULTIPLICATIONS = 2 * 4 * 65_536 - 1
ROWS = 12  # of a piece, or a multiple: what the loops of OpenBLAS take at once divides it
COLUMNS = 64  # of a piece at most
DEPTH = MULTIPLICATIONS // (ROWS * COLUMNS)  # the longest sum of a piece
# With AVX2 alone it copies in any case, and small pieces of long sums cost it a third more time. So there it gets the whole
# product, if the sums are long and it has but one thread. With AVX-512 that would take a tenth more than pieces do.
DEEP = 256
THREAD_COUNTS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")  # in OpenBLAS's order
AVX512_CORES = ("skylakex", "cooperlake", "sapphirerapids")  # OpenBLAS's names


class Right:
    """The right side of products, `[depth, columns]`, which many left sides meet one after the other.

    It may also be several matrices `[..., depth, columns]`, each to be multiplied by the same left side.
    """

    def __init__(self, matrix):
        self.matrix = matrix
        self._panels = None

    def multiply(self, left, product):
        """Write left @ matrix to `product`, `[..., rows, columns]`, which need not be contiguous."""
        if left.size * self.matrix.shape[-1] <= MULTIPLICATIONS or (left.shape[1] > DEEP and better_whole()):
            np.matmul(left, self.matrix, out=product)
            return
        if self._panels is None:
            self._panels = list(_panels(self.matrix))
        for terms, columns, panel in self._panels:
            if not terms.start:
                _multiply(left[:, terms], panel, product[..., columns])
            else:
                more = np.empty(product[..., columns].shape, product.dtype)
                _multiply(left[:, terms], panel, more)
                product[..., columns] += more


def add_product(left, right, total):
    """Add left @ right to `total`, `[rows, columns]`, where the sums are longer than the matrices are wide."""
    rows, columns = total.shape
    length = min(DEPTH, MULTIPLICATIONS // (rows * columns))
    if length < COLUMNS:
        product = np.empty_like(total)
        Right(right).multiply(left, product)
        total += product
        return
    whole = left.shape[1] // length * length
    if whole:
        pieces = left[:, :whole].reshape(rows, -1, length).transpose(1, 0, 2)
        total += np.matmul(pieces, right[:whole].reshape(-1, length, columns)).sum(axis=0)
    if whole < len(right):
        total += left[:, whole:] @ right[whole:]


def better_whole():
    """Whether OpenBLAS has AVX2 alone and the environment allows it one thread; it looks there when NumPy is imported."""
    counts = [os.environ[name] for name in THREAD_COUNTS if name in os.environ]
    return counts[:1] == ["1"] and not has_avx512()


def has_avx512():
    """Whether OpenBLAS multiplies with AVX-512: the CPU has it, and the environment does not name an older one."""
    return os.environ.get("OPENBLAS_CORETYPE", AVX512_CORES[0]).lower() in AVX512_CORES and _cpu_has_avx512()


@functools.cache
def _cpu_has_avx512():
    """Whether NumPy runs AVX-512 code on this CPU; NumPy 2.4 calls that x86-64's fourth level."""
    targets = [each for kinds in np.lib.introspect.opt_func_info().values() for each in kinds.values()]
    return any(target["current"].startswith(("AVX512", "X86_V4")) for target in targets)


def _panels(right):
    """Yield which terms of a sum, which columns, and the part of `right` that they mean, laid out anew."""
    depth, columns = right.shape[-2:]
    for terms in cut(range(depth), -(-depth // DEPTH)):
        for column in range(0, columns, COLUMNS):
            part = slice(terms.start, terms.stop), slice(column, column + COLUMNS)
            yield *part, np.ascontiguousarray(right[..., *part])


def _multiply(left, panel, product):
    """Write left @ panel to `product`, some rows at a time, but in a single call of matmul."""
    *several, depth, columns = panel.shape
    rows = MULTIPLICATIONS // (depth * columns) // ROWS * ROWS
    whole = len(left) // rows * rows
    if whole:
        pieces, targets = left[:whole].reshape(-1, rows, depth), product[..., :whole, :]
        targets = targets.reshape(*several, -1, rows, columns)
        np.matmul(pieces, panel[..., None, :, :] if several else panel, out=targets)
    if whole < len(left):
        np.matmul(left[whole:], panel, out=product[..., whole:, :])
