"""The engine cuts the work into blocks without losing a window, in little memory, on any number of threads."""

import os
import platform
import subprocess
import sys
import threading
import time
import tracemalloc

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions.reference import conv2d, conv2d_gradients, textbook
from solutions.reference.engine import pairs
from solutions.reference.engine.blocks import blocks_of
from solutions.reference.engine.memory import roomy
from solutions.reference.engine.products import THREAD_COUNTS, Right, add_product
from solutions.reference.engine.threads import cut, run, share
from solutions.reference.engine.tuning import (
    BUFFER_BYTES,
    BUFFERS_FOR_THREADS,
    CACHE_LINE,
    PIECE_DEPTH,
    PIECE_MULTIPLICATIONS,
    ROOMY_BYTES,
    ROOMY_FROM_BYTES,
    SMALL_MULTIPLICATIONS,
    THREAD_MULTIPLICATIONS,
)
from solutions.reference.geometry import Geometry, prepared

MEGABYTE = 1 << 20


def normal(seed, *shape, dtype="float32"):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


# Large enough for several blocks: more than three quarters of a megabyte of windows. Images, filters, stride, padding.
LARGE = {
    "many small images, one channel": ((60, 28, 28, 1), (5, 5, 1, 16), 2, "SAME"),
    "many small images, three channels": ((40, 32, 32, 3), (5, 5, 3, 16), 2, "SAME"),
    "many channels": ((6, 12, 12, 32), (5, 5, 32, 64), 1, "VALID"),
    "a large image, one channel": ((1, 150, 170, 1), (5, 5, 1, 16), 1, "SAME"),
    "rows of the buffer multiples of 512 bytes": ((1, 128, 128, 1), (5, 5, 1, 16), 1, "SAME"),
    "a large image, three channels": ((2, 100, 90, 3), (7, 7, 3, 20), 2, "SAME"),
    "a wide image": ((1, 7, 3000, 2), (3, 3, 2, 5), 1, "SAME"),
    "sums longer than a piece": ((2, 9, 9, 200), (3, 3, 200, 40), 1, "SAME"),
}  # fmt: skip


@pytest.mark.parametrize("threads", [None, 1, 2, 3, 50])
@pytest.mark.parametrize("name", LARGE)
def test_large_work_gives_what_one_matrix_product_gives_on_any_number_of_threads(name, threads):
    images, filters, stride, padding = LARGE[name]
    inputs, filters = normal(1, *images), normal(2, *filters)
    exact = textbook.conv2d_im2col(inputs.astype("float64"), filters, [1, stride, stride, 1], padding)
    output = conv2d(inputs, filters, stride, padding, threads=threads)
    np.testing.assert_allclose(output, exact, rtol=0, atol=2e-6 * np.abs(exact).max())


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("name", LARGE)
def test_large_gradients_are_the_adjoints_of_the_convolution(name, threads):
    images, filters, stride, padding = LARGE[name]
    inputs, filters = normal(1, *images, dtype="float64"), normal(2, *filters, dtype="float64")
    output = conv2d(inputs, filters, stride, padding)
    upstream, shift, turn = (normal(seed, *shape, dtype="float64") for seed, shape in [(3, output.shape), (4, inputs.shape), (5, filters.shape)])  # fmt: skip
    d_inputs, d_filters = conv2d_gradients(inputs, filters, stride, padding, upstream, threads=threads)
    assert np.vdot(d_inputs, shift) == pytest.approx(
        np.vdot(upstream, conv2d(shift, filters, stride, padding))
    )
    assert np.vdot(d_filters, turn) == pytest.approx(np.vdot(upstream, conv2d(inputs, turn, stride, padding)))


