"""Mistakes of `pad`."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.conv2d.mistakes.sections import ADD_ZEROS


def of_pad(sentence, by_error=False):
    return mistake("pad", sentence=sentence, lecture=ADD_ZEROS, by_error=by_error)


@of_pad(
    "Rows and columns are swapped: `rows` says how many rows go above and below, `columns` how many "
    "columns left and right."
)
def rows_and_columns_swapped(right, image, rows, columns):
    return right(image, columns, rows)


@of_pad("Before and after are swapped: the first number of each pair goes above or to the left.")
def before_and_after_swapped(right, image, rows, columns):
    return right(image, rows[::-1], columns[::-1])


@of_pad("Above and below are swapped: the first number of `rows` goes above.")
def above_and_below_swapped(right, image, rows, columns):
    return right(image, rows[::-1], columns)


@of_pad("Left and right are swapped: the first number of `columns` goes to the left.")
def left_and_right_swapped(right, image, rows, columns):
    return right(image, rows, columns[::-1])


@of_pad("The numbers in `rows` are used for the columns as well.")
def rows_for_columns(right, image, rows, columns):
    return right(image, rows, rows)


@of_pad("The numbers in `columns` are used for the rows as well.")
def columns_for_rows(right, image, rows, columns):
    return right(image, columns, columns)


@of_pad("The first number of each pair is used for both sides. The second one is for below or right.")
def before_on_both_sides(right, image, rows, columns):
    return right(image, (rows[0],) * 2, (columns[0],) * 2)


@of_pad("The second number of each pair is used for both sides. The first one is for above or left.")
def after_on_both_sides(right, image, rows, columns):
    return right(image, (rows[1],) * 2, (columns[1],) * 2)


@of_pad("The sum of each pair is put on both sides. The first number is for before, the second for after.")
def sum_on_both_sides(right, image, rows, columns):
    return right(image, (sum(rows),) * 2, (sum(columns),) * 2)


@of_pad("Zeros are put above and to the left only. The second number of each pair is for below and right.")
def only_before(right, image, rows, columns):
    return right(image, (rows[0], 0), (columns[0], 0))


@of_pad("Zeros are put below and to the right only. The first number of each pair is for above and left.")
def only_after(right, image, rows, columns):
    return right(image, (0, rows[1]), (0, columns[1]))


@of_pad("Only rows of zeros are added; the columns of zeros are missing.")
def rows_only(right, image, rows, columns):
    return right(image, rows, (0, 0))


@of_pad("Only columns of zeros are added; the rows of zeros are missing.")
def columns_only(right, image, rows, columns):
    return right(image, (0, 0), columns)


@of_pad("The image comes back without any zeros around it.")
def nothing_added(right, image, rows, columns):
    return image.copy()


@of_pad("The zeros are added twice. Once is enough: the result has sum(rows) more rows than the image.")
def added_twice(right, image, rows, columns):
    return right(right(image, rows, columns), rows, columns)


@of_pad("Your result has the right size but holds only zeros: the image is not put into it.")
def image_left_out(right, image, rows, columns):
    return np.zeros_like(right(image, rows, columns))


@of_pad(
    "The image is put into the top left corner of the zeros. It starts at row rows[0], column columns[0]."
)
def in_the_corner(right, image, rows, columns):
    return right(image, (0, sum(rows)), (0, sum(columns)))


@of_pad(
    "The size is right, but the image starts at the wrong place: its row comes from `columns` and its "
    "column from `rows`. It starts at row rows[0], column columns[0]."
)
def placed_with_axes_swapped(right, image, rows, columns):
    padded = np.zeros_like(right(image, rows, columns))
    place = padded[columns[0] : columns[0] + image.shape[0], rows[0] : rows[0] + image.shape[1]]
    if place.shape != image.shape:
        raise ValueError("could not broadcast input array")
    place[...] = image
    return padded


@of_pad("The image comes out transposed: its rows have become columns.")
def image_transposed(right, image, rows, columns):
    return right(image.T, rows, columns)


@of_pad("The pixels at the edge are repeated. Put zeros around the image.")
def edge_repeated(right, image, rows, columns):
    return np.pad(image, (rows, columns), mode="edge")


@of_pad("The image is mirrored at its edges. Put zeros around it.")
def edge_mirrored(right, image, rows, columns):
    return np.pad(image, (rows, columns), mode="reflect")


@of_pad("The image goes on with its other side. Put zeros around it.")
def edge_wrapped(right, image, rows, columns):
    return np.pad(image, (rows, columns), mode="wrap")


@of_pad("There are ones around the image. Put zeros there: np.zeros in place of np.ones.")
def ones_around(right, image, rows, columns):
    return np.pad(image, (rows, columns), constant_values=1)


@of_pad(
    "The fractions of the image are cut off: the result is made of whole numbers. Leave out dtype=int, "
    "or use image.dtype."
)
def fractions_cut_off(right, image, rows, columns):
    return right(image, rows, columns).astype(np.int64)


@of_pad("Numbers above 255 and below 0 are changed: the result is of uint8. Use image.dtype or floats.")
def stored_as_uint8(right, image, rows, columns):
    padded = right(image, rows, columns)
    return padded.astype(np.int64).astype(np.uint8)


@of_pad(
    "Your function ends in an error where nothing is to be added on a side: padded[before:-after] is empty where after is 0, because -0 is "
    "0 and not the end. Write padded[before : before + size].",
    by_error=True,
)
def minus_zero_slice(right, image, rows, columns):
    padded = np.zeros_like(right(image, rows, columns))
    padded[rows[0] : -rows[1], columns[0] : -columns[1]] = image
    return padded


@of_pad(
    "Each axis gets a number of both pairs: (above, left) goes around the rows, (below, right) around the columns."
)
def pairs_transposed(right, image, rows, columns):
    return right(image, (rows[0], columns[0]), (rows[1], columns[1]))
