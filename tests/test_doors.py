"""The students' part as a repository: a badge for each door, and a notebook that gets what it lacks."""

import json
import re
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from conftest import ROOT

from autograder.authoring.bundle import contents
from coursesite import doors
from coursesite.labs import NOTEBOOK

HERE = doors.Doors("ada/convolution", "https://ada.example/convolution", hub="https://hub.example")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(contents("conv2d", ROOT))


@pytest.fixture
def lone(files, tmp_path, monkeypatch):
    """A function that runs the import cell of a notebook alone in a folder, with the site in another one; returns its names."""
    site, home = tmp_path / "site", tmp_path / "home"
    (site / doors.FOLDER).mkdir(parents=True)
    home.mkdir()
    name, content = doors.lone_files(files)
    (site / doors.FOLDER / name).write_bytes(content)
    monkeypatch.chdir(home)
    monkeypatch.setattr(sys, "path", [str(home), *sys.path])
    monkeypatch.delitem(sys.modules, "checks", raising=False)
    notebook = nbformat.reads(doors.lone_notebook(files, site.as_uri()).decode(), as_version=4)

    def run() -> dict[str, object]:
        names: dict[str, object] = {}
        exec(next(cell.source for cell in notebook.cells if cell.cell_type == "code"), names)
        return names

    run.archive = site / doors.FOLDER / name
    yield run
    sys.modules.pop("checks", None)


def test_a_notebook_alone_says_in_a_sentence_what_is_missing_and_gets_it(lone, capsys):
    names = lone()
    assert re.match(
        r"checks\.py was not beside this notebook, .* came with the pictures from file:",
        capsys.readouterr().out,
    )
    assert names["checks"].CASES and Path("data/samples/mnist.npz").is_file()
    assert {name for name in names if not name.startswith("_")} == {"np", "checks"}


def test_another_file_than_the_released_one_is_refused_and_nothing_of_it_is_kept(lone):
    lone.archive.write_bytes(lone.archive.read_bytes() + b"more")
    with pytest.raises(ImportError, match="is not the file that this notebook was released with"):
        lone()
    assert list(Path().iterdir()) == []


def test_the_released_notebook_says_in_a_sentence_that_checks_are_missing(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "checks", raising=False)
    notebook = nbformat.reads(files[NOTEBOOK].decode(), as_version=4)
    with pytest.raises(
        ModuleNotFoundError, match=r"^checks\.py belongs beside this notebook: it is in your course's zip"
    ):
        exec(next(cell.source for cell in notebook.cells if cell.cell_type == "code"), {})


def test_a_badge_leads_through_each_door_to_the_assignment():
    badges = dict(re.findall(r"\[!\[Open: ([^\]]+)\]\([^)]+\)\]\(([^)]+)\)", HERE.badges()))
    assert set(badges) == {"In the browser", "Binder", "Colab", "Codespaces", "nbgitpuller"}
    assert badges["Colab"].endswith(f"/github/ada/convolution/blob/students/{NOTEBOOK}")
    binder, hub = urlsplit(badges["Binder"]), urlsplit(badges["nbgitpuller"])
    assert binder.path == "/v2/gh/ada/convolution/students" and parse_qs(binder.query)["urlpath"] == [
        f"lab/tree/{NOTEBOOK}"
    ]
    assert parse_qs(hub.query) == {
        "repo": ["https://github.com/ada/convolution"],
        "branch": ["students"],
        "urlpath": [f"lab/tree/convolution/{NOTEBOOK}"],
    }
    without_hub = doors.Doors("ada/convolution", HERE.site).badges()
    assert "nbgitpuller" not in without_hub


def test_the_branch_is_the_bundle_with_badges_and_what_codespaces_reads(files, tmp_path, capsys):
    said = ["ada/convolution", "--site", f"{HERE.site}/", "--out", str(tmp_path)]
    assert doors.main(said) == 0
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {*files, ".devcontainer/devcontainer.json"}
    assert "[![Open: Binder]" in (tmp_path / "README.md").read_text().splitlines()[2]
    assert (
        "requirements.txt"
        in json.loads((tmp_path / ".devcontainer/devcontainer.json").read_text())["postCreateCommand"]
    )


@pytest.mark.parametrize(
    ("repository", "site", "message"),
    [("convolution", "https://ada.example", "no OWNER/NAME"), ("ada/convolution", "ada.example", "https://")],
)
def test_what_is_no_repository_or_no_address_is_told_in_one_line(repository, site, message, tmp_path, capsys):
    assert doors.main([repository, "--site", site, "--out", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
