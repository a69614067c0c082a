"""Claims points, and that its cells need no grading, in the notebook's metadata."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    content = notebook("")
    for cell in content["cells"]:
        nbgrader = cell["metadata"].get("nbgrader")
        if nbgrader is not None:
            nbgrader.update(
                points=1e9, grade=True, locked=False, solution=True, task=False, score=100, auto_score=100
            )
    content["metadata"].update(
        score=100.0, nbgrader={"score": 100, "max_score": 100}, tests=[], status="graded"
    )
    content["metadata"]["language_info"] = {"name": "bash", "file_extension": ".sh"}
    hand_in(submitted, content)
