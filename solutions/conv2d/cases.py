"""The visible cases of the convolution notebook: small inputs, and results that were worked out beforehand.

Data and no solution: this becomes the last part of the students' checks.py.
"""

from __future__ import annotations

import numpy as np

from autograder.judge.visible import Case
from autograder.suite.conv2d.origins import Gradients, OneWindow, Window


def _batch(images: list) -> np.ndarray:
    """Images written channel by channel, images[n][c][row][column], as NHWC."""
    return np.moveaxis(np.array(images, dtype=float), 1, 3)


def _bank(filters: list) -> np.ndarray:
    """Filters written channel by channel, filters[out][in][row][column], as HWIO."""
    return np.array(filters, dtype=float).transpose(2, 3, 1, 0)


def _single(array: np.ndarray) -> np.ndarray:
    """The same in float32, with the first axis changing fastest in memory, as in a transposed array."""
    return np.asfortranarray(array, dtype=np.float32)


# fmt: off
LECTURE = np.array([[2, 0, 1, 3], [7, 1, 1, 0], [0, 2, 5, 0], [0, 5, 1, 4]])
EDGES = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
WIDE = np.array([[3.0, 0, 1, 2, 7], [1, 5, 8, 9, 3], [2, 7, 2, 5, 1]])
EVEN = np.array([[1.0, 2], [0, -1]])
STEEP = np.array([[1.0, -2, 3], [4, 0, -5]])

HOMEWORK = _batch([[[[2, 0, 3, 1], [1, 1, 0, 0], [1, 0, 2, 0], [1, 0, 1, 2]]]])
SOBEL = _bank([[[[1, 0, -1], [2, 0, -2], [1, 0, -1]]]])
ANSWERS = _batch([[[[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]]]])
TAUGHT = _bank([[[[1, 0, 1], [2, 1, 0], [0, 0, 1]]]])
PAIR = _batch(
    [
        [[[3, 0, 1, 2], [1, 5, 8, 9], [2, 7, 2, 5]], [[1, 1, 0, 4], [0, 2, 6, 1], [3, 0, 1, 2]]],
        [[[0, 2, 4, 1], [3, 3, 0, 2], [5, 1, 1, 6]], [[2, 0, 7, 1], [1, 4, 0, 0], [0, 8, 2, 3]]],
    ]
)
BANK = _bank(
    [
        [[[1, 2, 0], [0, -1, 3]], [[2, 0, 1], [-1, 1, 0]]],
        [[[0, 1, -2], [1, 0, 0]], [[0, 3, 0], [1, 0, -1]]],
        [[[-1, 0, 0], [2, 0, 1]], [[1, 0, 2], [0, 0, 4]]],
    ]
)
SMALL = _batch([[[[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]]]])
WHOLE = SMALL.astype(int)
TILT = _bank([[[[1, 10], [100, -1]]]])
WEDGE = _bank([[[[1, -2], [0, 3], [2, 1]]]])
ROW, ROW_FILTER = _batch([[[[3, 1, 4]]]]), _bank([[[[2, 5]]]])
LONG_ROW = _batch([[[[3, 1, 4, 1, 5]]]])
COLUMN, COLUMN_FILTER = _batch([[[[3], [1], [4], [1]]]]), _bank([[[[2], [5]]]])
TALL_FILTER = _bank([[[[2], [5], [-1]]]])
THREE_COLUMNS = _batch([[[[3], [1], [4], [1], [5]]], [[[2], [0], [6], [1], [1]]], [[[1], [1], [2], [7], [0]]]])
TRIO = _batch([[[[3, 0, 1, 2], [1, 5, 8, 9], [2, 7, 2, 5]]], [[[1, 1, 0, 4], [0, 2, 6, 1], [3, 0, 1, 2]]],
               [[[0, 2, 4, 1], [3, 3, 0, 2], [5, 1, 1, 6]]]])
PIXELS, WEIGHTS = np.uint8([[200, 100, 30]]), np.uint8([[2, 3]])
UPSTREAM = _batch([[[[1, 2]], [[0, -1]], [[3, 1]]], [[[2, 0]], [[1, 5]], [[-2, 4]]]])

