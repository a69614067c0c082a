"""Channels, filters and images of the batch that are left out, repeated or mixed up."""

import numpy as np

from autograder.judge.bank import mistake
from autograder.suite.conv2d.mistakes import knobs
from autograder.suite.conv2d.mistakes.sections import BATCH, GRADIENTS, ROWS, WHOLE

FORWARD = (*BATCH, "extract_patches")


@mistake(
    *BATCH,
    sentence="Only the first channel counts. Each output is the sum over all channels, each with its own "
    "plane of the filter.",
    lecture=WHOLE,
)
def first_channel_only(right, inputs, filters, *rest):
    knobs.refuse(inputs, filters, *rest)
    return right(inputs[..., :1], filters[:, :, :1], *rest)


@mistake(
    *BATCH,
    sentence="Only the last channel counts: each channel's sum replaces the one before. Add them up with "
    "`+=`.",
    lecture=WHOLE,
)
def last_channel_only(right, inputs, filters, *rest):
    knobs.refuse(inputs, filters, *rest)
    return right(inputs[..., -1:], filters[:, :, -1:], *rest)


@mistake(
    *BATCH,
    sentence="The channels are in the wrong order: the filter's first plane meets the image's last channel.",
    lecture=WHOLE,
)
def channels_reversed(right, inputs, filters, *rest):
    return right(inputs, filters[:, :, ::-1], *rest)


@mistake(
    *BATCH,
    sentence="The filter's first plane is used for all channels. Channel c of the image meets filters[:, "
    ":, c, o].",
    lecture=WHOLE,
)
def first_plane_for_all(right, inputs, filters, *rest):
    knobs.refuse(inputs, filters, *rest)
    return right(inputs, np.repeat(filters[:, :, :1], filters.shape[2], axis=2), *rest)


@mistake(
    *BATCH,
    sentence="The image's first channel is used with all planes of the filter. Channel c of the image meets "
    "filters[:, :, c, o].",
    lecture=WHOLE,
)
def first_channel_for_all(right, inputs, filters, *rest):
    knobs.refuse(inputs, filters, *rest)
    return right(np.repeat(inputs[..., :1], inputs.shape[3], axis=3), filters, *rest)


@mistake(
    *BATCH,
    sentence="Your outputs are means over the channels. The channels are added up.",
    lecture=WHOLE,
    on_answer=True,
)
def mean_over_channels(right, inputs, filters, *rest):
    return right(inputs, filters, *rest) / filters.shape[2]


@mistake(
    *BATCH,
    sentence="The filters' axes in_channels and out_channels are swapped. Filters are [height, width, "
    "in_channels, out_channels]: the last axis counts the filters.",
    lecture=WHOLE,
)
def in_and_out_swapped(right, inputs, filters, *rest):
    knobs.refuse(inputs, filters, *rest)
    return right(inputs, filters.swapaxes(2, 3), *rest)


@mistake(
    *BATCH,
    sentence="The filters are reshaped as if out_channels came before in_channels. Filters are [height, "
    "width, in_channels, out_channels].",
    lecture=WHOLE,
)
def read_out_before_in(right, inputs, filters, *rest):
    height, width, channels, out = filters.shape
    return right(inputs, filters.reshape(height, width, out, channels).swapaxes(2, 3), *rest)


@mistake(
    *BATCH,
    sentence="The first filter is used for all outputs. Output o belongs to filters[:, :, :, o].",
    lecture=WHOLE,
)
def first_filter_for_all(right, *arguments):
    out = right(*arguments)
    return np.repeat(out[..., :1], out.shape[3], axis=3)


@mistake(
    *BATCH,
    sentence="The last filter is used for all outputs. Output o belongs to filters[:, :, :, o].",
    lecture=WHOLE,
)
def last_filter_for_all(right, *arguments):
    out = right(*arguments)
    return np.repeat(out[..., -1:], out.shape[3], axis=3)


@mistake(
    *BATCH,
    sentence="Only the first filter is used: your output has one channel. It should have one for each "
    "filter.",
    lecture=WHOLE,
)
def first_filter_only(right, *arguments):
    return right(*arguments)[..., :1]


@mistake(
    *BATCH,
    sentence="Only the first filter's output is filled in; those of the others are still zero.",
    lecture=WHOLE,
)
def other_filters_zero(right, *arguments):
    out = right(*arguments).copy()
    out[..., 1:] = 0
    return out


