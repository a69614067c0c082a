"""The command line: bad input gets one clear line and a non-zero exit, never a traceback."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT, cells_notebook, sample
from forked import commands, unprotected_commands

from autograder.classroom import pool
from autograder.cli import COMMANDS, main, start_early

ASSIGNMENT = ROOT / "assignment" / "conv2d" / "conv2d.ipynb"


def as_a_user_does(*arguments) -> subprocess.CompletedProcess:
    """The command in an interpreter of its own; the fixture `autograder` spares its start."""
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def assert_one_clear_line(result, *words):
    assert result.returncode == 2, result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and all(word in lines[0] for word in words), result.stderr


@pytest.fixture
def submitted(tmp_path):
    folder = tmp_path / "submitted" / "ada" / "conv2d"
    folder.mkdir(parents=True)
    (folder / "conv2d.ipynb").write_bytes(cells_notebook("import numpy as np\n" + sample("perfect")))
    return tmp_path / "submitted"


BAD = {
    "no command": ([], "COMMAND"),
    "an unknown command": (["grdae"], "grdae"),
    "no folder": (["grade"], "SUBMITTED"),
    "a missing folder": (["grade", "nowhere"], "no folder 'nowhere'"),
    "an unknown option": (["grade", ".", "--fast"], "--fast"),
    "no jobs": (["grade", ".", "--jobs", "0"], "'0'"),
    "jobs that are no number": (["grade", ".", "--jobs", "many"], "'many'"),
    "progress in an unknown form": (["grade", ".", "--progress", "loud"], "'loud'"),
    "another assignment": (["grade", ".", "--assignment", "conv3d"], "no hidden suite for 'conv3d'"),
    "an assignment outside": (["grade", ".", "--assignment", "../sandbox"], "no hidden suite"),
    "no submissions": (["grade", str(ROOT / "docs")], "no submission"),
    "a missing notebook to fill": (["fill", "no.ipynb", "no.py", "out.ipynb"], "no.ipynb"),
    "a missing solution": (["fill", str(ASSIGNMENT), "no.py", "out.ipynb"], "no.py"),
    "a missing results file": (["report", "no.jsonl"], "no.jsonl"),
    "nothing to record": (["record", "no.jsonl"], "no.jsonl"),
    "a results file that is a notebook": (["report", str(ASSIGNMENT)], "Line 1"),
}


def test_commands_that_grade_on_this_machine_start_the_server_of_grading_processes_first(monkeypatch):
    started = []
    monkeypatch.setattr(pool, "start_server", lambda: started.append(arguments))
    elsewhere = ["grade", "in", "--scheduler", "tcp://x:1"]
    for arguments in (["watch", "in"], ["report", "grade"], [], elsewhere, ["grade", "--help"]):
        start_early(arguments)
    assert started == [["watch", "in"]]


@pytest.mark.parametrize(("arguments", "word"), BAD.values(), ids=BAD)
def test_unusable_arguments_get_one_clear_line(arguments, word, autograder):
    assert_one_clear_line(autograder(*arguments), word)


@pytest.mark.slow
def test_what_the_command_says_of_unusable_arguments_is_all_that_a_user_sees():
    assert_one_clear_line(as_a_user_does("grdae"), "grdae")
    assert_one_clear_line(as_a_user_does("report", "no.jsonl"), "no.jsonl")


@pytest.mark.slow
def test_a_command_that_draws_nothing_does_not_wait_for_matplotlib_or_nbgrader():
    code = "import sys, autograder.commands.grade; print({'matplotlib', 'nbgrader'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.slow
def test_the_list_of_commands_waits_for_none_of_them():
    code = "import sys; from autograder.cli import main\ntry: main(['--help'])\nfinally: print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *_, modules = done.stdout.splitlines()
    assert "gradescope-zip" in done.stdout and not {"'numpy'", "'rich'"} & set(
        modules.strip("[]").split(", ")
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_where_the_list_says(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0 and f"python -m autograder {command}" in capsys.readouterr().out


@pytest.mark.sandbox
def test_results_that_cannot_be_written_are_told_before_anything_is_lost(submitted, autograder, key_file):
    assert_one_clear_line(
        autograder("grade", submitted, "--results", "/proc/nowhere/r.jsonl", "--key", key_file),
        "/proc/nowhere",
    )


@pytest.mark.slow
@pytest.mark.xdist_group("courses of nbgrader")  # where the unprotected server runs
def test_where_nothing_isolates_grading_is_refused_with_the_cure(submitted, tmp_path):
    results = tmp_path / "r.jsonl"
    results.write_text("the earlier results")
    refused = unprotected_commands().run(ROOT, "autograder", "grade", submitted, "--results", results)
    assert_one_clear_line(refused, "bwrap")
    assert results.read_text() == "the earlier results"


@pytest.mark.sandbox
@pytest.mark.xdist_group("courses of nbgrader")  # where the unprotected server runs
def test_the_doctor_names_each_layer_and_where_one_is_missing_what_to_do(autograder):
    well = autograder("doctor")
    assert well.returncode == 0 and "Tier 1" in well.stdout and "MISSING" not in well.stdout
    ill = unprotected_commands().run(ROOT, "autograder", "doctor")
    assert ill.returncode == 1 and "refused" in ill.stdout and not ill.stderr
    lines = ill.stdout.splitlines()
    missing = [place for place, line in enumerate(lines) if line.startswith("MISSING")]
    assert {"namespaces", "landlock"} <= {lines[place].split()[1].strip(":") for place in missing}
    assert all("what to do: " in lines[place + 1] for place in missing)


@pytest.mark.sandbox
def test_a_class_is_filled_graded_and_reported(submitted, tmp_path, autograder, key_file):
    results = tmp_path / "results.jsonl"
    out = submitted / "bob" / "conv2d" / "conv2d.ipynb"
    assert autograder("fill", ASSIGNMENT, ROOT / "demo" / "samples" / "stub_left.py", out).returncode == 0
    run = commands().run(
        ROOT, "autograder", "grade", submitted, "--results", results, "--jobs", "2", "--key", key_file
    )
    assert run.returncode == 0, run.stderr
    scores = {
        record["student"]: record["score"] for record in map(json.loads, results.read_text().splitlines())
    }
    assert scores == {"ada": 100.0, "bob": 80.0}
    assert (
        results.with_name("results.attempts.jsonl").read_text() == results.read_text()
    )  # their first attempts
    table = autograder("report", results).stdout
    assert (
        "100 / 100" in table
        and "80 / 100" in table
        and "missing: extract_patches 10" in " ".join(table.split())
    )


@pytest.mark.sandbox
def test_damaged_submissions_are_graded_as_such_and_the_exit_is_zero(
    submitted, tmp_path, autograder, key_file
):
    (submitted / "ada" / "conv2d" / "conv2d.ipynb").write_bytes(b"junk")
    run = autograder("grade", submitted, "--results", tmp_path / "r.jsonl", "--key", key_file)
    assert run.returncode == 0 and "1 damaged" in run.stdout
