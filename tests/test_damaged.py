"""Damaged and odd submissions of more than a hundred kinds: each gets a clear report, and intact answers lose nothing.

A part of them goes through nbgrader here; `services/test_every_damage.py` takes all of them there.
"""

import json
import os
import tempfile
from pathlib import Path

import pytest
from damage.contents import CONTENTS
from damage.course import (
    KINDS,
    assert_formgrader_opens,
    assert_pages,
    assert_score,
    graded_course,
    sound_notebook,
    submit,
)
from damage.folders import hand_in
from nbgrader.api import Gradebook

from autograder.classroom.submissions import find_submissions
from autograder.grading.notebook import Damaged, read_cells

# --- reading -----------------------------------------------------------------------------------------------


def functions(content: bytes) -> set[str]:
    """The functions that the code cells define."""
    code = [cell.source for cell in read_cells(content) if cell.kind == "code"]
    return {line.split("(")[0] for source in code for line in source.splitlines() if line.startswith("def ")}


@pytest.mark.parametrize("name", [name for name, kind in CONTENTS.items() if kind.says is None])
def test_every_function_is_found_in(name):
    whole = functions(json.dumps(sound_notebook()).encode())
    assert len(whole) > 10 and functions(CONTENTS[name].make(sound_notebook())) >= whole


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.says is not None])
def test_one_line_says_what_is_wrong_and_what_to_do_about(name, tmp_path):
    submit(tmp_path / "submitted", name, sound_notebook())
    (submission,) = find_submissions(tmp_path / "submitted", "conv2d")
    with pytest.raises(Damaged, match=KINDS[name].says) as damage:
        read_cells(submission.read())
    reason = str(damage.value)
    assert (
        reason.isprintable()
        and 30 < len(reason) < 250
        and reason.count(". ") >= 1
        and reason.endswith((".", "?"))
    )


def as_somebody_without_rights(function):
    """What the function gives where file permissions hold, which they do not for root."""
    if os.geteuid() != 0:
        return function()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.seteuid(65534)
            os.write(writing, json.dumps(function()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer)


@pytest.mark.parametrize("path", ["ada/conv2d/conv2d.ipynb", "ada/conv2d", "ada"])
def test_a_submission_that_may_not_be_read_says_so_and_the_others_are_found(path):
    def look() -> dict[str, str]:
        answers = {}
        for submission in find_submissions(submitted, "conv2d"):
            try:
                answers[submission.student] = submission.read().decode()
            except Damaged as damage:
                answers[submission.student] = str(damage)
        return answers

    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to everybody else
        submitted = Path(folder)
        submitted.chmod(0o755)
        for student in ("ada", "bob"):
            hand_in(submitted / student, b"{}")
        (submitted / path).chmod(0)
        answers = as_somebody_without_rights(look)
        (submitted / path).chmod(0o755)
    assert answers["bob"] == "{}"
    assert "may not be read (Permission denied). Give the grader's account the right" in answers["ada"]


# --- a class of them --------------------------------------------------------------------------------------

# What once stopped nbgrader, left a student without a row, or cost marks; and what makes odd pages.
CHOSEN = (
    "truncated", "graded_cells_deleted", "every_cell_duplicated", "half_characters_and_zeros_in_texts", "nothing",
    "a_folder_that_is_a_link", "links_beside_it", "folders_a_thousand_deep_beside_it", "a_timestamp_alone",
    "a_timestamp_that_is_no_time",
)  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory, released_course):
    with graded_course(released_course, tmp_path_factory.mktemp("damaged"), CHOSEN) as folder:
        yield folder


@pytest.mark.slow(60)
@pytest.mark.parametrize("name", CHOSEN)
def test_nbgrader_gives_the_due_score_and_a_page_to(name, course):
    assert_score(course, name)
    assert_pages(course, name)


def test_nothing_from_outside_a_submission_is_copied(course):
    for path in (course / "autograded").rglob("*"):
        assert not path.is_symlink() and path.name != "secret.txt", path
        assert path.is_dir() or b"the canary" not in path.read_bytes(), path


def test_a_time_that_is_none_leaves_the_submission_without_one(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        times = {each.student_id: each.timestamp for each in gradebook.assignment_submissions("conv2d")}
    assert [name for name in CHOSEN if times[name] is not None] == ["a_timestamp_alone"]


def test_formgrader_opens_all_of_them(course):
    assert_formgrader_opens(course, CHOSEN)
