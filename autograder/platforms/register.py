"""Which folder each student has below `submitted`: the one of an earlier download, or one that nobody has."""

import itertools
from pathlib import Path

from autograder.platforms.attempt import Attempt
from autograder.platforms.index import Index, Known
from autograder.platforms.people import Person, folder_name


class Register:
    """The index of who is who, as it was and with whoever came since.

    Args:
        path: the index's file; see `index`.
    """

    def __init__(self, path: Path):
        self._path = path
        self._index = Index.read(path)
        self._before = self._index.people()
        self._taken = {folder.casefold() for folder in self._index.students}

    def folder(self, person: Person) -> str:
        """The student's folder. Who is new since the register was opened gets one each time: ask once for each."""
        found, _ = self._before.find(person)
        folder = str(found) if found else self._free_name(person)
        self._taken.add(folder.casefold())
        return folder

    def note(self, folder: str, person: Person, newest: Attempt, platform: str) -> None:
        """Notes whose folder it is, and what the platform wants to know when feedback goes back."""
        self._index.students[folder] = Known(person, newest.feedback, platform)

    def write(self) -> None:
        """Writes the index."""
        self._index.write(self._path)

    def _free_name(self, person: Person) -> str:
        """A folder's name that nobody has, in any case: some file systems do not tell case apart."""
        name = folder_name(person)
        numbered = (f"{name}_{count}" for count in itertools.count(2))
        candidates = itertools.chain([name, f"{name}_{person.id}"] if person.id else [name], numbered)
        return next(each for each in candidates if each.casefold() not in self._taken)
