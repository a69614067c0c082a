"""What `python -m autograder doctor` tells: whether each layer holds on this machine, how that was tried, and the cure."""

from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import bubblewrap
from autograder.sandbox.failures import SandboxUnavailable
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.inside.lockdown import landlock_version
from autograder.sandbox.landlocked import LEAST_VERSION
from autograder.sandbox.limits import Limits
from autograder.sandbox.probe import Isolation, attack
from autograder.sandbox.processes import Bounds
from autograder.sandbox.worker import Sandbox

SETTINGS = (
    # file below /proc/sys, the value that is in the way, the cure
    ("kernel/unprivileged_userns_clone", "0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "apt install bubblewrap (its profile allows it), or "
     "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
    ("user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=10000"),
)  # fmt: skip
CONTAINER = "in a container, start it with docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined"


@dataclass(frozen=True)
class Finding:
    """One layer.

    Attributes:
        layer: its name.
        holds: whether it does, here and now.
        tried: how that was found out.
        cure: what to do where it does not hold; empty where it does.
    """

    layer: str
    holds: bool
    tried: str
    cure: str = ""


def diagnose(allow_weak: bool = False) -> list[Finding]:
    """A finding for each layer, for the fork server, and for the attacks sent into a worker of either kind."""
    findings = [_namespaces(), _landlock()]
    try:
        fresh = attack(Sandbox(allow_weak=allow_weak))
    except SandboxUnavailable as error:
        return [*findings, Finding("worker", False, "a worker was to be started", str(error))]
    findings.append(_layer(fresh, "seccomp", "apt install libseccomp2, then pip install pyseccomp"))
    findings.append(_layer(fresh, "limits", "the kernel refuses rlimits; nothing is known that causes this"))
    findings.append(_attacks("fresh worker", fresh))
    return findings + _fork_server(allow_weak)


def _namespaces() -> Finding:
    objection = bubblewrap.objection()
    if objection is None:
        return Finding("namespaces", True, f"{bubblewrap.executable()} ran a program in new namespaces")
    cures = [cure for file, value, cure in SETTINGS if _setting(file) == value] or [CONTAINER]
    return Finding("namespaces", False, objection, "; ".join(cures))


def _setting(file) -> str | None:
    try:
        return (Path("/proc/sys") / file).read_text().strip()
    except OSError:
        return None


def _landlock() -> Finding:
    version = landlock_version()
    tried = f"the kernel says version {version}" if version > 0 else "the kernel says that it has none"
    cure = (
        f"Linux 6.12 or later with lsm=landlock,… (version {LEAST_VERSION}); not needed where namespaces hold"
    )
    return Finding("landlock", version >= LEAST_VERSION, tried, "" if version >= LEAST_VERSION else cure)


def _layer(isolation: Isolation, layer, cure) -> Finding:
    holds = layer in isolation.layers
    return Finding(layer, holds, "a worker put it on itself", "" if holds else cure)


def _attacks(kind, isolation: Isolation) -> Finding:
    through = [name.replace("_", " ") for name, held in isolation.findings if not held]
    tried = f"{len(isolation.findings)} harmless attacks from inside, {len(through)} got through"
    cure = "" if isolation.holds else f"mend the layers above; what got through: {', '.join(through)}"
    return Finding(kind, isolation.holds, tried, cure)


def _fork_server(allow_weak) -> list[Finding]:
    with ForkServer(allow_weak=allow_weak) as server:
        limits = Limits()
        child = server.worker(limits.scratch_bytes, Bounds(limits.start_seconds))
        if child is None:
            cure = "not needed: each worker is an interpreter of its own, which takes a tenth of a second"
            return [Finding("fork server", False, server.why_not, cure)]
        child.kill()
        forked = attack(Sandbox(server=server))
    return [Finding("fork server", True, "it forked a worker"), _attacks("forked worker", forked)]
