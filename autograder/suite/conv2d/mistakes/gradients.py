"""Mistakes of `conv2d_gradients` that are not mistakes of the windows themselves."""

import functools

import numpy as np

from autograder.judge.bank import mistake, variant_of
from autograder.suite.conv2d.mistakes import strides
from autograder.suite.conv2d.mistakes.knobs import Axis, along_both, by_weight
from autograder.suite.conv2d.mistakes.padding import floor_zeros
from autograder.suite.conv2d.mistakes.sections import GRADIENTS


def of_gradients(sentence, **about):
    return mistake("conv2d_gradients", sentence=sentence, lecture=GRADIENTS, **about)


@of_gradients(
    "The two gradients are returned in the wrong order. Return d_inputs first, then d_filters.",
    on_answer=True,
)
def order_swapped(right, *arguments):
    return right(*arguments)[::-1]


@of_gradients("d_inputs is right, but d_filters is all zeros: nothing is added to it.")
def d_filters_zero(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs, np.zeros_like(d_filters)


@of_gradients("d_filters is right, but d_inputs is all zeros: nothing is added to it.")
def d_inputs_zero(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return np.zeros_like(d_inputs), d_filters


@of_gradients("Only d_filters is returned. Return both gradients, d_inputs first.", on_answer=True)
def d_filters_alone(right, *arguments):
    return right(*arguments)[1]


@of_gradients("Only d_inputs is returned. Return both gradients, d_inputs first.", on_answer=True)
def d_inputs_alone(right, *arguments):
    return right(*arguments)[0]


@of_gradients("The upstream gradients are not used: both gradients are those for an upstream of ones.")
def upstream_ignored(right, *arguments):
    *rest, upstream = arguments
    return right(*rest, np.ones_like(upstream))


@of_gradients("The upstream gradients are not used for d_filters. Each output number adds upstream · window.")
def upstream_not_in_d_filters(right, *arguments):
    *rest, upstream = arguments
    return right(*arguments)[0], right(*rest, np.ones_like(upstream))[1]


@of_gradients("The upstream gradients are not used for d_inputs. Each output number adds upstream · filter.")
def upstream_not_in_d_inputs(right, *arguments):
    *rest, upstream = arguments
    return right(*rest, np.ones_like(upstream))[0], right(*arguments)[1]


@of_gradients(
    "d_filters is divided by the number of images. The gradients of all images are added up.", on_answer=True
)
def mean_over_batch(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs, d_filters / len(arguments[0])


@of_gradients("Both gradients are divided by the number of images. They are plain sums.", on_answer=True)
def both_divided_by_batch(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs / len(arguments[0]), d_filters / len(arguments[0])


@of_gradients(
    "d_filters is divided by the number of output positions. The shares of all positions are added up."
)
def mean_over_positions(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs, d_filters / np.prod(arguments[4].shape[1:3])


@of_gradients("Both gradients have the wrong sign. (Gradient descent subtracts them later.)", on_answer=True)
def sign_turned(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return -d_inputs, -d_filters


@of_gradients(
    "In d_filters, each image's share replaces the one before: only the last image counts. Add with `+=`."
)
def last_image_in_d_filters(right, inputs, filters, strides, padding, upstream):
    whole = right(inputs, filters, strides, padding, upstream)
    return whole[0], right(inputs[-1:], filters, strides, padding, upstream[-1:])[1]


@of_gradients("In d_filters, only the first image counts. Add up the shares of all images.")
def first_image_in_d_filters(right, inputs, filters, strides, padding, upstream):
    whole = right(inputs, filters, strides, padding, upstream)
    return whole[0], right(inputs[:1], filters, strides, padding, upstream[:1])[1]


@of_gradients(
    "In d_filters, each output number's share replaces the one before: only the last one counts. Add "
    "with `+=`."
)
def d_filters_replaced(right, *arguments):
    def meet(seen, upstream):
        return np.multiply.outer(seen[-1, -1, -1], upstream[-1, -1, -1])

    return right(*arguments, meet=meet)


@of_gradients(
    "In d_filters, each window's share (of all images) replaces the one before: only the last window "
    "counts. Add with `+=`."
)
def d_filters_replaced_by_window(right, *arguments):
    def meet(seen, upstream):
        return np.tensordot(seen[:, -1, -1], upstream[:, -1, -1], (0, 0))

    return right(*arguments, meet=meet)


@of_gradients(
    "In d_inputs, each window's share replaces what is there already, where windows overlap. Add with `+=`."
)
def d_inputs_replaced(right, *arguments):
    return right(*arguments, spread=one_window_after_the_other)


def one_window_after_the_other(d_padded, filters, upstream, axes):
    """The loops go over the windows, row by row: the last one that covers a pixel stays."""
    rows, columns = filters.shape[:2]
    for i, j in np.ndindex(*upstream.shape[1:3]):
        x, y = i * axes[0].step, j * axes[1].step
        d_padded[:, x : x + rows, y : y + columns] = np.tensordot(upstream[:, i, j], filters, (1, 3))


@of_gradients("In d_inputs, each filter weight's share replaces what is there already. Add with `+=`.")
def d_inputs_replaced_by_weight(right, *arguments):
    def put(places, amounts):
        places[...] = amounts

    return right(*arguments, spread=functools.partial(by_weight, add=put))


@of_gradients(
    "d_inputs still has the padding: its shape is that of the padded images. Cut the zeros off at the end."
)
def padding_not_cut_off(right, *arguments):
    return right(*arguments, cut=lambda d_padded, sizes, axes: d_padded)


@of_gradients(
    "The padding is cut off at the end only: d_inputs starts in the zeros above and to the left. Cut off "
    "those, too."
)
def cut_at_the_end_only(right, *arguments):
    return right(*arguments, cut=lambda d_padded, sizes, axes: d_padded[:, : sizes[0], : sizes[1]])


@of_gradients(
    "The padding is cut off at the start only: d_inputs still has the zeros below and to the right."
)
def cut_at_the_start_only(right, *arguments):
    return right(
        *arguments, cut=lambda d_padded, sizes, axes: d_padded[:, axes[0].before :, axes[1].before :]
    )


@of_gradients(
    "The padding is cut off on the wrong sides: as much above and left as was added below and right. "
    "They differ where the total is odd."
)
def cut_by_after(right, *arguments):
    def cut(d_padded, sizes, axes):
        rows, columns = (slice(a.after, a.after + size) for a, size in zip(axes, sizes, strict=True))
        return d_padded[:, rows, columns]

    return right(*arguments, cut=cut)


@of_gradients(
    "As much padding is cut off on all sides as was added above and left. Where the total is odd, one "
    "more was added after the image."
)
def cut_by_before(right, *arguments):
    def cut(d_padded, sizes, axes):
        ends = (n - a.before for a, n in zip(axes, d_padded.shape[1:3], strict=True))
        rows, columns = (slice(a.before, end) for a, end in zip(axes, ends, strict=True))
        return d_padded[:, rows, columns]

    return right(*arguments, cut=cut)


MINUS_ZERO = (
    "[before:-after] is empty where after is 0, because -0 is 0 and not the end. Cut with [before : before + size], which is right "
    "for any number of zeros."
)


def up_to_minus(d_padded, sizes, axes):
    rows, columns = (slice(a.before, -a.after) for a in axes)
    return d_padded[:, rows, columns]


@of_gradients(f"d_inputs has no rows or columns where nothing was added on a side: {MINUS_ZERO}")
def minus_zero_crop(right, *arguments):
    return right(*arguments, cut=up_to_minus)


@of_gradients(f"d_inputs has no rows or columns where SAME added nothing on a side: {MINUS_ZERO}")
def minus_zero_crop_in_same(right, *arguments):
    return right(*arguments, cut=up_to_minus) if arguments[3].upper() == "SAME" else right(*arguments)


@of_gradients(
    f"Your function ends in an error where nothing was added on a side, in the line that cuts off the zeros: {MINUS_ZERO}",
    by_error=True,
)
def minus_zero_assigned(right, *arguments):
    def cut(d_padded, sizes, axes):
        d_inputs = np.zeros((len(d_padded), *sizes, d_padded.shape[3]))
        d_inputs[...] = up_to_minus(d_padded, sizes, axes)
        return d_inputs

    return right(*arguments, cut=cut)


@of_gradients(
    "One row and one column are always cut off on each side of d_inputs ([1:-1]). Cut off as many as were added: none with VALID, and "
    "with SAME as many as same_padding gives."
)
def one_always_cut_off(right, *arguments):
    return right(*arguments, cut=lambda d_padded, sizes, axes: d_padded[:, 1:-1, 1:-1])


@of_gradients(
    "In d_inputs, each filter's share replaces what is there already, where windows overlap: the last filter alone counts. Add with `+=`."
)
def d_inputs_replaced_by_filter(right, *arguments):
    def spread(d_padded, filters, upstream, axes):
        one_window_after_the_other(d_padded, filters[..., -1:], upstream[..., -1:], axes)

    return right(*arguments, spread=spread)


@of_gradients(
    "d_filters does not use the stride: output (i, j) met the window at (i · row stride, j · column stride)."
)
def d_filters_not_stepped(right, *arguments):
    return right(*arguments)[0], right(*arguments, step=lambda stride: 1)[1]


@of_gradients(
    "d_inputs does not use the stride: output (i, j) adds to the window at (i · row stride, j · column "
    "stride)."
)
def d_inputs_not_stepped(right, *arguments):
    return right(*arguments, step=lambda stride: 1)[0], right(*arguments)[1]


@of_gradients(
    "For d_filters the images are not padded in the same way as for d_inputs: (f − 1) // 2 zeros on both "
    "sides are too few for even filters."
)
def d_filters_floor(right, *arguments):
    return right(*arguments)[0], right(*arguments, zeros=floor_zeros)[1]


@variant_of(strides.strides_swapped, "conv2d_gradients")
def strides_swapped_in_gradients(right, *arguments):
    def lie(sizes, lengths, steps, same, **along):
        axes = along_both(sizes, lengths, steps, same, **along)
        return [
            Axis(axis.before, axis.after, axis.count, step)
            for axis, step in zip(axes, steps[::-1], strict=True)
        ]

    return right(*arguments, lie=lie)


@variant_of(strides.row_stride_for_both, "conv2d_gradients")
def row_stride_for_both_in_gradients(right, *arguments):
    def lie(sizes, lengths, steps, same, **along):
        axes = along_both(sizes, lengths, steps, same, **along)
        return [Axis(axis.before, axis.after, axis.count, steps[0]) for axis in axes]

    return right(*arguments, lie=lie)


@of_gradients(
    "The fractions of both gradients are cut off. Make them arrays of floats: np.zeros(shape).",
    on_answer=True,
)
def gradients_cut_to_whole_numbers(right, *arguments):
    return tuple(each.astype(np.int64) for each in right(*arguments))


@of_gradients("d_inputs is added to the images themselves: start it with zeros, np.zeros(inputs.shape).")
def started_from_the_inputs(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs + arguments[0], d_filters


@of_gradients("d_filters is added to the filters themselves: start it with zeros, np.zeros(filters.shape).")
def started_from_the_filters(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs, d_filters + arguments[1]


@of_gradients(
    "The factor 2 does not belong there: the loss is Σ(upstream · output), not a square.", on_answer=True
)
def twice_as_large(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return 2 * d_inputs, 2 * d_filters
