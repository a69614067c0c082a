"""What is fuzzed: for each reader a way to make a case and what must hold whatever comes of it.

A reader may refuse a case with the exception that it declares; any other exception is a finding, and so is an
accepted case that the next step cannot use.
"""

import io
import json
import tempfile
import tracemalloc
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random

import nbformat
import numpy as np
from conftest import ROOT, sample

from autograder.authoring.fill import fill
from autograder.classroom.results import Result
from autograder.classroom.store import ReportStore
from autograder.cli import main
from autograder.gradebook.rebuild import Assigned, rebuild
from autograder.grading.notebook import KINDS, MAX_SOURCE, Damaged, read_cells
from autograder.grading.report import Report, TestResult
from autograder.grading.submission import GradingLimits
from autograder.judge.picture import Picture
from autograder.judge.rehearsal import EXAMPLE
from autograder.reports.feedback import cell_html, cell_text, hint, summary_html
from autograder.sandbox.inside import wire
from autograder.suite import find
from fuzz.mutation import altered_bytes, altered_json, dumped


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes:
        name: on the command line.
        make: a case from a source of chance.
        check: gives the case to the reader; returns "read" or "refused", and raises for a finding.
    """

    name: str
    make: Callable[[Random], bytes]
    check: Callable[[bytes], str]


def case(target: Target, number: int) -> bytes:
    """Case `number` of a target: always the same."""
    return target.make(Random(f"{target.name} {number}"))


# --- frames of the wire ----------------------------------------------------------------------------------

LIMIT = 100_000
LABELS = ("none", "bool", "int", "float", "str", "list", "tuple", "array", "scalar", "foreign", "pickle")
VALUES = (
    None, True, -5, 0.1, "text", [1, [2, (3, "x")]], wire.Foreign("thing", "detail"), np.float32(2),
    tuple(np.arange(6).reshape(2, 3).astype(code) for code in sorted(wire.DTYPES)), np.zeros((2, 0, 3)),
)  # fmt: skip
FRAMES = tuple(wire.encode({"id": 7, "status": "done"}, value) for value in VALUES)
PLAIN = (type(None), bool, int, float, str, wire.Foreign, np.ndarray, *wire.SCALARS)


def make_frame(chance: Random) -> bytes:
    """A real frame with altered bytes, or a well-formed frame around a header that nobody would write."""
    if chance.random() < 0.5:
        return altered_bytes(chance, chance.choice(FRAMES)).ljust(wire.PREFIX.size, b"\0")
    whole = chance.choice(FRAMES)
    length, _ = wire.PREFIX.unpack(whole[: wire.PREFIX.size])
    start = wire.PREFIX.size
    header = altered_json(chance, json.loads(whole[start : start + length]))
    if chance.random() < 0.4:
        header = {"message": {}, "value": _node(chance, 0)}
    raw, payload = dumped(header), whole[start + length :]
    return wire.PREFIX.pack(len(raw), len(payload)) + raw + payload


def _node(chance: Random, depth: int) -> object:
    label = chance.choice(LABELS)
    if label in ("list", "tuple"):
        return [label, [_node(chance, depth + 1) for _ in range(chance.randrange(3 if depth < 10 else 1))]]
    if label in ("array", "scalar"):
        shape = [
            chance.choice((0, 1, 2, 3, -1, 1 << 40, 1 << 62, 3.5, True)) for _ in range(chance.randrange(4))
        ]
        return [label, chance.choice([*wire.DTYPES, "|O", "<M8[s]", ""]), shape, chance.choice("CFA")]
    return [label, *(altered_json(chance, "0x1p3") for _ in range(chance.randrange(3)))]


def check_frame(raw: bytes) -> str:
    """Only `WireError`, little memory; what is read can be written again and read as the same."""
    tracemalloc.start()
    try:
        message, value = _read_frame(raw)
    except wire.WireError:
        return "refused"
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 200_000 + 50 * len(raw), f"{peak} bytes of memory for a frame of {len(raw)}"
    assert type(message) is dict
    _assert_plain(value)
    again = wire.encode(message, value)
    assert wire.encode(*_read_frame(again)) == again
    return "read"


def _read_frame(raw: bytes) -> tuple[dict, object]:
    """The two steps of a reader, one after the other."""
    prefix, body = raw[: wire.PREFIX.size], raw[wire.PREFIX.size :]
    return wire.decode(prefix, body[: wire.lengths(prefix, LIMIT)])


def _assert_plain(value: object) -> None:
    if type(value) in (list, tuple):
        for item in value:
            _assert_plain(item)
        return
    assert type(value) in PLAIN, type(value)
    if isinstance(value, np.ndarray):
        assert value.flags.owndata and value.dtype.newbyteorder("<").str in wire.DTYPES


# --- notebooks -------------------------------------------------------------------------------------------

RELEASED = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
SUBMISSION = json.loads(nbformat.writes(fill(RELEASED, sample("same_mistake"))))
ASSIGNED = [
    Assigned(source=cell.source, points=of.get("points"), **{name: of[name] for name in (
        "grade_id", "cell_type", "checksum", "locked", "solution", "task")})
    for cell in RELEASED.cells if (of := cell.metadata.get("nbgrader"))
]  # fmt: skip
ENCODINGS = ("utf-8",) * 8 + ("utf-8-sig", "utf-16", "utf-32-be")


def make_notebook(chance: Random) -> bytes:
    """A submission in which some JSON, some bytes, or both are altered."""
    notebook = altered_json(chance, SUBMISSION) if chance.random() < 0.8 else SUBMISSION
    content = json.dumps(notebook, indent=chance.choice((None, 1))).encode(chance.choice(ENCODINGS))
    return altered_bytes(chance, content) if chance.random() < 0.4 else content


def check_notebook(content: bytes) -> str:
    """Cells or `Damaged` with a clear line; either way nbgrader gets a valid page with every one of its cells."""
    try:
        cells, reason = read_cells(content), None
    except Damaged as damage:
        cells, reason = [], str(damage)
        assert "\n" not in reason and reason.isprintable() and 20 < len(reason) < 300
    assert [cell.position for cell in cells] == sorted({cell.position for cell in cells})
    assert all(cell.kind in KINDS and type(cell.source) is str for cell in cells)
    assert sum(len(cell.source.encode()) for cell in cells) <= 4 * MAX_SOURCE
    page = rebuild(cells, ASSIGNED, RELEASED, reason)
    names = [cell.metadata.nbgrader.grade_id for cell in page.cells if "nbgrader" in cell.metadata]
    assert sorted(names) == sorted(cell.grade_id for cell in ASSIGNED)
    nbformat.validate(page)
    nbformat.writes(page).encode()
    return "read" if reason is None else "refused"


# --- results ---------------------------------------------------------------------------------------------

PLACES = {
    "image": (5, 7),
    "filter": (2, 3),
    "before": (0, 1),
    "after": (1, 1),
    "corner": (0, -1),
    "output": (5, 7),
}
PICTURE = Picture("window", PLACES | {"place": (0, 0)})
TESTS = (
    TestResult("test_pad", "test_pad", "Zeros around", 4.0, "passed"),
    TestResult(
        "test_same", "test_conv2d", "SAME", 6.0, "failed", "The numbers differ.", "same_floor", PICTURE
    ),
)
LINES = tuple(
    dumped(Result(report, "0" * 64, "1" * 64).to_json())
    for report in (
        Report("ada", "conv2d", TESTS, ("namespaces", "seccomp"), 0.5),
        Report("bob", "conv2d", TESTS[:1], (), 0.0, "The file is empty."),
    )
)
KEY = "ab" + "0" * 62


def make_results(chance: Random) -> bytes:
    """Lines of which some are altered, doubled, torn or lost."""
    lines = [line for line in LINES for _ in range(chance.choice((1, 1, 1, 2, 0)))]
    for place, line in enumerate(lines):
        if chance.random() < 0.6:
            lines[place] = dumped(altered_json(chance, json.loads(line)))
    content = b"\n".join(lines) + b"\n"
    return altered_bytes(chance, content) if chance.random() < 0.4 else content


def check_results(content: bytes) -> str:
    """The file gives a table or one line of complaint; a kept report is usable or counts as missing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.jsonl")
        path.write_bytes(content)
        code, complaint = _report_command(path)
        _check_kept_report(Path(folder), content.split(b"\n")[0])
    if code == 0:
        assert complaint == ""
        return "read"
    assert code == 2 and complaint.count("\n") == 1 and "r.jsonl" in complaint, (code, complaint)
    return "refused"


def _report_command(path: Path) -> tuple[int, str]:
    """Exit code and error output of `python -m autograder report`, written to a terminal that knows UTF-8."""
    out, error = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with redirect_stdout(out), redirect_stderr(error):
        code = main(["report", str(path)])
    out.flush()
    error.flush()
    return code, error.buffer.getvalue().decode()


def _check_kept_report(folder: Path, content: bytes) -> None:
    store = ReportStore(folder, GradingLimits(), ("seccomp",), EXAMPLE)
    path = folder / KEY[:2] / f"{KEY[2:]}.json"
    path.parent.mkdir()
    path.write_bytes(content)
    report = store.get(KEY, "ada")
    if report is not None:
        assert report.student == "ada" and 0 <= report.score <= report.max_score
        pages = [
            summary_html(report),
            cell_html(report.tests, find("conv2d")),
            cell_text(report.tests),
            hint(report.tests) or "",
        ]
        assert sum(map(len, pages)) < 1_000_000
        assert Report.from_json(json.loads(json.dumps(report.to_json()))).score == report.score


TARGETS = {
    target.name: target
    for target in (
        Target("wire", make_frame, check_frame),
        Target("notebooks", make_notebook, check_notebook),
        Target("results", make_results, check_results),
    )
}