ONE = [1, 1, 1, 1]
ONE_WINDOW, GRADIENTS = OneWindow(), Gradients()
VALID_WIDE = Window((3, 4), (2, 2), (1, 2))
SAME_3X3 = Window((4, 4), (3, 3), (1, 1), "SAME", (1, 1))
SAME_EVEN = Window((3, 4), (2, 2), (1, 1), "SAME", (0, 0))
SAME_TALL = Window((3, 4), (2, 2), (2, 1), "SAME", (0, 0))
SAME_WIDE = Window((3, 4), (2, 3), (1, 2), "SAME", (0, 0))
SAME_BY_TWO = Window((3, 4), (3, 2), (2, 2), "SAME", (1, 0))

CASES: dict[str, list[Case]] = {
    "apply_kernel": [
        Case("the slides' first number", (LECTURE, EDGES, 0, 0), -4.0, ONE_WINDOW),
        Case("x is the row: V(1, 0)", (LECTURE, EDGES, 1, 0), 3.0, ONE_WINDOW),
        Case("an even kernel at row 1, column 2", (WIDE, EVEN, 1, 2), 21.0, ONE_WINDOW),
        Case("a 2×3 kernel with weights of its own at every place", (WIDE, STEEP, 1, 2), 2.0, ONE_WINDOW),
        Case("a fraction from whole pixels", (LECTURE, EDGES / 4, 1, 0), 0.75, ONE_WINDOW),
        Case("uint8 pixels whose products pass 255", (PIXELS, WEIGHTS, 0, 0), 700.0, ONE_WINDOW),
    ],
    "output_size": [
        Case("4 wide, filter 3", (4, 3), 2),
        Case("4 wide, filter 3, one zero on each side", (4, 3, 1, 1), 4),
        Case("7 wide, filter 3, stride 2", (7, 3, 2), 3),
        Case("6 wide, filter 3, stride 2: round down", (6, 3, 2), 2),
        Case("9 wide, filter 2, stride 3, one zero on each side", (9, 2, 3, 1), 4),
        Case("a filter as large as its input", (5, 5, 2), 1),
        Case("a filter larger than its input, which fits by the zeros", (3, 5, 1, 1), 1),
        Case("a filter that does not fit", (3, 5), ValueError),
        Case("stride 0", (5, 3, 0), ValueError),
        Case("a negative stride", (5, 3, -1), ValueError),
        Case("an empty input", (0, 1, 1, 2), ValueError),
        Case("an empty filter", (4, 0), ValueError),
    ],
    "convolve": [
        Case("the slides' first example", (LECTURE, EDGES), np.array([[-4, -3], [3, -8]]), Window((4, 4),
             (3, 3))),
        Case("a 3×5 image, an even kernel", (WIDE, EVEN), np.array([[-2, -6, -4, 13], [4, 19, 21, 14]]),
             Window((3, 5), (2, 2))),
        Case("a 3×5 image, a 2×3 kernel", (WIDE, STEEP), np.array([[-30, -21, 35], [13, 19, 2]]), Window((3,
             5), (2, 3))),
        Case("stride 2", (WIDE, EVEN, 2), np.array([[-2, -4]]), Window((3, 5), (2, 2), (2, 2))),
        Case("strides (1, 3)", (WIDE, EVEN, (1, 3)), np.array([[-2, 13], [4, 14]]), Window((3, 5), (2, 2),
             (1, 3))),
        Case("strides (2, 1) on a 5×3 image", (WIDE.T, EVEN, (2, 1)), np.array([[0, -2], [8, 7]]),
             Window((5, 3), (2, 2), (2, 1))),
        Case("fractions from whole pixels", (LECTURE, EDGES / 4, (1, 2)), np.array([[-1], [0.75]]),
             Window((4, 4), (3, 3), (1, 2))),
        Case("one row, a stride larger than the kernel", (LONG_ROW[0, :, :, 0], ROW_FILTER[:, :, 0, 0], 3),
             np.array([[11, 27]]), Window((1, 5), (1, 2), (3, 3))),
        Case("one column", (COLUMN[0, :, :, 0], COLUMN_FILTER[:, :, 0, 0]), np.array([[11], [22], [13]]),
             Window((4, 1), (2, 1))),
        Case("uint8 pixels whose products pass 255", (PIXELS, WEIGHTS), np.array([[700, 290]]), Window((1, 3),
             (1, 2))),
        Case("float32, columns first in memory", (_single(WIDE), _single(EVEN), 2), np.array([[-2, -4]]),
             Window((3, 5), (2, 2), (2, 2))),
    ],
    "same_padding": [
        Case("4 wide, filter 3", (4, 3), (1, 1)),
        Case("4 wide, filter 2: the odd zero goes after", (4, 2), (0, 1)),
        Case("the slides' 28 wide, filter 5, stride 2", (28, 5, 2), (1, 2)),
        Case("7 wide, filter 3, stride 2", (7, 3, 2), (1, 1)),
        Case("7 wide, filter 4, stride 3", (7, 4, 3), (1, 2)),
        Case("6 wide, filter 1, stride 3: no zeros needed", (6, 1, 3), (0, 0)),
        Case("a filter larger than its input", (3, 6), (2, 3)),
        Case("one pixel, filter 3, stride 2", (1, 3, 2), (1, 1)),
    ],
    "pad": [
        Case("a row above, columns (1, 2)", (WIDE, (1, 0), (1, 2)), np.array([[0, 0, 0, 0, 0, 0, 0, 0], [0,
             3, 0, 1, 2, 7, 0, 0], [0, 1, 5, 8, 9, 3, 0, 0], [0, 2, 7, 2, 5, 1, 0, 0]])),
        Case("rows below only", (EVEN, (0, 2), (0, 0)), np.array([[1, 2], [0, -1], [0, 0], [0, 0]])),
        Case("another number on each side; fractions stay", (EVEN / 4, [0, 1], [2, 3]), np.array([[0, 0, 0.25,
             0.5, 0, 0, 0], [0, 0, 0, -0.25, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]])),
        Case("a row of whole numbers, above 255 and below 0", (np.array([[300, -7, 12]]), (2, 0), (1, 0)),
             np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 300, -7, 12]])),
        Case("one column, columns of zeros only", (np.array([[4.0], [5], [6]]), (0, 0), (1, 2)), np.array([[0,
             4, 0, 0], [0, 5, 0, 0], [0, 6, 0, 0]])),
        Case("no zeros at all", (STEEP, (0, 0), (0, 0)), np.array([[1, -2, 3], [4, 0, -5]])),
    ],
    "conv2d": [
        Case("the questions' example, VALID", (ANSWERS, TAUGHT, ONE, "VALID"), _batch([[[[14, 6], [6, 12]]]]),
             Window((4, 4), (3, 3))),
        Case("the slides' homework, SAME", (HOMEWORK, SOBEL, ONE, "SAME"), _batch([[[[-1, -1, -1, 6], [-2, 0,
             1, 5], [-1, -1, -1, 5], [0, -1, -4, 4]]]]), SAME_3X3),
        Case("an even filter, SAME", (SMALL, TILT, ONE, "SAME"), _batch([[[[504, 939, 208, 601], [592, 324,
             554, 806], [35, 53, 85, 8]]]]), SAME_EVEN),
        Case("2 images, 2 channels, 3 filters", (PAIR, BANK, ONE, "VALID"), _batch([[[[26, 31], [13, 40]],
             [[-4, 3], [-1, 13]], [[32, 32], [21, 26]]], [[[15, 13], [21, 22]], [[-2, 30], [18, 2]], [[22, 8],
             [17, 21]]]]), Window((3, 4), (2, 3))),
        Case("strides (1, 2), SAME in small letters", (PAIR, BANK, [1, 1, 2, 1], "same"), _batch([[[[26, -9],
             [13, 34], [23, 14]], [[-4, 28], [-1, 15], [3, 11]], [[32, 15], [21, 2], [3, -1]]], [[[15, 18],
             [21, -1], [9, 17]], [[-2, 4], [18, 5], [23, 15]], [[22, 3], [17, 2], [-1, 1]]]]), SAME_WIDE),
        Case("3 images, strides (2, 2) with a remainder, VALID in small letters", (TRIO, TILT, [1, 2, 2, 1],
             "valid"), _batch([[[[98, 812]]], [[[9, 639]]], [[[317, 12]]]]), Window((3, 4), (2, 2), (2, 2))),
        Case("strides (2, 2), SAME", (SMALL, WEDGE, [1, 2, 2, 1], "SAME"), _batch([[[[22, 13], [-4, 14]]]]),
             SAME_BY_TWO),
        Case("one row, a stride larger than the filter, SAME", (LONG_ROW, ROW_FILTER, [1, 1, 3, 1], "SAME"),
             _batch([[[[11, 27]]]]), Window((1, 5), (1, 2), (1, 3), "SAME", (0, 0))),
        Case("one column, VALID", (COLUMN, COLUMN_FILTER, ONE, "VALID"), _batch([[[[11], [22], [13]]]]),
             Window((4, 1), (2, 1))),
        Case("fractions from whole pixels", (WHOLE, TILT / 16, [1, 1, 2, 1], "VALID"), _batch([[[[31.5, 13],
             [37, 34.625]]]]), VALID_WIDE),
        Case("uint8 pixels and weights whose products pass 255", (PIXELS[None, :, :, None], WEIGHTS[:, :,
             None, None], ONE, "VALID"), _batch([[[[700, 290]]]]), Window((1, 3), (1, 2))),
        Case("float32, columns first in memory", (_single(PAIR), _single(BANK), [1, 1, 2, 1], "VALID"),
             _batch([[[[26], [13]], [[-4], [-1]], [[32], [21]]], [[[15], [21]], [[-2], [18]], [[22], [17]]]]),
             Window((3, 4), (2, 3), (1, 2))),
        Case("filters of 2 channels, images of one", (SMALL, BANK, ONE, "SAME"), ValueError),
        Case("filters of one channel, images of 2", (PAIR, TILT, ONE, "SAME"), ValueError),
        Case("an unknown padding", (SMALL, TILT, ONE, "FULL"), ValueError),
        Case("strides that skip images", (SMALL, TILT, [2, 1, 1, 1], "SAME"), ValueError),
        Case("a stride of 0", (SMALL, TILT, [1, 0, 1, 1], "SAME"), ValueError),
        Case("a stride of 1.5", (SMALL, TILT, [1, 1.5, 1, 1], "VALID"), ValueError, or_else=(TypeError, IndexError)),
        Case("inputs with three axes", (SMALL[0], TILT, ONE, "SAME"), ValueError),
        Case("filters with three axes", (SMALL, TILT[..., 0], ONE, "SAME"), ValueError),
        Case("VALID with a filter larger than the image", (SMALL[:, :1], TILT, ONE, "VALID"), ValueError),
    ],
    "flatten_filters": [
        Case("one 2×2 filter, one channel", (TILT,), np.array([[1], [10], [100], [-1]])),
        Case("three 2×3 filters, two channels", (BANK,), np.array([[1, 0, -1], [2, 0, 1], [2, 1, 0], [0, 3,
             0], [0, -2, 0], [1, 0, 2], [0, 1, 2], [-1, 1, 0], [-1, 0, 0], [1, 0, 0], [3, 0, 1], [0, -1,
             4]])),
        Case("fractions in float32, columns first in memory", (_single(BANK / 4),), np.array([[0.25, 0,
             -0.25], [0.5, 0, 0.25], [0.5, 0.25, 0], [0, 0.75, 0], [0, -0.5, 0], [0.25, 0, 0.5], [0, 0.25,
             0.5], [-0.25, 0.25, 0], [-0.25, 0, 0], [0.25, 0, 0], [0.75, 0, 0.25], [0, -0.25, 1]])),
    ],
    "extract_patches": [
        Case("2×2 windows, one channel", (SMALL, (2, 2), ONE, "VALID"), np.array([[[[3, 1, 5, 9], [1, 4, 9,
             2], [4, 1, 2, 6]], [[5, 9, 5, 3], [9, 2, 3, 5], [2, 6, 5, 8]]]]), Window((3, 4), (2, 2))),
        Case("2×2 windows, SAME, strides (2, 1)", (SMALL, (2, 2), [1, 2, 1, 1], "SAME"), np.array([[[[3, 1, 5,
             9], [1, 4, 9, 2], [4, 1, 2, 6], [1, 0, 6, 0]], [[5, 3, 0, 0], [3, 5, 0, 0], [5, 8, 0, 0], [8, 0, 0, 0]]]]),
             SAME_TALL),
        Case("2×3 windows, 2 images, 2 channels", (PAIR, (2, 3), ONE, "VALID"), np.array([[[[3, 1, 0, 1, 1, 0,
             1, 0, 5, 2, 8, 6], [0, 1, 1, 0, 2, 4, 5, 2, 8, 6, 9, 1]], [[1, 0, 5, 2, 8, 6, 2, 3, 7, 0, 2, 1],
             [5, 2, 8, 6, 9, 1, 7, 0, 2, 1, 5, 2]]], [[[0, 2, 2, 0, 4, 7, 3, 1, 3, 4, 0, 0], [2, 0, 4, 7, 1,
             1, 3, 4, 0, 0, 2, 0]], [[3, 1, 3, 4, 0, 0, 5, 0, 1, 8, 1, 2], [3, 4, 0, 0, 2, 0, 1, 8, 1, 2, 6,
             3]]]]), Window((3, 4), (2, 3))),
        Case("1×1 windows, strides (2, 3)", (PAIR, (1, 1), [1, 2, 3, 1], "VALID"), np.array([[[[3, 1], [2, 4]],
             [[2, 3], [5, 2]]], [[[0, 2], [1, 1]], [[5, 0], [6, 3]]]]), Window((3, 4), (1, 1), (2, 3))),
        Case("3×3 windows, strides (2, 2), SAME", (SMALL, (3, 3), [1, 2, 2, 1], "SAME"), np.array([[[[0, 0, 0,
             3, 1, 4, 5, 9, 2], [0, 0, 0, 4, 1, 0, 2, 6, 0]], [[5, 9, 2, 5, 3, 5, 0, 0, 0], [2, 6, 0, 5, 8, 0,
             0, 0, 0]]]]), Window((3, 4), (3, 3), (2, 2), "SAME", (1, 0))),
        Case("3 images, strides (2, 2) with a remainder, VALID in small letters", (TRIO, (2, 2), [1, 2, 2, 1],
             "valid"), np.array([[[[3, 0, 1, 5], [1, 2, 8, 9]]], [[[1, 1, 0, 2], [0, 4, 6, 1]]], [[[0, 2, 3,
             3], [4, 1, 0, 2]]]]), Window((3, 4), (2, 2), (2, 2))),
        Case("one row", (ROW, (1, 2), ONE, "VALID"), np.array([[[[3, 1], [1, 4]]]]), Window((1, 3), (1, 2))),
        Case("one column, SAME in small letters", (COLUMN, (2, 1), ONE, "same"), np.array([[[[3, 1]], [[1,
             4]], [[4, 1]], [[1, 0]]]]), Window((4, 1), (2, 1), (1, 1), "SAME", (0, 0))),
        Case("fractions in float32, columns first in memory", (_single(TRIO[:1] / 4), (2, 3), ONE, "VALID"),
             np.array([[[[0.75, 0, 0.25, 0.25, 1.25, 2], [0, 0.25, 0.5, 1.25, 2, 2.25]], [[0.25, 1.25, 2, 0.5,
             1.75, 0.5], [1.25, 2, 2.25, 1.75, 0.5, 1.25]]]]), Window((3, 4), (2, 3))),
    ],
    "conv2d_gradients": [
        Case("the row worked by hand", (ROW, ROW_FILTER, ONE, "VALID", _batch([[[[10, 1]]]])), (_batch([[[[20,
             52, 5]]]]), _bank([[[[31, 14]]]])), GRADIENTS),
        Case("strides (1, 2), VALID", (SMALL, TILT, [1, 1, 2, 1], "VALID", _batch([[[[1, 2], [3, -1]]]])),
             (_batch([[[[1, 10, 2, 20], [103, 29, 199, -12], [300, -3, -100, 1]]]]), _bank([[[[24, 24], [19,
             22]]]])), GRADIENTS),
        Case("an even filter, SAME", (SMALL, TILT, [1, 2, 2, 1], "SAME", _batch([[[[1, 2], [3, -1]]]])),
             (_batch([[[[1, 10, 2, 20], [100, -1, 200, -2], [3, 30, -1, -10]]]]), _bank([[[[21, 4], [9,
             21]]]])), GRADIENTS),
        Case("2 images, 2 channels, 3 filters", (PAIR, BANK, [1, 2, 1, 1], "VALID", UPSTREAM), (_batch([[[[-2,
             3, 3, 2], [6, 0, 4, 7], [0, 0, 0, 0]], [[5, 5, 4, 4], [-1, -2, 14, 5], [0, 0, 0, 0]]], [[[4, 1,
             3, -10], [-3, 11, 4, 4], [0, 0, 0, 0]], [[2, 7, 13, 8], [-1, 7, -9, 11], [0, 0, 0, 0]]]]),
             _bank([[[[3, 6, 13], [17, 27, 26]], [[7, 1, 22], [6, 22, 8]]], [[[10, 21, 7], [13, -5, 1]], [[1,
             35, 8], [19, -2, -1]]], [[[17, 13, 1], [14, 17, 41]], [[0, 31, -6], [16, 4, 19]]]])), GRADIENTS),
        Case("a 3×3 filter, strides (2, 2), SAME in small letters", (SMALL, TAUGHT, [1, 2, 2, 1], "same",
             _batch([[[[1, 2], [3, -1]]]])), (_batch([[[[2, 1, 4, 2], [3, 0, 3, 0], [6, 3, -2, -1]]]]),
             _bank([[[[13, 21, 6], [21, 4, 19], [9, 21, 2]]]])), GRADIENTS),
        Case("a 3×3 filter, strides (2, 3), SAME", (SMALL, TAUGHT, [1, 2, 3, 1], "SAME",
             _batch([[[[1, 2], [3, -1]]]])), (_batch([[[[1, 0, 4, 2], [0, 4, -1, 0], [3, 0, -2, -1]]]]),
             _bank([[[[-2, 9, 27], [3, 12, 10], [4, 17, 9]]]])), GRADIENTS),
        Case("3 images of one column, a stride larger than the filter, VALID in small letters",
             (THREE_COLUMNS, TALL_FILTER, [1, 4, 1, 1], "valid", _batch([[[[1]]], [[[-2]]], [[[3]]]])),
             (_batch([[[[2], [5], [-1], [0], [0]]], [[[-4], [-10], [2], [0], [0]]], [[[6], [15], [-3], [0],
             [0]]]]), _bank([[[[2], [4], [-2]]]])), GRADIENTS),
        Case("fractions from whole pixels and weights", (WHOLE, TILT.astype(int), ONE, "VALID",
             _batch([[[[0.5, 1, 0], [0.25, 0, 2]]]])), (_batch([[[[0.5, 6, 10, 0], [50.25, 102, 1, 20], [25,
             -0.25, 200, -2]]]]), _bank([[[[7.75, 18.75], [22.75, 23.25]]]])), GRADIENTS),
        Case("whole pixels, weights with fractions", (WHOLE, TILT / 16, ONE, "VALID", _batch([[[[1, 0, 2], [0,
             -1, 0]]]])), (_batch([[[[0.0625, 0.625, 0.125, 1.25], [6.25, -0.125, 11.875, -0.125], [0, -6.25,
             0.0625, 0]]]]), _bank([[[[2, 1], [6, 16]]]])), GRADIENTS),
        Case("float32, columns first in memory", (_single(SMALL), _single(TILT), ONE, "VALID",
             _single(_batch([[[[1, 2, 0], [3, 0, -1]]]]))), (_batch([[[[1, 12, 20, 0], [103, 229, -3, -10],
             [300, -3, -100, 1]]]]), _bank([[[[18, 30], [33, 14]]]])), GRADIENTS),
    ],
}
# fmt: on
CASES["conv2d_matmul"] = CASES["conv2d"]
