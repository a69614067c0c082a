"""The options that several commands have, each with one name, one default and one help text."""

import argparse
from pathlib import Path


def add_assignment(command: argparse.ArgumentParser) -> None:
    """Adds the option that says which assignment is meant."""
    command.add_argument("--assignment", default="conv2d", help="which assignment (default: %(default)s)")


def add_submitted(command: argparse.ArgumentParser) -> None:
    """Adds the folder of the submissions, as the command's next argument."""
    command.add_argument(
        "submitted", type=Path, metavar="SUBMITTED", help="holds <student>/<assignment>/<assignment>.ipynb"
    )


def add_db(command: argparse.ArgumentParser) -> None:
    """Adds the option of the gradebook that is read."""
    command.add_argument(
        "--db", metavar="URL", help="gradebook to read (default: the one in nbgrader_config.py)"
    )
