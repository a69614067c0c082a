"""Every lab on stand-ins, as before anything of the assignment is written, and the long ones on right functions."""

import pytest
from conftest import sample
from test_labs import LABS, LONG, assert_lab_runs


@pytest.mark.parametrize("lab", LABS, ids=[lab.stem for lab in LABS])
def test_a_lab_runs_where_nothing_is_written_yet(lab, submission, tmp_path, monkeypatch):
    (tmp_path / "conv2d.ipynb").write_bytes(submission(""))
    assert_lab_runs(lab, tmp_path / "conv2d.ipynb", "a stand-in", monkeypatch)


@pytest.mark.parametrize("lab", [lab for lab in LABS if lab.stem in LONG], ids=lambda lab: lab.stem)
def test_a_long_lab_runs_from_top_to_bottom_on_a_students_own_functions(
    lab, submission, tmp_path, monkeypatch
):
    (tmp_path / "conv2d.ipynb").write_bytes(submission(sample("perfect")))
    assert_lab_runs(lab, tmp_path / "conv2d.ipynb", "your own", monkeypatch)
