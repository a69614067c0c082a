"""Releases an assignment: builds it from its text, lets nbgrader strip the answers, packs what students get.

    python -m autograder.authoring.release [ASSIGNMENT]

It stops before anything is written where the text, the visible cases, the hidden tests and the record disagree, and
says in one line which file and line it is.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from autograder.authoring.build import ROOT, build_assignment, build_labs
from autograder.authoring.bundle import write_bundle
from autograder.authoring.errors import AuthorError
from autograder.grading.suite_run import list_tests
from autograder.suite import SuiteError, find, suite_folder


def release(name: str) -> list[Path]:
    """The files that were written. Raises AuthorError and SuiteError for what is not in order."""
    find(name)
    list_tests(suite_folder(name))  # tests and record agree, or it says where not
    built = [*build_assignment(name), *build_labs()]
    _generate(name)
    return [*built, *sorted((ROOT / "assignment" / name).glob("[!.]*.*")), write_bundle(name)]


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
