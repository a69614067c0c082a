"""`python -m autograder doctor`: tries what isolates student code on this machine."""

import argparse
from collections.abc import Callable

from autograder.commands.options import WEAK, add_weak
from autograder.reports.isolation import weakness_sentence
from autograder.sandbox import SandboxUnavailable
from autograder.sandbox.doctor import diagnose, in_lines
from autograder.sandbox.probe import require


def add_doctor(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    add_weak(add(_doctor))


def _doctor(options: argparse.Namespace) -> int:
    for line in in_lines(diagnose()):
        print(line)
    try:
        isolation = require(options.allow_weak_isolation)
    except SandboxUnavailable as error:
        print(f"Grading is refused on this machine. {error}")
        return 1
    if isolation.holds:
        print(f"Tier {isolation.tier}: student code is isolated by {', '.join(isolation.layers)}.")
    else:
        print(f"Grading would go on, since you allow it. {weakness_sentence(isolation.missing)} {WEAK}")
    return 0
