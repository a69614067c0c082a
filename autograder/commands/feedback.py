"""`python -m autograder feedback`: writes the students' feedback, as `nbgrader generate_feedback` does."""

import argparse
from collections.abc import Callable

from autograder.commands.options import add_assignment, add_recording_db


def add_feedback(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command to the command line.

    Args:
        add: makes the command of its function of the options.
    """
    feedback = add(_feedback)
    add_assignment(feedback)
    feedback.add_argument(
        "--only",
        nargs="+",
        action="extend",
        metavar="STUDENT",
        help="these alone; other pages stay as they are",
    )
    add_recording_db(feedback)


def _feedback(options: argparse.Namespace) -> int:
    # nbgrader takes seconds to import; a wrong option is told at once.
    from autograder.gradebook.course import Course
    from autograder.gradebook.feedback import write_feedback

    course = Course.here(options.db)
    written = sum(write_feedback(course, options.assignment, student) for student in options.only or ["*"])
    print(f"Wrote the feedback of {written:,} students in {course.directory.feedback_directory}/")
    return 0
