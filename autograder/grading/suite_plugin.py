"""The pytest plugin that runs a collected suite on one program after the other."""

import functools
import queue
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import pytest

from autograder.grading.ahead import Ahead, Foresight
from autograder.grading.explain import Verdict, explain
from autograder.grading.gate import Gate
from autograder.grading.program import Functions, Program
from autograder.grading.report import TestResult
from autograder.judge.assignment import Assignment
from autograder.judge.hidden import Key, Numbers
from autograder.judge.outcomes import RecordedCall
from autograder.judge.plain_words import Hint
from autograder.sandbox import SandboxUnavailable
from autograder.suite import SuiteError

MARKER = "graded(points, cell, title): what a hidden test is worth, the notebook cell it counts for, its title for the student"

FIXTURES = frozenset(["student", "baseline", "numbers"])  # of this plugin

NOTHING_FORESEEN: Mapping[str, Foresight] = MappingProxyType({})


class SuiteRun:
    """One run of all tests, or of some.

    Args:
        program: the student's.
        baseline: the textbook versions, in a worker of their own.
        key: the course's for this assignment, from which hidden inputs follow.
        only: the places of the tests to run, of all that were collected; None for all.
        foresight: what tests will ask, by their names; a test that is not there is asked one by one.

    Attributes:
        calls: what the present test has called, by the function's name.
        gate: through which all that the report says of the program goes.
        results: will hold the result of every test that ran, in their order, or what stopped the run.
    """

    def __init__(
        self,
        program: Program,
        baseline: Program | None,
        key: Key,
        only: Collection[int] | None = None,
        foresight: Mapping[str, Foresight] = NOTHING_FORESEEN,
    ):
        self.foresight = foresight
        self.program = program
        self.baseline = baseline
        self.key = key
        self.only = only
        self.calls: dict[str, list[RecordedCall]] = {}
        self.gate = Gate(program.cells)
        self.results: Future[list[TestResult]] = Future()
        self._made: list[Callable[[str], Iterable[RecordedCall]]] = []

    def begin_test(self) -> None:
        calls: dict[str, list[RecordedCall]] = {}
        self.calls = calls
        self._made.append(lambda function: calls.get(function, ()))

    def pass_again(self, foresight: Foresight, ahead: Ahead) -> None:
        """The present test has passed with the answers that are there. What it called is put together when somebody asks."""
        self._made[-1] = functools.partial(foresight.made, ahead, self.program.is_deliberate)

    def calls_of(self, function: str) -> list[RecordedCall]:
        """All calls of a function so far, in order."""
        return [call for of_test in self._made for call in of_test(function)]


