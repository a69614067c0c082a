"""The visible cases of the network notebook: small inputs, and results that were worked out beforehand.

Data and no solution: this becomes the last part of the students' checks.py.
"""

from __future__ import annotations

import numpy as np

from autograder.judge.ladder import Uniform
from autograder.judge.visible import Case
from autograder.suite.network.origins import Gradients, Pooled, PooledGradient


def _picture(*channels: list) -> np.ndarray:
    """One picture, written channel by channel, as [1, height, width, channels]."""
    return np.array([channels], dtype=float).transpose(0, 2, 3, 1)


def _ramp(*shape: int) -> np.ndarray:
    """Numbers from -0.5 to 0.5 in no order that one sees."""
    return ((np.arange(np.prod(shape)) ** 3 * 7 % 13) / 13 - 0.5).reshape(shape)


# fmt: off
ONE = [1, 1, 1, 1]
TEXT = _picture([[1, 3, 2, 0, 9], [4, 2, 2, 1, 8], [0, 5, 6, 6, 7], [1, 5, 2, 6, 3]])
NEGATIVE = _picture([[-3, -5, -1], [-4, -2, -6]], [[-9, -8, -7], [-1, -2, -3]])
ROW = _picture([[1, 5, 2]])
WIDE = _picture([[3, 0, 1, 2, 7, 4], [1, 5, 8, 9, 3, 0], [2, 7, 2, 5, 1, 6]])
LOGS = np.log([[1.0, 2, 5]])
TWO = np.log([[1.0, 2, 5], [4, 1, 3]])
NETWORK = [_ramp(3, 2, 1, 2), np.array([0.1, -0.1]), _ramp(2, 2, 2, 3), np.array([0, 0.2, 0.1]), _ramp(6, 3), np.zeros(3)]
PICTURES = _ramp(4, 12, 9, 1)
COLOURED = [_ramp(3, 2, 2, 2), *NETWORK[1:]]
GRADIENTS, POOL_GRADIENT = Gradients(), PooledGradient()

