"""Wrong programs in the styles of real courses, each with what is wrong in it.

`styles/` holds right programs, one in each style. A wrong one is made of it by one to four deviations, each an edit of its
text as a student would have written it. The label of a deviation is the name of the modelled mistake that is true of it,
or of several, with " = " between them. Words in brackets tell two of the same name apart, and one that begins with "other: "
is not in the bank: no name would be true of it.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.suite import conv2d

STYLES = Path(__file__).with_name("styles")
Edits = tuple[tuple[str, str], ...]

# --- the deviations --------------------------------------------------------------------------------------

DEVIATIONS: Mapping[str, Mapping[str, Edits]] = {
    "naive_loops": {
        "same_floor": (
            ("ph = max((H_out - 1) * sh + HH - H, 0)", "ph = 2 * ((HH - 1) // 2)"),
            ("pw = max((W_out - 1) * sw + WW - W, 0)", "pw = 2 * ((WW - 1) // 2)"),
        ),
        "same_half": (
            ("ph = max((H_out - 1) * sh + HH - H, 0)", "ph = 2 * (HH // 2)"),
            ("pw = max((W_out - 1) * sw + WW - W, 0)", "pw = 2 * (WW // 2)"),
        ),
        "padding_without_stride": (
            ("ph = max((H_out - 1) * sh + HH - H, 0)", "ph = HH - 1"),
            ("pw = max((W_out - 1) * sw + WW - W, 0)", "pw = WW - 1"),
        ),
        "always_one_zero": (
            ("ph = max((H_out - 1) * sh + HH - H, 0)", "ph = 2"),
            ("pw = max((W_out - 1) * sw + WW - W, 0)", "pw = 2"),
        ),
        "befores_on_two_sides": (
            ("(ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2)", "(ph // 2, pw // 2), (ph // 2, pw // 2)"),
        ),
        "minus_zero_crop": (
            (
                "dx_pad[:, top : top + H, left : left + W, :]",
                "dx_pad[:, top : top - ph, left : left - pw, :]",
            ),
        ),
        "products_wrap_around": (("    x_pad = x_pad.astype(float)\n", ""),),
        "not_stepped": (("i * sh : i * sh + HH, j * sw : j * sw + WW", "i : i + HH, j : j + WW"),),
        "window_as_wide_as_the_stride": (
            (
                "window = x_pad[n, i * sh : i * sh + HH, j * sw : j * sw + WW, :]\n                    out",
                "window = x_pad[n, i * sh : i * sh + sh, j * sw : j * sw + sw, :]\n                    out",
            ),
        ),
        "flipped": (("np.sum(window * w[:, :, :, f])", "np.sum(window * w[::-1, ::-1, :, f])"),),
        "padded_image_unused": (("x_pad = x_pad.astype(float)", "x_pad = x.astype(float)"),),
        "small_letters_are_valid": (('if padding.upper() == "SAME"', 'if padding == "SAME"'),),
        "remainder_refused": (
            (
                "    out = np.zeros(",
                "    assert (x_pad.shape[1] - HH) % sh == 0 and (x_pad.shape[2] - WW) % sw == 0\n    out = np.zeros(",
            ),
        ),
        "row_stride_for_both": (("sh, sw = strides[1], strides[2]", "sh, sw = strides[1], strides[1]"),),
        "square_kernels_only": (("HH, WW, _, F = w.shape", "HH, WW, _, F = w.shape\n    WW = HH"),),
        "first_plane_for_all": (("window * w[:, :, :, f])", "window * w[:, :, 0:1, f])"),),
        "padded_with_their_number": (
            ('mode="constant")\n    else', 'mode="constant", constant_values=ph // 2)\n    else'),
        ),
        "last_ones_missed": (
            (
                "for i in range(H_out):\n                for j in range(W_out):\n                    window = x_pad[n, i * sh : i * sh + HH, j * sw : j * sw + WW, :]\n                    out",
                "for i in range(H_out - 1):\n                for j in range(W_out - 1):\n                    window = x_pad[n, i * sh : i * sh + HH, j * sw : j * sw + WW, :]\n                    out",
            ),
        ),
        "mean": (("np.sum(window * w", "np.mean(window * w"),),
        "cut_to_whole_numbers": (
            ("out = np.zeros((N, H_out, W_out, F))", "out = np.zeros((N, H_out, W_out, F), dtype=int)"),
        ),
        "d_filters_replaced": (("dw[:, :, :, f] += window", "dw[:, :, :, f] = window"),),
        "d_inputs_alone": (("return dx, dw", "return dx"),),
        "other: nothing is checked": (("    check_arguments(x, w, strides, padding)\n", ""),),
        "other: output's sizes swapped": (
            ("out = np.zeros((N, H_out, W_out, F))", "out = np.zeros((N, W_out, H_out, F))"),
        ),
        "other: a bias of 1": (("np.sum(window * w[:, :, :, f])", "np.sum(window * w[:, :, :, f]) + 1"),),
    },
    "vert_start": {
        "square_kernels_only": (
            ("(f_H, f_W, n_C_filter, n_C) = W.shape", "(f_H, f_W, n_C_filter, n_C) = W.shape\n    f_H = f_W"),
        ),
        "row_stride_for_both": (("strides[1], strides[2]", "strides[1], strides[1]"),),
        "strides_read_too_early": (("strides[1], strides[2]", "strides[0], strides[1]"),),
        "window_as_wide_as_the_stride": (
            (
                "            vert_end = vert_start + f_H\n            for w",
                "            vert_end = vert_start + stride_H\n            for w",
            ),
            (
                "                horiz_end = horiz_start + f_W\n                for c",
                "                horiz_end = horiz_start + stride_W\n                for c",
            ),
        ),
        "not_stepped (backward)": (
            ("                    vert_start = h * stride_H", "                    vert_start = h"),
            ("                    horiz_start = w * stride_W", "                    horiz_start = w"),
        ),
        "not_stepped": (
            (
                "            vert_start = h * stride_H\n            vert_end",
                "            vert_start = h\n            vert_end",
            ),
            (
                "                horiz_start = w * stride_W\n                horiz_end = horiz_start + f_W\n                for c",
                "                horiz_start = w\n                horiz_end = horiz_start + f_W\n                for c",
            ),
        ),
        "minus_zero_assigned": (
            (
                "da_prev_pad[top : top + n_H_prev, left : left + n_W_prev, :]",
                "da_prev_pad[top : -pad_H[1], left : -pad_W[1], :]",
            ),
        ),
        "same_floor": (("return total // 2, total - total // 2", "return (f - 1) // 2, (f - 1) // 2"),),
        "same_half": (("return total // 2, total - total // 2", "return f // 2, f // 2"),),
        "same_before": (("return total // 2, total - total // 2", "return total - total // 2, total // 2"),),
        "always_one_zero": (("return total // 2, total - total // 2", "return 1, 1"),),
        "padding_without_stride": (("max((int(np.ceil(n / stride)) - 1) * stride + f - n, 0)", "f - 1"),),
        "windows_rounded_down": (("int(np.ceil(n / stride))", "n // stride"),),
        "padded_image_unused": (
            (
                "a_prev_pad = A_prev_pad[i]\n        for h in range(n_H):\n            vert",
                "a_prev_pad = A_prev[i].astype(float)\n        for h in range(n_H):\n            vert",
            ),
        ),
        "mean": (("return np.sum(s)", "return np.mean(s)"),),
        "one_too_small": (("/ stride_H) + 1", "/ stride_H)"), ("/ stride_W) + 1", "/ stride_W)")),
        "cut_to_whole_numbers": (("return np.sum(s)", "return int(np.sum(s))"),),
        "d_inputs_replaced_by_filter": (("horiz_start:horiz_end, :] += (", "horiz_start:horiz_end, :] = ("),),
        "products_wrap_around": (
            ("zero_pad(A_prev.astype(float), pad_H, pad_W)", "zero_pad(A_prev, pad_H, pad_W)"),
        ),
        "small_letters_refused": (
            ('padding.upper() == "SAME"', 'padding == "SAME"'),
            ('padding.upper() != "VALID"', 'padding != "VALID"'),
        ),
        "other: columns start where rows do": (("horiz_start = w * stride_W", "horiz_start = h * stride_W"),),
        "other: channels unchecked": (
            ('    if n_C_filter != n_C_prev:\n        raise ValueError("channels differ")\n', ""),
        ),
    },
    "own_pad_helper": {
        "same_floor": (
            (
                "return (total // 2, total - total // 2)",
                "return ((filter_size - 1) // 2, (filter_size - 1) // 2)",
            ),
        ),
        "same_before": (
            ("return (total // 2, total - total // 2)", "return (total - total // 2, total // 2)"),
        ),
        "all_before": (("return (total // 2, total - total // 2)", "return (total, 0)"),),
        "windows_rounded_down": (("math.ceil(size / stride)", "math.floor(size / stride)"),),
        "padding_swapped": (("pad_images(inputs, pad_y, pad_x)", "pad_images(inputs, pad_x, pad_y)"),),
        "not_stepped": (("top, left = y * stride_y, x * stride_x", "top, left = y, x"),),
        "small_letters_are_same": (('if padding.upper() == "VALID"', 'if padding == "VALID"'),),
        "first_filter_for_all": (("filters[:, :, :, out_channel]", "filters[:, :, :, 0]"),),
        "strides_swapped": (("_stride, stride_y, stride_x,", "_stride, stride_x, stride_y,"),),
        "other_images_zero": (("    return output\n", "        return output\n"),),
        "minus_zero_fill": (
            (
                "padded[:, pad_y[0] : pad_y[0] + images.shape[1], pad_x[0] : pad_x[0] + images.shape[2], :]",
                "padded[:, pad_y[0] : -pad_y[1], pad_x[0] : -pad_x[1], :]",
            ),
        ),
        "size_without_padding": (
            ("(padded.shape[1] - filter_height) // stride_y", "(in_height - filter_height) // stride_y"),
            ("(padded.shape[2] - filter_width) // stride_x", "(in_width - filter_width) // stride_x"),
        ),
        "flipped": (
            ("patch * filters[:, :, :, out_channel]", "patch * filters[::-1, ::-1, :, out_channel]"),
        ),
        "padded_with_ones": (("padded = np.zeros(", "padded = np.ones("),),
        "equal_strides_only": (
            (
                "    num_examples_stride, stride_y",
                "    assert strides[1] == strides[2]\n    num_examples_stride, stride_y",
            ),
        ),
        "other: assertions": (("raise ValueError", "raise AssertionError"),),
        "other: nothing is checked about channels and strides": (
            (
                '    if input_in_channels != filter_in_channels:\n        raise ValueError("number of channels")\n',
                "",
            ),
            (
                '    if num_examples_stride != 1 or channels_stride != 1:\n        raise ValueError("strides")\n',
                "",
            ),
        ),
    },
    "columns_of_patches": {
        "zeros_by_early_strides": (
            ("filter_size[axis], strides[1 + axis]", "filter_size[axis], strides[axis]"),
        ),
        "small_letters_refused": (
            ('if padding.upper() == "SAME"', 'if padding == "SAME"'),
            ('elif padding.upper() != "VALID"', 'elif padding != "VALID"'),
        ),
        "small_letters_are_valid": (
            ('if padding.upper() == "SAME"', 'if padding == "SAME"'),
            ('elif padding.upper() != "VALID"', 'elif padding.upper() not in ("SAME", "VALID")'),
        ),
        "same_floor": (
            ("pads[axis] = (total // 2, total - total // 2)", "pads[axis] = ((f - 1) // 2, (f - 1) // 2)"),
        ),
        "same_before": (
            (
                "pads[axis] = (total // 2, total - total // 2)",
                "pads[axis] = (total - total // 2, total // 2)",
            ),
        ),
        "odd_zero_lost": (
            ("pads[axis] = (total // 2, total - total // 2)", "pads[axis] = (total // 2, total // 2)"),
        ),
        "patches_channels_slowest = channels_slowest_in_patches": (
            ("window.reshape(n, -1)", "window.transpose(0, 3, 1, 2).reshape(n, -1)"),
        ),
        "filters_reshaped_first = reshaped_filters_first": (
            ("filters.reshape(-1, filters.shape[-1])", "filters.reshape(filters.shape[-1], -1).T"),
        ),
        "product_reshaped_channels_first": (
            (
                "product.reshape(n, o_h, o_w, out_channels)",
                "product.reshape(n, out_channels, o_h, o_w).transpose(0, 2, 3, 1)",
            ),
        ),
        "minus_zero_crop": (
            (
                "d_padded[:, top : d_padded.shape[1] - bottom, left : d_padded.shape[2] - right, :]",
                "d_padded[:, top:-bottom, left:-right, :]",
            ),
        ),
        "d_inputs_replaced": (("x : x + f_w, :] += d_patches", "x : x + f_w, :] = d_patches"),),
        "edge_repeated": (("pads[1], (0, 0))), pads", 'pads[1], (0, 0)), mode="edge"), pads'),),
        "not_stepped": (("i * s_h : i * s_h + f_h, j * s_w : j * s_w + f_w", "i : i + f_h, j : j + f_w"),),
        "square_kernels_only": (("f_h, f_w = filter_size", "f_h, f_w = filter_size[0], filter_size[0]"),),
        "mean_over_batch": (("@ d_out).reshape(filters.shape)", "@ d_out).reshape(filters.shape) / n"),),
    },
    "sums_per_tap": {
        "not_stepped": (
            (
                "m : m + (rows - 1) * sy + 1 : sy, n : n + (columns - 1) * sx + 1 : sx, :",
                "m : m + rows, n : n + columns, :",
            ),
        ),
        "flipped": (("out += shifted @ filters[m, n]", "out += shifted @ filters[-1 - m, -1 - n]"),),
        "transposed_in_the_sum": (("out += shifted @ filters[m, n]", "out += shifted @ filters[n, m]"),),
        "same_floor": (("total // 2, total - total // 2, out", "(f - 1) // 2, (f - 1) // 2, out"),),
        "same_half": (("total // 2, total - total // 2, out", "f // 2, f // 2, out"),),
        "one_window_too_many": (("(out - 1) * s + f - size", "out * s + f - size"),),
        "last_weights_left_out": (
            (
                "for m in range(filters.shape[0]):\n        for n in range(filters.shape[1]):\n            shifted",
                "for m in range(filters.shape[0] - 1):\n        for n in range(filters.shape[1] - 1):\n            shifted",
            ),
        ),
        "d_inputs_replaced_by_weight": (
            (
                "d_padded[:, rows_met, columns_met] += upstream",
                "d_padded[:, rows_met, columns_met] = upstream",
            ),
        ),
        "cut_at_the_end_only": (
            ("d_padded[:, top : top + height, left : left + width]", "d_padded[:, :height, :width]"),
        ),
        "size_kept": (("out = (size + s - 1) // s", "out = size"),),
        "products_wrap_around": ((".astype(float)\n    sy, sx", "\n    sy, sx"),),
        "square_kernels_only": (
            (
                "for n in range(filters.shape[1]):\n            shifted",
                "for n in range(filters.shape[0]):\n            shifted",
            ),
        ),
        "order_swapped": (
            (
                "return d_padded[:, top : top + height, left : left + width], d_filters",
                "return d_filters, d_padded[:, top : top + height, left : left + width]",
            ),
        ),
        "other: the last tap is doubled": (
            ("    return out\n", "    return out + shifted @ filters[m, n]\n"),
        ),
    },
    "image_filters": {
        "flipped": (
            (
                "    output = np.zeros((out_height",
                "    kernel = np.flipud(np.fliplr(kernel))\n    output = np.zeros((out_height",
            ),
        ),
        "clipped": (("    return output\n\n\ndef same", "    return np.clip(output, 0, 255)\n\n\ndef same"),),
        "stored_as_uint8": (
            (
                "    return output\n\n\ndef same",
                "    return output.astype(np.int64).astype(np.uint8)\n\n\ndef same",
            ),
        ),
        "centred_and_wrapped": (
            ("image[x + m, y + n]", "image[x + m - kernel.shape[0] // 2, y + n - kernel.shape[1] // 2]"),
        ),
        "padded_anyway": (
            (
                "    image_height, image_width = image.shape\n    step_y",
                "    zeros = [same_padding(*each) for each in zip(image.shape, kernel.shape, np.broadcast_to(stride, 2).tolist())]\n"
                "    image = np.pad(image, zeros)\n    image_height, image_width = image.shape\n    step_y",
            ),
        ),
        "edge_repeated": (
            (
                "    top, bottom = rows\n",
                '    return np.pad(image, (rows, columns), mode="edge")\n    top, bottom = rows\n',
            ),
        ),
        "same_half": (
            ("    before = total // 2\n    after = total - before", "    before = after = filter_size // 2"),
        ),
        "same_floor": (
            (
                "    before = total // 2\n    after = total - before",
                "    before = after = (filter_size - 1) // 2",
            ),
        ),
        "normalized": (
            (
                "    output = np.zeros((out_height",
                "    kernel = kernel / kernel.sum()\n    output = np.zeros((out_height",
            ),
        ),
        "sign_lost": (("    return output\n\n\ndef same", "    return np.abs(output)\n\n\ndef same"),),
        "products_wrap_around": (("    image = image.astype(np.float64)\n", ""),),
        "last_channel_only": (("plane = plane + convolve(", "plane = convolve("),),
        "channels_first": (("np.stack(planes, axis=-1)", "np.stack(planes, axis=0)"),),
        "strides_swapped": (
            (
                "step_y, step_x = (stride, stride) if np.isscalar(stride) else stride",
                "step_x, step_y = (stride, stride) if np.isscalar(stride) else stride",
            ),
        ),
        "in_the_corner": (
            ("padded[top : top + height, left : left + width] = image", "padded[:height, :width] = image"),
        ),
        "minus_zero_slice": (
            (
                "padded[top : top + height, left : left + width] = image",
                "padded[top:-bottom, left:-right] = image",
            ),
        ),
        "position_swapped": (("image[x + m, y + n]", "image[y + m, x + n]"),),
        "negative_zeros": (("    if total < 0:\n        total = 0\n", ""),),
        "other: brightened": (("    return output\n\n\ndef same", "    return output + 0.5\n\n\ndef same"),),
    },
    "views_and_einsum": {
        "transposed_in_the_sum": (('"nyxchw,hwco->nyxo"', '"nyxchw,whco->nyxo"'),),
        "strides_swapped": (
            ("view[:, :: strides[1], :: strides[2]]", "view[:, :: strides[2], :: strides[1]]"),
        ),
        "rows_stepped_only": (("view[:, :: strides[1], :: strides[2]]", "view[:, :: strides[1]]"),),
        "d_inputs_not_stepped": (
            (
                "dilated[:, : rows * strides[1] : strides[1], : columns * strides[2] : strides[2]]",
                "dilated[:, :rows, :columns]",
            ),
        ),
        "flipped_in_d_inputs": (("rotated = filters[::-1, ::-1]", "rotated = filters"),),
        "patches_channels_slowest": (("    view = view.transpose(0, 1, 2, 4, 5, 3)\n", ""),),
        "same_half": (("return missing // 2, missing - missing // 2", "return f // 2, f // 2"),),
        "same_before": (
            ("return missing // 2, missing - missing // 2", "return -(-missing // 2), missing // 2"),
        ),
        "edge_mirrored": (
            (
                "xp = np.pad(x, [(0, 0), zy, zx, (0, 0)])",
                'xp = np.pad(x, [(0, 0), zy, zx, (0, 0)], mode="reflect")',
            ),
        ),
        "first_channel_only": (
            (
                'np.einsum("nyxchw,hwco->nyxo", view, filters)',
                'np.einsum("nyxhw,hwo->nyxo", view[:, :, :, 0], filters[:, :, 0])',
            ),
        ),
        "filters_summed_away": (('"nyxchw,hwco->nyxo"', '"nyxchw,hwco->nyx"'),),
        "mean_over_batch": (("view, upstream)\n    n,", "view, upstream) / len(inputs)\n    n,"),),
        "products_wrap_around": (("inputs.astype(float), filters", "inputs, filters"),),
    },
}

# --- the programs ----------------------------------------------------------------------------------------

PROGRAMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("naive_loops", ("same_floor",)),
    ("naive_loops", ("same_floor", "other: nothing is checked")),
    ("naive_loops", ("same_half", "not_stepped")),
    ("naive_loops", ("padding_without_stride",)),
    ("naive_loops", ("always_one_zero", "minus_zero_crop")),
    ("naive_loops", ("befores_on_two_sides", "products_wrap_around")),
    ("naive_loops", ("minus_zero_crop",)),
    ("naive_loops", ("window_as_wide_as_the_stride",)),
    ("naive_loops", ("flipped", "same_floor", "not_stepped")),
    ("naive_loops", ("padded_image_unused", "small_letters_are_valid")),
    ("naive_loops", ("remainder_refused", "products_wrap_around")),
    ("naive_loops", ("row_stride_for_both", "square_kernels_only")),
    ("naive_loops", ("first_plane_for_all", "last_ones_missed", "other: nothing is checked")),
    ("naive_loops", ("padded_with_their_number",)),
    ("naive_loops", ("mean", "cut_to_whole_numbers", "d_filters_replaced")),
    ("naive_loops", ("d_inputs_alone", "other: a bias of 1")),
    ("naive_loops", ("other: output's sizes swapped",)),
    ("vert_start", ("square_kernels_only",)),
    ("vert_start", ("square_kernels_only", "row_stride_for_both", "same_floor")),
    ("vert_start", ("row_stride_for_both", "always_one_zero")),
    ("vert_start", ("strides_read_too_early",)),
    ("vert_start", ("window_as_wide_as_the_stride", "minus_zero_assigned")),
    ("vert_start", ("not_stepped (backward)", "products_wrap_around")),
    ("vert_start", ("not_stepped", "mean", "same_half")),
    ("vert_start", ("minus_zero_assigned", "same_before")),
    ("vert_start", ("padding_without_stride", "d_inputs_replaced_by_filter")),
    ("vert_start", ("windows_rounded_down", "other: channels unchecked")),
    ("vert_start", ("padded_image_unused",)),
    ("vert_start", ("one_too_small", "cut_to_whole_numbers")),
    ("vert_start", ("small_letters_refused", "same_floor")),
    ("vert_start", ("other: columns start where rows do",)),
    ("own_pad_helper", ("same_floor", "other: assertions")),
    ("own_pad_helper", ("same_floor", "not_stepped", "other: assertions")),
    ("own_pad_helper", ("same_floor", "small_letters_are_same", "not_stepped", "other: assertions")),
    ("own_pad_helper", ("same_before", "first_filter_for_all")),
    ("own_pad_helper", ("all_before", "strides_swapped")),
    ("own_pad_helper", ("windows_rounded_down",)),
    ("own_pad_helper", ("padding_swapped", "other: nothing is checked about channels and strides")),
    ("own_pad_helper", ("other_images_zero", "flipped")),
    ("own_pad_helper", ("minus_zero_fill",)),
    ("own_pad_helper", ("size_without_padding",)),
    ("own_pad_helper", ("padded_with_ones", "equal_strides_only")),
    ("columns_of_patches", ("zeros_by_early_strides",)),
    ("columns_of_patches", ("small_letters_refused",)),
    ("columns_of_patches", ("small_letters_are_valid",)),
    ("columns_of_patches", ("same_floor", "patches_channels_slowest = channels_slowest_in_patches")),
    ("columns_of_patches", ("same_before", "minus_zero_crop")),
    ("columns_of_patches", ("odd_zero_lost", "d_inputs_replaced", "filters_reshaped_first = reshaped_filters_first")),
    ("columns_of_patches", ("edge_repeated", "product_reshaped_channels_first")),
    ("columns_of_patches", ("not_stepped", "mean_over_batch", "square_kernels_only")),
    ("sums_per_tap", ("not_stepped", "flipped")),
    ("sums_per_tap", ("same_floor", "d_inputs_replaced_by_weight")),
    ("sums_per_tap", ("same_half", "transposed_in_the_sum", "products_wrap_around")),
    ("sums_per_tap", ("one_window_too_many", "cut_at_the_end_only")),
    ("sums_per_tap", ("last_weights_left_out", "order_swapped")),
    ("sums_per_tap", ("size_kept", "square_kernels_only")),
    ("sums_per_tap", ("other: the last tap is doubled",)),
    ("image_filters", ("flipped", "clipped", "same_half")),
    ("image_filters", ("flipped", "stored_as_uint8", "centred_and_wrapped")),
    ("image_filters", ("padded_anyway", "edge_repeated")),
    ("image_filters", ("normalized", "same_floor", "in_the_corner", "position_swapped")),
    ("image_filters", ("sign_lost", "last_channel_only")),
    ("image_filters", ("products_wrap_around", "channels_first", "minus_zero_slice")),
    ("image_filters", ("strides_swapped", "negative_zeros", "other: brightened")),
    ("views_and_einsum", ("transposed_in_the_sum", "d_inputs_not_stepped")),
    ("views_and_einsum", ("strides_swapped", "patches_channels_slowest")),
    ("views_and_einsum", ("rows_stepped_only", "flipped_in_d_inputs", "same_before")),
    ("views_and_einsum", ("same_half", "first_channel_only")),
    ("views_and_einsum", ("edge_mirrored", "filters_summed_away", "mean_over_batch", "products_wrap_around")),
)  # fmt: skip


@dataclass(frozen=True)
class WrongProgram:
    """One program that deviates from a right one.

    Attributes:
        style: the right program it was made from.
        deviations: what is wrong in it.
        source: its text.
    """

    style: str
    deviations: tuple[str, ...]
    source: str

    @functools.cached_property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """Its functions that the assignment asks for."""
        module = types.ModuleType(self.style)
        exec(compile(self.source, f"{self.style}.py", "exec"), vars(module))
        return {name: value for name, value in vars(module).items() if name in conv2d.ASSIGNMENT.right}

    @property
    def true_names(self) -> frozenset[str]:
        """The mistakes that may be named."""
        labels = (label.partition(" (")[0] for label in self.deviations if not label.startswith("other: "))
        return frozenset(name for label in labels for name in label.split(" = "))

    def __str__(self) -> str:
        return f"{self.style}: {' + '.join(self.deviations) or 'right'}"


def wrong_program(style: str, *deviations: str) -> WrongProgram:
    """The program with these deviations. Raises ValueError for an edit whose text is not there."""
    source = (STYLES / f"{style}.py").read_text()
    for deviation in deviations:
        for old, new in DEVIATIONS[style][deviation]:
            if old not in source:
                raise ValueError(f"{style}, {deviation}: nothing to edit like {old}")
            source = source.replace(old, new)
    return WrongProgram(style, deviations, source)


@functools.cache
def wrong_programs() -> tuple[WrongProgram, ...]:
    """All of them."""
    return tuple(wrong_program(style, *deviations) for style, deviations in PROGRAMS)
