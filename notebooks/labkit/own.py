"""The student's own functions, taken from the assignment's notebook; a stand-in for each that is not right yet."""

from __future__ import annotations

import importlib.util
import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType, SimpleNamespace

from notebooks.labkit.definitions import NotUsable, define, read_cells
from notebooks.labkit.standins import stand_in
from notebooks.labkit.words import one_line, shortened

HOME = Path(__file__).resolve().parents[2]
PLACES = ("../assignment/{0}/{0}.ipynb", "assignment/{0}/{0}.ipynb", "{0}/{0}.ipynb")


def own_functions(
    *names: str, assignment: str = "conv2d", notebook: str | Path | None = None
) -> SimpleNamespace:
    """Return the functions `names` of the student's assignment notebook, as attributes of one object.

    The notebook is `notebook`, else the one that the environment variable CONV2D_NOTEBOOK (the assignment's name and
    _NOTEBOOK) names, else the first of PLACES that exists, else the one in the assignment's folder. A function is the student's own when it passes the
    assignment's visible checks (checks.py, which lies beside the notebook), else a stand-in. Printed lines say which
    of the two each one is, and why. ValueError for a name that is no function of the assignment.
    """
    try:
        path = find(assignment, notebook)
        checks = load_checks(assignment, path)
        if unknown := [name for name in names if name not in checks.CASES]:
            known = ", ".join(checks.CASES)
            raise ValueError(f"{unknown[0]!r} is not a function of the assignment; those are {known}.")
        defined, errors = define(read_cells(path, checks.CASES), path.name)
        reasons = {name: why_not(name, defined.get(name), errors.get(name), checks) for name in names}
    except NotUsable as reason:
        reasons = dict.fromkeys(names, str(reason))
    chosen, announced = {}, {}
    for name, reason in reasons.items():
        chosen[name], says = instead(assignment, name, reason) if reason else (defined[name], "")
        announced.setdefault(says, []).append(name)
    own = announced.pop("", [])
    for says, affected in announced.items():
        print(f"{', '.join(affected)}: {says}")
    if own:
        print(f"{', '.join(own)}: your own, from {path}")
    return SimpleNamespace(**chosen)


def find(assignment: str, notebook: str | Path | None = None) -> Path:
    """Return the path of the assignment's notebook."""
    variable = f"{assignment.upper()}_NOTEBOOK"
    named = notebook or os.environ.get(variable)
    beside_the_labs = (
        HOME / "assignment" / assignment / f"{assignment}.ipynb"
    )  # in whatever folder the kernel works
    for place in [Path(named)] if named else [*places(assignment), beside_the_labs]:
        if place.is_file():
            return place
    if named:
        raise NotUsable(f"There is no notebook at {named}.")
    raise NotUsable(f"No {assignment}.ipynb was found; set {variable} to the path of yours.")


def places(assignment: str) -> list[Path]:
    """Return where an assignment's notebook may be, seen from the kit's main folder and from its folders."""
    return [Path(place.format(assignment)) for place in PLACES]


def load_checks(assignment: str, notebook: Path) -> ModuleType:
    """Return the assignment's module `checks`, from beside the notebook or from where the kit has it."""
    beside = [place.with_name("checks.py") for place in (notebook, *places(assignment))]
    path = next((place for place in beside if place.is_file()), None)
    if path is None:
        raise NotUsable(f"There is no checks.py beside {notebook}; copy the assignment's there.")
    spec = importlib.util.spec_from_file_location(f"{assignment}_checks", path)
    checks = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = checks  # its dataclasses look their module up
    try:
        spec.loader.exec_module(checks)
        dict(checks.CASES)  # what is asked of it first
    except Exception as error:  # an edited file must not stop the lab
        raise NotUsable(f"{path} stops with {one_line(error)}; get the assignment's again.") from None
    return checks


def why_not(name: str, function: object, cell_error: BaseException | None, checks: ModuleType) -> str:
    """Return in a sentence why the student's function cannot be used; "" where it passes all visible checks."""
    if function is None:
        return f"Your cell stops with {one_line(cell_error)}." if cell_error else "Your notebook has none."
    for case in checks.CASES[name]:
        try:
            with redirect_stdout(io.StringIO()):
                problem, _ = checks.examine(name, function, case)
        except SystemExit:
            return "Yours ends Python with SystemExit."
        if problem is not None and problem.step == "not started":
            return "Yours, or a function that it calls, is not written yet."
        if problem is not None:
            return f'Its check "{case.title}" says: {shortened(" ".join(problem.message.splitlines()[:2]))}'
    return ""


def instead(assignment: str, name: str, reason: str) -> tuple[Callable, str]:
    """Return what works in place of a student's function that does not, and the sentence that announces it."""
    if found := stand_in(assignment, name):
        return found, f"a stand-in works here until yours is right. {reason}"

    def missing(*arguments, **options):
        raise NotImplementedError(f"This lab needs your {name}. {reason}")

    return missing, f"nothing works here until yours is right. {reason}"