CASES: dict[str, list[Case]] = {
    "conv2d": [
        Case("two channels, two filters", (np.stack([TEXT[..., 0], -TEXT[..., 0]], axis=3)[:, :2, :3],
             np.array([[[[1.0, 0], [0, 2]], [[0, 1], [1, 0]]]]), ONE, "VALID"),
             np.array([[[[-2, 1], [1, -4]], [[2, -6], [0, -2]]]])),
    ],
    "conv2d_gradients": [
        Case("the row of the first assignment", (_picture([[3, 1, 4]]), np.array([[[[2.0]], [[5]]]]), ONE, "VALID",
             _picture([[10, 1]])), (_picture([[20, 52, 5]]), np.array([[[[31.0]], [[14]]]]))),
    ],
    "relu": [
        Case("the text's example", (np.array([3.0, -1, 0, 2]),), np.array([3.0, 0, 0, 2])),
        Case("two channels of a picture", (NEGATIVE + 3,), np.maximum(NEGATIVE + 3, 0)),
        Case("whole numbers", (np.array([[5, -7]]),), np.array([[5, 0]])),
        Case("float32", (np.array([1.5, -0.25], np.float32),), np.array([1.5, 0])),
    ],
    "relu_gradient": [
        Case("the text's example, with a 0", (np.array([3.0, -1, 0, 2]), np.array([10.0, 20, 30, 40])),
             np.array([10.0, 0, 0, 40])),
        Case("negative upstream numbers pass as well", (np.array([[0.5, -2]]), np.array([[-3.0, 4]])), np.array([[-3.0, 0]])),
        Case("float32", (np.array([0.5, -2], np.float32), np.array([1.5, 4], np.float32)), np.array([1.5, 0])),
    ],
    "max_pool": [
        Case("the text's example", (TEXT, 2), _picture([[4, 2], [5, 6]]), Pooled((4, 5), (2, 2), (2, 2))),
        Case("negative numbers, two channels", (NEGATIVE, 2), _picture([[-2]], [[-1]]), Pooled((2, 3), (2, 2), (2, 2))),
        Case("a size of (2, 3)", (WIDE, (2, 3)), _picture([[8, 9]]), Pooled((3, 6), (2, 3), (2, 3))),
        Case("strides of 1: overlaps", (WIDE, 2, 1), _picture([[5, 8, 9, 9, 7], [7, 8, 9, 9, 6]]), Pooled((3, 6), (2, 2),
             (1, 1))),
        Case("strides of (1, 3): gaps", (WIDE, (2, 2), (1, 3)), _picture([[5, 9], [7, 9]]), Pooled((3, 6), (2, 2), (1, 3))),
        Case("strides of None are the size", (WIDE, (1, 2), None), _picture([[3, 2, 7], [5, 9, 3], [7, 5, 6]]),
             Pooled((3, 6), (1, 2), (1, 2))),
        Case("two pictures of whole numbers", (np.concatenate([TEXT, 9 - TEXT]).astype(np.uint8), (4, 2)),
             np.concatenate([_picture([[5, 6]]), _picture([[9, 9]])]), Pooled((4, 5), (4, 2), (4, 2))),
        Case("float32", (ROW.astype(np.float32) / 2, (1, 2)), _picture([[2.5]]), Pooled((1, 3), (1, 2), (1, 2))),
    ],
    "max_pool_gradient": [
        Case("the text's example: ties, and a column left out", (TEXT, 2, None, _picture([[10, 20], [30, 40]])),
             _picture([[0, 0, 20, 0, 0], [10, 0, 0, 0, 0], [0, 30, 40, 0, 0], [0, 0, 0, 0, 0]]), POOL_GRADIENT),
        Case("overlaps add up", (ROW, (1, 2), 1, _picture([[10, 1]])), _picture([[0, 11, 0]]), POOL_GRADIENT),
        Case("zeros alone: the first gets it", (0 * TEXT[:, :2, :4], 2, 2, _picture([[3, -4]])),
             _picture([[3, 0, -4, 0], [0, 0, 0, 0]]), POOL_GRADIENT),
        Case("negative numbers, two channels", (NEGATIVE, 2, 2, _picture([[7]], [[8]])),
             _picture([[0, 0, 0], [0, 7, 0]], [[0, 0, 0], [8, 0, 0]]), POOL_GRADIENT),
        Case("strides of (1, 3)", (WIDE, (2, 2), (1, 3), _picture([[1, 2], [3, 4]])),
             _picture([[0, 0, 0, 0, 0, 0], [0, 1, 0, 6, 0, 0], [0, 3, 0, 0, 0, 0]]), POOL_GRADIENT),
        Case("two pictures of whole numbers", (np.concatenate([ROW, 6 - ROW]).astype(np.uint8), (1, 2), None,
             np.concatenate([_picture([[7]]), _picture([[8]])])),
             np.concatenate([_picture([[0, 7, 0]]), _picture([[8, 0, 0]])]), POOL_GRADIENT),
        Case("float32", (ROW.astype(np.float32), (1, 2), 1, _picture([[0.5, 1]]).astype(np.float32)),
             _picture([[0, 1.5, 0]]), POOL_GRADIENT),
    ],
    "dense": [
        Case("the text's example", (np.array([[1.0, 2], [0, -1]]), np.array([[1.0, 0, 2], [3, 1, -1]]), np.array([0.5, 0, 1])),
             np.array([[7.5, 2, 1], [-2.5, -1, 2]])),
        Case("one picture, one unit", (np.array([[1.0, 2, 3]]), np.array([[1.0], [10], [100]]), np.array([0.5])),
             np.array([[321.5]])),
        Case("as many inputs as units", (np.array([[1.0, 2]]), np.array([[1.0, 0], [3, 1]]), np.array([0.0, 1])),
             np.array([[7.0, 3]])),
        Case("whole numbers and float32", (np.array([[1, 2]], np.uint8), np.array([[0.5, 0, 1], [3, 1, 2]], np.float32),
             np.array([0.0, 1, 2])), np.array([[6.5, 3, 7]])),
    ],
    "dense_gradients": [
        Case("the text's example", (np.array([[1.0, 2], [0, -1]]), np.array([[1.0, 0, 2], [3, 1, -1]]),
             np.array([[1.0, 0, 2], [0, 1, 1]])), (np.array([[5.0, 1], [2, 0]]), np.array([[1.0, 0, 2], [2, -1, 3]]),
             np.array([1.0, 1, 3])), GRADIENTS),
        Case("one picture, two inputs, two units", (np.array([[1.0, 2]]), np.array([[1.0, 0], [3, 1]]), np.array([[1.0, 10]])),
             (np.array([[1.0, 13]]), np.array([[1.0, 10], [2, 20]]), np.array([1.0, 10])), GRADIENTS),
        Case("one unit, whole numbers", (np.array([[1, 2, 3], [0, 1, 0]], np.uint8), np.array([[1.0], [0.5], [0]]),
             np.array([[2.0], [4]])), (np.array([[2.0, 1, 0], [4, 2, 0]]), np.array([[2.0], [8], [6]]), np.array([6.0])),
             GRADIENTS),
    ],
    "softmax": [
        Case("the text's example", (LOGS,), np.array([[0.125, 0.25, 0.625]])),
        Case("two pictures", (TWO,), np.array([[0.125, 0.25, 0.625], [0.5, 0.125, 0.375]])),
        Case("large logits", (LOGS + 1000,), np.array([[0.125, 0.25, 0.625]])),
        Case("large logits of both signs", (np.array([[0, 3000.0], [-3000, -3000]]),), np.array([[0, 1], [0.5, 0.5]])),
        Case("whole numbers", (np.array([[0, 0, 0, 0]]),), np.array([[0.25, 0.25, 0.25, 0.25]])),
        Case("float32", (LOGS.astype(np.float32),), np.array([[0.125, 0.25, 0.625]])),
    ],
    "cross_entropy": [
        Case("the text's example: log 4", (LOGS, np.array([1])), 1.3862943611),
        Case("two pictures: the mean of log 8 and log 2", (TWO, np.array([0, 0])), 1.3862943611),
        Case("the last class", (TWO, np.array([2, 2])), 0.7254164565),
        Case("hopeless: a loss of 3000", (np.array([[0, 3000.0]]), np.array([0])), 3000.0),
        Case("large logits", (LOGS + 1000, np.array([1])), 1.3862943611),
        Case("logits far below 0", (LOGS - 1000, np.array([1])), 1.3862943611),
        Case("whole numbers: log 4", (np.array([[0, 0, 0, 0]]), np.array([3])), 1.3862943611),
        Case("float32", (LOGS.astype(np.float32), np.array([1])), 1.3862943611),
    ],
    "cross_entropy_gradient": [
        Case("the text's example", (LOGS, np.array([1])), np.array([[0.125, -0.75, 0.625]])),
        Case("two pictures: half of each", (TWO, np.array([2, 0])), np.array([[0.0625, 0.125, -0.1875], [-0.25, 0.0625,
             0.1875]])),
        Case("large logits", (LOGS + 1000, np.array([0])), np.array([[-0.875, 0.25, 0.625]])),
        Case("logits far below 0", (LOGS - 1000, np.array([0])), np.array([[-0.875, 0.25, 0.625]])),
        Case("hopeless: a probability that becomes 0", (np.array([[0, 3000.0]]), np.array([0])), np.array([[-1.0, 1]])),
        Case("whole numbers", (np.array([[0, 0, 0, 0]]), np.array([3])), np.array([[0.25, 0.25, 0.25, -0.75]])),
        Case("float32", (LOGS.astype(np.float32), np.array([1])), np.array([[0.125, -0.75, 0.625]])),
    ],
    "glorot_uniform": [
        Case("a dense layer", ((2, 4), np.random.default_rng(0)), Uniform((2, 4), 1.0)),
        Case("filters", ((3, 5, 2, 6), np.random.default_rng(1)), Uniform((3, 5, 2, 6), 0.2236068)),
        Case("many weights", ((400, 200), np.random.default_rng(2)), Uniform((400, 200), 0.1)),
    ],
    "sgd_step": [
        Case("the text's example", ([np.array([1.0, 2])], [np.array([10.0, -5])], 0.1), [np.array([0, 2.5])]),
        Case("two arrays", ([np.array([[1.0, 2]]), np.array([3.0])], [np.array([[1.0, 0]]), np.array([4.0])], 0.5),
             [np.array([[0.5, 2]]), np.array([1.0])]),
    ],
    "train": [
        Case("one picture, two steps", (NETWORK, PICTURES[:1], np.array([2]), 2, 0.5, 1, np.random.default_rng(0)),
             [1.0631461880, 0.7191784952], changes=(0,)),
        Case("three epochs of one batch", (NETWORK, PICTURES[:3], np.array([2, 0, 1]), 3, 0.2, 3, np.random.default_rng(0)),
             [1.0974629126, 1.0973072485, 1.0971677698], changes=(0,)),
        Case("no steps, two batches: the mean of both", (NETWORK, PICTURES, np.array([2, 0, 1, 1]), 1, 0.0, 2,
             np.random.default_rng(0)), [1.0959896212], changes=(0,)),
        Case("no steps, and a last batch that is smaller: the same", (NETWORK, PICTURES, np.array([2, 0, 1, 1]), 1, 0.0, 3,
             np.random.default_rng(0)), [1.0959896212], changes=(0,)),
        Case("a batch that is smaller than batch_size", (NETWORK, PICTURES[:3], np.array([0, 0, 1]), 2, 0.2, 100,
             np.random.default_rng(0)), [1.1242862031, 1.0645007496], changes=(0,)),
        Case("two channels", (COLOURED, _ramp(2, 12, 9, 2), np.array([1, 2]), 2, 0.5, 2, np.random.default_rng(0)),
             [1.0726498888, 0.9625323768], changes=(0,)),
    ],
}
# fmt: on
