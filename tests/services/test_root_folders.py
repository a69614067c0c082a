"""The zip for Gradescope and the container's recipe, carried out in a bare Debian as Docker's default settings would let them.

What needs Docker itself, Gradescope's machines or another kernel is not tried: docs/containers.md says so.
"""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, sample
from root_folder import RootFolder

from autograder.authoring.fill import fill
from autograder.cli import main
from autograder.gradescope.pins import ROOTS, pinned
from autograder.gradescope.wheel import kit_wheel

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(90), pytest.mark.xdist_group("root folders")]
PYTHON = "3.13"  # the root folder's
# pip inside takes packages that were downloaded outside, and leaves compiling to the first import.
FROM_FILES = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels", "PIP_NO_COMPILE": "1"}
# What grading needs, and what the command line imports besides; the rest of the kit's packages is left out, for time.
PINS = [f"{name}=={version}" for name, version in pinned((*ROOTS, "matplotlib")).items()]
PROFILE = ("--seccomp", "container/seccomp.json")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> Path:
    """The pinned packages, as this machine's pip gets them for the root folder's Python."""
    folder = tmp_path_factory.mktemp("wheels")
    get = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--only-binary",
        ":all:",
        "--python-version",
        PYTHON,
    ]
    subprocess.run([*get, "--dest", folder, *PINS], check=True, capture_output=True)
    return folder


def notebook(name: str) -> str:
    released = nbformat.read(ROOT / "assignment" / "conv2d" / "conv2d.ipynb", as_version=4)
    return nbformat.writes(fill(released, sample(name)))


def done(ended: subprocess.CompletedProcess) -> str:
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


# --- Gradescope ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gradescope(wheels, tmp_path_factory, key_file) -> tuple[RootFolder, str]:
    """A machine whose own python3 is too old, with the zip set up; and what setup.sh said."""
    root = RootFolder(tmp_path_factory.mktemp("gradescope") / "root")
    shutil.copytree(wheels, root.folder / "wheels")
    old = root.folder / "usr/local/bin/python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    source = root.folder / "autograder" / "source"
    source.mkdir(parents=True)
    release = str(ROOT / "assignment" / "conv2d" / "conv2d.ipynb")
    zipped = str(root.folder.parent / "g.zip")
    options = ["--release", release, "--late-penalty", "10", "--key", str(key_file)]
    assert main(["gradescope-zip", zipped, *options]) == 0
    with zipfile.ZipFile(zipped) as archive:
        for info in archive.infolist():
            (source / info.filename).write_bytes(archive.read(info))
            (source / info.filename).chmod(info.external_attr >> 16)
    return root, done(root.run("/autograder/source/setup.sh", **FROM_FILES))


def handed_in(
    root: RootFolder, name: str, content: str, *options: str
) -> tuple[subprocess.CompletedProcess, dict]:
    """One submission, a day late, as Gradescope runs it; and the record."""
    place = root.folder / "autograder"
    shutil.rmtree(place / "submission", ignore_errors=True)
    (place / "submission").mkdir()
    (place / "submission" / name).write_text(content)
    times = {
        "created_at": "2026-11-21T10:11:12.5-08:00",
        "assignment": {"due_date": "2026-11-20T23:00:00.0-08:00"},
    }
    (place / "submission_metadata.json").write_text(json.dumps(times))
    ended = root.run("/autograder/source/run_autograder", *options)
    return ended, json.loads((place / "results" / "results.json").read_text())


def test_gradescope_gets_a_python_grades_in_tier_2_and_takes_lateness_off(gradescope):
    root, said = gradescope
    assert f"installed with Python {PYTHON}." in said
    ended, record = handed_in(root, "conv2d (1).ipynb", notebook("perfect"))
    assert "holds    landlock" in done(ended)
    assert record["score"] == 90.0 and record["extra_data"] == {
        "late_days": 1,
        "late_penalty": 10.0,
        "automatic": 100.0,
    }
    assert "1 day late, which costs 10 points" in record["output"]
    assert "isolated by: landlock, seccomp, limits" in record["output"]
    *graded, first, second, doctor = record["tests"]
    assert sum(test["score"] for test in graded) == 100.0 and "score" not in first and "score" not in second
    assert doctor["visibility"] == "hidden" and doctor["output"] in ended.stdout


def test_gradescope_tells_a_student_whose_file_is_no_notebook(gradescope):
    _, record = handed_in(gradescope[0], "report.pdf", "%PDF")
    assert record["score"] == 0.0 and "There is no notebook conv2d.ipynb" in record["output"]


def test_on_a_kernel_without_landlock_gradescope_refuses_unless_weak_isolation_was_chosen(gradescope):
    root, _ = gradescope
    ended, record = handed_in(root, "conv2d.ipynb", notebook("perfect"), "--no-landlock")
    assert "score" not in record and "not your fault" in record["output"]
    assert "cannot be isolated here" in ended.stdout and "--allow-weak-isolation" in ended.stdout
    settings = root.folder / "autograder" / "source" / "settings.json"
    settings.write_text(settings.read_text().replace('"allow_weak": false', '"allow_weak": true'))
    ended, record = handed_in(root, "conv2d.ipynb", notebook("perfect"), "--no-landlock")
    assert (
        record["score"] == 90.0 and "Weak isolation: namespaces and landlock do not hold" in record["output"]
    )


# --- the container ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def container(wheels, tmp_path_factory) -> RootFolder:
    """What the recipe makes; of Python's packages only those that grading needs are installed."""
    root = RootFolder(tmp_path_factory.mktemp("container") / "root")
    shutil.copytree(wheels, root.folder / "wheels")
    name, content = kit_wheel()
    (root.folder / "wheels" / name).write_bytes(content)
    recipe = (ROOT / "container" / "Containerfile").read_text().replace("\\\n", " ")
    packages, user, environment = re.findall(r"^RUN (.*)$", recipe, re.MULTILINE)
    assert 'install --no-cache-dir "/kit[postgres]"' in environment
    done(root.run(packages, DEBIAN_FRONTEND="noninteractive"))
    done(root.run(user))
    pins = " ".join(PINS)
    make, _, _ = environment.partition(" && ")
    done(
        root.run(
            f"{make} && /opt/kit/bin/python -m pip install --quiet --no-deps {pins} /wheels/{name}",
            **FROM_FILES,
        )
    )
    course = root.folder / "course" / "submitted" / "ada" / "conv2d"
    course.mkdir(parents=True)
    (course / "conv2d.ipynb").write_text(notebook("perfect"))
    done(root.run("chown -R teacher /course && git --version && make --version"))
    return root


def test_with_dockers_default_profile_the_container_is_tier_2_and_with_the_kits_own_tier_1(container):
    doctor = "/opt/kit/bin/python -m autograder doctor"
    assert "Tier 2: student code is isolated by landlock, seccomp, limits." in done(
        container.run(doctor, "--user", "1000")
    )
    said = done(container.run(doctor, "--user", "1000", *PROFILE))
    assert "Tier 1: student code is isolated by namespaces, landlock, seccomp, limits." in said


def test_the_container_grades_as_a_user_who_is_not_root(container):
    grade = "cd /course && id -u && /opt/kit/bin/python -m autograder grade submitted --jobs 1"
    said = done(container.run(grade, "--user", "1000", *PROFILE, HOME="/home/teacher"))
    assert said.startswith("1000\n") and "isolated by namespaces" in said
    (line,) = (container.folder / "course" / "results" / "conv2d.jsonl").read_text().splitlines()
    assert json.loads(line)["score"] == 100.0
