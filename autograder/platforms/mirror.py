"""A folder into which submissions come while one looks at it: an exchange's inbound, a synced folder, a mirror of a platform's API.

It is looked at by name and `stat`, again and again. inotify would tell sooner, but nothing of what another machine writes to a
folder on NFS or SMB (inotify(7)), nothing of what came while nobody listened, and "closed" of a file that a sync goes on
with; so one would have to look all the same. Whoever hands in may write anything there: each may cost a look so
much and no more.
"""

import itertools
import os
import pwd
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from autograder.platforms import exchange, folders
from autograder.platforms.attempt import Attempt, Platform
from autograder.platforms.collecting import by_student
from autograder.platforms.dialects import recognize
from autograder.platforms.download import BadDownload, Entry, files_at
from autograder.platforms.people import Person
from autograder.platforms.roster import Enrolled

MOST_ON_TOP = 100_000  # files and folders that lie in the folder itself
MOST_OF_ONE = 2_000  # files in one of those folders, and names in each folder of it
DEPTH = 4  # folders in one of those folders

Mark = tuple[object, ...]


@dataclass(frozen=True)
class Arrival:
    """A student's newest attempt, as it was the last time that somebody looked.

    Attributes:
        key: the same for the same student.
        settled: for how many seconds all its files have been as they are; 0 at the first look.
        enrolled: whether the roster has the student; True without a roster.
        mark: is another one when the attempt is.
    """

    key: object
    person: Person
    attempt: Attempt
    settled: float
    enrolled: bool
    mark: Mark


class Mirror:
    """Looks at one folder for one assignment's submissions.

    Args:
        folder: holds a folder or a file for each student or attempt.
        assignment: its name.
        platform: whose names they are; None for those of the first submission that is seen.
        roster: the class; empty for whoever hands in.
        zone: that of times without one; None for this machine's.
        owners: whether a student's folder must belong to the account of that name.

    Attributes:
        assignment: the same.
        platform: the same; None as long as nothing is seen.
        left_out: what the last look could not, or would not, take as a submission, in words, by its name.
    """

    def __init__(
        self,
        folder: Path,
        assignment: str,
        platform: Platform | None = None,
        roster: Sequence[Enrolled] = (),
        *,
        zone: tzinfo | None = None,
        owners: bool = False,
    ):
        self.platform = platform
        self.left_out: dict[str, str] = {}
        self._folder, self.assignment, self._zone = folder, assignment, zone
        self._roster, self._owners = roster, owners
        self._seen: dict[object, tuple[Mark, float]] = {}

    def look(self) -> list[Arrival]:
        """Every student's newest attempt. Raises `OSError` where the folder itself cannot be listed."""
        self.left_out = {}
        now = time.monotonic()
        groups, places = by_student(self._attempts(list(self._entries())), self._roster)
        seen: dict[object, tuple[Mark, float]] = {}
        arrivals = []
        for key, (person, attempts) in groups.items():
            newest = attempts[-1]
            mark = (newest.time, *((entry.path, entry.mark) for entry in newest.files))
            before, since = self._seen.get(key, (None, now))
            seen[key] = (mark, since if before == mark else now)
            enrolled = not self._roster or key in places
            arrivals.append(Arrival(key, person, newest, now - seen[key][1], enrolled, mark))
        self._seen = seen
        return arrivals

    def _attempts(self, entries: list[Entry]) -> list[Attempt]:
        if self.platform is None:
            try:
                self.platform, _ = recognize(entries, self.assignment, self._zone)
            except BadDownload:  # nothing of this assignment yet
                return []
        return self.platform.find_attempts(entries, self.assignment, self._zone)

    def _entries(self) -> Iterator[Entry]:
        with os.scandir(self._folder) as names:
            on_top = sorted(itertools.islice(names, MOST_ON_TOP + 1), key=lambda found: found.name)
        if len(on_top) > MOST_ON_TOP:
            self.left_out[""] = f"more than {MOST_ON_TOP:,} names; some are not looked at"
        for found in on_top[:MOST_ON_TOP]:
            try:
                yield from self._entries_at(found)
            except OSError as error:  # it may be gone by now, or be nobody's to read
                self.left_out[found.name] = f"cannot be read ({error.strerror})"

    def _entries_at(self, found: "os.DirEntry[str]") -> list[Entry]:
        too_many = MOST_OF_ONE + 1
        files = list(itertools.islice(files_at(found, (found.name,), DEPTH, too_many), too_many))
        if len(files) == too_many:
            self.left_out[found.name] = f"more than {MOST_OF_ONE:,} files"
            return []
        return files if files and self._is_owned(found) else []

    def _is_owned(self, found: "os.DirEntry[str]") -> bool:
        """Whether what lies there belongs to the account that its name says. In an exchange anybody may write any name."""
        if not self._owners:
            return True
        claimed = exchange.student_of(found.name) or found.name
        uid = found.stat(follow_symlinks=False).st_uid
        try:
            owner = pwd.getpwuid(uid).pw_name
        except KeyError:
            owner = f"uid {uid}"
        if owner != claimed:
            self.left_out[found.name] = f"belongs to the account '{owner}'"
        return owner == claimed


def has_owners(platform: Platform | None) -> bool:
    """Whether names in such a folder may be those of accounts."""
    return platform in (None, exchange, folders)