@mistake(
    *BATCH,
    sentence="The filters' outputs are in reverse order. Output o belongs to filters[:, :, :, o].",
    lecture=WHOLE,
)
def filters_reversed(right, *arguments):
    return right(*arguments)[..., ::-1]


@mistake(
    *BATCH,
    sentence="The outputs of all filters are added up to one. Each filter has an output channel of its own.",
    lecture=WHOLE,
)
def filters_summed(right, *arguments):
    return right(*arguments).sum(axis=3, keepdims=True)


@mistake(
    *BATCH,
    sentence="The outputs of all filters are added up, and the axis of the filters is gone. Each filter "
    "has an output channel of its own.",
    lecture=WHOLE,
)
def filters_summed_away(right, *arguments):
    return right(*arguments).sum(axis=3)


@mistake(
    *BATCH,
    sentence="Your output has its channels before rows and columns. Its order is [batch, rows, columns, "
    "channels].",
    lecture=WHOLE,
    on_answer=True,
)
def channels_first(right, *arguments):
    return np.moveaxis(right(*arguments), 3, 1)


@mistake(
    *FORWARD,
    sentence="The images are read as [batch, channels, rows, columns]. Here the channels are the last axis.",
    lecture=WHOLE,
)
def images_read_channels_first(right, inputs, *rest):
    knobs.refuse(inputs, *rest)
    batch, rows, columns, channels = inputs.shape
    return right(np.moveaxis(inputs.reshape(batch, channels, rows, columns), 1, 3), *rest)


@mistake(
    *FORWARD,
    sentence="All images of the batch get the output of the first one. Use the loop's own image, inputs[b].",
    lecture=WHOLE,
)
def first_image_for_all(right, inputs, *rest):
    return right(np.repeat(inputs[:1], len(inputs), axis=0), *rest)


@mistake(
    *FORWARD,
    sentence="All images of the batch get the output of the last one: each one's output replaces the "
    "others'.",
    lecture=WHOLE,
)
def last_image_for_all(right, inputs, *rest):
    return right(np.repeat(inputs[-1:], len(inputs), axis=0), *rest)


@mistake(
    *FORWARD,
    sentence="Only the first image of the batch is in your output. It should have one for each image.",
    lecture=WHOLE,
)
def first_image_only(right, inputs, *rest):
    return right(inputs, *rest)[:1]


@mistake(
    *FORWARD,
    sentence="Only the first image's output is filled in; those of the others are still zero.",
    lecture=WHOLE,
)
def other_images_zero(right, *arguments):
    out = right(*arguments).copy()
    out[1:] = 0
    return out


@mistake(
    *FORWARD,
    sentence="The axis of the batch is gone from the output. Even a single image comes as [1, rows, "
    "columns, channels].",
    lecture=WHOLE,
)
def batch_squeezed(right, *arguments):
    return right(*arguments)[0]


@mistake(
    *BATCH,
    sentence="The outputs of all images are added up. Each image of the batch has an output of its own.",
    lecture=WHOLE,
)
def images_summed(right, inputs, *rest):
    knobs.refuse(inputs, *rest)
    return right(inputs.sum(axis=0, keepdims=True), *rest)


@mistake(
    "extract_patches",
    sentence="Only the first channel is in your rows. Each pixel brings all of its channels.",
    lecture=ROWS,
)
def channels_left_out(right, inputs, *rest):
    return right(inputs[..., :1], *rest)


@mistake(
    "conv2d_gradients",
    sentence="The channels of the filters' gradient are swapped: d_filters is [height, width, in_channels, "
    "out_channels], like the filters.",
    lecture=GRADIENTS,
)
def d_filters_in_and_out_swapped(right, *arguments):
    d_inputs, d_filters = right(*arguments)
    return d_inputs, d_filters.swapaxes(2, 3)


@mistake(
    "conv2d_gradients",
    sentence="For d_inputs, the filters' axes in_channels and out_channels are swapped. Filter o sends "
    "upstream[b, i, j, o] · filters[m, n, c, o] back to channel c.",
    lecture=GRADIENTS,
)
def d_inputs_in_and_out_swapped(right, inputs, filters, *rest):
    knobs.refuse(inputs, filters, *rest)
    return right(inputs, filters.swapaxes(2, 3), *rest)
