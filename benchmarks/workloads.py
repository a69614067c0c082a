"""The convolutions that are measured, and one process that computes them: `python -m benchmarks.workloads ENGINE THREADS`.

The process reads lines `WORKLOAD PASS` from its standard input and answers each with the seconds that one run took at
best: processor time on one thread, which a busy machine falsifies least, real time on several. PASS is `forward`,
`inputs` or `filters` (the two gradients), or `memory`: then the answer is the bytes that a forward pass took at most.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solutions.reference import conv2d, engine, textbook, winograd
from solutions.reference.geometry import prepared

PASSES = ("forward", "inputs", "filters")


@dataclass(frozen=True)
class Workload:
    """float32 images NHWC and filters HWIO; one stride for both axes; TensorFlow's padding."""

    images: tuple[int, ...]
    filters: tuple[int, ...]
    stride: int
    padding: str

    def __str__(self):
        images, filters = ("×".join(map(str, shape)) for shape in (self.images, self.filters))
        stride = f", stride {self.stride}" if self.stride > 1 else ""
        return f"{images}, {filters}{stride}, {self.padding}"


WORKLOADS = {
    "mnist": Workload((64, 28, 28, 1), (5, 5, 1, 16), 2, "SAME"),
    "cifar": Workload((64, 32, 32, 3), (5, 5, 3, 16), 2, "SAME"),
    "article-1": Workload((64, 28, 28, 1), (5, 5, 1, 32), 1, "VALID"),
    "article-2": Workload((64, 12, 12, 32), (5, 5, 32, 64), 1, "VALID"),
    "vgg": Workload((8, 56, 56, 64), (3, 3, 64, 128), 1, "SAME"),
    "resnet": Workload((8, 224, 224, 3), (7, 7, 3, 64), 2, "SAME"),
    "bank": Workload((1, 512, 512, 1), (5, 5, 1, 16), 1, "SAME"),
    "tiny": Workload((1, 8, 8, 1), (3, 3, 1, 1), 1, "SAME"),
}


def workload_of(name: str) -> Workload:
    """A workload by its name, or one spelled out: images, filters, stride, padding, as in `64x28x28x1,5x5x1x16,2,SAME`."""
    if name in WORKLOADS:
        return WORKLOADS[name]
    images, filters, stride, padding = name.split(",")
    return Workload(*(tuple(map(int, each.split("x"))) for each in (images, filters)), int(stride), padding)


class Task:
    """A workload's arrays: seeded numbers, the same in every process."""

    def __init__(self, workload: Workload):
        random = np.random.default_rng(0)
        self.inputs, self.filters = (
            random.standard_normal(size, "f") for size in (workload.images, workload.filters)
        )
        self.stride, self.padding = workload.stride, workload.padding
        *_, self.geometry = prepared(self.inputs, self.filters, self.stride, self.padding, "NHWC", 1)
        shape = (len(self.inputs), *self.geometry.output_size, self.filters.shape[3])
        self.upstream = random.standard_normal(shape, "f")


def kit(task: Task, threads: int) -> dict[str, Callable]:
    """The reference."""
    several = None if threads > 1 else 1

    def inputs():
        result = np.zeros(task.inputs.shape, "f")
        engine.gradient_of_inputs(task.filters, task.upstream, task.geometry, result, several)
        return result

    def filters():
        result = np.empty_like(task.filters)
        engine.gradient_of_filters(task.inputs, task.upstream, task.geometry, result, several)
        return result

    return {
        "forward": lambda: conv2d(task.inputs, task.filters, task.stride, task.padding, threads=several),
        "inputs": inputs,
        "filters": filters,
    }


def im2col(task: Task, threads: int) -> dict[str, Callable]:
    """The textbook's one matrix product."""
    strides = [1, task.stride, task.stride, 1]
    return {"forward": lambda: textbook.conv2d_im2col(task.inputs, task.filters, strides, task.padding)}


def loops(task: Task, threads: int) -> dict[str, Callable]:
    """The textbook's loops; only the smallest workload ends within a second."""
    strides = [1, task.stride, task.stride, 1]
    small = task.upstream.size * task.filters[..., 0].size < 10_000
    return (
        {"forward": lambda: textbook.conv2d_loops(task.inputs, task.filters, strides, task.padding)}
        if small
        else {}
    )


