"""Numbers that are cut off, wrap around or are changed after the sum."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.conv2d.mistakes.sections import ONE_WINDOW, ROWS, SLIDING, SUMS


def is_whole(image):
    return image.dtype.kind in "iu"


@mistake(
    *SUMS,
    sentence="The fractions of your result are cut off: it is stored as whole numbers. Make the output "
    "an array of floats, np.zeros(shape), and do not use int().",
    lecture=ONE_WINDOW,
    on_answer=True,
)
def cut_to_whole_numbers(right, *arguments):
    return np.trunc(right(*arguments).astype(float)).astype(np.int64)[()]


@mistake(
    *SUMS,
    sentence="Your output has the image's type, so the fractions of whole-number pictures are cut off "
    "and large numbers do not fit. Make it an array of floats: np.zeros(shape).",
    lecture=ONE_WINDOW,
)
def stored_in_the_images_type(right, image, *rest):
    out = right(image, *rest)
    if not is_whole(image):
        return out
    stored = np.zeros(out.shape, image.dtype)
    for place in np.ndindex(out.shape):
        stored[place] = out[place]
    return stored[()]


@mistake(
    *SUMS,
    sentence="The kernel is converted to the image's type: with whole-number pictures its fractions are "
    "lost. Convert the image to float instead.",
    lecture=ONE_WINDOW,
)
def kernel_in_the_images_type(right, image, kernel, *rest):
    return right(image, kernel.astype(image.dtype), *rest)


@mistake(
    *SUMS,
    sentence="Each product is computed in the image's own type: with uint8 pictures, what does not fit "
    "wraps around at 256. Convert the image to float first.",
    lecture=ONE_WINDOW,
)
def products_wrap_around(right, image, kernel, *rest):
    return _in_own_type(right, image, kernel, rest, wrap_sum=False)


@mistake(
    *SUMS,
    sentence="The sum is computed in the image's own type: with uint8 pictures, what does not fit wraps "
    "around at 256. Convert the image to float first.",
    lecture=ONE_WINDOW,
)
def sums_wrap_around(right, image, kernel, *rest):
    return _in_own_type(right, image, kernel, rest, wrap_sum=True)


def _in_own_type(right, image, kernel, rest, *, wrap_sum):
    """In the common type of both, which is too small where both are of few bits."""
    common = np.result_type(image, kernel)
    out = right(image, kernel, *rest)
    if common.kind not in "iu" or common.itemsize >= 8:
        return out
    if wrap_sum:
        return out.astype(common)
    total = 0
    for m, n in np.ndindex(kernel.shape[:2]):
        for c in range(kernel.shape[2]) if kernel.ndim == 4 else [None]:
            total = total + _one_weight(right, image, kernel, rest, (m, n), c).astype(common).astype(np.int64)
    return total


def _one_weight(right, image, kernel, rest, place, channel):
    """The output if all weights but one were zero."""
    alone = np.zeros_like(kernel)
    at = place if channel is None else (*place, channel)
    alone[at] = kernel[at]
    return right(image, alone, *rest)


@mistake(
    *SUMS,
    sentence="Negative results are set to 0, as an activation would do. Leave them as they are.",
    lecture=ONE_WINDOW,
    on_answer=True,
)
def negatives_to_zero(right, *arguments):
    return np.maximum(right(*arguments), 0)


@mistake(
    *SUMS,
    sentence="The results are cut to the range from 0 to 255, as for a picture. Leave them as they are.",
    lecture=ONE_WINDOW,
    on_answer=True,
)
def clipped(right, *arguments):
    return np.clip(right(*arguments), 0, 255)


@mistake(
    *SLIDING,
    sentence="Your results are stored as uint8, as pictures are: fractions are cut off, and what is below 0 or above 255 is changed. "
    "Return floats.",
    lecture=ONE_WINDOW,
    on_answer=True,
)
def stored_as_uint8(right, *arguments):
    return np.asarray(right(*arguments)).astype(np.int64).astype(np.uint8)[()]


@mistake(
    *SLIDING,
    sentence="Your results are made a picture: cut to the range from 0 to 255 and to whole numbers. Return the sums as they are.",
    lecture=ONE_WINDOW,
    on_answer=True,
)
def made_a_picture(right, *arguments):
    return np.clip(right(*arguments), 0, 255).astype(np.uint8)[()]


@mistake(
    *SUMS,
    sentence="Your results have lost their sign. Leave negative ones as they are.",
    lecture=ONE_WINDOW,
    on_answer=True,
)
def sign_lost(right, *arguments):
    return np.abs(right(*arguments))


@mistake(
    *SLIDING,
    sentence="Your outputs are rounded. Leave their fractions as they are.",
    lecture=ONE_WINDOW,
    on_answer=True,
)
def rounded(right, *arguments):
    return np.round(right(*arguments))


@mistake(
    *SLIDING,
    "extract_patches",
    sentence="Your result depends on how the image lies in memory: rows and columns are mixed up where "
    "it is in Fortran order. Byte strides must come from array.strides, and order 'K' or 'A' has no "
    "place here.",
    lecture=ROWS,
)
def memory_order(right, image, *rest):
    in_memory = image.ravel(order="K").reshape(image.shape)
    return right(in_memory, *rest)


@mistake(
    "extract_patches",
    sentence="The fractions of the pixels are cut off: the rows are stored as whole numbers. Make them "
    "of the images' type.",
    lecture=ROWS,
)
def patches_cut_to_whole_numbers(right, *arguments):
    return right(*arguments).astype(np.int64)
