"""Who is who: a small file beside the collected submissions, written on the way in and read on the way back."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.platforms.people import People, Person
from autograder.platforms.shelf import write_whole


@dataclass(frozen=True)
class Known:
    """What is known of a student.

    Attributes:
        feedback: what the path of a feedback file begins with in the zip that the platform takes back.
        platform: the one that said so.
    """

    person: Person
    feedback: str
    platform: str


@dataclass
class Index:
    """The students by their folders' names."""

    students: dict[str, Known] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Index":
        """The index of earlier downloads; an empty one where there is none, or no readable one."""
        try:
            records = json.loads(path.read_text(encoding="utf-8"))
            return cls({folder: _known(record) for folder, record in records.items()})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        records = {folder: asdict(known) for folder, known in sorted(self.students.items())}
        write_whole(path, json.dumps(records, ensure_ascii=False, indent=1).encode())

    def people(self) -> People:
        """To find the folder that a student has."""
        return People({folder: known.person for folder, known in self.students.items()})


def _known(record: dict) -> Known:
    about = record["person"]
    texts = {name: str(about[name]) for name in ("id", "login", "email", "name")}
    person = Person(**texts, other_ids=tuple(map(str, about["other_ids"])))
    return Known(person, str(record["feedback"]), str(record["platform"]))
