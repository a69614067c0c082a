"""Hidden inputs: asymmetric, never square, the same for every student of a course.

Their shapes and strides were chosen by solutions/conv2d/choose_inputs.py, so that the tests catch every mistake that is known and
tell it apart from the others; their numbers follow from the course's key. What a test needs of its numbers holds by how they are
made, for every key. In a test the order of the cases counts: it stops at its first problem.
"""

from collections.abc import Mapping

import numpy as np

from autograder.judge import Mismatch, assert_raises
from autograder.judge.function import Function
from autograder.judge.hidden import Numbers
from autograder.suite.conv2d.picture import PicturedWindow
from solutions import reference


def pixels(numbers: Numbers, seed: int, *shape: int) -> np.ndarray:
    """uint8 from 128 to 255: no product of two of them fits into 8 bits, whatever the key is."""
    return numbers(seed, *shape, dtype="uint8", low=128, high=255)


def weights(numbers: Numbers, seed: int, *shape: int) -> np.ndarray:
    """float32 filters for `pixels`, from -1 to 1, the last one from 0.5 to 1: its results are above 255, whatever the key is."""
    filters = numbers(seed, *shape, dtype="float32").copy()
    filters[..., -1] = 0.75 + filters[..., -1] / 4
    return filters


def large_int32(image: np.ndarray, kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers whose products do not fit into 32 bits, made of `pixels`."""
    return image.astype(np.int32) * 1000, kernel.astype(np.int32) * 100_000


def unforeseen_sizes(numbers: Numbers, seed: int, count: int = 4) -> list[tuple[int, int, int, int]]:
    """Sizes of an input, a filter that fits, a stride of 3 or 4, and more zeros on each side than the stride.

    Those that an author writes down are the same in every course, and so are their answers; these are not. Whatever the key is,
    each zero counts, and without zeros the last step leaves one number less than a stride: rounding up is wrong.
    """
    bounds = ((10, 100), (2, 12), (3, 4), (5, 9))
    columns = [
        numbers(seed + place, count, dtype="int64", low=low, high=high).tolist()
        for place, (low, high) in enumerate(bounds)
    ]
    return [
        (length + steps * stride + stride - 1, length, stride, zeros)
        for steps, length, stride, zeros in zip(*columns, strict=True)
    ]


# Sizes at which loops and comparisons are off by one: images and filters without a free position, of one row or
# column, with one channel or filter or many, with windows that stick out on both sides; batches of one and of many;
# equal strides that leave a remainder, and strides larger than the filter.
CORNERS = (
    ((2, 9, 13, 3), (5, 2, 3, 4), [1, 2, 3, 1], "VALID"),
    ((1, 9, 7, 2), (4, 5, 2, 3), [1, 1, 1, 1], "SAME"),
    ((2, 10, 9, 1), (5, 4, 1, 2), [1, 2, 1, 1], "SAME"),
    ((1, 5, 6, 2), (5, 6, 2, 2), [1, 1, 1, 1], "VALID"),
    ((1, 5, 6, 2), (5, 2, 2, 2), [1, 1, 1, 1], "VALID"),
    ((1, 5, 6, 1), (3, 1, 1, 2), [1, 1, 1, 1], "VALID"),
    ((1, 1, 6, 2), (1, 3, 2, 2), [1, 1, 1, 1], "VALID"),
    ((1, 6, 1, 2), (3, 1, 2, 2), [1, 1, 1, 1], "VALID"),
    ((1, 3, 2, 2), (5, 4, 2, 2), [1, 1, 1, 1], "SAME"),
    ((3, 8, 9, 2), (3, 2, 2, 3), [1, 2, 2, 1], "VALID"),
    ((4, 7, 5, 4), (3, 2, 4, 1), [1, 2, 2, 1], "SAME"),
    ((1, 11, 8, 1), (2, 3, 1, 2), [1, 4, 4, 1], "VALID"),
    ((3, 10, 7, 2), (2, 1, 2, 2), [1, 3, 3, 1], "SAME"),
    ((3, 4, 6, 5), (2, 2, 5, 1), [1, 1, 1, 1], "VALID"),
    ((1, 1, 6, 2), (1, 3, 2, 2), [1, 1, 1, 1], "SAME"),
    ((3, 6, 1, 2), (3, 1, 2, 2), [1, 1, 1, 1], "SAME"),
)


def corner_cases(numbers: Numbers, padding: str, *, stepping: bool | None = None) -> list[tuple]:
    """Inputs, filters, strides and padding of the `CORNERS` with that padding.

    Args:
        stepping: whether a stride is above 1; None for both.
    """
    return [
        (numbers(91, *images), numbers(92, *filters), strides, each)
        for images, filters, strides, each in CORNERS
        if each == padding and stepping in (None, max(strides) > 1)
    ]


def windows(inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str) -> PicturedWindow:
    """What a message needs to explain a wrong shape or to name a window of conv2d."""
    image, window, steps = inputs.shape[1:3], filters.shape[:2], tuple(strides[1:3])
    before = None
    if padding.upper() == "SAME":
        sizes = zip(image, window, steps, strict=True)
        before = tuple(reference.same_padding(*size)[0] for size in sizes)
    return PicturedWindow(image, window, steps, padding.upper(), before)


def fortran(array: np.ndarray) -> np.ndarray:
    """The same array with its first axis changing fastest in memory, as transposed arrays have it."""
    return np.asfortranarray(array)


def misfits(inputs: np.ndarray, filters: np.ndarray) -> dict[str, tuple]:
    """Arguments of conv2d that it refuses for their axes, channels or sizes; the keys say why.

    Args:
        inputs, filters: fitting ones: one 5×6 image and 3×3 filters, of 4 channels.
    """
    one = [1, 1, 1, 1]
    return {
        "the filters have other channels than the images": (inputs, filters[:, :, :3], one, "SAME"),
        "the inputs are one image, not a batch": (inputs[0], filters, one, "SAME"),
        "a VALID filter is larger than the image": (inputs, np.ones((6, 3, 4, 2)), one, "VALID"),
        "the inputs have five axes": (inputs[None], filters, one, "SAME"),
        "a VALID filter is wider than the image": (inputs, np.ones((3, 7, 4, 2)), one, "VALID"),
        "the filters have more channels than the images": (inputs, np.ones((3, 3, 5, 2)), one, "SAME"),
        "the filters have one channel, the images more": (inputs, filters[:, :, :1], one, "SAME"),
        "the images have one channel, the filters more": (inputs[..., :1], filters, one, "VALID"),
        "the filters have 3 axes": (inputs, filters[..., 0], one, "SAME"),
        "the filters have 5 axes": (inputs, filters[..., None], one, "SAME"),
        "the inputs have 5 axes": (inputs[..., None], filters, one, "SAME"),
    }


def bad_settings(inputs: np.ndarray, filters: np.ndarray) -> dict[str, tuple]:
    """Arguments of conv2d that it refuses for their strides or padding, as `misfits` gives them."""
    settings = {
        "the padding is neither SAME nor VALID": ([1, 1, 1, 1], "FULL"),
        "the strides skip images": ([2, 1, 1, 1], "SAME"),
        "a stride is 0": ([1, 0, 1, 1], "SAME"),
        "there are 3 strides": ([1, 1, 1], "SAME"),
        "there are 5 strides": ([1, 1, 1, 1, 1], "SAME"),
        "the strides skip channels": ([1, 1, 1, 2], "SAME"),
        "the stride of the batch is 0": ([0, 1, 1, 1], "SAME"),
        "the stride of the channels is 0": ([1, 1, 1, 0], "SAME"),
        "the stride of the columns is 0": ([1, 1, 0, 1], "SAME"),
        "the stride of the rows is negative": ([1, -1, 1, 1], "SAME"),
        "the stride of the columns is negative": ([1, 1, -1, 1], "VALID"),
        "the stride of the rows is 1.5": ([1, 1.5, 1, 1], "VALID"),
        "the stride of the columns is 2.5": ([1, 1, 2.5, 1], "SAME"),
        "the padding is 'TOP'": ([1, 1, 1, 1], "TOP"),
        "the padding is 'ZERO'": ([1, 1, 1, 1], "ZERO"),
    }
    return {because: (inputs, filters, *setting) for because, setting in settings.items()}


def or_else(arguments: tuple) -> tuple[type[Exception], ...]:
    """Which errors will do besides a ValueError: those of NumPy's own, where a stride of 1.5 becomes a size or an index."""
    numbers_in_lists = (each for given in arguments if isinstance(given, list) for each in given)
    return (TypeError, IndexError) if any(isinstance(each, float) for each in numbers_in_lists) else ()


def assert_refuses(function: Function, sound: tuple, refused: Mapping[str, tuple]) -> None:
    """The student's function raises ValueError for each of these arguments; the keys say what is wrong with them.

    All are tried before the first problem is told: what else is let through says which check is missing.

    Args:
        sound: arguments that the function must answer, rightly or not: one that refuses everything has checked nothing.
    """
    if function(*sound) is None:
        said = "The function returned None for arguments that make sense: is the `return` missing?"
        raise Mismatch("type", said, facts=())
    problems = []
    for because, arguments in refused.items():
        try:
            assert_raises(ValueError, function, *arguments, because=because, or_else=or_else(arguments))
        except Mismatch as problem:
            problems.append(problem)
    if problems:
        raise problems[0]
