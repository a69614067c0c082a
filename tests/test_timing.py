"""No score of the speed check hangs on chance: what people write lies on either side of what is borderline."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from autograder.grading.notebook import Cell
from autograder.grading.program import Program
from autograder.grading.suite_run import baseline_cells
from autograder.sandbox import ForkServer
from benchmarks.speeds import loop_free, plain_loops, window_loops
from benchmarks.timing_verdicts import judged, program_of, styles
from solutions.reference import textbook

STYLES = [*loop_free.STYLES, *window_loops.STYLES, *plain_loops.STYLES]
FAST = {each.name: each.source for each in styles(loop_free, "loop-free")}
# Those that are nearest to the border. The fastest loop that we know of, `view_by_view`, is borderline and left out.
NEAREST = (
    *("list_of_patches", "patches_first", "rows_of_patches", "all_images_at_each_place"),
    *("numbers_from_a_generator", "window_by_window", "in_lists"),
)
SLOW = {
    each.name: each.source
    for module in (window_loops, plain_loops)
    for each in styles(module, "loops")
    if each.name in NEAREST
}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.__name__)
def test_each_style_is_a_right_convolution(style):
    generator = np.random.default_rng(5)
    call = generator.uniform(-1, 1, (2, 7, 9, 3)), generator.uniform(-1, 1, (2, 3, 3, 4)), [1] * 4, "VALID"
    np.testing.assert_allclose(style(*call), textbook.conv2d_im2col(*call), atol=1e-12)


@pytest.fixture(scope="module")
def verdict() -> Iterator[Callable[[str], str]]:
    """A function from a program to the verdict on its speed."""
    with ExitStack() as held:
        server = held.enter_context(ForkServer())
        baseline: Program = held.enter_context(program_of(baseline_cells(textbook), server))

        def of(source: str) -> str:
            with program_of([Cell(1, "code", source)], server) as program:
                return judged(program, baseline)[0]

        yield of


@pytest.mark.sandbox
def test_no_style_without_a_loop_over_windows_is_too_slow(verdict):
    assert {name for name, source in FAST.items() if verdict(source) == "failed"} == set()


@pytest.mark.sandbox
def test_every_usual_loop_over_windows_or_numbers_is_too_slow(verdict):
    assert {name for name, source in SLOW.items() if verdict(source) == "failed"} == set(NEAREST)
