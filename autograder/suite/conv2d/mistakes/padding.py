"""The zeros of SAME: too many, too few, on the wrong side, on the wrong axis, or no zeros."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.conv2d.mistakes import knobs
from autograder.suite.conv2d.mistakes.sections import BATCH, SAME, WHOLE, WINDOWS
from solutions import reference

ALL = ("same_padding", *WINDOWS)
# What only the end of the padded image shows cannot be seen in gradients, which follow the upstream's size.
AT_THE_END = ("same_padding", *BATCH, "extract_patches")


# The windows are counted in the padded image, also where the code would otherwise know how many there are: zeros too many at the end
# would not show, and the mistake would be another one.
COUNTED = {"count": knobs.fitting}


def total_of(size, length, stride):
    return sum(reference.same_padding(size, length, stride))


def floor_zeros(size, length, stride):
    return ((length - 1) // 2,) * 2


def half_zeros(size, length, stride):
    return (length // 2,) * 2


def zeros_before(size, length, stride):
    return reference.same_padding(size, length, stride)[::-1]


@mistake(
    *ALL,
    sentence="The zeros of SAME are (f − 1) // 2 on both sides. That is right for odd filters with "
    "stride 1 only: an even filter needs one more after the image, and a stride changes the number as "
    "well.",
    lecture=SAME,
)
def same_floor(right, *arguments):
    return right(*arguments, zeros=floor_zeros)


@mistake(
    *ALL,
    sentence="The zeros of SAME are f // 2 on both sides. That is right for odd filters with stride 1 "
    "only: an even filter needs one less before the image, and a stride changes the number as well.",
    lecture=SAME,
)
def same_half(right, *arguments):
    return right(*arguments, zeros=half_zeros)


@mistake(
    *ALL,
    sentence="Where the zeros of SAME are an odd number, your odd one goes before the image. It belongs "
    "after it: before = total // 2.",
    lecture=SAME,
)
def same_before(right, *arguments):
    return right(*arguments, zeros=zeros_before)


@mistake(
    *AT_THE_END,
    sentence="Where the zeros of SAME are an odd number, you round the half up on both sides, one too many. "
    "before = total // 2, and the rest comes after.",
    lecture=SAME,
)
def same_ceil(right, *arguments):
    return right(*arguments, zeros=lambda w, f, s: (-(-total_of(w, f, s) // 2),) * 2, **COUNTED)


@mistake(
    *ALL,
    sentence="Where the zeros of SAME are an odd number, the odd one is lost: you round the half down on "
    "both sides. after = total − before.",
    lecture=SAME,
)
def odd_zero_lost(right, *arguments):
    return right(*arguments, zeros=lambda w, f, s: (total_of(w, f, s) // 2,) * 2)


@mistake(
    *ALL,
    sentence="The zeros of SAME do not take the stride into account: they are those of stride 1. "
    "total = (⌈w/s⌉ − 1) · s + f − w.",
    lecture=SAME,
)
def padding_without_stride(right, *arguments):
    return right(*arguments, zeros=lambda w, f, s: reference.same_padding(w, f, 1))


@mistake(
    *ALL,
    sentence="The zeros of SAME are f − s in total. That is right only where the stride divides the size: "
    "total = (⌈w/s⌉ − 1) · s + f − w.",
    lecture=SAME,
)
def filter_minus_stride(right, *arguments):
    def zeros(size, length, stride):
        total = max(length - stride, 0)
        return total // 2, total - total // 2

    return right(*arguments, zeros=zeros)


@mistake(
    *ALL,
    sentence="Your SAME keeps the size of the image whatever the stride. SAME makes the output ⌈w/s⌉ "
    "long: with stride 2, half of the image.",
    lecture=SAME,
)
def size_kept(right, *arguments):
    def zeros(size, length, stride):
        total = (size - 1) * stride + length - size
        return total // 2, total - total // 2

    return right(*arguments, zeros=zeros)


@mistake(
    *ALL,
    sentence="The number of windows is rounded down when you count the zeros of SAME. It is ⌈w/s⌉, "
    "rounded up.",
    lecture=SAME,
)
def windows_rounded_down(right, *arguments):
    def zeros(size, length, stride):
        total = max((size // stride - 1) * stride + length - size, 0)
        return total // 2, total - total // 2

    return right(*arguments, zeros=zeros)


@mistake(
    *ALL,
    sentence="You count one window too many for the zeros of SAME: the last of o windows starts at (o − "
    "1) · s, not at o · s.",
    lecture=SAME,
)
def one_window_too_many(right, *arguments):
    def zeros(size, length, stride):
        total = max(-(-size // stride) * stride + length - size, 0)
        return total // 2, total - total // 2

    return right(*arguments, zeros=zeros)


@mistake(
    *ALL,
    sentence="The whole total of SAME's zeros goes before the image. Half of it (rounded down) belongs "
    "there, the rest after.",
    lecture=SAME,
)
def all_before(right, *arguments):
    return right(*arguments, zeros=lambda w, f, s: (total_of(w, f, s), 0))


@mistake(
    *ALL,
    sentence="All zeros of SAME go after the image. Half of them (rounded down) belong before it.",
    lecture=SAME,
)
def all_after(right, *arguments):
    return right(*arguments, zeros=lambda w, f, s: (0, total_of(w, f, s)))


@mistake(
    *AT_THE_END,
    sentence="The zeros of SAME are all put on each side, twice as many as there should be. Half of the "
    "total goes before the image, the rest after.",
    lecture=SAME,
)
def total_on_both_sides(right, *arguments):
    return right(*arguments, zeros=lambda w, f, s: (total_of(w, f, s),) * 2, **COUNTED)


@mistake(
    *ALL,
    sentence="The zeros of SAME are f − 1 on each side. SAME needs as many as make the output ⌈w/s⌉ long.",
    lecture=SAME,
)
def full_padding(right, *arguments):
    return right(*arguments, zeros=lambda w, f, s: (f - 1,) * 2)


@mistake(
    *ALL,
    sentence="The zeros of SAME are always one on each side. How many there are follows from sizes and stride: "
    "total = (⌈w/s⌉ − 1) · s + f − w.",
    lecture=SAME,
)
def always_one_zero(right, *arguments):
    return right(*arguments, zeros=lambda w, f, s: (1, 1))


@mistake(
    "same_padding",
    sentence="The number of zeros becomes negative where the stride is larger than the filter. Then none "
    "are needed: use max(…, 0).",
    lecture=SAME,
)
def negative_zeros(right, input_size, filter_size, stride=1):
    total = (-(-input_size // stride) - 1) * stride + filter_size - input_size
    return total // 2, total - total // 2


@mistake(
    "same_padding",
    sentence="Your function returns floats. Zeros are counted in whole numbers: use `//` in place of `/`.",
    lecture=SAME,
)
def half_a_zero(right, *arguments):
    total = total_of(*arguments) if len(arguments) == 3 else total_of(*arguments, 1)
    return total / 2, total / 2


@mistake(
    "same_padding",
    sentence="Your function returns the total number of zeros. Return the pair (before, after).",
    lecture=SAME,
)
def total_only(right, *arguments):
    return sum(right(*arguments))


@mistake(
    "same_padding",
    sentence="Input and filter size are swapped in your formula. The order of the parameters is input_size, "
    "filter_size, stride.",
    lecture=SAME,
)
def sizes_swapped(right, input_size, filter_size, stride=1):
    return right(filter_size, input_size, stride)


# --- rows and columns ------------------------------------------------------------------------------------


def lying(change):
    """The right axes, with the zeros ((above, below), (left, right)) changed."""

    def lie(sizes, lengths, strides, same, **along):
        axes = knobs.along_both(sizes, lengths, strides, same, **along)
        amounts = [(axis.before, axis.after) for axis in axes]
        shapes = zip(change(*amounts), sizes, lengths, strides, strict=True)
        return [
            knobs.Axis(before, after, reference.output_size(before + w + after, f, s), s)
            for (before, after), w, f, s in shapes
        ]

    return lie


@mistake(
    *WINDOWS,
    sentence="The zeros for the rows and those for the columns are swapped. Rows of zeros go above and "
    "below (axis 1), columns of zeros left and right (axis 2).",
    lecture=WHOLE,
)
def padding_swapped(right, *arguments):
    return right(*arguments, lie=lying(lambda rows, columns: (columns, rows)))


@mistake(
    *WINDOWS,
    sentence="The zeros counted for the rows are put left and right as well. Columns need their own "
    "number: the filter and the image need not be square.",
    lecture=WHOLE,
)
def rows_padding_for_both(right, *arguments):
    return right(*arguments, lie=lying(lambda rows, columns: (rows, rows)))


@mistake(
    *WINDOWS,
    sentence="The zeros counted for the columns are put above and below as well. Rows need their own "
    "number: the filter and the image need not be square.",
    lecture=WHOLE,
)
def columns_padding_for_both(right, *arguments):
    return right(*arguments, lie=lying(lambda rows, columns: (columns, columns)))


@mistake(
    *WINDOWS,
    sentence="Each axis gets the zeros of both: the rows' number stands before it, the columns' number after it. np.pad wants a "
    "pair (before, after) for each axis: (above, below) for the rows, (left, right) for the columns.",
    lecture=WHOLE,
)
def befores_on_two_sides(right, *arguments):
    def mixed(rows, columns):
        return [(rows[0], columns[0]), (rows[0], columns[0])]

    return right(*arguments, lie=lying(mixed))


@mistake(
    *WINDOWS,
    sentence="The zeros of SAME are added twice. Pad the images once.",
    lecture=WHOLE,
)
def padded_twice(right, *arguments):
    def twice(*amounts):
        return [(2 * before, 2 * after) for before, after in amounts]

    return right(*arguments, lie=lying(twice))


@mistake(
    *BATCH,
    "extract_patches",
    sentence="Your loops end where they would without padding, so the last rows and columns of a SAME "
    "output stay zero. Count the windows of the padded image.",
    lecture=WHOLE,
)
def border_unfilled(right, *arguments):
    out = right(*arguments)
    inputs, filters, strides, _ = arguments
    lengths = filters.shape[:2] if isinstance(filters, np.ndarray) else filters
    filled = np.zeros_like(out)
    sizes = zip(inputs.shape[1:3], lengths, strides[1:3], strict=True)
    rows, columns = (slice(0, max((w - f) // s + 1, 0)) for w, f, s in sizes)
    filled[:, rows, columns] = out[:, rows, columns]
    return filled


# --- what is put around ----------------------------------------------------------------------------------


def filling(mode, **options):
    """Pads with something else than zeros."""
    return lambda inputs, amounts: np.pad(inputs, ((0, 0), *amounts, (0, 0)), mode, **options)


@mistake(
    *WINDOWS,
    sentence="The pixels at the edge are repeated around the image. SAME puts zeros there.",
    lecture=WHOLE,
)
def edge_repeated(right, *arguments):
    return right(*arguments, fill=filling("edge"))


@mistake(
    *WINDOWS,
    sentence="The image is mirrored at its edges. SAME puts zeros there.",
    lecture=WHOLE,
)
def edge_mirrored(right, *arguments):
    return right(*arguments, fill=filling("reflect"))


@mistake(
    *WINDOWS,
    sentence="Pixels from the other side of the image are put around it (negative indices do that, too). "
    "SAME puts zeros there.",
    lecture=WHOLE,
)
def edge_wrapped(right, *arguments):
    return right(*arguments, fill=filling("wrap"))


@mistake(
    *WINDOWS,
    sentence="Ones are put around the image. SAME puts zeros there.",
    lecture=WHOLE,
)
def padded_with_ones(right, *arguments):
    return right(*arguments, fill=filling("constant", constant_values=1))


@mistake(
    *BATCH,
    "extract_patches",
    sentence="The image is surrounded by the number of its zeros, not by zeros: leave out constant_values, or set it to 0.",
    lecture=WHOLE,
)
def padded_with_their_number(right, *arguments):
    def fill(inputs, amounts):
        return np.pad(inputs, ((0, 0), *amounts, (0, 0)), constant_values=amounts[0][0])

    return right(*arguments, fill=fill)


def up_to_minus(inputs, amounts):
    """Puts the images between before and -after: nowhere where after is 0."""
    (top, bottom), (left, right) = amounts
    batch, rows, columns, channels = inputs.shape
    padded = np.zeros((batch, top + rows + bottom, left + columns + right, channels))
    padded[:, top:-bottom, left:-right] = inputs
    return padded


MINUS_ZERO = (
    "x[before:-after] is empty where after is 0, because -0 is 0 and not the end. Write x[before : before + size] instead, "
    "which is right for any number of zeros."
)


@mistake(
    *BATCH,
    "extract_patches",
    by_error=True,
    sentence=f"Your function ends in an error wherever there is nothing to add on a side: {MINUS_ZERO}",
    lecture=WHOLE,
)
def minus_zero_fill(right, *arguments):
    return right(*arguments, fill=up_to_minus)


@mistake(
    *BATCH,
    "extract_patches",
    by_error=True,
    sentence=f"Your function ends in an error where SAME adds nothing on a side: {MINUS_ZERO}",
    lecture=WHOLE,
)
def minus_zero_fill_in_same(right, *arguments):
    fill = up_to_minus if str(arguments[3]).upper() == "SAME" else knobs.with_zeros
    return right(*arguments, fill=fill)


@mistake(
    *BATCH,
    "extract_patches",
    sentence="The batch is padded, too: your output has images of zeros that were not given. Only the "
    "rows (axis 1) and the columns (axis 2) get zeros.",
    lecture=WHOLE,
)
def batch_padded(right, *arguments):
    return right(*arguments, fill=lambda inputs, amounts: np.pad(inputs, (amounts[0], *amounts, (0, 0))))


@mistake(
    "conv2d",
    sentence="SAME has the right size, but the windows are cut from the image without its zeros. Those at the edge are too short; "
    "where one row or column is left, NumPy repeats it without a word. Cut them from the padded image.",
    lecture=WHOLE,
)
def padded_image_unused(right, *arguments):
    return right(*arguments, fill=lambda inputs, amounts: inputs, see=knobs.every_short_window)


@mistake(
    *BATCH,
    "extract_patches",
    sentence="The size of your output does not count the zeros of SAME, so it is as small as VALID's. Count the windows of the "
    "padded image.",
    lecture=WHOLE,
)
def size_without_padding(right, *arguments):
    def count(size, length, stride, before, after):
        if length > size:
            raise ValueError("negative dimensions are not allowed")
        return (size - length) // stride + 1

    return right(*arguments, count=count)


# --- SAME or VALID ---------------------------------------------------------------------------------------


@mistake(
    *WINDOWS,
    sentence="SAME is treated like VALID: no zeros are added.",
    lecture=WHOLE,
)
def always_valid(right, *arguments):
    knobs.refuse(*arguments)
    return right(*arguments[:3], "VALID", *arguments[4:])


@mistake(
    *WINDOWS,
    sentence="VALID is treated like SAME: zeros are added where there should be none.",
    lecture=WHOLE,
)
def always_same(right, *arguments):
    knobs.refuse(*arguments)
    return right(*arguments[:3], "SAME", *arguments[4:])


@mistake(
    *WINDOWS,
    sentence="SAME in small letters is not recognized and treated like VALID. Any case is allowed: compare "
    "padding.upper().",
    lecture=WHOLE,
)
def small_letters_are_valid(right, *arguments):
    knobs.refuse(*arguments)
    padding = "SAME" if arguments[3] == "SAME" else "VALID"
    return right(*arguments[:3], padding, *arguments[4:])


@mistake(
    *WINDOWS,
    sentence="VALID in small letters is not recognized and treated like SAME. Any case is allowed: compare "
    "padding.upper().",
    lecture=WHOLE,
)
def small_letters_are_same(right, *arguments):
    knobs.refuse(*arguments)
    padding = "VALID" if arguments[3] == "VALID" else "SAME"
    return right(*arguments[:3], padding, *arguments[4:])


@mistake(
    *WINDOWS,
    refuses=True,
    sentence="SAME and VALID in small letters are refused. Any case is allowed: compare padding.upper().",
    lecture=WHOLE,
)
def small_letters_refused(right, *arguments):
    if arguments[3] != arguments[3].upper():
        raise ValueError("this padding is not known")
    return right(*arguments)
