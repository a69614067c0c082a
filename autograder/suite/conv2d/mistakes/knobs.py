"""The right functions with knobs: most mistakes are the right code with one knob turned.

Every function takes the student's arguments, refuses what the reference refuses, and has knobs beyond them:

- `zeros(size, length, stride)` gives the pair (before, after) that SAME puts around one axis;
- `count(size, length, stride, before, after)` gives the number of windows along one axis;
- `step(stride)` gives the distance between two windows along one axis;
- `lie(sizes, lengths, strides, same)` gives both axes at once, for what mixes up rows and columns;
- `fill(inputs, amounts)` makes the padded batch;
- `see(padded, lengths, axes)` gives the windows `[batch, out_rows, out_columns, rows, columns, channels]`;
- `measure(rows, columns)` gives the filter's size, by which windows are counted and cut;
- `extent(length, stride)` gives the size of the windows along one axis, where it is not the filter's.

Right code is written in several ways, which show beside a mistake alone (`OTHER_WAYS`). A window that hangs over the edge
raises ValueError, as slices that are too short do; or, with `see=every_short_window`, the one row or column that is left is
repeated, as NumPy does where it multiplies. The windows are counted in the padded image; or, with `keep_size`, SAME's are ⌈w/s⌉
whatever the zeros are.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

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
    """np.pad, which takes as long as all the rest."""
    (top, bottom), (left, right) = amounts
    batch, rows, columns, channels = inputs.shape
    padded = np.zeros((batch, top + rows + bottom, left + columns + right, channels), inputs.dtype)
    padded[:, top : top + rows, left : left + columns] = inputs
    return padded


def every_window(padded, lengths, axes):
    """Copies of all windows; ValueError where one hangs over the edge."""
    if any((a.count - 1) * a.step + f > n for a, f, n in zip(axes, lengths, padded.shape[1:3], strict=True)):
        raise ValueError("a window hangs over the edge")
    views = np.lib.stride_tricks.sliding_window_view(padded, lengths, axis=(1, 2))
    rows, columns = (slice(0, (a.count - 1) * a.step + 1, a.step) for a in axes)
    return views[:, rows, columns].transpose(0, 1, 2, 4, 5, 3)


def every_short_window(padded: np.ndarray, lengths: tuple[int, int], axes: list[Axis]) -> np.ndarray:
    """The same, but where a single row or column is left of a window, it stands for all."""
    rows, columns = (
        places_of(size, length, axis)
        for size, length, axis in zip(padded.shape[1:3], lengths, axes, strict=True)
    )
    return padded[:, rows[:, None, :, None], columns[None, :, None, :]]


def places_of(size: int, length: int, axis: Axis) -> np.ndarray:
    """The indices of each window along one axis, [windows, length]; ValueError where NumPy would not stretch one."""
    starts = np.arange(axis.count)[:, None] * axis.step
    places = starts + np.arange(length)
    left = size - starts
    if np.any((left < length) & (left != 1)):
        raise ValueError("a window hangs over the edge")
    return np.where(left == 1, starts, places)


def with_size_kept(
    axes: list[Axis], sizes: tuple[int, int], strides: tuple[int, int], same: bool
) -> list[Axis]:
    """The axes with as many windows as SAME should have."""
    if not same:
        return axes
    return [replace(axis, count=-(-w // s)) for axis, w, s in zip(axes, sizes, strides, strict=True)]


def refuse(inputs, filters, *rest):
    """Raises what the right functions raise for these arguments, so that a mistake refuses them before it changes them."""
    if np.ndim(inputs) == np.ndim(filters) == 2:
        return  # one image and one kernel: nothing is refused
    strides, padding = rest[:2]
    if np.ndim(filters) == 1:
        inputs, lengths = arguments.array("inputs", inputs, arguments.IMAGES), tuple(filters)
    else:
        inputs, filters = arguments.images_and_filters(inputs, filters)
        lengths = filters.shape[:2]
    refuse_fractions(strides)
    strides = arguments.batch_strides("strides", strides)
    windows.padding_amounts(inputs.shape[1:3], lengths, strides, padding)


def look(
    inputs,
    lengths,
    strides,
    padding,
    *,
    lie=None,
    fill=with_zeros,
    see=every_window,
    extent=None,
    keep_size=False,
    **along,
):
    """The axes and the windows, by the right rules or by the knobs'."""
    refuse_fractions(strides)
    strides = arguments.batch_strides("strides", strides)
    sizes, same = inputs.shape[1:3], padding.upper() == "SAME"
    windows.padding_amounts(sizes, lengths, strides, padding)  # refuses what does not fit
    axes = (lie or along_both)(sizes, lengths, strides, same, **along)
    if keep_size and "count" not in along:
        axes = with_size_kept(axes, sizes, strides, same)
    padded = fill(inputs, [(axis.before, axis.after) for axis in axes])
    if extent is not None:
        lengths = tuple(extent(f, s) for f, s in zip(lengths, strides, strict=True))
    return axes, see(padded, lengths, axes)


def extract_patches(inputs, filter_size, strides, padding, **knobs):
    inputs = arguments.array("inputs", inputs, arguments.IMAGES)
    _, seen = look(inputs, tuple(filter_size), strides, padding, **knobs)
    return seen.reshape(*seen.shape[:3], -1)


