"""What looks for time: readers of what students wrote, on texts that repeat a piece, at one length and at twice that length.

A reader may take as long as it likes for a short text, and no more than `MOST` times as long for twice of it. So that a text of a
million characters costs a thousand times what one of a thousand costs, and not a million times.
"""

import gc
import io
import json
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from autograder.gradebook.rendering import LONGEST_FORMULA, code_to_html, mathml, to_html
from autograder.gradebook.student_markdown import harmless_markdown, pictures_apart
from autograder.grading.explain import explain
from autograder.grading.known_messages import MESSAGES
from autograder.grading.notebook import MAX_SOURCE, Cell, Damaged, read_cells
from autograder.grading.program import Program
from autograder.grading.remarks import remarks
from autograder.grading.report import Report, TestResult
from autograder.grading.search import binds, where_instead
from autograder.judge.naming import name_mistake
from autograder.judge.outcomes import record
from autograder.judge.plain_words import explain_exception
from autograder.platforms.download import LONGEST_NAME, open_download, unpacked
from autograder.platforms.notebooks import plain_name
from autograder.platforms.people import full_name
from autograder.platforms.shelf import safe_file_name
from autograder.platforms.times import parse_time
from autograder.reports.feedback import cell_html, summary_html
from autograder.reports.markup import text as text_of_a_page
from autograder.reports.similar import compare
from autograder.sandbox import Allowance, Answer, Frame, Limits
from autograder.sandbox.failures import raised
from autograder.sandbox.text import plain_text
from autograder.suite import find
from fuzz.targets import Target

MOST = 2.5  # times as long for twice the length
ENOUGH = 0.003  # CPU seconds from which on a time is measured well
SHORTEST = 500  # characters
REPEATS = 2
TRIES = 3
HINTS = find("conv2d").hints
BANK = find("conv2d").bank()


@dataclass(frozen=True)
class Reader:
    """One thing that the grader does with a text.

    Attributes:
        name: on the command line.
        read: does it.
        pieces: what its texts are made of.
        longest: characters that ever get there.
    """

    name: str
    read: Callable[[str], object]
    pieces: tuple[str, ...]
    longest: int = MAX_SOURCE


# --- what is read -----------------------------------------------------------------------------------------


def _message(text: str) -> None:
    """All that becomes of an error's text, name and line."""
    cells = [Cell(1, "code", f"x = 1\n{text}", "conv2d")]
    program = Program(cells, Limits(), Allowance(60))
    said = plain_text(text, 500)
    for error in ("ValueError", "TypeError", "NameError"):
        explain(
            raised(plain_text(text, 60), error, said, [Frame("cell 1", 1), Frame("cell 1", 2)]),
            program,
            HINTS,
        )


def _hint(text: str) -> None:
    explain_exception(
        "ValueError", "operands could not be broadcast together with shapes " + text, HINTS, line=text
    )
    explain_exception("TypeError", text, HINTS, line=text, function="conv2d")


def _source(text: str) -> None:
    """All that is looked for in cells."""
    cells = [Cell(1, "code", text), Cell(2, "markdown", text)]
    where_instead("pad", cells)
    binds(cells[0], "pad")
    remarks(Program(cells, Limits(), Allowance(60)), ["pad", "conv2d"])


def _notebook(text: str) -> None:
    """Sound JSON, and the same with what is mended."""
    content = json.dumps({"cells": [{"cell_type": "code", "source": text}]})
    for each in (content, content.replace("}]", "},]"), text):
        try:
            read_cells(each.encode())
        except Damaged:
            continue


def _markdown(text: str) -> None:
    shown, attachments = pictures_apart(text, {"a.png": {"image/png": ""}})
    to_html(harmless_markdown(shown, attachments), attachments)


def _page(text: str) -> None:
    test = TestResult("test_pad", "test_pad", "Zeros", 1.0, "failed", text)
    report = Report("ada", "conv2d", (test,), (), 0.1, remarks=(text,))
    summary_html(report)
    cell_html([test], find("conv2d"))
    text_of_a_page(text)


def _similar(text: str) -> None:
    compare({"ada": {"pad": text}, "bob": {"pad": text + " x"}, "eve": {"pad": text[::-1]}}, {"pad": "pass"})


def _mistakes(text: str) -> None:
    """An answer with as many numbers as the text has characters."""
    image = np.ones((3, 4))
    answers = (np.full(len(text), len(text) % 7.0), list(range(len(text) % 2000)), np.zeros((0, len(text))))
    name_mistake(
        "pad", [record((image, (1, 1), (1, 1)), {}, Answer(each, None, 0.0)) for each in answers], BANK
    )


def _names(text: str) -> None:
    for function in (plain_name, full_name, safe_file_name):
        function(text)
    parse_time(text, None)


