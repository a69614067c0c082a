"""The student's program: the notebook's code cells in a sandbox, started when needed and again after each breakage."""

import ast
import functools
import itertools
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass

from autograder.grading.ahead import Ahead
from autograder.grading.notebook import Cell
from autograder.grading.search import binds
from autograder.judge.outcomes import RecordedCall, record
from autograder.sandbox import (
    Allowance,
    Answer,
    Crashed,
    ForkServer,
    Limits,
    NotDefined,
    OutOfMemory,
    OutOfTime,
    ProtocolBreach,
    Raised,
    Sandbox,
    SandboxUnavailable,
    TimedOut,
    WorkerFailure,
)
from autograder.sandbox.ahead import Foreseen
from autograder.sandbox.answers import Answering
from autograder.suite.released import digest

# Modules that a notebook imports for its pictures and checks; the sandbox has NumPy alone.
STAND_INS = (
    "checks", "matplotlib", "mpl_toolkits", "seaborn", "plotly", "IPython", "ipywidgets", "ipympl", "tqdm",
    "PIL", "imageio", "pylab",
)  # fmt: skip

# Answers to hidden inputs have a few KiB. Larger ones are judged and forgotten: a program that sends as much as a reply
# may hold with each of its hundreds of answers would otherwise fill the grader's memory.
MOST_KEPT = 512 * 1024
FORGOTTEN = OutOfMemory("the answer was too large to be kept")

DEAR = 0.25  # CPU seconds that a worker's cells took: of such a program nothing is asked ahead, which may cost a worker
SLOW = 0.1  # CPU seconds from which on a statement is not run again for nothing
LEAST_SHARE = 0.25  # of a cell's time, for each of its statements, however long those above it took
MOST_SHARES = 2  # times a cell's time, after which the rest of it does not run
MOST_STOPS = 3  # in one cell; after them the rest of it does not run
MOST_STOPS_IN_ALL = 12  # after them, only imports and definitions of the cells that are left run
MOST_FAILURES = 100  # of a whole notebook that are kept
MOST_BREACHES = 3  # of the protocol: no honest code comes by one, so that no more workers are started for it
STOPS = (TimedOut, Crashed, ProtocolBreach)


@dataclass(frozen=True)
class CellFailure:
    """A statement of a cell that failed when the notebook was run from top to bottom, or that stopped its worker."""

    cell: Cell
    failure: WorkerFailure


class NotRun(WorkerFailure):
    """A call that was not made.

    Attributes:
        function: whose earlier call is the reason; None where the whole notebook has used up its time.
        reason: how that call ended.
    """

    def __init__(self, reason: WorkerFailure, function: str | None = None):
        super().__init__(str(reason))
        self.reason = reason
        self.function = function


