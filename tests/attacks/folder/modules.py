"""Puts its own numpy, pytest, solutions and autograder beside the notebook, for the grader to import."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0
NAMES = (
    "numpy",
    "pytest",
    "solutions",
    "autograder",
    "json",
    "checks",
    "sitecustomize",
    "usercustomize",
    "IPython",
)


def submit(submitted, targets):
    folder = hand_in(submitted, notebook("import checks\nimport solutions.reference\n"))
    code = f"open({targets['submission'] + '/owned'!r}, 'w')\n"
    for name in NAMES:
        (folder / f"{name}.py").write_text(code)
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(code)
    (folder / "solutions" / "reference.py").write_text(code)
    (folder / "owned.pth").write_text("import owned\n")
