"""The container's own command gives an engine the options that docs/containers.md explains; there is none here to run it."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT


def kit(tmp_path: Path, engines: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess:
    """Runs `container/kit` where these engines are stand-ins that print their arguments."""
    bin_ = tmp_path / "bin"
    bin_.mkdir(exist_ok=True)
    for engine in engines:
        (bin_ / engine).write_text('#!/bin/sh\n[ "$1" = image ] || echo "$(basename "$0")" "$@"\n')
        (bin_ / engine).chmod(0o755)
    for tool in ("bash", "dirname", "id", "sh", "basename"):
        (bin_ / tool).exists() or (bin_ / tool).symlink_to(f"/usr/bin/{tool}")
    command = [ROOT / "container" / "kit", *arguments]
    return subprocess.run(
        command, cwd=tmp_path, env={"PATH": str(bin_)}, capture_output=True, text=True, check=False
    )


def test_one_command_grades_and_one_opens_jupyterlab(tmp_path):
    said = kit(tmp_path, ("docker", "podman"), "grade", "submitted").stdout
    assert said.startswith("podman run ") and said.endswith(" kit python -m autograder grade submitted\n")
    assert f"--volume {tmp_path}:/course " in said and "--userns keep-id" in said
    said = kit(tmp_path, ("podman",), "lab").stdout
    assert " --publish 127.0.0.1:8888:8888 kit jupyter lab --ip 0.0.0.0 " in said
    assert kit(tmp_path, ("podman",)).stdout.endswith(" kit python -m autograder doctor\n")


def test_docker_is_taken_where_podman_is_not_and_without_either_there_is_one_clear_line(tmp_path):
    done = kit(tmp_path, ())
    assert done.returncode == 2 and "neither podman nor docker" in done.stderr
    said = kit(tmp_path, ("docker",), "doctor").stdout
    assert said.startswith("docker run ") and f"--user {os.getuid()}:{os.getgid()} " in said


@pytest.mark.parametrize("option", ["--cap-drop ALL", "no-new-privileges", "apparmor=unconfined", "seccomp="])
def test_the_page_explains_every_option_that_protects(tmp_path, option):
    said = kit(tmp_path, ("docker",), "doctor").stdout
    assert option in said and option in (ROOT / "docs" / "containers.md").read_text()
    recipe = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert option.replace(" ", "=") in " ".join(recipe["runArgs"])


def test_the_recipe_ends_as_a_user_who_is_not_root_and_names_files_that_are_there():
    recipe = (ROOT / "container" / "Containerfile").read_text()
    (user,) = re.findall(r"^USER (.*)$", recipe, re.MULTILINE)
    assert user == "teacher" and "privileged" not in recipe
    for names in re.findall(r"^COPY (.*) \S+$", recipe, re.MULTILINE):
        assert all((ROOT / name).exists() for name in names.split())
    profile = json.loads((ROOT / "container" / "seccomp.json").read_text())
    refused = {name for rule in profile["syscalls"] for name in rule["names"]}
    assert {"bpf", "keyctl", "init_module", "open_by_handle_at"} <= refused
    assert not refused & {"clone", "unshare", "mount", "pivot_root", "umount2", "setns", "seccomp"}
