"""What an assignment's reports depend on besides the notebook: the kit's own code, Python and NumPy."""

import functools
import hashlib
import platform
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.suite import SUITES, suite_folder
from autograder.user_error import UserError
from solutions import reference

# Nothing but these folders and the assignment's own can change a report. Too much is harmless here, too little would
# not be; but what only authors use stands elsewhere, so that it regrades nobody.
AUTOGRADER = SUITES.parent
DECIDES = (
    AUTOGRADER / "judge",
    AUTOGRADER / "grading",
    AUTOGRADER / "sandbox",
    *map(Path, reference.__path__),
)
KINDS = frozenset({".py", ".txt", ".toml", ".json", ".npz", ".npy"})


class OtherVersion(UserError):
    """This machine would grade with something else than the one that asked; the message says what differs."""


@dataclass(frozen=True)
class Version:
    """What grades.

    Attributes:
        kit: SHA-256 of the assignment's hidden suite, the reference, the sandbox and the code that turns answers into a
            report.
        python: Python's version without its last number, such as "3.12": bug fixes change no grade.
        numpy: NumPy's version in the same form.
    """

    kit: str
    python: str
    numpy: str

    def refuse_unless(self, wanted: "Version", machine: str) -> None:
        """Raises `OtherVersion` where this one is not the wanted one."""
        pairs = {
            "the kit's files": (self.kit[:12], wanted.kit[:12]),
            "Python": (self.python, wanted.python),
            "NumPy": (self.numpy, wanted.numpy),
        }
        others = [
            f"{name} ({here} there, {yours} here)" for name, (here, yours) in pairs.items() if here != yours
        ]
        if others:
            raise OtherVersion(
                f"The worker on {machine} would grade with something else than this machine: "
                f"{', '.join(others)}. Install the same kit, Python and NumPy there and start its workers again."
            )


@functools.cache
def version(assignment: str) -> Version:
    """This machine's, for one assignment. Raises `SuiteError` where there is no such assignment."""
    digest = hashlib.sha256((common() + _digest(suite_folder(assignment))).encode())
    short = ".".join(np.__version__.split(".")[:2])
    return Version(digest.hexdigest(), ".".join(platform.python_version_tuple()[:2]), short)


@functools.cache
def common() -> str:
    """The hash of what grades every assignment."""
    return "".join(map(_digest, DECIDES))


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in KINDS and path.is_file():
            digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