def conv2d(inputs, filters, strides, padding, *, measure=None, **knobs):
    inputs, filters = arguments.images_and_filters(inputs, filters)
    lengths = measure(*filters.shape[:2]) if measure else filters.shape[:2]
    _, seen = look(inputs, lengths, strides, padding, **knobs)
    if seen.shape[3:5] != filters.shape[:2]:  # a product of slices, which stretches what is 1
        if knobs.get("see", every_window) is every_window:
            raise ValueError("windows and filters have different shapes")
        size = np.broadcast_shapes(seen.shape[3:5], filters.shape[:2])
        seen = np.broadcast_to(seen, (*seen.shape[:3], *size, seen.shape[5]))
        filters = np.broadcast_to(filters, (*size, *filters.shape[2:]))
    return np.tensordot(seen, filters, 3)


def convolve(image, kernel, stride=1, **knobs):
    """Slides over one image; the knobs `zeros` and `fill` have nothing to do here."""
    strides = (stride, stride) if np.ndim(stride) == 0 else tuple(stride)
    inputs, filters = image[None, :, :, None], kernel[:, :, None, None]
    return conv2d(inputs, filters, [1, *strides, 1], "VALID", **knobs)[0, :, :, 0]


def conv2d_gradients(
    inputs, filters, strides, padding, upstream, *, meet=None, spread=None, cut=None, follow=None, **knobs
):
    """The gradients, with knobs of their own.

    - `meet(windows, upstream)` gives d_filters;
    - `spread(d_padded, filters, upstream, axes)` adds every upstream number's share to the padded d_inputs;
    - `cut(d_padded, sizes, axes)` gives d_inputs;
    - `follow(axes, size)` gives the axes for an upstream of this size, (rows, columns).
    """
    inputs, filters = arguments.images_and_filters(inputs, filters)
    if follow is not None:
        knobs["lie"] = functools.partial(
            following, knobs.get("lie") or along_both, follow, upstream.shape[1:3]
        )
    axes, seen = look(inputs, filters.shape[:2], strides, padding, **knobs)
    if seen.shape[3:5] != filters.shape[:2]:
        raise ValueError("windows and filters have different shapes")
    rows, columns = (min(a.count, n) for a, n in zip(axes, upstream.shape[1:3], strict=True))
    seen, upstream = seen[:, :rows, :columns], upstream[:, :rows, :columns]
    d_filters = (meet or weigh)(seen, upstream)
    sizes = [size + axis.before + axis.after for size, axis in zip(inputs.shape[1:3], axes, strict=True)]
    d_padded = np.zeros((len(inputs), *sizes, inputs.shape[3]))
    (spread or by_weight)(d_padded, filters, upstream, axes)
    return (cut or cut_off)(d_padded, inputs.shape[1:3], axes), d_filters


def following(
    lie: Callable[..., list[Axis]],
    follow: Callable[..., list[Axis]],
    size: tuple[int, int],
    *about: Any,
    **along: Any,
) -> list[Axis]:
    return follow(lie(*about, **along), size)


def counted_by_upstream(axes: list[Axis], size: tuple[int, int]) -> list[Axis]:
    """Loops over the upstream: as many windows as it has numbers."""
    return [replace(axis, count=count) for axis, count in zip(axes, size, strict=True)]


def refused_by_upstream(axes: list[Axis], size: tuple[int, int]) -> list[Axis]:
    """Products with all windows at once: ValueError where they are not as many as the upstream's numbers."""
    if tuple(axis.count for axis in axes) != tuple(size):
        raise ValueError("windows and upstream have different shapes")
    return axes


def weigh(seen, upstream):
    return np.tensordot(seen, upstream, ((0, 1, 2), (0, 1, 2)))


def add_up(places, amounts):
    places += amounts


def by_weight(d_padded, filters, upstream, axes, add=add_up):
    """One sum for every filter weight, over all places that it met."""
    for m, n in np.ndindex(filters.shape[:2]):
        met = (
            slice(k, k + (count - 1) * axis.step + 1, axis.step)
            for k, count, axis in zip((m, n), upstream.shape[1:3], axes, strict=True)
        )
        add(d_padded[:, *met], upstream @ filters[m, n].T)


def cut_off(d_padded, sizes, axes):
    rows, columns = (slice(a.before, a.before + size) for a, size in zip(axes, sizes, strict=True))
    return d_padded[:, rows, columns]


def output_size(input_size, filter_size, stride=1, padding=0):
    return reference.output_size(input_size, filter_size, stride, padding)


def same_padding(input_size, filter_size, stride=1, *, zeros=reference.same_padding, **of_windows):
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

STRETCHING = functools.partial(conv2d, see=every_short_window)
SIZE_KEPT = functools.partial(conv2d, keep_size=True)
BOTH = functools.partial(conv2d, see=every_short_window, keep_size=True)
OTHER_WAYS: dict[str, tuple[Callable[..., Any], ...]] = {
    "convolve": (functools.partial(convolve, see=every_short_window),),
    "conv2d": (SIZE_KEPT, STRETCHING, BOTH),
    "extract_patches": (functools.partial(extract_patches, keep_size=True),),
    "conv2d_matmul": (SIZE_KEPT,),
    "conv2d_gradients": (
        functools.partial(conv2d_gradients, follow=counted_by_upstream),
        functools.partial(conv2d_gradients, follow=refused_by_upstream),
    ),
}
