"""Every lab on stand-ins, as it runs before anything of the assignment is written. It takes a minute."""

import pytest
from test_labs import LABS, assert_lab_runs


@pytest.mark.parametrize("lab", LABS, ids=[lab.stem for lab in LABS])
def test_a_lab_runs_where_nothing_is_written_yet(lab, submission, tmp_path, monkeypatch):
    (tmp_path / "conv2d.ipynb").write_bytes(submission(""))
    assert_lab_runs(lab, tmp_path / "conv2d.ipynb", "a stand-in", monkeypatch)
