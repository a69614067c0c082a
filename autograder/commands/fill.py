"""`python -m autograder fill`: makes a submission from a plain Python file."""

import argparse
from collections.abc import Callable
from pathlib import Path

from autograder.authoring.fill import fill_file


def add_fill(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    fill = add(_fill)
    fill.add_argument("released", type=Path, metavar="RELEASED.ipynb", help="the notebook that students get")
    fill.add_argument(
        "solution", type=Path, metavar="SOLUTION.py", help="functions with the notebook's names"
    )
    fill.add_argument("out", type=Path, metavar="OUT.ipynb", help="the notebook to write")


def _fill(options: argparse.Namespace) -> int:
    fill_file(options.released, options.solution, options.out)
    print(f"Wrote {options.out}")
    return 0
