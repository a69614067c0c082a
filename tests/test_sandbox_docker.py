"""The sandbox in a container that refuses namespaces, simulated by `tests/dockerlike.py`: tier 2, and what is weaker."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def in_docker():
    """Runs Python with its arguments where namespaces are refused, and sees that no folder is left behind."""

    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "tests.dockerlike", *arguments]
        with tempfile.TemporaryDirectory() as folder:  # a short name, since sockets are bound in it
            environment = {**os.environ, "TMPDIR": folder}
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            assert list(Path(folder).glob("sandbox-*")) == []
        return done

    return run


@pytest.mark.parametrize("file", ["test_sandbox.py", "test_sandbox_attacks.py", "test_sandbox_server.py"])
def test_what_is_said_of_a_sandbox_holds_in_a_container_too(in_docker, file):
    done = in_docker(
        "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", CHOICE.get(file, ""), f"tests/{file}"
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 7


# Not the tests of tier 1's own wall and size of /tmp, and not the one that looks into another process's /proc, which
# Docker's capabilities do not allow.
CHOICE = {"test_sandbox_server.py": "not cannot_isolate and not of_the_size and not passes_on"}

PROBE = """
import json
from autograder.sandbox import ForkServer, Sandbox
from autograder.sandbox.probe import attack, require
with ForkServer(allow_weak=WEAK) as server:
    found = [require(WEAK), attack(Sandbox(server=server, allow_weak=WEAK))]
    assert server.why_not == ""
through = [[name for name, held in each.findings if not held] for each in found]
print(json.dumps([[each.tier, each.layers, each.missing, got] for each, got in zip(found, through)]))
"""


def test_a_container_is_tier_2(in_docker):
    done = in_docker("-c", PROBE.replace("WEAK", "False"))
    assert json.loads(done.stdout) == [[2, ["landlock", "seccomp", "limits"], [], []]] * 2


DOCTOR = """
import json
from autograder.sandbox.doctor import diagnose
print(json.dumps([[finding.layer, finding.holds, bool(finding.tried), bool(finding.cure)] for finding in diagnose()]))
"""


def test_the_doctor_names_each_layer_and_the_cure_where_one_does_not_hold(in_docker):
    container = {row[0]: row[1:] for row in json.loads(in_docker("-c", DOCTOR).stdout)}
    assert container.pop("namespaces") == [False, True, True]
    assert {name: row for name, row in container.items() if row != [True, True, False]} == {}
    assert set(container) == {"landlock", "seccomp", "limits", "fresh worker", "fork server", "forked worker"}
    without = {row[0]: row[1:] for row in json.loads(in_docker("--no-landlock", "-c", DOCTOR).stdout)}
    holding = {layer for layer, row in without.items() if row == [True, True, False]}
    assert holding == {"seccomp", "limits", "fork server"}
    missing = {layer for layer, row in without.items() if row == [False, True, True]}
    assert missing == {"namespaces", "landlock", "fresh worker", "forked worker"}


def test_a_container_on_a_kernel_without_landlock_is_refused_with_the_cure(in_docker):
    done = in_docker("--no-landlock", "-c", PROBE.replace("WEAK", "False"))
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert "SandboxUnavailable" in last
    assert "docker run --security-opt" in last
    assert "this kernel has no Landlock" in last
    assert "--allow-weak-isolation" in last and "may read and change" in last


def test_what_is_weaker_runs_where_it_is_accepted_and_says_what_got_through(in_docker):
    done = in_docker("--no-landlock", "-c", PROBE.replace("WEAK", "True"))
    for tier, layers, missing, through in json.loads(done.stdout):
        assert (tier, layers, missing) == (0, ["seccomp", "limits"], ["namespaces", "landlock"])
        assert "read_a_file_outside" in through
        assert "start_a_process" not in through
