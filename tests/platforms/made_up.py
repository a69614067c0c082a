"""A made-up class of forty, and what each platform would give for it: a zip of submissions and a table of grades.

Each student's notebook says whose it is, so that a test sees it when one is taken for another's. The rules of names and
columns are those of the platforms' own sources, see the modules of `autograder.platforms`.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PEOPLE = (
    *(
        "Ada Lovelace",
        "Zoë O'Neil-Çelik",
        "Łukasz Żółw",
        "雷 李",
        "José Peña",
        "Jose Pena",
        "Kim Lee",
        "Kim Lee",
    ),
    *(
        "Jan van der Berg",
        "Nguyễn Văn An",
        "Anne-Marie d'Arc",
        "Madonna",
        "Dr. Ünal Öz",
        "X Æ A-12",
        "Bob Smith",
    ),
    *("Robert'); DROP TABLE Students", "Ann 2 Times", "@lice =1+1", "Émile Zola", "Ray Charles"),
)
LATE, TWICE, DAMAGED, EMPTY, PDF, ABSENT = 3, 4, 9, 10, 11, (12, 13)
STRANGER = 39  # hands in, and is in no list of the class
TIME = "2026-11-20 10:11:12"  # when everybody but the late one handed in, in UTC
LATER = "2026-11-21 10:11:12"


@dataclass(frozen=True)
class Student:
    """One of the forty; their numbers on all platforms follow from one."""

    number: int
    name: str

    @property
    def login(self) -> str:
        return f"s{self.number:02d}"

    @property
    def email(self) -> str:
        return f"{self.login}@uni.example"

    @property
    def id(self) -> str:
        return str(70_000 + self.number)

    @property
    def matriculation(self) -> str:
        return f"00{500 + self.number}"

    @property
    def first(self) -> str:
        return self.name.rpartition(" ")[0]

    @property
    def last(self) -> str:
        return self.name.rpartition(" ")[2]

    @property
    def sortable(self) -> str:
        return f"{self.last}, {self.first}" if self.first else self.last


CLASS = tuple(
    Student(number, PEOPLE[number] if number < len(PEOPLE) else f"First{number} Last{number}")
    for number in range(40)
)
ENROLLED = tuple(student for student in CLASS if student.number != STRANGER)
HERE = tuple(student for student in CLASS if student.number not in ABSENT)


def notebook(student: Student, attempt: int = 2) -> bytes:
    """What somebody hands in; the second attempt is the one that counts."""
    if student.number == DAMAGED:
        return b"no notebook at all"
    if student.number == EMPTY:
        return b""
    cell = {"cell_type": "raw", "metadata": {}, "source": f"{student.login} attempt {attempt}"}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


NAMES = (
    "conv2d.ipynb",
    "conv2d (1).ipynb",
    "conv2d-Copy1.ipynb",
    "Kopie von conv2d.ipynb",
    "CONV2D.ipynb",
    "hw.zip",
)


def handed_in(student: Student, attempt: int = 2) -> tuple[str, bytes]:
    """The file as the student named it: one has a PDF, some a zip."""
    if student.number == PDF:
        return "report.pdf", b"%PDF"
    name = NAMES[student.number % len(NAMES)]
    content = notebook(student, attempt)
    if not name.endswith(".zip"):
        return name, content
    junk = {"__MACOSX/hw/._conv2d.ipynb": b"x", "hw/.ipynb_checkpoints/conv2d-checkpoint.ipynb": b"old"}
    return name, zipped({**junk, "hw/conv2d.ipynb": content, "hw/data.csv": b"1"})


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


# --- downloads -------------------------------------------------------------------------------------------


def canvas_zip() -> dict[str, bytes]:
    """`lib/content_zipper.rb`; one file of the late one is marked, a second attempt is another attachment."""
    files = {}
    for student in HERE:
        name = re.sub(r"[^\w]", "", student.sortable.lower())
        late = "LATE_" if student.number == LATE else ""
        attempts = (1, 2) if student.number == TWICE else (2,)
        for attempt in attempts:
            own, content = handed_in(student, attempt)
            if len(attempts) > 1 and attempt == 2:
                own = own.replace(".ipynb", "-1.ipynb")
            files[f"{name}_{late}{student.id}_{90_000 + 10 * student.number + attempt}_{own}"] = content
    return files


def canvas_anonymous_zip() -> dict[str, bytes]:
    return {
        f"{'LATE_' if s.number == LATE else ''}anon_x{s.number:02d}Z_{90_000 + s.number}_{handed_in(s)[0]}": handed_in(
            s
        )[1]
        for s in HERE
    }


def moodle_zip(*, folders: bool = True, old: bool = False, blind: bool = False) -> dict[str, bytes]:
    """`mod/assign/classes/downloader.php`: in folders or not, before 4.1 or after, with names or without."""
    files = {}
    for student in HERE:
        name = "Participant" if blind else student.name.replace("_", " ").replace("/", "")
        prefix = f"{name}_{student.id}_assignsubmission_file" + ("_" if old or not folders else "")
        own, content = handed_in(student)
        files[f"{prefix}/{own}" if folders else f"{prefix}{own}"] = content
    return files


def blackboard_zip() -> dict[str, bytes]:
    files = {}
    for student in HERE:
        for attempt in (1, 2) if student.number == TWICE else (2,):
            time = LATER if student.number == LATE else TIME if attempt == 2 else "2026-11-19 10:11:12"
            prefix = f"My_assignment_{student.login}_attempt_{re.sub('[ :]', '-', time)}"
            own, content = handed_in(student, attempt)
            files[f"{prefix}_{own}"] = content
            about = f"Name: {student.name} ({student.login})\r\nAssignment: My assignment\r\n\r\nNo data\r\n"
            files[f"{prefix}.txt"] = about.encode()
    return files


def brightspace_zip() -> dict[str, bytes]:
    files = {"index.html": b"<html>"}
    for student in HERE:
        for attempt in (1, 2) if student.number == TWICE else (2,):
            day = 21 if student.number == LATE else 18 + attempt
            own, content = handed_in(student, attempt)
            files[f"{student.id}-301286 - {student.name} - Nov {day}, 2026 1011 AM/{own}"] = content
    return files


def gradescope_zip() -> dict[str, bytes]:
    files, metadata = {}, []
    for student in HERE:
        own, content = handed_in(student)
        files[f"assignment_5_export/submission_{student.id}/{own}"] = content
        time = LATER if student.number == LATE else TIME
        metadata.append(
            f"submission_{student.id}:\n  :submitters:\n  - :name: {json.dumps(student.name)}\n"
            f"    :sid: '{student.matriculation}'\n    :email: {student.email}\n"
            f"  :created_at: !ruby/object:ActiveSupport::TimeWithZone\n    utc: {time}.000000000 Z\n"
        )
    files["assignment_5_export/submission_metadata.yml"] = "".join(metadata).encode()
    return files


def exchange_folder() -> dict[str, bytes]:
    files = {}
    for student in HERE:
        for attempt in (1, 2) if student.number == TWICE else (2,):
            time = LATER if student.number == LATE else TIME if attempt == 2 else "2026-11-19 10:11:12"
            folder = f"{student.login}+conv2d+{time} UTC+abc{attempt}"
            own, content = handed_in(student, attempt)
            files[f"{folder}/{own}"] = content
            files[f"{folder}/timestamp.txt"] = f"{time}.000000 UTC".encode()
            files[f"{folder}/submission_secret.txt"] = f"secret {attempt} of {student.login}".encode()
    files["s01+ps1+2026-11-20 10:11:12 UTC/ps1.ipynb"] = b"another assignment's"
    return files


def plain_folders() -> dict[str, bytes]:
    return {f"class/{s.login}/{handed_in(s)[0]}": handed_in(s)[1] for s in HERE}


DOWNLOADS = {
    "Canvas": canvas_zip,
    "Canvas, anonymous": canvas_anonymous_zip,
    "Moodle": moodle_zip,
    "Moodle before 4.1": lambda: moodle_zip(old=True),
    "Moodle without folders": lambda: moodle_zip(folders=False),
    "Moodle, blind": lambda: moodle_zip(blind=True),
    "Blackboard": blackboard_zip,
    "Brightspace": brightspace_zip,
    "Gradescope": gradescope_zip,
    "exchange": exchange_folder,
    "folders": plain_folders,
}


def write_download(kind: str, folder: Path, *, as_zip: bool = True) -> Path:
    """Writes a platform's download, as a zip or unpacked."""
    files = DOWNLOADS[kind]()
    if as_zip:
        path = folder / "download.zip"
        path.write_bytes(zipped(files))
        return path
    for name, content in files.items():
        path = folder / "download" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "download"