class Program:
    """Runs the code cells in order, as "Run All" would, then answers calls. A context manager.

    A statement that raises stops neither its cell nor the next one. A statement that hangs or kills its worker is left
    out of the next try, and a function that does so is not called again: every later call of it raises `NotRun`. Where
    no worker starts, and after the context, every call raises `SandboxUnavailable` at once.

    Args:
        cells: the notebook's cells; those of code run.
        limits: for each cell and each call.
        allowance: what this program, and others that share it, may take in all. The cell or call that would take more ends
            in `OutOfTime`, every later one in `NotRun`.
        server: forks the workers; without one each is an interpreter of its own.
        released: the digests of the cells that students were given (`suite.released`). Of one that is still the same only imports and definitions
            run, and they take no name away from the student.
        files: small ones that lie beside the notebook, by their names; each worker gets copies.
        forgives: call a function again although it hung or killed its worker.

    Attributes:
        cells: those that run.
        all_cells: text cells, too.
        failures: what failed in the cells before the first call was made.
        failed_cells: the first failure of each cell, by the cell's position.
    """

    def __init__(
        self,
        cells: list[Cell],
        limits: Limits,
        allowance: Allowance,
        server: ForkServer | None = None,
        *,
        released: Collection[str] = (),
        forgives: bool = False,
        files: Mapping[str, bytes] | None = None,
    ):
        self.all_cells = cells
        self.cells = [cell for cell in cells if cell.kind == "code" and cell.source.strip()]
        self.failures: list[CellFailure] = []
        self._told: set[tuple[int, str]] = set()
        self._limits = limits
        self._server = server
        self._allowance = allowance
        self._released = {cell.position for cell in self.cells if digest(cell.source) in released}
        # A cell of the kit's own in which nothing is imported or defined would not run at all.
        self._running = [
            cell
            for cell in self.cells
            if not (cell.position in self._released and _is_all_expressions(cell.source))
        ]
        self._forgives = forgives
        self._files = files or {}
        self._left_out: dict[int, set[int]] = {cell.position: set() for cell in self.cells}
        self._slow: dict[int, set[int]] = {cell.position: set() for cell in self.cells}
        self._stops = self._breaches = 0
        self._done: set[int] = set()  # cells that have run to their end
        self._ends: dict[int, int] = {}  # where a cell is given up, by its position
        self._stopped: dict[str, WorkerFailure] = {}
        self._went_through = False  # some worker has run all cells
        self._called = False
        self._handed_over: frozenset[str] = frozenset()
        self._answering: Answering | None = None
        self._ahead: Ahead | None = None
        self._careful: set[str] = set()  # functions for which no calls are sent ahead any more
        self._is_dear = False  # whether a new worker is
        self._box: Sandbox | None = None
        self._unavailable = ""  # why no worker starts any more

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *exception: object) -> None:
        self._unavailable = "this program has ended"
        self._end_worker()

    @property
    def failed_cells(self) -> dict[int, CellFailure]:
        return {failed.cell.position: failed for failed in reversed(self.failures)}

    def call(
        self, function: str, *arguments: object, cpu_seconds: float | None = None, **keywords: object
    ) -> Answer:
        """Calls one of the student's functions. Raises a `WorkerFailure` where it does not answer."""
        if function in self._stopped:
            raise NotRun(self._stopped[function], function)
        ahead = self._ahead if cpu_seconds is None else None
        is_foreseen = ahead is not None and ahead.is_next(function, arguments, keywords)
        if not is_foreseen:
            self.drop_ahead()
            box = self._ready()
            self._refuse_if_out_of_time()
            self._called = True
        try:
            if ahead is not None and is_foreseen:
                return ahead.next()
            return box.call(
                function,
                *arguments,
                echo=True,
                cpu_seconds=cpu_seconds,
                answering=self._answering,
                **keywords,
            )
        except OutOfTime:
            raise
        except STOPS as failure:
            self._breaches += isinstance(failure, ProtocolBreach)
            if cpu_seconds is None and not self._forgives:
                self._stopped[function] = failure
            raise

    def send_ahead(self, calls: Sequence[Foreseen]) -> Ahead | None:
        """Sends calls that are about to be made, in this order, or is ready to; None where nothing of that can be foreseen.

        Until `drop_ahead`, `call` takes its answers from there. A call that is none of them ends that, too.
        """
        self.drop_ahead()
        functions = {call.function for call in calls}
        if self._forgives or not functions.isdisjoint(self._stopped):
            return None
        try:
            box = self._ready()
            self._refuse_if_out_of_time()
            self._called = True
            one_by_one = self._is_dear or bool(self._handed_over or functions & self._careful)
            sent = len(calls) if one_by_one else box.send_ahead(calls)
        except (WorkerFailure, SandboxUnavailable):  # it comes again when the first call is made
            self._careful |= functions
            return None
        self._ahead = Ahead(
            box,
            calls[:sent],
            self._refuse_if_out_of_time,
            one_by_one=one_by_one,
            answering=self._answering,
        )
        return self._ahead

    def drop_ahead(self) -> None:
        """None of the calls that were sent ahead and not made yet will be made."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            self._careful |= ahead.drop()

    @contextmanager
    def handing_over(self, functions: Collection[str], answering: Answering) -> Iterator[None]:
        """While the block lasts, code that calls one of its functions of these names is answered by `answering`.

        That happens in workers of the block's own, after their cells have run. What hung or crashed before may be called
        again, since it may have been for one of these functions.
        """
        self.drop_ahead()
        stopped, self._stopped = self._stopped, {}
        self._end_worker()
        self._handed_over, self._answering = frozenset(functions), answering
        try:
            yield
        finally:
            self._end_worker()
            self._handed_over, self._answering = frozenset(), None
            self._stopped = stopped

    def _end_worker(self) -> None:
        if self._box is not None:
            self._box.kill()

    def still(self) -> AbstractContextManager[None]:
        """While the block lasts the program's worker does nothing at all."""
        return nullcontext() if self._box is None else self._box.still()

    def cell_of(self, block: str) -> Cell | None:
        """The cell that a failure's frame points to."""
        return next((cell for cell in self.cells if _block(cell) == block), None)

    def mentions(self, function: str) -> bool:
        """Whether the code, but for the kit's own cells, has the function's name anywhere but in its definition."""
        word = re.compile(rf"(?<!\bdef )\b{re.escape(function)}\b")
        return any(word.search(cell.source) for cell in self.cells if cell.position not in self._released)

    def is_deliberate(self, failure: Raised) -> bool:
        """Whether a `raise` or `assert` of the code's own made the error, by the line that was running last."""
        frame = failure.frames[-1] if failure.frames else None
        cell = self.cell_of(frame.block) if frame else None
        lines = cell.source.splitlines() if cell else []
        if frame is None or not 1 <= frame.line <= len(lines):
            return False
        return re.search(r"(^|[:;])\s*(raise|assert)\b", lines[frame.line - 1]) is not None

    def why_not_defined(self, name: str) -> CellFailure | None:
        """What failed in a cell that should have given the name a value; the last of that, or what kept all of it from
        running."""
        own = [failed for failed in self.failures if binds(failed.cell, name)]
        whole = [
            failed for failed in own if not isinstance(failed.failure, Raised) or _is_syntax(failed.failure)
        ]
        return next(iter(whole or own[::-1]), None)

    # --- workers -------------------------------------------------------------------------------------------

    def _ready(self) -> Sandbox:
        self._refuse_if_ended()
        while self._box is None or not self._box.alive:
            self._refuse_if_out_of_time()
            if self._breaches >= MOST_BREACHES and not self._forgives:
                raise NotRun(ProtocolBreach("the notebook interfered with the sandbox several times"))
            self._box = self._started()
            self._refuse_if_ended()
            before = self._allowance.charged
            self._run_cells(self._box)
            self._is_dear |= self._allowance.charged - before > DEAR
            if self._handed_over and self._box.alive:
                self._box.hand_over(self._handed_over)
        return self._box

    def _started(self) -> Sandbox:
        try:
            return Sandbox(
                self._limits, STAND_INS, allowance=self._allowance, server=self._server
            ).__enter__()
        except SandboxUnavailable as reason:
            self._unavailable = str(reason)
            raise

    def _refuse_if_out_of_time(self) -> None:
        try:
            self._allowance.refuse()
        except OutOfTime as reason:
            raise NotRun(reason) from None

    def _refuse_if_ended(self) -> None:
        """The context may end in another thread, on an interrupt, even while a worker is starting here."""
        if self._unavailable:
            if self._box is not None:
                self._box.kill()
            raise SandboxUnavailable(self._unavailable)

    # --- cells ---------------------------------------------------------------------------------------------

    def _run_cells(self, box: Sandbox) -> None:
        """All of them; fewer where the worker ends meanwhile. A worker that follows one which went through them all
        does not repeat slow statements that no function needs."""
        again = self._went_through and any(self._slow.values())
        try:
            for name, content in self._files.items():
                box.put(name, content)
        except STOPS:
            return
        if again:  # which data are needed shows in all cells together
            for cell in self._running:
                with suppress(Raised, OutOfMemory):
                    self._read(box, cell)
        for cell in self._running:
            try:
                self._run_cell(box, cell, again)
            except OutOfTime as failure:
                return self._note(cell, failure)
            except STOPS:
                return None
            except WorkerFailure as failure:  # it cannot be parsed
                self._note(cell, failure)
        self._went_through = True

    def _run_cell(self, box: Sandbox, cell: Cell, again: bool) -> None:
        left_out, slow = self._left_out[cell.position], self._slow[cell.position]
        if left_out and not again:
            self._read(box, cell)
        source = None if left_out or again else cell.source
        start: int | None = 0
        before, limit = self._allowance.charged, self._limits.cpu_seconds
        while start is not None and start < self._ends.get(cell.position, start + 1):
            spent = self._allowance.charged - before
            if spent > MOST_SHARES * limit:
                return self._give_up(
                    cell, start, TimedOut(f"it took more than {MOST_SHARES * limit:g} seconds")
                )
            share = max(limit - spent, LEAST_SHARE * limit)
            try:
                step = box.step(
                    _block(cell),
                    source,
                    start,
                    left_out=left_out,
                    slow=slow if again else (),
                    released=self._is_for_definitions(cell),
                    cpu_seconds=share,
                )
            except OutOfTime:
                raise
            except STOPS as failure:
                self._stops += 1
                self._breaches += isinstance(failure, ProtocolBreach)
                left_out.add(next(number for number in itertools.count(start) if number not in left_out))
                if len(left_out) > MOST_STOPS:
                    self._ends[cell.position] = start
                # What is told must not hang on how long the lines above it took this time.
                self._note(
                    cell, type(failure)(str(failure).replace(f"{share:g} seconds", f"{limit:g} seconds"))
                )
                raise
            for failed in step.failures:
                self._note(cell, failed)
            if step.cpu_seconds > SLOW:
                slow.add(start)
            source, start = None, step.following
        self._done.add(cell.position)
        return None

    def _is_for_definitions(self, cell: Cell) -> bool:
        given_up = self._stops >= MOST_STOPS_IN_ALL and cell.position not in self._done
        return given_up or cell.position in self._released

    def _give_up(self, cell: Cell, start: int, failure: WorkerFailure) -> None:
        """The rest of the cell does not run, in later workers neither."""
        self._ends[cell.position] = start
        self._note(cell, failure)

    def _read(self, box: Sandbox, cell: Cell) -> None:
        if self._ends.get(cell.position) == 0:
            return
        try:
            box.read(cell.source, _block(cell))
        except OutOfTime:
            raise
        except STOPS as failure:  # not what it does, but reading it is too much
            self._give_up(cell, 0, failure)
            raise

    def _note(self, cell: Cell, failure: WorkerFailure) -> None:
        """What cells say is kept only as long as no hidden input can be known, and only once."""
        told = (cell.position, str(failure))
        if not self._called and told not in self._told and len(self.failures) < MOST_FAILURES:
            self._told.add(told)
            self.failures.append(CellFailure(cell, failure))


