"""`python -m autograder written`: a person marks written answers, one question at a time."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.authoring.rubric import BadRubric, ModelAnswer, read_model_answer
from autograder.commands.options import add_assignment
from autograder.reports.marking import Sheet, marking_page, overview_page
from autograder.reports.marking.server import MarkingServer
from autograder.sandbox.text import plain_text
from autograder.user_error import UserError

if TYPE_CHECKING:
    from autograder.gradebook.course import Course
    from autograder.gradebook.written import NewMark, Question

MAX_BYTES = 64 * 2**20  # of a file of marks
_ABOUT = """\
One page for each written question: all answers one below the other, and beside them the question, the model answer and the
rubric, a list of points and comments that are chosen with a key. They come from the text source. A line that you add is
there for every answer. Marks and comments go into the course's gradebook, where formgrader shows the same, so the class
must be recorded first ('grade --record'). Who left an answer as it was has 0 already, and is not asked about.

Without options the pages are served on this machine alone, until Ctrl-C, and every mark is saved at once. With --pages they
are files that need nothing else: mark there, download the marks, and read them with --read."""


class BadMarks(UserError):
    """The file of marks cannot be used, or there is nothing to mark; the message says why, in one line."""


def add_written(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    command = add(_written)
    command.description, command.formatter_class = _ABOUT, argparse.RawDescriptionHelpFormatter
    add_assignment(command)
    command.add_argument("--blind", action="store_true", help="without names, in an order of chance")
    command.add_argument("--port", type=int, default=0, metavar="N", help="default: any that is free")
    command.add_argument("--pages", type=Path, metavar="FOLDER", help="write the pages as files instead")
    command.add_argument(
        "--read",
        type=Path,
        nargs="+",
        action="extend",
        metavar="FILE.json",
        help="read marks that were downloaded from such pages into the gradebook",
    )
    command.add_argument(
        "--db", metavar="URL", help="gradebook to mark in (default: the one in nbgrader_config.py)"
    )


def _written(options: argparse.Namespace) -> int:
    # nbgrader takes seconds to import.
    from autograder.gradebook.course import Course

    desk = _Desk(Course.here(options.db), options.assignment, blind=options.blind)
    if options.read:
        return _read(options, desk)
    if options.pages:
        return _write_pages(options.pages, desk)
    return _serve(options, desk)


class _Desk:
    """The written questions of one assignment, and what is done with their answers. Raises `BadMarks` where there are none."""

    def __init__(self, course: "Course", assignment: str, *, blind: bool):
        from autograder.gradebook.written import read_questions

        self.course, self.assignment, self.blind = course, assignment, blind
        self.questions = read_questions(course, assignment)
        if not self.questions:
            raise BadMarks(f"'{assignment}' has no written question.")

    def sheet(self, question: "Question") -> Sheet:
        """What the page of a question shows, as the gradebook is now."""
        from autograder.gradebook.rendering import to_html
        from autograder.gradebook.written import read_answers

        answers, untouched = read_answers(self.course, self.assignment, question.cell)
        model = _model_answer(question)
        return Sheet(
            self.assignment,
            question.cell,
            question.title,
            question.points,
            to_html(question.body),
            to_html(model.text),
            [(item.points, item.text) for item in model.rubric],
            answers,
            untouched,
            self.blind,
        )

    def save(self, marks: list["NewMark"]) -> int:
        """Saves marks; returns how many are new. Raises `BadMark`."""
        from autograder.gradebook.written import save_marks

        return len(save_marks(self.course, self.assignment, marks))


def _model_answer(question: "Question") -> ModelAnswer:
    try:
        return read_model_answer(question.source)
    except BadRubric:  # the page shows it as it stands there
        return ModelAnswer(question.source)


# --- served ----------------------------------------------------------------------------------------------


def _serve(options: argparse.Namespace, desk: _Desk) -> int:
    if not 0 <= options.port < 2**16:
        raise BadMarks(f"{options.port} is not a port; use a number from 1024 to 65535.")
    with MarkingServer(
        lambda name: _page(desk, name), lambda sent: _save(desk, sent), options.port
    ) as server:
        print(f"Mark the written answers at  {server.url}")
        print(
            "Whoever has this address can read and mark them. Every mark is saved at once; end with Ctrl-C.",
            flush=True,
        )
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            print()
    waiting = sum(desk.sheet(question).waiting for question in desk.questions)
    print(
        f"{waiting:,} written answers are not marked yet." if waiting else "All written answers are marked."
    )
    return 0


def _page(desk: _Desk, name: str) -> str | None:
    """The overview, or the page of the question of this number, counted from 1."""
    if name == "":
        return overview_page(desk.assignment, [desk.sheet(question) for question in desk.questions])
    if not name.isdecimal() or not 0 < int(name[:4]) <= len(desk.questions):
        return None
    return marking_page(desk.sheet(desk.questions[int(name) - 1]), url="marks")


def _save(desk: _Desk, sent: Any) -> tuple[int, dict[str, Any]]:
    from autograder.classroom.lock import Locked
    from autograder.gradebook.errors import NoGradebook
    from autograder.gradebook.written import BadMark, Overtaken

    try:
        return 200, {"saved": desk.save(_marks(sent))}
    except Overtaken as error:
        return 409, {"error": str(error), "there": {"score": error.score, "comment": error.comment}}
    except (BadMark, BadMarks, NoGradebook, Locked) as error:
        return 400, {"error": str(error)}


# --- as files --------------------------------------------------------------------------------------------


def _write_pages(folder: Path, desk: _Desk) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for question in desk.questions:
        path = folder / f"{question.cell}.html"
        sheet = desk.sheet(question)
        path.write_text(marking_page(sheet), encoding="utf-8")
        print(f"Wrote {path}: {len(sheet.answers):,} answers, {sheet.waiting:,} of them not marked yet.")
    return 0


def _read(options: argparse.Namespace, desk: _Desk) -> int:
    """All files or none: what stands in one of them may be mended, and all be read again."""
    from autograder.gradebook.written import BadMark

    marks: list[NewMark] = []
    for path in options.read:
        if path.stat().st_size > MAX_BYTES:
            raise BadMarks(f"'{path}' is larger than {MAX_BYTES // 2**20} MB. Is it the right file?")
        try:
            sent = json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            raise BadMarks(f"'{path}' holds no marks. Download them again from the page.") from None
        if not isinstance(sent, dict) or sent.get("assignment") != desk.assignment:
            raise BadMarks(
                f"'{path}' holds no marks of '{desk.assignment}'. Name another one with --assignment."
            )
        marks += _marks(sent)
    try:
        changed = desk.save(marks)
    except BadMark as error:
        raise BadMarks(f"Nothing was saved. {error}") from None
    print(
        f"Read {len(marks):,} marks, {changed:,} of them new, into {plain_text(desk.course.gradebook_name, 200)}."
    )
    return 0


def _marks(sent: Any) -> list["NewMark"]:
    """The marks that a page has sent. Raises `BadMarks` for anything else."""
    from autograder.gradebook.written import NewMark

    try:
        return [
            NewMark(
                _text(each["answer"]), _score(each["score"]), _text(each["comment"]), _seen(each.get("seen"))
            )
            for each in sent["marks"]
        ]
    except (TypeError, KeyError, AttributeError, OverflowError):
        raise BadMarks("These are no marks. Load the page again.") from None


def _seen(there: Any) -> tuple[float | None, str] | None:
    return None if there is None else (_score(there["score"]), _text(there["comment"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _score(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)
