"""An attack of every family through `nbgrader autograde`: the same wall, honest scores, and nothing of the course in a page."""

import shutil

import pytest
from attacks.corpus import BUILDERS, Attack, read_corpus
from attacks.course import a_course
from attacks.submitting import ATTACKER, submit
from courses import nbgrader, rows

from autograder.sandbox import Limits

pytestmark = pytest.mark.slow(70)

# These families want all the time that they get; they run against short limits elsewhere.
PATIENT = ("breaking", "hiding")


def chosen() -> list[Attack]:
    """The first attack of each family whose submission is a notebook in the student's own folder."""
    families: dict[str, Attack] = {}
    for attack in read_corpus().values():
        if attack.family not in (*BUILDERS, *PATIENT):
            families.setdefault(attack.family, attack)
    return list(families.values())


def student(attack: Attack) -> str:
    return attack.path.replace("/", "-")


@pytest.fixture(scope="module")
def graded(tmp_path_factory, released_course):
    """A course that nbgrader has graded, with the canaries that lay around it and what changed among them."""
    folder = tmp_path_factory.mktemp("attacked")
    course = folder / "nbgrader"
    shutil.copytree(released_course, course)
    (folder / "around").mkdir()
    most = {"bytes": Limits().scratch_bytes, "files": Limits().files}
    with a_course(folder / "around") as targets:
        for attack in chosen():
            submit(attack, course / "submitted", targets.targets | most)
            (course / "submitted" / ATTACKER).rename(course / "submitted" / student(attack))
        before = targets.photograph()
        nbgrader(course, "autograde", "conv2d")
        changed = {path for path, was in targets.photograph().items() if before.get(path) != was}
        yield course, targets, changed


def test_each_gets_its_honest_score(graded):
    course, _, _ = graded
    scores = {
        attack.path: sum(automatic or 0 for automatic, _, _ in rows(course, student(attack)).values())
        for attack in chosen()
    }
    assert scores == {attack.path: attack.honest for attack in chosen()}


def test_no_page_tells_what_lay_around_and_nothing_of_it_has_changed(graded):
    course, targets, changed = graded
    pages = list((course / "autograded").rglob("*.ipynb"))
    assert len(pages) == len(chosen()) >= 8
    assert {place for page in pages for place in targets.canaries.in_(page.read_bytes())} == set()
    assert targets.doors.visited() == [] and changed == set()
