"""What `run_autograder` does on Gradescope: one submission in, `results.json` out, whatever happens.

Standard output is the instructor's alone (`stdout_visibility`): first what isolates here, then what went wrong, if anything.
Where nothing was graded, the record has no score: it is no 0, and Gradescope shows that the autograder failed.
"""

import json
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.classroom.beside import files_beside
from autograder.gradescope.lateness import Lateness, read_lateness
from autograder.gradescope.settings import Settings, WrittenQuestion
from autograder.grading import Report, grade
from autograder.grading.notebook import Cell, Damaged, read_cells
from autograder.grading.submission import GradingLimits, damaged
from autograder.judge.hidden import Key
from autograder.platforms.download import BadDownload, open_download
from autograder.platforms.notebooks import NoNotebook, find_notebook
from autograder.reports.gradescope import failure, gradescope_results, text_test
from autograder.sandbox import SandboxUnavailable
from autograder.sandbox.doctor import diagnose, in_lines
from autograder.sandbox.probe import require

LONGEST_ANSWER = 20_000  # characters
NOT_GRADED = (
    "This was not graded. It is not your fault, and you need not hand in again: your instructor sees why."
)


def main(root: Path = Path("/autograder")) -> int:
    """Grades what lies below `root`; 1 where it could not be graded."""
    results = root / "results" / "results.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    try:
        record, code = _graded(root), 0
    except SandboxUnavailable as error:
        print(f"Nothing was graded. {error}")
        print(
            "Build the zip again with --allow-weak-isolation to grade all the same; its help says what that means."
        )
        record, code = failure(NOT_GRADED), 1
    except Exception:  # Gradescope must get its record, and the instructor the reason
        print(f"Nothing was graded: an error in the autograder.\n{traceback.format_exc()}")
        record, code = failure(NOT_GRADED), 1
    results.write_text(json.dumps(record, indent=1), encoding="utf-8")
    return code


def _graded(root: Path) -> dict[str, Any]:
    settings = Settings.read(root / "source" / "settings.json")
    doctor = list(in_lines(diagnose()))
    print("\n".join(doctor), flush=True)
    isolation = require(settings.allow_weak)
    content, problem = _notebook(root / "submission", settings.assignment)
    who = {"student": "submission", "assignment": settings.assignment}
    if content is None:
        report = damaged(problem, **who, missing=isolation.missing)
    else:
        limits = GradingLimits(follow_through=settings.follow_through, allow_weak=settings.allow_weak)
        key = Key(bytes.fromhex(settings.key))
        report = grade(content, **who, key=key, limits=limits, files=files_beside(root / "submission"))
    lateness = read_lateness(root / "submission_metadata.json")
    if lateness.problem:
        print(lateness.problem)
    return _record(report, settings, lateness, list(_written(content, settings.written)), doctor)


def _notebook(folder: Path, assignment: str) -> tuple[bytes | None, str]:
    """The notebook, under whatever sensible name; None with a reason for the student where there is none."""
    try:
        with open_download(folder) as entries:
            return find_notebook(tuple(entries), assignment).content(), ""
    except NoNotebook as error:
        return None, f"There is no notebook {assignment}.ipynb: {error}. Hand in the notebook itself."
    except BadDownload as error:
        return None, f"{error} Hand in {assignment}.ipynb alone."


def _record(
    report: Report,
    settings: Settings,
    lateness: Lateness,
    written: list[dict[str, Any]],
    doctor: list[str],
) -> dict[str, Any]:
    record = gradescope_results(report, settings.visibility)
    penalty = min(settings.late_penalty * lateness.days, report.score)
    record["score"] = round(report.score - penalty, 2)
    if late := lateness.sentence(penalty):
        record["output"] = f"{late}\n{record['output']}"
    record["tests"] += written
    record["tests"].append(
        text_test("For instructors: what isolates student code here", "\n".join(doctor), "hidden")
    )
    record["extra_data"] = {"late_days": lateness.days, "late_penalty": penalty, "automatic": report.score}
    return record


def _written(content: bytes | None, questions: tuple[WrittenQuestion, ...]) -> Iterator[dict[str, Any]]:
    """The written answers, for whoever marks them in Gradescope's outline."""
    cells = _cells(content)
    for question in questions:
        answer = next((cell.source for cell in reversed(cells) if cell.grade_id == question.cell), None)
        if answer is None:
            said = "The answer's cell was not found. Look for it in the notebook."
        elif answer.strip() in ("", question.released.strip()):
            said = "Nothing was written."
        else:
            said = answer[:LONGEST_ANSWER]
        title = f"{question.title}: a person marks it"
        yield text_test(title, said)


def _cells(content: bytes | None) -> list[Cell]:
    try:
        return [] if content is None else read_cells(content)
    except Damaged:
        return []
