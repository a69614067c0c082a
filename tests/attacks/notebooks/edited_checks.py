"""Replaces the cells that are graded by ones that pass, and adds some of its own."""

import copy

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    content = notebook("")
    for cell in copy.deepcopy(content["cells"]):
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_"):
            cell["source"] = "assert True\nimport numpy as np\nnp.float64(100.0)"
            content["cells"].append(cell)
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_"):
            cell["source"] = "### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS\n100.0"
    hand_in(submitted, content)
