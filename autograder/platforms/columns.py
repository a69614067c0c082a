"""What the columns of a platform's table mean: who a row is of, and where its grade goes.

The titles are those of Canvas (`lib/gradebook_exporter.rb`), Moodle (`mod/assign/gradingtable.php`, its language packs), Blackboard Learn,
Brightspace and Gradescope, in English, German and French where a platform translates them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.platforms.people import Person, full_name

# Canvas does not translate them; Moodle does.
_ID = ("id", "identifier", "identifiant", "participant")
_OTHER_ID = (
    *("sis user id", "integration id", "student id", "orgdefinedid", "sid", "id number", "idnumber"),
    *("id-nummer", "matrikelnummer", "numéro d'identification", "numéro d’identification", "student number"),
)
_LOGIN = (
    "sis login id",
    "username",
    "user name",
    "login",
    "user",
    "anmeldename",
    "nom d'utilisateur",
    "nom d’utilisateur",
)
_EMAIL = (
    *("email", "email address", "e-mail", "e-mail-adresse", "mail", "e-mail address"),
    *("adresse de courriel", "courriel", "adresse e-mail"),
)
_FULL_NAME = ("student", "full name", "name", "vollständiger name", "nom complet", "student name")
_FIRST = ("first name", "firstname", "vorname", "prénom", "first")
_LAST = ("last name", "lastname", "surname", "nachname", "nom", "nom de famille", "last")
_SUBMITTED = (
    "last modified (submission)",
    "zuletzt geändert (abgabe)",
    "dernière modification (travail remis)",
    "dernière modification (remise)",
)
_GRADE = ("grade", "bewertung", "note", "points", "score")
_MAXIMUM = ("maximum grade", "bestwertung", "beste bewertung", "note maximale")
_CHANGEABLE = (
    *("grade can be changed", "bewertung kann geändert werden", "bewertung änderbar"),
    *("la note peut être modifiée", "la note peut être changée"),
)
_NO = ("no", "nein", "non")


@dataclass(frozen=True)
class Columns:
    """The meaning of a table's columns, as their places; None for what it has not.

    Attributes:
        platform: the one whose table it is; empty for any other list of people.
        grades: the columns that take grades.
    """

    platform: str
    grades: tuple[int, ...]
    id: int | None = None
    login: int | None = None
    email: int | None = None
    name: int | None = None
    first: int | None = None
    last: int | None = None
    others: tuple[int, ...] = ()
    submitted: int | None = None
    maximum: int | None = None
    changeable: int | None = None

    def person(self, row: Sequence[str]) -> Person:
        """Whose row it is."""
        first_last = f"{_of(row, self.first)} {_of(row, self.last)}".strip()
        number = _of(row, self.id)
        if self.platform == "Moodle":  # "Participant 1234567", in the course's language
            number = "".join(re.findall(r"\d+$", number))
        return Person(
            id=number,
            login=_of(row, self.login).removeprefix("#"),  # Brightspace's mark against spreadsheets
            email=_of(row, self.email),
            name=full_name(_of(row, self.name) or first_last),
            other_ids=tuple(number for each in self.others if (number := _of(row, each).removeprefix("#"))),
        )

    def is_student(self, row: Sequence[str]) -> bool:
        """Whether the row is a student's: not Canvas's points and posting policies, nor its test student."""
        if self.platform == "Canvas":
            return bool(_of(row, self.id)) and _of(row, self.name) != "Student, Test"
        return self.person(row) != Person()

    def locked(self, row: Sequence[str]) -> bool:
        """Whether the platform says that this grade cannot be changed."""
        return _of(row, self.changeable).casefold() in _NO


def _of(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def read_columns(rows: Sequence[Sequence[str]]) -> Columns:
    """What the first row's titles say."""
    titles = [title.casefold() for title in rows[0]]

    def at(names: Sequence[str]) -> int | None:
        return next((titles.index(name) for name in names if name in titles), None)

    platform = _platform(rows)
    ids = {"Canvas": at(("id",)), "Moodle": 0}
    return Columns(
        platform,
        tuple(place for place in range(len(titles)) if _takes_grades(platform, rows, place)),
        id=ids.get(platform),
        login=at(_LOGIN),
        email=at(_EMAIL),
        name=at(_FULL_NAME),
        first=at(_FIRST),
        last=at(_LAST),
        others=tuple(titles.index(name) for name in _OTHER_ID if name in titles),
        submitted=at(_SUBMITTED),
        maximum=at(_MAXIMUM),
        changeable=at(_CHANGEABLE),
    )


def _platform(rows: Sequence[Sequence[str]]) -> str:
    titles = [title.casefold() for title in rows[0]]
    if "end-of-line indicator" in titles:
        return "Brightspace"
    if (
        ("student" in titles or {"lastname", "firstname"} <= set(titles))
        and "id" in titles
        and "section" in titles
    ):
        return "Canvas"
    if any(re.search(r"\[total pts: .*\]", title) for title in titles) or "last access" in titles:
        return "Blackboard"
    # Titles are translated, numbers of participants are not: words, the same in all rows, and a number.
    identifiers = [re.fullmatch(r"(\D{4,}?)\s*(\d+)", row[0]) for row in rows[1:] if row]
    if identifiers and all(identifiers) and len({found[1] for found in identifiers if found}) == 1:
        return "Moodle"
    return ""


def _takes_grades(platform: str, rows: Sequence[Sequence[str]], place: int) -> bool:
    titles = [title.casefold() for title in rows[0]]
    title = titles[place]
    match platform:
        case "Canvas":
            # Canvas writes what cannot be changed into the rows above the students'.
            above = [row[place] for row in rows[:4] if place < len(row)]
            return place > titles.index("section") and bool(title) and "(read only)" not in above
        case "Moodle":
            return title in _GRADE
        case "Blackboard":
            return re.search(r"\[total pts: [^\]]*score\s*\]|\[total pts: [\d.,]+\]", title) is not None
        case "Brightspace":
            return re.search(r"points grade( <|$)", title) is not None
    return False
