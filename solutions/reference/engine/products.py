"""Matrix products in pieces that OpenBLAS, which multiplies for NumPy, does best."""

import numpy as np

# OpenBLAS starts threads of its own from 2 · 4 · 65,536 multiplications (interface/gemm.c): waiting for them costs more
# than they bring, and the more so where `threads` has already given each core its share. Below it, where the CPU has
# AVX-512, it multiplies without first copying both matrices into an order of its own.
MULTIPLICATIONS = 2 * 4 * 65_536 - 1
COLUMNS = 32  # of a piece: about as many as it has rows, so that each number is loaded least often
DEPTH = 1024  # the longest sum of a piece


def multiply(left, right, product):
    """Write left @ right to `product`, an array `[rows, columns]` that need not be contiguous.

    `right` may also be several matrices `[..., depth, columns]`, each to be multiplied by `left` from its left.
    """
    if left.size * right.shape[-1] <= MULTIPLICATIONS:
        np.matmul(left, right, out=product)
        return
    _multiply(left[:, :DEPTH], right[..., :DEPTH, :], product)
    for first in range(DEPTH, left.shape[1], DEPTH):
        last = first + DEPTH
        more = np.empty_like(product)
        _multiply(left[:, first:last], right[..., first:last, :], more)
        product += more


def _multiply(left, right, product):
    *several, depth, columns = right.shape
    rows = MULTIPLICATIONS // (depth * min(columns, COLUMNS)) // 4 * 4
    whole = len(left) // rows * rows
    pieces = left[:whole].reshape(-1, rows, depth)
    for first in range(0, columns, COLUMNS):
        panel, target = right[..., first : first + COLUMNS], product[..., first : first + COLUMNS]
        # matmul takes all the pieces in a single call.
        targets = target[..., :whole, :].reshape(*several, -1, rows, panel.shape[-1])
        np.matmul(pieces, panel[..., None, :, :], out=targets)
        np.matmul(left[whole:], panel, out=target[..., whole:, :])