class SuitePlugin:
    """Provides the fixtures, reads the markers, runs the collected tests as often as it is asked to.

    Args:
        runs: what to run; None ends pytest's session.
        assignment: whose suite it is: tests of functions that it does not list are left out. None takes all.

    Attributes:
        collected: will hold every test, or the `SuiteError` that tells what is wrong with the suite.
        timed: the places of the tests of speed among them.
    """

    def __init__(self, runs: "queue.SimpleQueue[SuiteRun | None]", assignment: Assignment | None = None):
        self.collected: Future[tuple[TestResult, ...]] = Future()
        self.timed: frozenset[int] = frozenset()
        self._runs = runs
        self._assignment = assignment
        self._bare: frozenset[pytest.Function] = frozenset()
        self._running: SuiteRun | None = None
        self._done: dict[str, TestResult] = {}
        self._broken = ""  # why no more runs are possible
        self._unavailable: SandboxUnavailable | None = None
        self._errors: list[str] = []

    def ended(self, how: str) -> None:
        """pytest's session is over: whoever still waits for it hears so."""
        if not self.collected.done():
            self.collected.set_exception(SuiteError(f"The hidden suite cannot be collected ({how})."))

    # --- what tests ask for --------------------------------------------------------------------------------

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> object:
        return self._provided("student", request.node)

    @pytest.fixture
    def baseline(self, request: pytest.FixtureRequest) -> object:
        return self._provided("baseline", request.node)

    @pytest.fixture
    def numbers(self, request: pytest.FixtureRequest) -> object:
        return self._provided("numbers", request.node)

    def _provided(self, name: str, item: pytest.Function) -> object:
        run = self._run
        if name == "student":
            return Functions(run.program, run.calls, test=item.name)
        if name == "numbers":
            return Numbers(run.key)
        assert run.baseline is not None, "collecting refuses tests that want one where there is none"
        return Functions(run.baseline, beside=run.program)

    @property
    def _run(self) -> SuiteRun:
        assert self._running is not None, "fixtures are made while tests run"
        return self._running

    # --- collecting ----------------------------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", MARKER)
        config.option.tbstyle = "no"  # nobody reads pytest's own reports: no tracebacks are formatted

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._errors.append(f"{report.nodeid}: {report.longreprtext.strip().splitlines()[-1]}")

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        for item in items:
            problem = _marker_problem(item)
            if problem:
                self._errors.append(f"{item.nodeid}: {problem}")
        if self._assignment is not None and not self._errors:
            items[:] = [item for item in items if _given(item)["cell"] in self._assignment.points]
            self._errors += _disagreements(self._assignment, items)

    @property
    def _hints(self) -> Sequence[Hint]:
        return self._assignment.hints if self._assignment else ()

    # --- running -------------------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self._errors:
            self.collected.set_exception(
                SuiteError("The hidden suite cannot be used: " + "; ".join(self._errors))
            )
            return True
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        if not items:
            self.collected.set_exception(SuiteError(f"The hidden suite in {session.startpath} has no tests."))
        else:
            self.timed = frozenset(place for place, item in enumerate(items) if _is_timed(item))
            self._bare = frozenset(filter(_is_bare, items))
            self.collected.set_result(tuple(_result(item, Verdict("missing", "")) for item in items))
            for run in iter(self._runs.get, None):
                self._answer(run, items)
        return True

    def _answer(self, run: SuiteRun, items: list[pytest.Function]) -> None:
        try:
            run.results.set_result(self._run_all(run, items))
        except SandboxUnavailable as error:
            run.results.set_exception(error)
        except BaseException as error:  # pytest.exit for one: the session cannot go on from here
            self._broken = f"A hidden test ended the whole run ({type(error).__name__}: {error})."
            run.results.set_exception(SuiteError(self._broken))

    def _run_all(self, run: SuiteRun, items: list[pytest.Function]) -> list[TestResult]:
        if self._broken:
            raise SuiteError(self._broken)
        self._running, self._done, self._unavailable = run, {}, None
        if run.only is not None:
            items = [items[place] for place in run.only]
        # Timing comes last: where it stops a worker, no other test needs a new one.
        order = sorted(items, key=_is_timed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for item, following in zip(order, [*order[1:], None], strict=True):
                # Whether the next test needs pytest is not known where tests are foreseen: each puts away what it set up.
                following = None if run.foresight else following
                run.begin_test()
                if not self._run_ahead(run, item):
                    self._perform(item, following)
        if self._unavailable is not None:
            raise self._unavailable
        return [self._done[item.nodeid] for item in items]

    def _run_ahead(self, run: SuiteRun, item: pytest.Function) -> bool:
        """Runs a test whose calls are foreseen; False where that has to be done call by call."""
        foresight = run.foresight.get(item.name)
        ahead = run.program.send_ahead(foresight.calls) if foresight else None
        if foresight is None or ahead is None:
            return False
        if foresight.passes_again(ahead):
            run.pass_again(foresight, ahead)
            self._note(item, Verdict("passed", ""))
        else:
            self._perform(item, None)
            if self._done[item.nodeid].outcome == "passed":
                foresight.remember(ahead.replies)
        run.program.drop_ahead()
        return True

    def _perform(self, item: pytest.Function, following: pytest.Function | None) -> None:
        """Runs a test as pytest does; where that means to call it and no more, without pytest's preparations."""
        if item not in self._bare:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            return
        try:
            item.function(**{name: self._provided(name, item) for name in _asked(item)})
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException as error:
            self._end(item, error)
        else:
            self._end(item, None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """In place of pytest's own, which would write down a traceback that nobody reads."""
        error = call.excinfo.value if call.excinfo is not None else None
        if call.when == "call" or error is not None:
            self._end(item, error)
        outcome: Literal["passed", "failed"] = "passed" if error is None else "failed"
        assert call.when != "collect"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    def _end(self, item: pytest.Function, error: BaseException | None) -> None:
        """A test, or a fixture of its, has ended with that error."""
        run = self._run
        if isinstance(error, SandboxUnavailable):
            self._unavailable = self._unavailable or error  # the first tells the reason
        else:
            calls = sum(map(len, run.calls.values()))
            self._note(item, explain(error, run.program, self._hints, run.gate, calls))

    def _note(self, item: pytest.Function, verdict: Verdict) -> None:
        """A test has one result: the first that is not "passed", whether it or a fixture of its failed."""
        before = self._done.get(item.nodeid)
        if before is None or before.outcome == "passed":
            self._done[item.nodeid] = _result(item, verdict)


def _given(item: pytest.Function) -> Mapping[str, Any]:
    """What the marker of a sound test says."""
    marker = item.get_closest_marker("graded")
    return marker.kwargs if marker else {}


def _disagreements(assignment: Assignment, items: Sequence[pytest.Function]) -> list[str]:
    """Where the record and the tests say different things, each with the line of a test."""
    problems = []
    for exercise in assignment.exercises:
        problems += [
            f"the record of '{assignment.name}' says that {exercise.name} builds on {name}, but the first of its helpers has no {name}"
            for name in exercise.builds_on
            if not assignment.helpers or not hasattr(assignment.helpers[0], name)
        ]
        own = [item for item in items if _given(item)["cell"] == exercise.cell]
        points = sum(_given(item)["points"] for item in own)
        if points != exercise.points:
            where = f"{_place(own[-1])}: " if own else ""
            problems.append(
                f"{where}the hidden tests of '{exercise.cell}' add up to {points:g} points, but the record of "
                f"'{assignment.name}' gives {exercise.name} {exercise.points:g}. Change one of them"
            )
    if assignment.baseline is None:
        timed = filter(_is_timed, items)
        problems += [f"{_place(item)}: the record has no baseline to time this with" for item in timed]
    return problems


def _is_timed(item: pytest.Function) -> bool:
    """Whether the test is one of speed."""
    return "baseline" in item.fixturenames


def _asked(item: pytest.Function) -> Sequence[str]:
    """The fixtures that the test itself asks for."""
    return item._fixtureinfo.argnames


def _is_bare(item: pytest.Function) -> bool:
    """Whether all that a test needs of pytest is this plugin's fixtures: no others, no marks but its own, no conftest.py."""
    definitions, asked = item._fixtureinfo.name2fixturedefs, _asked(item)
    plugins = item.config.pluginmanager.get_plugins()
    return (
        type(item) is pytest.Function
        and item.cls is None
        and {mark.name for mark in item.iter_markers()} == {"graded"}
        and FIXTURES.issuperset(asked)
        and {*asked, "request"}.issuperset(item.fixturenames)
        and all(len(definitions[name]) == 1 for name in asked)
        and not any(Path(getattr(plugin, "__file__", None) or "").name == "conftest.py" for plugin in plugins)
    )


def _place(item: pytest.Function) -> str:
    """The file and line of a test."""
    return f"{item.path}:{(item.location[1] or 0) + 1}"


def _marker_problem(item: pytest.Function) -> str | None:
    marker = item.get_closest_marker("graded")
    if marker is None:
        return "the test has no @graded(points=…, cell=…, title=…)"
    given = marker.kwargs
    if set(given) != {"points", "cell", "title"} or marker.args:
        return "@graded takes points, cell and title"
    if not isinstance(given["points"], (int, float)) or not given["points"] >= 0:
        return "@graded needs points: 0 or more"
    if not (
        isinstance(given["cell"], str)
        and given["cell"]
        and isinstance(given["title"], str)
        and given["title"]
    ):
        return "@graded needs the name of a cell and a title"
    return None


def _result(item: pytest.Function, verdict: Verdict) -> TestResult:
    given = _given(item)
    return TestResult(
        name=item.name,
        cell=given["cell"],
        title=given["title"],
        max_points=float(given["points"]),
        outcome=verdict.outcome,
        message=verdict.message,
        picture=verdict.picture,
    )
