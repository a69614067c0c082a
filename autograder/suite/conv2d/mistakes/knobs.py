"""The right functions with knobs: most mistakes are the right code with one knob turned.

Every function takes the student's arguments, refuses what the reference refuses, and has knobs beyond them:

- `zeros(size, length, stride)` gives the pair (before, after) that SAME puts around one axis;
- `count(size, length, stride, before, after)` gives the number of windows along one axis;
- `step(stride)` gives the distance between two windows along one axis;
- `lie(sizes, lengths, strides, same)` gives both axes at once, for what mixes up rows and columns;
- `fill(inputs, amounts)` makes the padded batch;
- `see(padded, lengths, axes)` gives the windows `[batch, out_rows, out_columns, rows, columns, channels]`.

A window that hangs over the edge raises ValueError, as slices that are too short do.
"""

from dataclasses import dataclass

import numpy as np

from autograder.suite.conv2d.right import refuse_fractions
from solutions import reference
from solutions.reference import arguments, windows


@dataclass(frozen=True)
class Axis:
    """How windows lie along one axis: zeros before and after, how many windows, how far apart."""

    before: int
    after: int
    count: int
    step: int


def fitting(size, length, stride, before, after):
    """How many windows there are in a padded axis."""
    return reference.output_size(size + before + after, length, stride)


def as_is(stride):
    return stride


def along_both(sizes, lengths, strides, same, *, zeros=reference.same_padding, count=fitting, step=as_is):
    """The right axes, or with a knob turned on both of them alike."""
    axes = []
    for size, length, stride in zip(sizes, lengths, strides, strict=True):
        before, after = zeros(size, length, stride) if same else (0, 0)
        axes.append(Axis(before, after, count(size, length, stride, before, after), step(stride)))
    return axes


def with_zeros(inputs, amounts):
    return np.pad(inputs, ((0, 0), *amounts, (0, 0)))


def every_window(padded, lengths, axes):
    """Copies of all windows; ValueError where one hangs over the edge."""
    if any((a.count - 1) * a.step + f > n for a, f, n in zip(axes, lengths, padded.shape[1:3], strict=True)):
        raise ValueError("a window hangs over the edge")
    views = np.lib.stride_tricks.sliding_window_view(padded, lengths, axis=(1, 2))
    rows, columns = (slice(0, (a.count - 1) * a.step + 1, a.step) for a in axes)
    return views[:, rows, columns].transpose(0, 1, 2, 4, 5, 3)


def look(inputs, lengths, strides, padding, *, lie=None, fill=with_zeros, see=every_window, **along):
    """The axes and the windows, by the right rules or by the knobs'."""
    refuse_fractions(strides)
    strides = arguments.batch_strides("strides", strides)
    windows.padding_amounts(inputs.shape[1:3], lengths, strides, padding)  # refuses what does not fit
    lie = lie or along_both
    axes = lie(inputs.shape[1:3], lengths, strides, padding.upper() == "SAME", **along)
    padded = fill(inputs, [(axis.before, axis.after) for axis in axes])
    return axes, see(padded, lengths, axes)


def extract_patches(inputs, filter_size, strides, padding, **knobs):
    inputs = arguments.array("inputs", inputs, arguments.IMAGES)
    _, seen = look(inputs, tuple(filter_size), strides, padding, **knobs)
    return seen.reshape(*seen.shape[:3], -1)


def conv2d(inputs, filters, strides, padding, **knobs):
    inputs, filters = arguments.images_and_filters(inputs, filters)
    _, seen = look(inputs, filters.shape[:2], strides, padding, **knobs)
    return np.tensordot(seen, filters, 3)


def convolve(image, kernel, stride=1, **knobs):
    """Slides over one image; the knobs `zeros` and `fill` have nothing to do here."""
    strides = (stride, stride) if np.ndim(stride) == 0 else tuple(stride)
    inputs, filters = image[None, :, :, None], kernel[:, :, None, None]
    return conv2d(inputs, filters, [1, *strides, 1], "VALID", **knobs)[0, :, :, 0]


def conv2d_gradients(inputs, filters, strides, padding, upstream, *, meet=None, add=None, cut=None, **knobs):
    """The gradients, with knobs of their own.

    - `meet(windows, upstream)` gives d_filters;
    - `add(places, amounts)` adds to the places of the padded d_inputs that one filter weight met;
    - `cut(d_padded, sizes, axes)` gives d_inputs.
    """
    inputs, filters = arguments.images_and_filters(inputs, filters)
    axes, seen = look(inputs, filters.shape[:2], strides, padding, **knobs)
    rows, columns = (min(a.count, n) for a, n in zip(axes, upstream.shape[1:3], strict=True))
    seen, upstream = seen[:, :rows, :columns], upstream[:, :rows, :columns]
    d_filters = (meet or weigh)(seen, upstream)
    sizes = [size + axis.before + axis.after for size, axis in zip(inputs.shape[1:3], axes, strict=True)]
    d_padded = np.zeros((len(inputs), *sizes, inputs.shape[3]))
    for m, n in np.ndindex(filters.shape[:2]):
        met = (
            slice(k, k + (c - 1) * a.step + 1, a.step)
            for k, c, a in zip((m, n), (rows, columns), axes, strict=True)
        )
        (add or add_up)(d_padded[:, *met], upstream @ filters[m, n].T)
    return (cut or cut_off)(d_padded, inputs.shape[1:3], axes), d_filters


def weigh(seen, upstream):
    return np.tensordot(seen, upstream, ((0, 1, 2), (0, 1, 2)))


def add_up(places, amounts):
    places += amounts


def cut_off(d_padded, sizes, axes):
    rows, columns = (slice(a.before, a.before + size) for a, size in zip(axes, sizes, strict=True))
    return d_padded[:, rows, columns]


def output_size(input_size, filter_size, stride=1, padding=0):
    return reference.output_size(input_size, filter_size, stride, padding)


def same_padding(input_size, filter_size, stride=1, *, zeros=reference.same_padding):
    return zeros(input_size, filter_size, stride)


KNOBBED = {
    **{name: getattr(reference, name) for name in ("apply_kernel", "pad", "flatten_filters")},
    "output_size": output_size,
    "convolve": convolve,
    "same_padding": same_padding,
    "conv2d": conv2d,
    "extract_patches": extract_patches,
    "conv2d_matmul": conv2d,
    "conv2d_gradients": conv2d_gradients,
}
