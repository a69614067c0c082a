"""From a platform's download into nbgrader's layout: `submitted/<student>/<assignment>/<assignment>.ipynb`.

The newest attempt is taken; the others, and what was there before, are kept below `submitted/.collected/`, where the index
lies that the way back reads (see `index`). A student's text becomes a folder's name through `folder_name` alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from autograder.platforms.attempt import Attempt
from autograder.platforms.dialects import recognize
from autograder.platforms.download import BadDownload, open_download
from autograder.platforms.notebooks import NoNotebook, find_notebook
from autograder.platforms.people import People, Person, look_alikes
from autograder.platforms.register import Register
from autograder.platforms.roster import Enrolled
from autograder.platforms.shelf import SECRET, Shelf

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Collected:
    """What became of one student's attempts.

    Attributes:
        person: who, with what the roster adds.
        folder: the student's, below `submitted`.
        time: of the attempt that was taken, in UTC; None where nobody says it.
        late: whether it was; None where nobody can say.
        attempts: how many there were.
        problem: why no notebook was taken, or not the newest attempt's; empty where all is well.
        taken: whether there is a notebook now.
        enrolled: whether the roster has them; True without a roster.
    """

    person: Person
    folder: str
    time: datetime | None
    late: bool | None
    attempts: int
    problem: str
    taken: bool
    enrolled: bool


@dataclass
class Collection:
    """What came of a download.

    Attributes:
        platform: whose it was.
        students: what became of each.
        absent: who is in the roster and handed in nothing.
        alike: people whose names are easily mixed up.
    """

    platform: str
    students: list[Collected] = field(default_factory=list)
    absent: list[Person] = field(default_factory=list)
    alike: list[list[Person]] = field(default_factory=list)


def collect(
    download: Path,
    submitted: Path,
    assignment: str,
    roster: Sequence[Enrolled] = (),
    *,
    due: datetime | None = None,
    zone: tzinfo | None = None,
) -> Collection:
    """Takes a download in. It may be done again with the next one: nothing is lost, nobody is there twice.

    Args:
        download: the platform's zip, or a folder.
        submitted: where nbgrader looks for submissions.
        roster: the class.
        due: after which a submission is late, where times are known.
        zone: that of times without one; None for this machine's.

    Raises `BadDownload`.
    """
    if download.resolve() == submitted.resolve():
        raise BadDownload(f"'{download}' is where the submissions go, too. Name another folder with --to.")
    shelf = Shelf(submitted, assignment)
    register = Register(shelf.index)
    with open_download(download) as entries:
        if not entries:
            raise BadDownload(f"There is no file in '{download}'.")
        platform, attempts = recognize(entries, assignment, zone)
        collection = Collection(platform.TITLE)
        of_student, enrolled = by_student(attempts, roster)
        for key, (person, theirs) in of_student.items():
            folder = register.folder(person)
            of_roster = roster[enrolled[key]] if key in enrolled else None
            student = _take(shelf, folder, person, theirs, of_roster, due)
            student = replace(student, enrolled=not roster or key in enrolled)
            collection.students.append(student)
            register.note(folder, person, theirs[-1], platform.TITLE)
        register.write()
    here = set(enrolled.values())
    collection.absent = [each.person for place, each in enumerate(roster) if place not in here]
    collection.alike = look_alikes(student.person for student in collection.students)
    return collection


def by_student(
    attempts: list[Attempt], roster: Sequence[Enrolled]
) -> tuple[dict[object, tuple[Person, list[Attempt]]], dict[object, int]]:
    """Each student's attempts, the newest last; and the place in the roster of those who have one."""
    groups: dict[object, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        person = attempt.person
        groups[person.id or person.login.casefold() or person.email.casefold() or person.name].append(attempt)
    people = People({place: each.person for place, each in enumerate(roster)})
    places: dict[object, int] = {}
    for key, theirs in groups.items():
        place, _ = people.find(theirs[0].person)
        if isinstance(place, int):
            places[key] = place
    claimed = list(places.values())
    # Two who hand in are not one in the roster: which of them it is, nobody can say.
    places = {key: place for key, place in places.items() if claimed.count(place) == 1}
    students = {
        key: (
            _merged(theirs[0].person, roster[places[key]].person if key in places else Person()),
            sorted(theirs, key=lambda attempt: (attempt.time or _LONG_AGO, attempt.number)),
        )
        for key, theirs in groups.items()
    }
    return students, places


def _merged(person: Person, of_roster: Person) -> Person:
    """What both say; the roster's spelling of a name."""
    return Person(
        id=person.id or of_roster.id,
        login=person.login or of_roster.login,
        email=person.email or of_roster.email,
        name=of_roster.name or person.name,
        other_ids=tuple(dict.fromkeys(person.other_ids + of_roster.other_ids)),
    )


def _take(
    shelf: Shelf,
    folder: str,
    person: Person,
    attempts: list[Attempt],
    enrolled: Enrolled | None,
    due: datetime | None,
) -> Collected:
    """Takes the newest attempt that has a notebook, and keeps the others."""
    newest = attempts[-1]
    if newest.time is None and enrolled is not None:
        attempts = [*attempts[:-1], replace(newest, time=enrolled.submitted)]
    problem, taken, chosen = "", False, attempts[-1]
    for attempt in reversed(attempts):
        if not taken:
            own = tuple(entry for entry in attempt.files if entry.name != SECRET)
            try:
                content = find_notebook(own, shelf.assignment).content()
                problem = shelf.put(folder, content, attempt.time, attempt.files) or problem
                taken, chosen = True, attempt
                continue
            except (NoNotebook, BadDownload) as error:
                problem = problem or str(error)
        shelf.keep(folder, attempt)
    if taken and chosen is not attempts[-1]:
        problem = f"an earlier attempt was taken; in the newest: {problem}"
    late = chosen.late
    if due is not None and chosen.time is not None:
        late = chosen.time > due
    return Collected(person, folder, chosen.time, late, len(attempts), problem, taken, enrolled=True)
