"""What `python -m autograder doctor` tells: whether each layer holds on this machine, how that was tried, and the cure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import bubblewrap
from autograder.sandbox.failures import OutOfMemory, SandboxUnavailable, TimedOut, WorkerFailure
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.handle import Sandbox
from autograder.sandbox.inside.lockdown import landlock_version
from autograder.sandbox.landlocked import LEAST_VERSION, Landlocked
from autograder.sandbox.limits import Limits
from autograder.sandbox.probe import Isolation, attack
from autograder.sandbox.processes import Bounds
from autograder.sandbox.syscalls import filter_program

SETTINGS = (
    # file below /proc/sys, the value that is in the way, the cure
    ("kernel/unprivileged_userns_clone", "0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "apt install bubblewrap (its profile allows it), or "
     "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
    ("user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=10000"),
)  # fmt: skip
LANDLOCK_CURE = (
    f"Linux 6.12 or later with lsm=landlock,… (version {LEAST_VERSION}); not needed where namespaces hold"
)

FILLING = """
import os
def until_refused(step):
    done = 0
    try:
        while done < 100:
            step(done)
            done += 1
    except OSError:
        pass
    return done
def make_files():
    return until_refused(lambda number: os.close(os.open(f"file {number}", os.O_CREAT | os.O_WRONLY)))
def hide_bytes():
    def step(number):
        with open("hidden", "wb", buffering=0) as file:
            kept.append(os.dup(file.fileno()))
            os.unlink("hidden")
            if file.write(bytes(1 << 20)) < 1 << 20:
                raise OSError("cut short")
    kept = []
    return until_refused(step)
"""


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


def diagnose() -> list[Finding]:
    """A finding for each layer, for the fork server, and for the attacks sent into a worker of either kind.

    What a weak machine has is tried as well: the attacks are harmless everywhere.
    """
    findings = [_namespaces(), _landlock()]
    if problem := _filter_problem():
        return [*findings, problem]
    try:
        fresh = attack(Sandbox(allow_weak=True))
    except SandboxUnavailable as error:
        return [*findings, Finding("worker", False, "a worker was to be started", str(error))]
    findings += [_seccomp(fresh), _limits(), _files(), _attacks("fresh worker", fresh)]
    return findings + _fork_server()


def in_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """The findings in lines for people."""
    for finding in findings:
        yield f"{'holds   ' if finding.holds else 'MISSING '} {finding.layer}: {finding.tried}"
        if finding.cure:
            yield f"          what to do: {finding.cure}"


def _namespaces() -> Finding:
    found = bubblewrap.search()
    if found.program:
        return Finding("namespaces", True, f"{found.program} ran a program in new namespaces")
    cures = [cure for file, value, cure in SETTINGS if _setting(file) == value] or [found.cure]
    return Finding("namespaces", False, found.reason, "; ".join(cures))


def _setting(file: str) -> str | None:
    try:
        return (Path("/proc/sys") / file).read_text().strip()
    except OSError:
        return None


def _landlock() -> Finding:
    """Tried on its own, with the system-call filter alone beside it, even where namespaces would do the grading."""
    version = landlock_version()
    if version < LEAST_VERSION:
        tried = f"the kernel has version {version}" if version > 0 else "the kernel has none"
        return Finding("landlock", False, tried, LANDLOCK_CURE)
    try:
        alone = attack(Sandbox(wall=Landlocked()))
    except SandboxUnavailable as error:
        return Finding("landlock", False, f"version {version}: {error}", LANDLOCK_CURE)
    tried = f"version {version}, without namespaces: {_told(alone)}"
    return Finding("landlock", alone.holds, tried, "" if alone.holds else LANDLOCK_CURE)


def _filter_problem() -> Finding | None:
    """Without the filter nothing is graded, weak isolation or not."""
    try:
        filter_program(True)
    except SandboxUnavailable as error:
        return Finding("seccomp", False, "the system-call filter was to be compiled", str(error))
    return None


def _seccomp(isolation: Isolation) -> Finding:
    holds = "seccomp" in isolation.layers and dict(isolation.findings)["start_a_process"]
    tried = f"a worker put it on itself and {'could not' if holds else 'could'} start a process"
    return Finding("seccomp", holds, tried, "" if holds else "a kernel with CONFIG_SECCOMP_FILTER")


def _limits() -> Finding:
    """Code that never ends and code that takes too much memory must both be stopped."""
    stopped = {
        "an endless loop": _ends_in(TimedOut, "while True: pass"),
        "too large an array": _ends_in(OutOfMemory, "bytearray(1 << 40)"),
    }
    went_on = [what for what, ended in stopped.items() if not ended]
    if went_on:
        cure = "the kernel or the container refuses rlimits: see the limits of this account (ulimit -a)"
        return Finding("limits", False, f"not stopped: {', '.join(went_on)}", cure)
    return Finding("limits", True, f"stopped: {' and '.join(stopped)}")


def _files() -> Finding:
    """Code that makes files without end, and code that hides what it writes, must both be stopped."""
    most = Limits(file_bytes=1 << 20, scratch_bytes=2 << 20, files=20)
    made, written = _filled(most, "make_files"), _filled(most, "hide_bytes")
    told = f"{made} files where {most.files} are allowed, {written} hidden MiB where {most.scratch_bytes >> 20} are"
    holds = made <= most.files and written << 20 <= most.scratch_bytes
    return Finding(
        "files", holds, told, "" if holds else "Linux 5.5 or later, and no other supervisor of system calls"
    )


def _filled(most: Limits, way: str) -> int:
    """How often a step by which a worker's files become more, or larger, was not refused."""
    with Sandbox(most, allow_weak=True) as box:
        box.run(FILLING, "trial")
        return int(str(box.call(way).value))


def _ends_in(failure: type[WorkerFailure], code: str) -> bool:
    with Sandbox(Limits(cpu_seconds=0.2), allow_weak=True) as box:
        try:
            box.run(code, "trial")
        except WorkerFailure as ending:
            return isinstance(ending, failure)
    return False


def _attacks(kind: str, isolation: Isolation) -> Finding:
    through = [name.replace("_", " ") for name, held in isolation.findings if not held]
    cure = "" if isolation.holds else f"mend the layers above; what got through: {', '.join(through)}"
    return Finding(kind, isolation.holds, _told(isolation), cure)


def _told(isolation: Isolation) -> str:
    through = sum(not held for _, held in isolation.findings)
    return f"{len(isolation.findings)} harmless attacks from inside, {through} got through"


def _fork_server() -> list[Finding]:
    with ForkServer(allow_weak=True) as server:
        limits = Limits()
        child = server.worker(limits, Bounds(limits.start_seconds))
        if child is None:
            cure = "not needed: each worker is an interpreter of its own, which takes a tenth of a second"
            return [Finding("fork server", False, server.why_not, cure)]
        child.kill()
        forked = attack(Sandbox(server=server))
    return [Finding("fork server", True, "it forked a worker"), _attacks("forked worker", forked)]
