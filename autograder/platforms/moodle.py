"""Moodle: the zip of "Download all submissions".

Its names are those of `mod/assign/classes/downloader.php` in moodle/moodle: a folder for each student, called
`Ada Lovelace_1234567_assignsubmission_file` (before 4.1 with another underscore at the end), or without "in folders" the
same, an underscore and the file's name. Names have no underscore. Where marking is blind they are the word "Participant" in the
course's language. The number is what the grading worksheet calls the participant's, too.

Feedback goes back as `Ada Lovelace_1234567_assignfeedback_file_feedback.html`: `feedback/file/importziplib.php` splits a
part of a path at its first four underscores, takes the participant from the second piece and the plugin from the next
two; what follows is the file's name.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import tzinfo

from autograder.platforms.attempt import Attempt
from autograder.platforms.download import Entry
from autograder.platforms.people import Person

TITLE = "Moodle"

_PART = re.compile(
    r"(?P<name>[^_]*)_(?P<id>\d+)_assignsubmission_(?P<plugin>file|onlinetext)(?:_(?P<file>.*))?"
)


def owns(path: tuple[str, ...]) -> bool:
    """Whether Moodle names folders or files like this."""
    return any(_PART.fullmatch(part) for part in path)


def find_attempts(entries: Sequence[Entry], assignment: str, zone: tzinfo | None) -> list[Attempt]:
    """One for each participant: the download holds the newest attempt alone."""
    of_student: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        for place, part in enumerate(entry.path):
            if found := _PART.fullmatch(part):
                path = tuple(filter(None, (found["file"], *entry.path[place + 1 :])))
                of_student[found["name"], found["id"]].append(entry.at(*(path or (part,))))
                break
    blind = len(of_student) > 1 and len({name for name, _ in of_student}) == 1
    return [
        Attempt(
            Person(id=number, name="" if blind or name.startswith(("Participant", "Teilnehmer")) else name),
            tuple(files),
            feedback=f"{name}_{number}_assignfeedback_file_",
        )
        for (name, number), files in of_student.items()
    ]
