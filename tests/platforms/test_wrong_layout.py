"""A class in a platform's layout is refused with what was seen and the command that takes it in; nobody is graded 0."""

import shlex
from pathlib import Path

import pytest
from made_up import DOWNLOADS, HERE, write_download

from autograder.classroom.submissions import NoSubmissions, find_submissions
from autograder.cli import main


@pytest.mark.parametrize("folder", ["unzipped", "submitted"])
@pytest.mark.parametrize("kind", DOWNLOADS)
def test_a_platforms_download_is_refused_and_the_command_that_is_named_takes_it_in(
    kind, folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    write_download(kind, tmp_path, as_zip=False).rename(tmp_path / folder)
    if kind in ("folders", "Gradescope"):  # a folder around all of it
        (wrapper,) = (tmp_path / folder).iterdir()
        wrapper.rename(tmp_path / "inner")
        (tmp_path / folder).rmdir()
        (tmp_path / "inner").rename(tmp_path / folder)
    assert main(["grade", folder, "--results", "r.jsonl"]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "Nobody was graded" in line and kind.split(" ")[0].split(",")[0].rstrip("s") in line
    assert not Path("r.jsonl").exists()
    command = shlex.split(line.partition("Take it in with: python -m autograder ")[2])
    assert main(command) == 0
    # All but the one who handed in a PDF.
    assert len(find_submissions(Path(command[-1]), "conv2d")) == len(HERE) - 1


def test_most_of_a_class_without_the_notebook_is_refused_and_a_few_are_not(tmp_path):
    def hand_in(student: str, name: str) -> None:
        folder = tmp_path / student / "conv2d"
        folder.mkdir(parents=True)
        (folder / name).write_bytes(b"{}")

    for number in range(4):
        hand_in(f"s{number}", "conv2d (1).ipynb")
    with pytest.raises(NoSubmissions, match=r"a folder of files.*collect"):
        find_submissions(tmp_path, "conv2d")
    for number in range(4, 8):
        hand_in(f"s{number}", "conv2d.ipynb")
    assert len(find_submissions(tmp_path, "conv2d")) == 8


def test_what_says_nothing_of_the_assignment_is_no_submission(tmp_path):
    for student, folder in (("ada", "conv2d"), ("bob", "ps1"), ("__MACOSX", "conv2d"), (".x", "conv2d")):
        (tmp_path / student / folder).mkdir(parents=True)
        (tmp_path / student / folder / f"{folder}.ipynb").write_bytes(b"{}")
    (tmp_path / "notes.txt").write_text("")
    assert [each.student for each in find_submissions(tmp_path, "conv2d")] == ["ada"]


def test_a_download_is_not_taken_into_itself(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    (tmp_path / "submitted" / "ada" / "conv2d.ipynb").write_bytes(b"")
    assert main(["collect", "submitted"]) == 2
    assert "Name another folder with --to" in capsys.readouterr().err