@functools.lru_cache(1000)
def _is_all_expressions(released: str) -> bool:
    """Whether nothing but expressions stands in a cell of the kit's own: text that is known, and none of a student's."""
    try:
        return all(isinstance(statement, ast.Expr) for statement in ast.parse(released).body)
    except (SyntaxError, ValueError):  # it has a magic
        return False


def _is_syntax(failure: Raised) -> bool:
    return failure.builtin_name in ("SyntaxError", "IndentationError", "TabError")


def _block(cell: Cell) -> str:
    return f"cell {cell.position}"


class Function:
    """One of a program's functions, as a test calls it.

    `function(*arguments)` gives the value. `function.answer(*arguments)` gives the `Answer` with the CPU time
    and the arguments as they were afterwards. Every call is kept in `calls`; of one with an answer larger than
    `MOST_KEPT` only that there was one, so that the function's mistake is not named.
    """

    def __init__(
        self,
        program: Program,
        name: str,
        calls: list[RecordedCall],
        beside: Program | None = None,
        test: str = "",
    ):
        self._program = program
        self._calls = calls
        self._beside = beside
        self._test = test
        self.__name__ = name

    def __call__(self, *arguments: object, cpu_seconds: float | None = None, **keywords: object) -> object:
        return self.answer(*arguments, cpu_seconds=cpu_seconds, **keywords).value

    def answer(self, *arguments: object, cpu_seconds: float | None = None, **keywords: object) -> Answer:
        try:
            with nullcontext() if self._beside is None else self._beside.still():
                ending = self._program.call(self.__name__, *arguments, cpu_seconds=cpu_seconds, **keywords)
        except NotDefined:
            raise NotDefined(self.__name__) from None
        except NotRun as not_run:
            self._keep(arguments, keywords, not_run)
            raise
        except WorkerFailure as failure:
            self._keep(arguments, keywords, failure)
            raise
        self._keep(arguments, keywords, ending if _size(ending) <= MOST_KEPT else FORGOTTEN)
        return ending

    def _keep(
        self, arguments: tuple[object, ...], keywords: dict[str, object], ending: Answer | WorkerFailure
    ) -> None:
        deliberate = isinstance(ending, Raised) and self._program.is_deliberate(ending)
        self._calls.append(record(arguments, keywords, ending, test=self._test, deliberate=deliberate))


def _size(ending: Answer) -> int:
    """How many bytes an answer takes, with the arguments as they were afterwards."""
    return _bytes(ending.value) + _bytes(ending.arguments)


def _bytes(value: object) -> int:
    items = value if isinstance(value, (list, tuple)) else ()
    return sys.getsizeof(value) + sum(map(_bytes, items))


class Functions:
    """What the `student` fixture is: `student.conv2d` is the student's conv2d, run in the sandbox.

    Args:
        calls: where each function's calls are kept, by its name; a dict of the caller's.
        test: the name of the test that calls, to be kept with them.
        beside: a program that stands still during every call, so that it cannot disturb one that is timed.
    """

    def __init__(
        self,
        program: Program,
        calls: dict[str, list[RecordedCall]] | None = None,
        beside: Program | None = None,
        test: str = "",
    ):
        self._program = program
        self._calls = {} if calls is None else calls
        self._beside = beside
        self._test = test

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_"):
            raise AttributeError(name)
        return Function(self._program, name, self._calls.setdefault(name, []), self._beside, self._test)
