"""A course full of canaries, and doors that nobody may knock at."""

import contextlib
import ctypes
import hashlib
import os
import re
import secrets
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import autograder.suite.conv2d as suite
from solutions import reference

from attacks.corpus import HERE
from attacks.submitting import ATTACKER, WITNESS, hand_in, notebook

ENVIRONMENT_NAME = "COURSE_TOKEN"
LARGE = 1 << 24  # bytes of a file that is judged by its size and dates alone
DRAWERS = ("home", "course", "temporary")  # folders in which nothing may change while an attack is graded


class Canaries:
    """Unguessable words by the place where they are kept, and the sentences that only hidden files hold."""

    def __init__(self):
        self.words: dict[str, bytes] = {}

    def new(self, place: str) -> str:
        word = secrets.token_hex(16)
        self.words[place] = word.encode()
        return word

    def known_from(self, place: str, file: str) -> None:
        """The longest plain line of a hidden file, which is the same in any quotes: only who has read it can say it."""
        lines = Path(file).read_bytes().splitlines()
        self.words[place] = max(
            (line.strip() for line in lines if line.isascii() and not set(line) & set(b"\"'\\")), key=len
        )

    def pattern(self) -> re.Pattern[bytes]:
        """Finds any of them."""
        return re.compile(b"|".join(map(re.escape, self.words.values())))

    def in_(self, text: bytes) -> list[str]:
        """The places whose canaries stand in the text."""
        return [place for place, word in self.words.items() if word in text]


class Doors:
    """Sockets that wait for a visitor: TCP, UDP, one with a path and one with an abstract name. A context manager."""

    def __init__(self, folder: Path):
        self._held = contextlib.ExitStack()
        self._path, self._name = str(folder / "door"), f"\0{secrets.token_hex(8)}"

    def __enter__(self) -> "Doors":
        kinds = {
            "TCP": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "UDP": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "a socket's path": (socket.AF_UNIX, socket.SOCK_STREAM, self._path),
            "an abstract socket": (socket.AF_UNIX, socket.SOCK_STREAM, self._name),
        }
        self._sockets = {}
        for door, (family, kind, address) in kinds.items():
            self._sockets[door] = listener = self._held.enter_context(socket.socket(family, kind))
            listener.bind(address)
            if kind == socket.SOCK_STREAM:
                listener.listen()
            listener.setblocking(False)
        return self

    def __exit__(self, *exception) -> None:
        self._held.close()

    def addresses(self) -> dict:
        """Where they are, as the attacks are told."""
        return {
            "tcp": self._sockets["TCP"].getsockname()[1],
            "udp": self._sockets["UDP"].getsockname()[1],
            "socket": self._path,
            "abstract": self._name,
        }

    def visited(self) -> list[str]:
        """The doors at which somebody has knocked since the last time."""
        return [door for door, listener in self._sockets.items() if _knocked(listener)]


def _knocked(listener) -> bool:
    try:
        if listener.type == socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


class Course:
    """What an instructor's machine holds while it grades.

    Attributes:
        submitted: the class's submissions.
        targets: where everything is: the attacks are told, so that what stops them is not that they do not know.
        canaries: what must not come out.
        doors: where nobody may connect.
    """

    def __init__(self, folder: Path, canaries: Canaries, doors: Doors, targets: dict):
        self.submitted = folder / "course" / "submitted"
        self.canaries, self.doors, self.targets = canaries, doors, targets
        self._folder = folder

    def photograph(self) -> dict[str, tuple]:
        """Every file's and folder's mode, date and content, to see afterwards whether one has changed."""
        return {
            str(path): (path.lstat().st_mode, path.lstat().st_mtime_ns, _digest(path))
            for drawer in DRAWERS
            for entry in (self._folder / drawer).iterdir()
            if not entry.name.startswith("sandbox-")  # the grader's own, which are counted instead
            for path in [entry, *entry.rglob("*")]
        }

    def scratch_folders(self) -> int:
        """How many folders of workers are in the folder for temporary files."""
        return sum(entry.name.startswith("sandbox-") for entry in (self._folder / "temporary").iterdir())


def _digest(path: Path) -> str:
    size = path.lstat().st_size
    if path.is_symlink() or not path.is_file() or size > LARGE:
        return f"{size} bytes"
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def a_course(folder: Path) -> Iterator[Course]:
    """Makes the course in an empty folder; this process's home, environment, memory and descriptors are part of it."""
    canaries = Canaries()
    for drawer in (*DRAWERS, "doors"):
        (folder / drawer).mkdir()
    home, course, temporary = (folder / drawer for drawer in DRAWERS)
    targets = {
        "home": _kept(home / ".netrc", "the home folder", canaries),
        "results": _kept(course / "results" / "conv2d.jsonl", "the results file", canaries),
        "feedback": _kept(course / "feedback" / WITNESS / "conv2d.html", "a feedback page", canaries),
        "temporary": _kept(temporary / "notes.txt", "the folder for temporary files", canaries),
        "gradebook": _gradebook(course / "gradebook.db", canaries),
        "neighbour": _neighbour(course / "submitted", canaries),
        "suite": _copied(Path(suite.__file__).parent, "test_2_conv2d.py", course / "hidden"),
        "reference": _copied(Path(reference.__file__).parent, "convolution.py", course / "hidden"),
        "submission": str(course / "submitted" / ATTACKER),
        "grader": os.getpid(),
        "variable": ENVIRONMENT_NAME,
    }
    canaries.known_from("the hidden tests", targets["suite"])
    canaries.known_from("the reference", targets["reference"])
    settings = {
        ENVIRONMENT_NAME: canaries.new("the environment"),
        "HOME": str(home),
        "TMPDIR": str(temporary),
    }
    memory = ctypes.create_string_buffer(canaries.new("the grader's memory").encode())
    with (
        Doors(folder / "doors") as doors,
        _in_the_environment(settings),
        _open_descriptor(targets["home"]) as descriptor,
        contextlib.chdir(course),
    ):
        targets |= {"memory": ctypes.addressof(memory), "descriptor": descriptor, **doors.addresses()}
        yield Course(folder, canaries, doors, targets)


def _kept(file: Path, place: str, canaries: Canaries) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{canaries.new(place)}\n")
    return str(file)


def _copied(room: Path, name: str, hidden: Path) -> str:
    """A file of the kit's in a copy of its folder: what an attack may destroy where a wall fails is not the kit itself."""
    shutil.copytree(room, hidden / room.name, ignore=shutil.ignore_patterns("__pycache__"))
    return str(hidden / room.name / name)


def _gradebook(file: Path, canaries: Canaries) -> str:
    with contextlib.closing(sqlite3.connect(file)) as gradebook, gradebook:
        gradebook.execute("CREATE TABLE grade (student TEXT, auto_score REAL, comment TEXT)")
        gradebook.execute("INSERT INTO grade VALUES (?, 6, ?)", (WITNESS, canaries.new("the gradebook")))
    return str(file)


def _neighbour(submitted: Path, canaries: Canaries) -> str:
    word = canaries.new("another's submission")
    source = (HERE / "witness.py").read_text(encoding="utf-8")
    folder = hand_in(submitted, notebook(f"# {word}\n{source}"), WITNESS)
    return str(folder / "conv2d.ipynb")


@contextlib.contextmanager
def _in_the_environment(settings: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(settings)
    tempfile.tempdir = None  # asked for anew: the folder for temporary files is the course's
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        tempfile.tempdir = None


@contextlib.contextmanager
def _open_descriptor(path: str) -> Iterator[int]:
    """A descriptor that a careless grader would hand on to what it starts."""
    descriptor = os.open(path, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
