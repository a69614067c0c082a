"""The sandbox in a container that refuses namespaces, simulated by `tests/dockerlike.py`: tier 2, and what is weaker."""

import json

import pytest

pytestmark = pytest.mark.sandbox

pytest_plugins = ["containers"]

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
    assert set(container) == {
        *("landlock", "seccomp", "limits", "files"),
        *("fresh worker", "fork server", "forked worker"),
    }
    without = {row[0]: row[1:] for row in json.loads(in_docker("--no-landlock", "-c", DOCTOR).stdout)}
    holding = {layer for layer, row in without.items() if row == [True, True, False]}
    assert holding == {"seccomp", "limits", "files", "fork server"}
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