def peak_bytes(function, *arguments, **options):
    """How much memory a call takes at most, its results included, and the size of these."""
    tracemalloc.start()
    try:
        results = function(*arguments, **options)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    results = results if isinstance(results, tuple) else (results,)
    return peak, sum(each.nbytes for each in results)


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
@pytest.mark.parametrize(("channels", "dtype"), [(1, "float32"), (3, "float32"), (3, "uint8")])
@pytest.mark.parametrize("size", [200, 800])
def test_beyond_its_result_a_convolution_takes_three_megabytes_however_large_the_image(
    size, channels, dtype, data_format
):
    shape = (1, size, size, channels) if data_format == "NHWC" else (1, channels, size, size)
    inputs, filters = np.ones(shape, dtype), np.ones((5, 5, channels, 4), "float32")
    peak, result = peak_bytes(conv2d, inputs, filters, 1, "SAME", data_format=data_format, threads=1)
    assert peak - result < 3 * MEGABYTE
    assert 25 * channels * size * size * 4 > 3 * MEGABYTE  # as much as a matrix of all windows would take


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size", [200, 800])
def test_beyond_their_results_the_gradients_take_six_megabytes_however_large_the_image(size, stride):
    inputs, filters = np.ones((1, size, size, 3), "float32"), np.ones((5, 5, 3, 4), "float32")
    upstream = np.ones((1, size // stride, size // stride, 4), "float32")
    peak, results = peak_bytes(conv2d_gradients, inputs, filters, stride, "SAME", upstream, threads=1)
    assert peak - results < 6 * MEGABYTE


def test_memory_does_not_grow_with_the_batch():
    filters = np.ones((5, 5, 3, 16), "float32")
    for batch in (10, 200):
        peak, result = peak_bytes(
            conv2d, np.ones((batch, 32, 32, 3), "float32"), filters, 2, "SAME", threads=1
        )
        assert peak - result < 3 * MEGABYTE


# Thresholds.


def test_a_benchmark_can_run_with_another_threshold_and_with_what_follows_from_it(tmp_path):
    (tmp_path / "told.py").write_text(
        "from solutions.reference.engine import blocks, gather, memory\n"
        "print(blocks.BUFFER_BYTES, memory.ROOMY_BYTES, gather.CACHE_LINE)"
    )
    command = [sys.executable, "-m", "benchmarks.tuned", "BUFFER_BYTES=1 << 12", "told"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}
    result = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert result.stdout.split() == ["4096", "8192", str(CACHE_LINE)], result.stderr


# Blocks.


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    first=st.integers(0, 3),
    batch=st.integers(0, 9),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    window_bytes=st.sampled_from([1, 100, 5_000, 100_000, 10**7]),
    shares=st.integers(1, 5),
)
def test_blocks_cover_every_position_once_and_fit_the_buffer(
    first, batch, height, width, window_bytes, shares
):
    geometry = Geometry((1, 1), (1, 1), (1, 1), ((0, 0), (0, 0)), (height, width), 1)
    buffer = BUFFER_BYTES if shares == 1 else BUFFERS_FOR_THREADS * BUFFER_BYTES
    met = np.zeros((first + batch, height), int)
    for block in blocks_of(range(first, first + batch), geometry, window_bytes, shares):
        images, rows = block.size
        assert images >= 1 and rows >= 1
        assert images * rows * width * window_bytes <= buffer or images * rows == 1
        met[block.images, block.rows] += 1
    assert (met[first:] == 1).all() and not met[:first].any()


@pytest.mark.parametrize(("batch", "shares"), [(64, 2), (64, 3), (1, 2), (2, 4)])
def test_there_is_a_block_for_each_share_of_the_work(batch, shares):
    geometry = Geometry((1, 1), (1, 1), (1, 1), ((0, 0), (0, 0)), (14, 14), 1)
    blocks = blocks_of(range(batch), geometry, 100, shares)
    sizes = [sum(np.prod(block.size) for block in part) for part in cut(blocks, shares)]
    assert len(sizes) == shares
    assert max(sizes) <= 1.5 * min(sizes)


# Products.


@pytest.mark.parametrize(
    ("rows", "depth", "columns"),
    [
        (1, 1, 1),
        (5, 7, 3),
        (1000, 30, 20),
        (333, 800, 70),
        (3, PIECE_DEPTH + 1, 300),
        (70, 3 * PIECE_DEPTH, 65),
        (9000, 25, 3),
    ],
)
@pytest.mark.parametrize("transposed", [False, True])
def test_a_product_in_pieces_is_the_product(rows, depth, columns, transposed):
    left, right = normal(1, rows, depth, dtype="float64"), normal(2, depth, columns, dtype="float64")
    left = np.asfortranarray(left) if transposed else left
    product = np.full((columns, rows) if transposed else (rows, columns), np.nan)
    Right(right).multiply(left, product.T if transposed else product)
    np.testing.assert_allclose(product.T if transposed else product, left @ right, atol=1e-10)


@pytest.mark.parametrize(
    ("rows", "terms", "columns"),
    [(1, 1, 1), (25, 5000, 16), (75, 100, 16), (30, 3 * PIECE_DEPTH, 20), (200, 900, 70)],
)
@pytest.mark.parametrize("transposed", [False, True])
def test_a_long_sum_in_pieces_is_added_to_what_was_there(rows, terms, columns, transposed):
    left, right = normal(1, rows, terms, dtype="float64"), normal(2, terms, columns, dtype="float64")
    left = np.asfortranarray(left) if transposed else left
    before = normal(3, rows, columns, dtype="float64")
    total = before.copy()
    add_product(left, right, total)
    np.testing.assert_allclose(total, before + left @ right, atol=1e-10)


def test_no_piece_is_so_large_that_openblas_starts_threads_of_its_own(monkeypatch):
    sizes = []
    matmul = np.matmul

    def watched(left, right, **options):
        sizes.append(left.shape[-2] * left.shape[-1] * right.shape[-1])
        return matmul(left, right, **options)

    monkeypatch.setattr(np, "matmul", watched)
    for name in THREAD_COUNTS:
        monkeypatch.delenv(name, raising=False)
    for rows, depth, columns in [(5000, 25, 16), (333, 800, 70), (50, 5000, 300), (9000, 1, 3)]:
        left, right = normal(1, rows, depth), normal(2, depth, columns)
        Right(right).multiply(left, np.empty((rows, columns), "float32"))
        add_product(left, right, np.zeros((rows, columns), "float32"))
    assert len(sizes) > 8 and max(sizes) <= PIECE_MULTIPLICATIONS


@pytest.mark.parametrize(
    ("count", "core", "pieces"), [("1", "Haswell", False), ("2", "Haswell", True), ("1", "SkylakeX", True)]
)
def test_a_product_of_long_sums_stays_whole_where_openblas_has_one_thread_and_no_avx512(
    monkeypatch, count, core, pieces
):
    monkeypatch.setattr("solutions.reference.engine.products._cpu_has_avx512", lambda: True)
    sizes = []
    matmul = np.matmul

    def watched(left, right, **options):
        sizes.append(left.shape[-2])
        return matmul(left, right, **options)

    monkeypatch.setattr(np, "matmul", watched)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", count)
    monkeypatch.setenv("OPENBLAS_CORETYPE", core)
    left, right, product = normal(1, 300, 800), normal(2, 800, 70), np.empty((300, 70), "float32")
    Right(right).multiply(left, product)
    assert (min(sizes) < 300) is pieces
    np.testing.assert_allclose(product, left @ right, atol=1e-3)


def test_several_products_of_one_left_side_come_in_one_call():
    left, right = normal(1, 2000, 40, dtype="float64"), normal(2, 9, 40, 30, dtype="float64")
    product = np.full((9, 2000, 30), np.nan)
    Right(right).multiply(left, product)
    np.testing.assert_allclose(product, left @ right, atol=1e-10)
    assert left.size * 30 > PIECE_MULTIPLICATIONS


# Pairs of neighbours.

PAIRED = {
    "one channel": ((2, 30, 30, 1), (3, 3, 1, 16), 1, "SAME"),
    "colours": ((2, 20, 20, 3), (5, 5, 3, 8), 1, "VALID"),
    "a stride": ((3, 24, 24, 3), (5, 4, 3, 24), 2, "SAME"),
    "a stride as large as the filter": ((3, 24, 24, 3), (3, 3, 3, 16), 3, "SAME"),
    "a stride larger than the filter": ((3, 36, 36, 3), (2, 2, 3, 16), 3, "VALID"),
    "many channels": ((2, 16, 16, 20), (5, 5, 20, 4), 2, "SAME"),
}  # fmt: skip


@pytest.fixture
def avx512(monkeypatch):
    """As on a CPU with AVX-512, whatever this one has: it decides what is paired, and not what comes out."""
    monkeypatch.setattr(pairs, "has_avx512", lambda: True)


def is_paired(images, filters, stride, padding):
    *_, geometry = prepared(np.empty(images), np.empty(filters), stride, padding, "NHWC", 1)
    outputs = np.empty((images[0], *geometry.output_size, filters[3]))
    return outputs.size * np.prod(filters[:3]) > SMALL_MULTIPLICATIONS and pairs.worthwhile(
        np.empty(filters), geometry, outputs
    )


@pytest.mark.usefixtures("avx512")
@pytest.mark.parametrize("name", PAIRED)
def test_neighbours_that_share_a_window_get_what_each_gets_alone(name):
    images, filters, stride, padding = PAIRED[name]
    assert is_paired(images, filters, stride, padding)
    inputs, filters = normal(1, *images, dtype="float64"), normal(2, *filters, dtype="float64")
    expected = textbook.conv2d_im2col(inputs, filters, [1, stride, stride, 1], padding)
    np.testing.assert_allclose(conv2d(inputs, filters, stride, padding), expected, rtol=1e-12, atol=1e-12)
    # The gradient is linear in each of its arguments: ⟨d_filters, K⟩ = ⟨upstream, conv2d(inputs, K)⟩ for any K.
    upstream, other = normal(3, *expected.shape, dtype="float64"), normal(4, *filters.shape, dtype="float64")
    _, d_filters = conv2d_gradients(inputs, filters, stride, padding, upstream)
    alone = textbook.conv2d_im2col(inputs, other, [1, stride, stride, 1], padding)
    assert np.vdot(d_filters, other) == pytest.approx(np.vdot(upstream, alone), rel=1e-9)


@pytest.mark.usefixtures("avx512")
@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("name", PAIRED)
def test_a_pixel_that_is_no_number_spoils_only_the_outputs_whose_windows_have_it(name, value):
    images, filters, stride, padding = PAIRED[name]
    inputs, filters = normal(1, *images), normal(2, *filters)
    inputs[1, 7, 6, 0] = value
    output = conv2d(inputs, filters, stride, padding)
    reached = conv2d((~np.isfinite(inputs)).astype("float32"), np.ones_like(filters), stride, padding) > 0
    np.testing.assert_array_equal(~np.isfinite(output), reached)


@pytest.mark.parametrize(("avx512", "paired"), [(True, ["one channel", "a stride"]), (False, [])])
def test_without_avx512_windows_that_would_be_much_wider_are_not_paired(monkeypatch, avx512, paired):
    monkeypatch.setattr(pairs, "has_avx512", lambda: avx512)
    assert [name for name in ("one channel", "a stride") if is_paired(*PAIRED[name])] == paired
    assert is_paired(*PAIRED["colours"])


@pytest.mark.usefixtures("avx512")
@pytest.mark.parametrize(
    "images, filters, stride, padding",
    [
        ((2, 20, 21, 3), (5, 5, 3, 8), 1, "SAME"),  # an odd width
        ((2, 20, 20, 3), (5, 5, 3, 25), 1, "SAME"),  # many filters
        ((2, 40, 40, 1), (5, 5, 1, 16), 2, "SAME"),  # one channel and a stride
        ((2, 40, 40, 16), (3, 3, 16, 16), 2, "SAME"),  # many channels, and hardly an overlap
    ],
)
def test_other_convolutions_are_not_paired(images, filters, stride, padding):
    assert not is_paired(images, filters, stride, padding)


# Threads.


def test_small_work_stays_on_one_thread_and_large_work_takes_no_more_than_asked_for():
    assert share(None, 0) == share(None, THREAD_MULTIPLICATIONS) == 1
    assert share(3, 0) == share(3, 10**12) == 3
    assert 1 <= share(None, 10**12) <= 4096


def test_the_next_convolution_takes_the_same_threads():
    images, filters, stride, padding = LARGE["many channels"]
    inputs, filters = normal(1, *images), normal(2, *filters)
    before, calls = pooled_threads(), 40
    for _ in range(calls):
        conv2d(inputs, filters, stride, padding, threads=4)
    assert pooled_threads() >= 1
    # Threads of its own would be three for each call. One that has not yet said that it is idle may get company.
    assert pooled_threads() - before < calls


def pooled_threads():
    return sum(thread.name.startswith("convolution") for thread in threading.enumerate())


FORK = """
import os
import numpy as np
from solutions.reference import conv2d

def work():
    return conv2d(np.ones((6, 12, 12, 32)), np.ones((5, 5, 32, 64)), threads=4).sum()

expected = work()
child = os.fork()
if child == 0:  # has the memory of the threads, but not the threads
    os._exit(0 if work() == expected else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
print("done")
"""


def test_a_fork_has_threads_of_its_own_and_a_process_ends_though_its_threads_wait():
    result = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, timeout=60)
    assert (result.stdout, result.returncode) == ("done\n", 0), result.stderr


