"""The command line: reads arguments, calls one command; every error a user can cause is one line.

Of the commands' modules none but the chosen one's is imported: a list of all of them, or a slip of the keyboard, should not wait
for what the others need.
"""

import argparse
import importlib
import sys
from collections.abc import Callable
from typing import NoReturn

from autograder.commands.passwords import hide_passwords, without_password
from autograder.user_error import UserError

# Each command's module in `autograder.commands`, and what it does. Its function `add_<command>` adds its arguments.
COMMANDS = {
    "collect": ("collect", "take in the submissions that a learning platform gives"),
    "grade": ("grade", "grade a folder of submissions"),
    "watch": ("watch", "grade what appears in a folder while it appears"),
    "record": ("record", "write results into nbgrader's gradebook and pages"),
    "feedback": ("feedback", "write the recorded students' feedback"),
    "report": ("report", "show the table of an earlier run"),
    "return": ("return_grades", "fill grades into the learning platform's own file"),
    "export": ("export", "write scores as a CSV file, for a spreadsheet"),
    "gradescope": ("gradescope", "write a Gradescope results.json for each student"),
    "gradescope-zip": ("gradescope_zip", "write an autograder to upload to Gradescope"),
    "insight": ("insight", "write a page of what a class's results say"),
    "similar": ("similar", "write a page of which solutions are alike"),
    "export-code": ("similar", "write each student's own code as a Python file"),
    "written": ("written", "mark written answers, question by question"),
    "fill": ("fill", "make a submission from a plain Python file"),
    "doctor": ("doctor", "try what isolates student code on this machine"),
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0 done, 1 the machine does not isolate, 2 unusable arguments."""
    hide_passwords()
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(arguments[0] if arguments else "").parse_args(arguments)
    try:
        code: int = options.command(options)
        return code
    except UserError as error:
        print(f"{options.name}: {without_password(str(error))}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{options.name}: {error.filename or ''}: {error.strerror}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print(f"\n{options.name}: {stop or 'stopped.'}", file=sys.stderr)
        return 130


def start_early(arguments: list[str]) -> None:
    """Starts the server of grading processes where this process will want some: both then import the kit at the same time.

    A command that finds its arguments unusable has started it in vain. The server ends with this process.
    """
    wants_none = any(each.startswith(("--scheduler", "-h", "--help")) for each in arguments)
    if arguments[:1] in (["grade"], ["watch"]) and not wants_none:
        importlib.import_module("autograder.classroom.pool").start_server()


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {without_password(message)}. See: {self.prog} --help\n")


def _parser(chosen: str) -> argparse.ArgumentParser:
    """Knows the names of all commands, and the arguments of the chosen one."""
    parser = _OneLineParser(
        prog="python -m autograder",
        description="Grades notebooks in a sandbox that student code cannot leave.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary.capitalize() + ".")
        if name == chosen:
            _add_arguments(command, name, module)
    return parser


def _add_arguments(command: argparse.ArgumentParser, name: str, module: str) -> None:
    def add(function: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        command.set_defaults(command=function, name=command.prog)
        return command

    found = importlib.import_module(f"autograder.commands.{module}")
    getattr(found, f"add_{name.replace('-', '_')}")(add)
