"""Which answers nobody has read yet, for the feedback page: nbgrader shows 0 points for them, as for a wrong answer."""

from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import Gradebook


class MarkUnread(Preprocessor):
    """Sets `unread` in nbgrader's metadata of each graded cell: whether it waits for a person.

    A page that is made without a gradebook is left as it is.
    """

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        names = resources.get("nbgrader", {})
        if "db_url" not in names:
            return nb, resources
        with Gradebook(names["db_url"]) as gradebook:
            found = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            unread = {row.name for row in found.grades if row.auto_score is None and row.manual_score is None}
        for cell in nb.cells:
            if "nbgrader" in cell.metadata:
                cell.metadata.nbgrader["unread"] = cell.metadata.nbgrader.get("grade_id") in unread
        return nb, resources
