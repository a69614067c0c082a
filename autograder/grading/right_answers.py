"""Right versions of a notebook's functions: they compute in a worker of their own when a student's code asks for them.

A student's worker gets their values and never their code (`sandbox.Sandbox.hand_over`). What it asks with is a student's, hence
the worker: numbers that would take the grader's memory or time take that worker's.
"""

import functools
import inspect
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

from autograder.grading.notebook import Cell
from autograder.grading.program import Program
from autograder.sandbox import Answer, ProtocolBreach
from autograder.sandbox.ahead import Name
from autograder.sandbox.answers import MOST_BYTES, Answered, Question, answered
from autograder.sandbox.failures import as_failure

ARCHIVE = "right.zip"
MOST_KNOWN = 300  # answers, of at most 200 kB with their questions
Known = dict[Name | None, Answered]


def right_cells(helpers: Sequence[ModuleType], functions: Iterable[str]) -> list[Cell]:
    """A program that has these functions of the first of an assignment's `helpers`, given the files of `right_files`."""
    names = ", ".join(functions)
    source = f"import sys\nsys.path.insert(0, {ARCHIVE!r})\nfrom {helpers[0].__name__} import {names}"
    return [Cell(position=1, kind="code", source=source)]


@functools.cache
def right_files(helpers: tuple[ModuleType, ...]) -> dict[str, bytes]:
    """The helpers' files in one archive, as it lies beside the program; packages around them are empty there."""
    modules = dict(pair for helper in helpers for pair in _modules(helper))
    packages = {name.rpartition("/")[0] for name in modules}
    around = {parent for package in packages for parent in map(str, PurePosixPath(package, "x").parents)}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for name, text in ({f"{folder}/__init__.py": b"" for folder in around - {"."}} | modules).items():
            written.writestr(name, text)
    return {ARCHIVE: archive.getvalue()}


def _modules(helper: ModuleType) -> Iterator[tuple[str, bytes]]:
    """Path and text of a module, or of all in a package."""
    inside = PurePosixPath(*helper.__name__.split("."))
    if not hasattr(helper, "__path__"):
        yield f"{inside}.py", inspect.getsource(helper).encode()
        return
    for root in map(Path, helper.__path__):
        for file in sorted(root.rglob("*.py")):
            yield str(inside / PurePosixPath(file.relative_to(root))), file.read_bytes()


class RightAnswers:
    """Answers for some functions of a program in their place; what `Program.handing_over` takes.

    Args:
        helpers: the module that has the right ones.
        program: runs them; see `right_cells`.
        functions: those that are answered for. A question about another one is a `ProtocolBreach`.
        known: answers to what programs have asked before, by the question's very bytes; the latest are kept. Of many programs
            that ask the same one waits for the answer, and each pays for what it cost. An answer follows from its question
            alone, whoever asks: right functions keep nothing between calls, their worker gets nothing but questions, and failures,
            which may come of what was asked before, are not kept. So nobody gets another answer because of others. That somebody
            has asked the same before shows in real time alone, which no report tells.

    Attributes:
        asked: the functions that were asked for; whoever wants to know since when empties it.
    """

    def __init__(self, helpers: ModuleType, program: Program, functions: Iterable[str], known: Known):
        self._known = known
        self._signatures = {name: inspect.signature(getattr(helpers, name)) for name in functions}
        self._program = program
        self.asked: set[str] = set()

    def __call__(self, question: Question) -> Answered:
        """The answer. Everything that it is given is a student's."""
        name = question.name
        known = self._known.get(name)
        if known is None:
            known = answered(question, self._answer)
            if known.is_value and name is not None and len(known.frame) <= MOST_BYTES:
                if len(self._known) >= MOST_KNOWN:
                    del self._known[next(iter(self._known))]
                self._known[name] = known
        self._note(known.function)
        return known

    def _answer(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> Answer:
        """What the right function gives; a keyword must be a parameter's of it."""
        self._note(function)
        try:
            given = self._signatures[function].bind(*arguments, **keywords)
        except TypeError as error:
            raise as_failure(error) from None
        if given.kwargs:
            raise as_failure(TypeError("only students' parameters are taken"))
        return self._program.call(function, *given.args)

    def _note(self, function: str) -> None:
        """Code asks for this function; an answer that is known from other programs is for those who may ask it, too."""
        if function not in self._signatures:
            raise ProtocolBreach("the code asked for a function that was not handed over")
        self.asked.add(function)