# --- tables ----------------------------------------------------------------------------------------------


def table(
    rows: Iterable[Sequence[str]], *, separator: str = ",", end: str = "\r\n", quote_all: bool = False
) -> str:
    """Rows as CSV."""
    buffer = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    return buffer.getvalue()


BY_HAND = {14: "11"}  # graded on the platform itself
EXCUSED = 15  # on Canvas


def canvas_table(column: str = "Conv2d (4711)", points: str = "100.00") -> Iterator[list[str]]:
    """`lib/gradebook_exporter.rb`, with a total that nobody may write and a neighbour that nobody should."""
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz (1)", column, "Final Score"]
    yield ["", "", "", "", "", "", "Manual Posting", "(read only)"]
    yield ["    Points Possible", "", "", "", "", "10.00", points, "(read only)"]
    for student in ENROLLED:
        there = "EX" if student.number == EXCUSED else BY_HAND.get(student.number, "")
        about = [student.sortable, student.id, student.matriculation, student.login, "A"]
        yield [*about, "7.00", there, "93.00"]
    yield ["Student, Test", "99999", "", "abcdef", "A", "", "", ""]


MOODLE = {
    "en": (
        *("Identifier", "Full name", "ID number", "Email address", "Status", "Grade", "Maximum grade"),
        *("Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments"),
    ),
    "de": (
        *("ID", "Vollständiger Name", "ID-Nummer", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung"),
        *("Bewertung kann geändert werden", "Zuletzt geändert (Abgabe)", "Zuletzt geändert (Bewertung)"),
        "Feedback als Kommentar",
    ),
    "fr": (
        *("Identifiant", "Nom complet", "Numéro d’identification", "Adresse de courriel", "Statut", "Note"),
        *("Note maximale", "La note peut être modifiée", "Dernière modification (travail remis)"),
        *("Dernière modification (note)", "Feedback par commentaires"),
    ),
}
_MOODLE_CELLS = {
    "en": (
        "Participant ",
        "Yes",
        "No",
        "Friday, 20 November 2026, 10:11 AM",
        "Saturday, 21 November 2026, 10:11 AM",
    ),
    "de": (
        "Teilnehmer/in",
        "Ja",
        "Nein",
        "Freitag, 20. November 2026, 10:11",
        "Samstag, 21. November 2026, 10:11",
    ),
    "fr": (
        "Participant ",
        "Oui",
        "Non",
        "vendredi 20 novembre 2026, 10:11",
        "samedi 21 novembre 2026, 10:11",
    ),
}


def moodle_table(language: str = "en", locked: int | None = None) -> Iterator[list[str]]:
    """The grading worksheet; `locked` is the number of a student whose grade cannot be changed."""
    participant, yes, no, time, later = _MOODLE_CELLS[language]
    full = "100.00" if language == "en" else "100,00"
    yield list(MOODLE[language])
    for s in ENROLLED:
        about = [f"{participant}{s.id}", s.name, s.matriculation, s.email, "Submitted for grading"]
        grade = [BY_HAND.get(s.number, ""), full, no if s.number == locked else yes]
        when = "-" if s.number in ABSENT else later if s.number == LATE else time
        yield [*about, *grade, when, "-", ""]


def blackboard_table() -> Iterator[list[str]]:
    yield [
        *("Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"),
        *("Weighted Total [Total Pts: up to 100 Percentage] |1", "Conv2d [Total Pts: 100 Score] |2"),
    ]
    for s in ENROLLED:
        about = [s.last, s.first, s.login, s.matriculation, "2026-11-20 10:11:12", "Yes"]
        yield [*about, "50", BY_HAND.get(s.number, "")]


def brightspace_table() -> Iterator[list[str]]:
    yield [
        *("OrgDefinedId", "Username", "Last Name", "First Name", "Email"),
        *(
            "Quiz Points Grade <Numeric MaxPoints:10>",
            "Conv2d Points Grade <Numeric MaxPoints:100 Weight:20>",
        ),
        "End-of-Line Indicator",
    ]
    for s in ENROLLED:
        about = [f"#{s.matriculation}", f"#{s.login}", s.last, s.first, s.email]
        yield [*about, "7", BY_HAND.get(s.number, ""), "#"]


ROSTERS = {
    "Canvas": lambda: table(canvas_table()),
    "Moodle": lambda: table(moodle_table()),
    "Blackboard": lambda: table(blackboard_table()),
    "Brightspace": lambda: table(brightspace_table()),
    "Gradescope": lambda: table(
        [
            ["First Name", "Last Name", "SID", "Email"],
            *([s.first, s.last, s.matriculation, s.email] for s in ENROLLED),
        ]
    ),
    "exchange": lambda: table(
        [["Username", "Name", "Email"], *([s.login, s.name, s.email] for s in ENROLLED)]
    ),
    "folders": lambda: table(
        [["Username", "Name", "Email"], *([s.login, s.name, s.email] for s in ENROLLED)]
    ),
}