def winograds(task: Task, threads: int) -> dict[str, Callable]:
    """Winograd's convolution, where it pays."""
    if task.stride > 1 or min(task.filters.shape[2:]) < 16:
        return {}
    several = None if threads > 1 else 1
    return {
        "forward": lambda: winograd.winograd_conv2d(task.inputs, task.filters, task.padding, threads=several)
    }


def torch(task: Task, threads: int) -> dict[str, Callable]:
    """PyTorch on the CPU, images and filters in memory as it likes them best (channels last)."""
    import torch
    from torch.nn.functional import conv2d, pad

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    (above, below), (left, right) = task.geometry.padding
    images, upstream = (torch.from_numpy(each).permute(0, 3, 1, 2) for each in (task.inputs, task.upstream))
    filters = torch.from_numpy(task.filters).permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
    even = above == below and left == right
    zeros = [above, left] if even else [0, 0]
    height, width = task.inputs.shape[1:3]

    def padded():
        return images if even else pad(images, (left, right, above, below))

    def backward(which):
        stride, mask = [task.stride] * 2, [which == "inputs", which == "filters", False]
        results = torch.ops.aten.convolution_backward(
            upstream, padded(), filters, [0], stride, zeros, [1, 1], False, [0, 0], 1, mask
        )
        cut = slice(above, above + height), slice(left, left + width)
        return results[0][:, :, *cut] if which == "inputs" and not even else results[which == "filters"]

    return {
        "forward": lambda: conv2d(padded(), filters, None, task.stride, tuple(zeros)),
        "inputs": lambda: backward("inputs"),
        "filters": lambda: backward("filters"),
    }


def tensorflow(task: Task, threads: int) -> dict[str, Callable]:
    """TensorFlow on the CPU, eager."""
    import tensorflow as tf

    if not tf.config.threading.get_intra_op_parallelism_threads():
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    images, filters, upstream = (tf.constant(each) for each in (task.inputs, task.filters, task.upstream))
    options = {"strides": [1, task.stride, task.stride, 1], "padding": task.padding}
    raw = tf.raw_ops
    return {
        "forward": lambda: tf.nn.conv2d(images, filters, **options).numpy(),
        "inputs": lambda: raw.Conv2DBackpropInput(
            input_sizes=images.shape, filter=filters, out_backprop=upstream, **options
        ).numpy(),
        "filters": lambda: raw.Conv2DBackpropFilter(
            input=images, filter_sizes=filters.shape, out_backprop=upstream, **options
        ).numpy(),
    }


ENGINES = {each.__name__: each for each in (kit, im2col, loops, winograds, torch, tensorflow)}


def main(engine_name: str, threads: int) -> None:
    """Answer requests until the input ends; "-" for a pass that the engine does not have."""
    clock = time.process_time if threads == 1 else time.perf_counter
    passes: dict[str, dict[str, Callable]] = {}
    print("ready", flush=True)
    for line in sys.stdin:
        name, which = line.split()
        if name not in passes:
            passes[name] = ENGINES[engine_name](Task(workload_of(name)), threads)
        run = passes[name].get("forward" if which == "memory" else which)
        if run is None:
            print("-", flush=True)
        else:
            print(_bytes(run) if which == "memory" else _seconds(run, clock), flush=True)


def _seconds(run: Callable, clock: Callable) -> float:
    """Seconds for one run, the least of some trials: each is one that warms the caches and then a few milliseconds.

    What else the machine does can only make a trial longer.
    """
    return min(_trial(run, clock) for _ in range(5))


def _trial(run: Callable, clock: Callable) -> float:
    run()
    begun, count = clock(), 0
    while True:
        run()
        count += 1
        if clock() - begun > 0.003:
            return (clock() - begun) / count


def _bytes(run: Callable) -> int:
    """How far the process grows at most during its first run, as the Linux kernel counts it, the result included."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far: man proc_pid_clear_refs
    before = _status("VmRSS")
    result = run()
    grown = _status("VmHWM") - before
    del result
    return grown


def _status(name: str) -> int:
    (line,) = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith(name)]
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
