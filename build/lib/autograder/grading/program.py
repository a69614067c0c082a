"""The student's program: the notebook's code cells in a sandbox, started when needed and again after each breakage."""

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from autograder.grading.notebook import Cell
from autograder.judge.naming import RecordedCall, record
from autograder.sandbox import (
    Answer,
    Crashed,
    ForkServer,
    Limits,
    NotDefined,
    OutOfMemory,
    ProtocolBreach,
    Sandbox,
    SandboxUnavailable,
    TimedOut,
    WorkerFailure,
)

# Modules that a notebook imports for its pictures and checks; the sandbox has NumPy alone.
STAND_INS = (
    "checks", "matplotlib", "mpl_toolkits", "seaborn", "plotly", "IPython", "ipywidgets", "ipympl", "tqdm",
    "PIL", "imageio",
)  # fmt: skip

# Answers to hidden inputs have a few KiB. Larger ones are judged and forgotten: a program that sends as much as a reply
# may hold with each of its hundreds of answers would otherwise fill the grader's memory.
MOST_KEPT = 512 * 1024
FORGOTTEN = OutOfMemory("the answer was too large to be kept")


@dataclass(frozen=True)
class CellFailure:
    """A cell that stopped when the notebook was run from top to bottom."""

    cell: Cell
    failure: WorkerFailure


class Program:
    """Runs the code cells in order, as "Run All" would, then answers calls. A context manager.

    A cell that raises does not stop the next one. A cell that hangs or kills its worker is left out of the
    next try. A call that does so costs that call alone: the next one finds a fresh worker. Where no worker starts,
    and after the context, every call raises `SandboxUnavailable` at once.

    Args:
        cells: the notebook's cells.
        limits: for each cell and each call.
        total_seconds: real time for the whole submission; beyond it every call ends in `TimedOut`.
        server: forks the workers; without one each is an interpreter of its own.
    """

    def __init__(
        self, cells: list[Cell], limits: Limits, total_seconds: float, server: ForkServer | None = None
    ):
        self.cells = [cell for cell in cells if cell.kind == "code" and cell.source.strip()]
        self.failed_cells: dict[int, CellFailure] = {}
        self._limits = limits
        self._server = server
        self._deadline = time.monotonic() + total_seconds
        self._total_seconds = total_seconds
        self._left_out: set[int] = set()
        self._box: Sandbox | None = None
        self._unavailable = ""  # why no worker starts any more

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *exception) -> None:
        self._unavailable = "this program has ended"
        if self._box is not None:
            self._box.kill()

    def call(self, function: str, *arguments, cpu_seconds: float | None = None, **keywords) -> Answer:
        """Calls one of the student's functions. Raises a `WorkerFailure` where it does not answer."""
        box = self._ready()
        return box.call(function, *arguments, echo=True, cpu_seconds=cpu_seconds, **keywords)

    def still(self) -> AbstractContextManager[None]:
        """While the block lasts the program's worker does nothing at all."""
        return nullcontext() if self._box is None else self._box.still()

    def cell_of(self, block: str) -> Cell | None:
        """The cell that a failure's frame points to."""
        return next((cell for cell in self.cells if _block(cell) == block), None)

    def why_not_defined(self, function: str) -> CellFailure | None:
        """The cell that should have defined the function, if it stopped; else the first cell that did."""
        failed = [self.failed_cells[position] for position in sorted(self.failed_cells)]
        own = [failure for failure in failed if function and f"def {function}" in failure.cell.source]
        return (own or failed or [None])[0]

    def _ready(self) -> Sandbox:
        self._refuse_if_ended()
        while self._box is None or not self._box.alive:
            if time.monotonic() > self._deadline:
                raise TimedOut(f"the whole notebook took more than {self._total_seconds:g} seconds")
            self._box = self._started()
            self._refuse_if_ended()
            self._run_cells()
        return self._box

    def _started(self) -> Sandbox:
        try:
            return Sandbox(self._limits, STAND_INS, server=self._server).__enter__()
        except SandboxUnavailable as reason:
            self._unavailable = str(reason)
            raise

    def _refuse_if_ended(self) -> None:
        """The context may end in another thread, on an interrupt, even while a worker is starting here."""
        if self._unavailable:
            if self._box is not None:
                self._box.kill()
            raise SandboxUnavailable(self._unavailable)

    def _run_cells(self) -> None:
        for cell in self.cells:
            if cell.position in self._left_out:
                continue
            try:
                self._box.run(cell.source, _block(cell))
            except (TimedOut, Crashed, ProtocolBreach) as failure:
                self._left_out.add(cell.position)
                self.failed_cells[cell.position] = CellFailure(cell, failure)
                return  # the worker is dead: once more from the top, without this cell
            except WorkerFailure as failure:
                self.failed_cells[cell.position] = CellFailure(cell, failure)


def _block(cell: Cell) -> str:
    return f"cell {cell.position}"


class Function:
    """One of a program's functions, as a test calls it.

    `function(*arguments)` gives the value. `function.answer(*arguments)` gives the `Answer` with the CPU time
    and the arguments as they were afterwards. Every call is kept in `calls`; of one with an answer larger than
    `MOST_KEPT` only that there was one, so that the function's mistake is not named.
    """

    def __init__(self, program: Program, name: str, calls: list[RecordedCall], beside: Program | None = None):
        self._program = program
        self._calls = calls
        self._beside = beside
        self.__name__ = name

    def __call__(self, *arguments, **keywords):
        return self.answer(*arguments, **keywords).value

    def answer(self, *arguments, cpu_seconds: float | None = None, **keywords) -> Answer:
        try:
            with nullcontext() if self._beside is None else self._beside.still():
                ending = self._program.call(self.__name__, *arguments, cpu_seconds=cpu_seconds, **keywords)
        except NotDefined:
            raise NotDefined(self.__name__) from None
        except WorkerFailure as failure:
            self._calls.append(record(arguments, keywords, failure))
            raise
        self._calls.append(record(arguments, keywords, ending if _size(ending) <= MOST_KEPT else FORGOTTEN))
        return ending


def _size(ending: Answer) -> int:
    """How many bytes an answer takes, with the arguments as they were afterwards."""
    return _bytes(ending.value) + _bytes(ending.arguments)


def _bytes(value) -> int:
    items = value if isinstance(value, (list, tuple)) else ()
    return sys.getsizeof(value) + sum(map(_bytes, items))


class Functions:
    """What the `student` fixture is: `student.conv2d` is the student's conv2d, run in the sandbox.

    Args:
        calls: where each function's calls are kept, by its name; a dict of the caller's.
        beside: a program that stands still during every call, so that it cannot disturb one that is timed.
    """

    def __init__(
        self,
        program: Program,
        calls: dict[str, list[RecordedCall]] | None = None,
        beside: Program | None = None,
    ):
        self._program = program
        self._calls = {} if calls is None else calls
        self._beside = beside

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_"):
            raise AttributeError(name)
        return Function(self._program, name, self._calls.setdefault(name, []), self._beside)