def test_what_goes_wrong_in_a_thread_is_raised_when_all_have_ended():
    ended = []

    def work(part):
        if part == 0:
            raise ArithmeticError("in the caller's thread")
        time.sleep(0.1)
        ended.append(part)

    with pytest.raises(ArithmeticError, match="in the caller's"):
        run(work, [0, 1, 2])
    assert sorted(ended) == [1, 2]
    with pytest.raises(ZeroDivisionError):
        run(lambda part: 1 / part, [1, 0])


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.integers(), max_size=20), st.integers(1, 8))
def test_cutting_keeps_every_item_in_order(items, parts):
    pieces = cut(items, parts)
    assert [item for piece in pieces for item in piece] == items
    assert len(pieces) <= parts and (all(pieces) or not items)


# Memory.

FAULTS = """
import resource, sys
import numpy as np
from solutions.reference.engine.memory import keep_freed_memory

def work():
    arrays = [np.zeros(1 << 18, "float32") for _ in range(8)]  # 8 MiB, in pages of 4 KiB
    for each in arrays:
        each[:] = 1

work()
if sys.argv[1:] == ["keep"]:
    keep_freed_memory()
    work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(*arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    command = [sys.executable, "-c", FAULTS, *arguments]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return int(result.stdout)


def test_memory_that_was_freed_is_kept_where_the_c_library_is_glibc():
    given_back, kept = page_faults(), page_faults("keep")
    if platform.libc_ver()[0] == "glibc":
        assert kept < given_back / 10, "glibc no longer does as engine/memory.py says"
    else:
        assert kept <= 1.5 * given_back  # no help, and no harm


def test_only_small_buffers_are_as_small_as_they_need_to_be():
    assert roomy(ROOMY_FROM_BYTES // 4 - 1, 4) == ROOMY_FROM_BYTES // 4 - 1
    assert roomy(ROOMY_FROM_BYTES // 4, 4) == ROOMY_BYTES // 4
    assert roomy(ROOMY_BYTES, 4) == ROOMY_BYTES
