"""Releases an assignment: builds it from its text, lets nbgrader strip the answers, packs what students get.

    python -m autograder.authoring.release [ASSIGNMENT]

It stops before anything is written where the text, the visible cases, the hidden tests and the record disagree, and
says in one line which file and line it is.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import nbformat

from autograder.authoring.build import ROOT, build_assignment, build_labs
from autograder.authoring.bundle import write_bundle
from autograder.authoring.errors import AuthorError
from autograder.grading.suite_run import list_tests
from autograder.suite import SuiteError, find, suite_folder
from autograder.suite.released import FILE, add


def release(name: str) -> list[Path]:
    """The files that were written. Raises AuthorError and SuiteError for what is not in order."""
    find(name)
    list_tests(suite_folder(name))  # tests and record agree, or it says where not
    built = [*build_assignment(name), *build_labs()]
    _generate(name)
    folder = ROOT / "assignment" / name
    add(suite_folder(name) / FILE, own_cells(folder / f"{name}.ipynb"))
    return [*built, *sorted(folder.glob("[!.]*.*")), write_bundle(name)]


def own_cells(released: Path) -> list[str]:
    """The sources of a released notebook's own code cells: all but those for students' answers."""
    cells = nbformat.read(released, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code" and not is_for_answers(cell)]


def is_for_answers(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell is nbgrader's solution cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _generate(name: str) -> None:
    """nbgrader makes the students' version, and a record of it in the gradebook."""
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--force"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (
            [line for line in done.stderr.splitlines() if "ERROR" in line] or done.stderr.splitlines() or [""]
        )
        raise AuthorError(f"nbgrader could not make the students' version of '{name}': {told[0].strip()}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build, check, release and pack an assignment.")
    parser.add_argument("assignment", nargs="?", default="conv2d", help="which (default: %(default)s)")
    try:
        for path in release(parser.parse_args(arguments).assignment):
            print(f"wrote {path.relative_to(ROOT)}")
    except (AuthorError, SuiteError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
