"""The files of a download, whether it is a zip or a folder: listed first, read later, never unpacked to their own paths.

Zips in it are students': their names lead anywhere, their sizes are claims, and a few kilobytes may hold terabytes.
So an archive's paths are only ever compared; where something is written is decided elsewhere. Links are no files.
"""

import io
import itertools
import os
import stat
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autograder.user_error import UserError

MAX_ENTRIES = 200_000  # files in a download; 10,000 students with 20 each
MAX_FILE = 32 * 2**20  # bytes of one file, and of a zip in the zip
MAX_INNER = 2_000  # files of an attempt, in its zips too; a virtual environment has more, and nothing that is looked for
MAX_INNER_BYTES = 128 * 2**20  # bytes of an attempt's zips, and of all that is in one
MAX_DEPTH = 2  # zips in zips
MAX_FOLDERS = 12  # folders in folders
LONGEST_NAME = 2000  # characters, eight times what file systems take: nobody has handed in a longer one

_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


class BadDownload(UserError):
    """The download, or a file in it, cannot be taken; the message says why and what to do, in one line."""


class Moved(BadDownload):
    """The file is not the one any more that was listed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a download.

    Attributes:
        path: its folders and its name, as the archive has them.
        size: in bytes, as the archive says.
        modified: when, as the archive says, without a time zone.
        load: reads it; see `content`.
        mark: is another one when the file is; empty for one in an archive, which does not change.
    """

    path: tuple[str, ...]
    size: int
    modified: datetime | None
    load: Callable[[], bytes]
    mark: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return self.path[-1]

    def at(self, *path: str) -> "Entry":
        """The same file under another path."""
        return replace(self, path=path)

    def content(self) -> bytes:
        """Its bytes, `MAX_FILE` at most. Raises `BadDownload`."""
        if self.size > MAX_FILE:
            raise BadDownload(f"larger than {MAX_FILE // 2**20} MB")
        try:
            content = self.load()
        except Moved:
            raise
        except Exception as error:  # whatever a made-up archive makes zipfile and its decompressors raise
            raise BadDownload(f"cannot be read ({type(error).__name__})") from None
        if len(content) > MAX_FILE:
            raise BadDownload(f"larger than {MAX_FILE // 2**20} MB")
        return content


@contextmanager
def open_download(path: Path) -> Iterator[list[Entry]]:
    """The files of a zip or of a folder. They can be read as long as the context is open. Raises `BadDownload`."""
    if path.is_dir():
        yield list(_bounded(files_of(path), path))
        return
    if not path.exists():
        raise BadDownload(f"There is no '{path}'. Give the zip that the platform made, or a folder.")
    try:
        with zipfile.ZipFile(path) as archive:
            yield list(_bounded(_of_zip(archive), path))
    except zipfile.BadZipFile:
        raise BadDownload(
            f"'{path}' is neither a folder nor a zip. Unpack it, and give the folder."
        ) from None


def _bounded(entries: Iterator[Entry], path: Path) -> Iterator[Entry]:
    for count, entry in enumerate(entries):
        if count == MAX_ENTRIES:
            raise BadDownload(f"'{path}' holds more than {MAX_ENTRIES:,} files. Is it the right one?")
        yield entry


def files_of(
    folder: Path, parts: tuple[str, ...] = (), depth: int = MAX_FOLDERS, most: int | None = None
) -> Iterator[Entry]:
    """The files of a folder and of those in it, by name; no links, and nothing that was not handed in.

    Args:
        parts: what their paths begin with.
        depth: how many folders in folders.
        most: how many names of each folder are looked at; None for all.
    """
    with os.scandir(folder) as names:
        listed = sorted(itertools.islice(names, most), key=lambda found: found.name)
    for found in listed:
        yield from files_at(found, (*parts, found.name), depth, most)


def files_at(
    found: "os.DirEntry[str]", path: tuple[str, ...], depth: int = MAX_FOLDERS, most: int | None = None
) -> Iterator[Entry]:
    """The file that lies there, or the files of the folder; see `files_of`."""
    if found.is_symlink() or is_junk(path):
        return
    if found.is_dir() and depth:
        yield from files_of(Path(found.path), path, depth - 1, most)
    elif found.is_file(follow_symlinks=False):
        facts = found.stat(follow_symlinks=False)
        mark = _mark(facts)
        yield Entry(path, facts.st_size, _changed(facts), _reader(found.path, mark), mark)


def _changed(facts: os.stat_result) -> datetime | None:
    try:
        return datetime.fromtimestamp(facts.st_mtime)
    except (ValueError, OverflowError, OSError):  # a file may be from the year 300,000
        return None


def _mark(facts: os.stat_result) -> tuple[int, ...]:
    # The time of the last change of anything is the kernel's own: no program can set it back.
    return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def _reader(path: str, mark: tuple[int, ...]) -> Callable[[], bytes]:
    def load() -> bytes:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            raise Moved("removed while it was read") from None
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError("not a file")
            content = file.read(MAX_FILE + 1)
            if _mark(os.fstat(descriptor)) != mark:  # it may be half of what it will be
                raise Moved("changed while it was read")
            return content

    return load


def _of_zip(archive: zipfile.ZipFile) -> Iterator[Entry]:
    for info in archive.infolist():
        path = tuple(part for part in info.filename.replace("\\", "/").split("/") if part)
        if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16) or not path or is_junk(path):
            continue
        if max(map(len, path)) > LONGEST_NAME:
            continue
        yield Entry(path, info.file_size, _modified(info), _unpacker(archive, info))


def _unpacker(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def load() -> bytes:
        with archive.open(info) as file:
            return file.read(MAX_FILE + 1)

    return load


def _modified(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time)
    except ValueError:
        return None


def by_folder(entries: Sequence[Entry], is_attempt: Callable[[str], object]) -> dict[str, list[Entry]]:
    """The files of each folder that holds an attempt, by the folder's name, under their paths in it.

    Args:
        is_attempt: whether a folder of this name holds one; of folders in folders, the outermost counts.
    """
    files: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for place, part in enumerate(entry.path[:-1]):
            if is_attempt(part):
                files[part].append(entry.at(*entry.path[place + 1 :]))
                break
    return files


def is_junk(path: tuple[str, ...]) -> bool:
    """Whether an operating system, an editor or Jupyter made it and nobody handed it in."""
    return any(part in _JUNK or part.startswith(".") for part in path)


def unpacked(entries: Sequence[Entry]) -> list[Entry]:
    """The files themselves, and those in the zips among them. A zip that is too much, or none, stays what it is."""
    found: list[Entry] = []
    waiting = [(entry, 0) for entry in reversed(entries)]
    budget = MAX_INNER_BYTES
    while waiting:
        entry, depth = waiting.pop()
        inner = None
        if entry.name.casefold().endswith(".zip") and depth < MAX_DEPTH and entry.size <= budget:
            budget -= entry.size
            inner = _of_inner_zip(entry, MAX_INNER - len(found) - len(waiting))
        if inner is None:
            found.append(entry)
        else:
            waiting += [(each, depth + 1) for each in reversed(inner)]
    return found


def _of_inner_zip(entry: Entry, most: int) -> list[Entry] | None:
    try:
        inner = list(_of_zip(zipfile.ZipFile(io.BytesIO(entry.content()))))
    except Exception:  # as in `content`
        return None
    too_much = len(inner) > most or sum(each.size for each in inner) > MAX_INNER_BYTES
    return None if too_much else inner