def _archive(text: str) -> None:
    """A zip with a file for each hundred characters, and a zip of the same in it."""
    names = [f"{number} {text[:100]}.ipynb" for number in range(len(text) // 100)]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "outer.zip")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("inner.zip", content.getvalue())
        with open_download(path) as entries:
            unpacked(entries)


PYTHON = (
    "a", "1", " ", "\t", "\n", " \n", "'", '"', "'''", "#", "\\", "\\\n", "(", ")", "=", ",", ".", "a.", "pad", "def ", "def pad",
    "def pad(\n", "class ", "import ", "raise ", "raise '", "assert ", "@", "%%", "f'{", "r'", "<<<<<<< ", ">>> ", "In [1]: ", "for ",
    "kernel", "*", "é", "\N{GRINNING FACE}", "{", "}", "[", "]", "&", "<", "|",
)  # fmt: skip
WORDS = tuple(
    word + " "
    for texts in MESSAGES.values()
    for message in texts
    for word in message.replace("{", " ").replace("}", " ").split()
)
MARKDOWN = (
    "a", " ", "\n", "\n\n", "    ", "\t", "*", "**", "_", "`", "```\n", "~~~", "[", "]", "![", "](", "[a](", "(", ")", "<", "<a ", "<!--",
    ">", "> ", "- ", "1. ", "# ", "|", "|a|b|\n|-|-|\n", "$", "$$", "$a ", "\\(", "\\\\(", "\\\\[", "\\begin{a}", "\\end{a}", "\\", "&",
    "&amp;", "[a]: b\n", "[^1]", "http://", "www.", "![a](attachment:a.png)", "![a](data:image/png;base64,", "```python\n", " \n", "-\n", "=",
)  # fmt: skip
TEX = (
    "a", "1", "{", "}", "^", "_", "x^", "\\frac", "\\sqrt{", "\\left(", "\\right)", "\\begin{matrix}", "\\end{matrix}", "&", "\\\\", "\\text{",
    "\\operatorname{", "\\alpha", "'", "|", "(", "\\over ", "\\binom", "\\color{", "\\mathbf{", "\\not", " ", "\\", "<", "\\hline",
)  # fmt: skip
JSON = (
    '"',
    "\\",
    '\\"',
    ",",
    " ",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "1",
    "a",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> a\n",
    ": ",
    ",]",
    "\\u0041",
)
NAMES = (
    "a",
    " ",
    "_",
    "-",
    ".",
    "(1)",
    "copy",
    "copy of ",
    "1",
    "(",
    ")",
    ",",
    "\t",
    "é",
    ".ipynb",
    "12/",
    "2026-",
    ":",
    "final",
    "[",
    "Nov ",
)

READERS = {
    reader.name: reader
    for reader in (
        Reader("messages", _message, (*PYTHON, *WORDS)),
        Reader("hints", _hint, (*PYTHON, *WORDS)),
        Reader("source", _source, PYTHON),
        Reader("notebooks", _notebook, JSON),
        Reader("code", code_to_html, PYTHON),
        Reader("markdown", _markdown, MARKDOWN),
        Reader("formulas", lambda text: mathml(text, "inline"), TEX, 2 * LONGEST_FORMULA),
        Reader("pages", _page, (*PYTHON, *MARKDOWN)),
        Reader("similarity", _similar, PYTHON),
        Reader("mistakes", _mistakes, ("a",), 64_000),
        Reader("names", _names, NAMES, LONGEST_NAME),
        Reader("archives", _archive, NAMES[:4], 60_000),
    )
}


# --- how long it takes ------------------------------------------------------------------------------------


def times(read: Callable[[str], object], repeated: str, longest: int) -> tuple[int, list[float]]:
    """A length, and the least CPU seconds for it, for twice and for four times of it.

    The length is the first, of 500 and its doubles, that takes long enough to be measured; else the longest that there is.
    """
    length = min(SHORTEST, longest // 4)
    while least(read, of_length(repeated, length), 1) < ENOUGH and 8 * length <= longest:
        length *= 2
    return length, [least(read, of_length(repeated, fold * length)) for fold in (1, 2, 4)]


def of_length(repeated: str, length: int) -> str:
    return (repeated * (length // len(repeated) + 1))[:length]


def least(read: Callable[[str], object], text: str, repeats: int = REPEATS) -> float:
    """The least CPU seconds of some runs: what disturbs makes a run longer, never shorter."""
    gc.collect()
    gc.disable()
    try:
        return min(_seconds(read, text) for _ in range(repeats))
    finally:
        gc.enable()


def _seconds(read: Callable[[str], object], text: str) -> float:
    begun = time.thread_time()
    read(text)
    return time.thread_time() - begun


def finding(reader: Reader, repeated: str) -> str:
    """A line where time grows too fast with repeats of this piece, "" where it does not.

    It must grow so twice in a row, since memory that no longer fits into a cache makes a single step, and in each of three tries.
    """
    for _ in range(TRIES):
        length, (once, twice, fourfold) = times(reader.read, repeated, reader.longest)
        if min(twice / max(once, ENOUGH / 4), fourfold / max(twice, ENOUGH / 4)) <= MOST:
            return ""
    found = f"{once:.3f} s for {length}, {twice:.3f} s for twice and {fourfold:.3f} s for four times as much"
    return f"{reader.name}, {repeated!r}: {found}"


def _target(reader: Reader) -> Target:
    def make(chance: Random) -> bytes:
        return "".join(chance.choices(reader.pieces, k=chance.choice((1, 1, 2, 3, 4)))).encode()

    def check(repeated: bytes) -> str:
        found = finding(reader, repeated.decode())
        assert not found, found
        return "read"

    return Target(f"time-{reader.name}", make, check)


TIMES = {target.name: target for target in map(_target, READERS.values())}
