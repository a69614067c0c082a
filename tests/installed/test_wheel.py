"""The kit installed from its wheel grades from an empty folder as the checkout does."""

import dataclasses
import json
import zipfile

import pytest
from conftest import ROOT
from wheel import InstalledKit, install_kit

from autograder.authoring.fill import fill_file
from autograder.classroom.version import version

pytestmark = pytest.mark.slow(60)

# Right, with a mistake that has a name, with one that others follow from, and one that ends its worker.
SAMPLES = [
    ROOT / "demo" / "samples" / f"{name}.py"
    for name in ("perfect", "flipped_kernel", "same_mistake", "crash")
]
RELEASED = ROOT / "assignment" / "conv2d" / "conv2d.ipynb"


@pytest.fixture(scope="module")
def kit(once):
    return InstalledKit(once("installed-kit", install_kit))


@pytest.fixture(scope="module")
def course(tmp_path_factory, give_key):
    """A folder with the sample students' submissions, a key, and nothing else."""
    folder = tmp_path_factory.mktemp("course")
    give_key(folder)
    for sample in SAMPLES:
        fill_file(RELEASED, sample, folder / "submitted" / sample.stem / "conv2d" / "conv2d.ipynb")
    return folder


def done(ended) -> str:
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def reports(path) -> dict[str, dict]:
    """A results file's records by student, without what a clock has measured."""
    records = {}
    for line in path.read_text().splitlines():
        record = json.loads(line)
        for test in record["tests"]:
            if test["name"].endswith("_speed"):
                test.pop("message")
        records[record["student"]] = {key: value for key, value in record.items() if key != "seconds"}
    return records


def test_the_wheel_holds_no_package_that_a_course_could_have_a_folder_of(kit):
    (wheel,) = (kit.python.parents[1] / "wheels").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"autograder", "solutions"}
    assert not [name for name in names if "__pycache__" in name or name.startswith("solutions/conv2d")]


def test_an_installed_kit_has_the_checkouts_version(kit, tmp_path):
    ask = "import dataclasses, json\nfrom autograder.classroom.version import version\n"
    (tmp_path / "ask.py").write_text(f"{ask}print(json.dumps(dataclasses.asdict(version('conv2d'))))")
    assert json.loads(done(kit.run(tmp_path, "ask"))) == dataclasses.asdict(version("conv2d"))


def test_an_installed_kit_isolates_grades_reports_and_exports_as_the_checkout_does(kit, course):
    assert "isolated by" in done(kit.run(course, "autograder", "doctor"))
    done(kit.run(course, "autograder", "grade", "submitted"))
    assert "perfect" in done(kit.run(course, "autograder", "report", "results/conv2d.jsonl"))
    done(kit.run(course, "autograder", "export", "results/conv2d.jsonl", "scores.csv"))
    assert (course / "scores.csv").read_text().count("\n") == len(SAMPLES) + 1
    from autograder.cli import main

    ours = course / "checkout.jsonl"
    key = str(course / ".course-key")
    assert main(["grade", str(course / "submitted"), "--results", str(ours), "--key", key]) == 0
    assert reports(course / "results" / "conv2d.jsonl") == reports(ours)


def test_an_installed_kit_records_in_a_course_of_its_own(kit, course):
    config = "from autograder.gradebook.settings import configure\nconfigure(get_config())\n"
    (course / "nbgrader_config.py").write_text(config)
    source = course / "solutions" / "source" / "conv2d"
    source.mkdir(parents=True)
    for path in (ROOT / "solutions" / "source" / "conv2d").iterdir():
        if path.is_file():
            (source / path.name).write_bytes(path.read_bytes())
    done(kit.run(course, "nbgrader", "generate_assignment", "conv2d"))
    said = done(kit.run(course, "autograder", "record", "results/conv2d.jsonl"))
    assert f"{len(SAMPLES)}" in said
    assert (course / "autograded" / "perfect" / "conv2d" / "conv2d.ipynb").is_file()
