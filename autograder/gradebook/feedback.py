"""Writes a class's feedback with nbgrader's own converter, in this process."""

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException

from autograder.gradebook.course import Course
from autograder.gradebook.errors import NoFeedback


def write_feedback(course: Course, assignment: str, student: str = "*") -> int:
    """Writes the pages that `nbgrader generate_feedback` writes; returns how many there are.

    Args:
        student: whose; "*" for everybody's.

    Raises `NoFeedback` where there is nothing to write, or a page could not be made: nbgrader's log says why.
    """
    folders = course.directory
    folders.assignment_id, folders.student_id = assignment, student
    try:
        GenerateFeedback(coursedir=folders, parent=folders.parent).start()
    except NbGraderException as error:
        said = str(error).strip() or "no submission of it was recorded"
        raise NoFeedback(f"The feedback on '{assignment}' could not be written: {said}") from None
    page = course.folder(folders.feedback_directory, student, assignment) / f"{assignment}.html"
    return len(list(page.parents[2].glob(str(page.relative_to(page.parents[2])))))
