"""Reads scores back from nbgrader's gradebook."""

from nbgrader.api import Gradebook


def automatic_scores(db_url: str, assignment: str) -> dict[str, float]:
    """Each student's automatic points in the gradebook."""
    with Gradebook(db_url) as gradebook:
        return {
            submission.student_id: sum(
                grade.auto_score or 0.0 for notebook in submission.notebooks for grade in notebook.grades
            )
            for submission in gradebook.assignment_submissions(assignment)
        }
