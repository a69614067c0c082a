"""Finds out what protects here by doing, not by looking: one worker tries a handful of harmless attacks."""

import functools
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.failures import SandboxUnavailable, WorkerFailure
from autograder.sandbox.folders import held_folder, remove_abandoned
from autograder.sandbox.handle import Sandbox
from autograder.sandbox.walls import RISK

ATTACKS = Path(__file__).with_name("canary_attacks.py")
# What is missing where all layers are there and something got through.
TRIAL = "the trial by harmless attacks"


@dataclass(frozen=True)
class Isolation:
    """What the probe found.

    Attributes:
        layers: the layers that hold, as reports list them: "namespaces", "landlock", "seccomp", "limits".
        tier: 1 where namespaces and the system-call filter hold, 2 where Landlock and the filter do; 0 where anything
            got through.
        findings: for each attack its name and whether it was contained.
        missing: what does not hold though it should, as reports list it; empty in tiers 1 and 2.
    """

    layers: tuple[str, ...]
    tier: int
    findings: tuple[tuple[str, bool], ...]
    missing: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.tier > 0


# Once in a process, and inherited by those that are forked from it: it takes some tenths of a second. Without a default for
# its argument: left out and given, it would be two calls for the cache.
@functools.cache
def probe(allow_weak: bool) -> Isolation:
    """Starts one worker and attacks from inside it, once in this process. Raises `SandboxUnavailable` where none starts.

    As the first thing that every process which grades does, it removes what killed ones have left on disk.
    """
    remove_abandoned()
    return attack(Sandbox(allow_weak=allow_weak))


def attack(sandbox: Sandbox) -> Isolation:
    """What gets through from inside the sandbox's worker, which is started for that and ended."""
    with held_folder() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        secret = Path(folder) / "secret"
        secret.write_text("the canary")
        attacks: dict[str, list[object]] = {
            "read_a_file_outside": [str(secret)],
            "read_the_graders_memory": [os.getpid()],
            "connect_to_the_network": [listener.getsockname()[1]],
            "start_a_process": [],
            "signal_the_grader": [os.getpid()],
            "lock_a_shared_file": [],
            "change_a_files_attributes": [],
            "write_outside_tmp": [folder],
        }
        with sandbox as box:
            box.run(ATTACKS.read_text(), "canary attacks")
            findings = tuple((name, _contained(box, name, details)) for name, details in attacks.items())
        untouched = [path.name for path in Path(folder).iterdir()] == ["secret"] and not _connected(listener)
    tier = sandbox.tier if untouched and all(held for _, held in findings) else 0
    missing = () if tier else sandbox.missing or (TRIAL,)
    return Isolation(sandbox.layers, tier, findings, missing)


def require(allow_weak: bool = False) -> Isolation:
    """The isolation, where it is strong enough to grade with, or accepted as it is. Raises `SandboxUnavailable` otherwise."""
    isolation = probe(allow_weak)
    if not isolation.holds and not allow_weak:
        through = ", ".join(name.replace("_", " ") for name, held in isolation.findings if not held)
        raise SandboxUnavailable(
            f"The sandbox does not hold on this machine (an attack got through: {through}). "
            f"Nothing was graded. See: python -m autograder doctor. {RISK}"
        )
    return isolation


def _contained(box: Sandbox, name: str, details: Sequence[object]) -> bool:
    try:
        return box.call("attempt", name, *details).value is False
    except WorkerFailure:
        # Nobody knows. And where the worker is gone, the attacks after this one say nothing.
        return False


def _connected(listener: socket.socket) -> bool:
    listener.setblocking(False)
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True
