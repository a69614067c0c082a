"""What a platform's importer makes of a file, by the rules of its source, written anew: a file that they refuse raises.

Canvas: `lib/gradebook_importer.rb` and `infer_comment_context_from_filename` (instructure/canvas-lms). Moodle:
`mod/assign/feedback/offline/importgradeslib.php` and `feedback/file/importziplib.php`. Of Blackboard and Brightspace
there is no source; what is here are the rules of their manuals.
"""

import csv
import io
import re
import zipfile
from pathlib import Path

from made_up import _MOODLE_CELLS, CLASS, MOODLE

BY_ID = {student.id: student.login for student in CLASS}


def canvas(content: bytes, title: str) -> dict[str, float | str]:
    """The scores by Canvas's own number."""
    text = content.decode("utf-8-sig")
    head = text.splitlines()[:3]
    separator = ";" if sum(line.count(";") for line in head) > sum(line.count(",") for line in head) else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    header = rows[0]
    assert "Student" in header[0] and "ID" in header[1], "Invalid header row"
    known = ("SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section")
    last = max(place for place, each in enumerate(header) if each in known)
    assert "Section" in header[last], "Invalid header row"
    assert re.search(r"\(\d+\)$", title), "a title without its number makes a new assignment"
    place = header.index(title)
    return {
        row[1]: "EX" if row[place] == "EX" else _canvas_number(row[place])
        for row in rows[1:]
        if row[1] and row[place] != ""
    }


def _canvas_number(text: str) -> float:
    if re.search(r",\d+$", text):  # `1.234,5` is 1234.5
        text = text.replace(".", "").replace(",", ".")
    return float(text.replace(",", ""))


def canvas_feedback(path: Path) -> dict[str, str]:
    """The pages by Canvas's own number of the student; every file must belong to an attachment of theirs."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            numbers = [part for part in Path(name).name.split("_") if re.fullmatch(r"\d+", part)]
            user, attachment = numbers[:2]
            assert attachment.startswith("9") and int(attachment) // 10 == 9000 + int(user) - 70_000
            found[user] = archive.read(name).decode()
    return found


def moodle(content: bytes, language: str) -> dict[str, float]:
    """The grades by the participant's number: UTF-8, commas, and titles in exactly the course's language."""
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header, hidden = rows[0], _MOODLE_CELLS[language][0]
    at = [header.index(MOODLE[language][place]) for place in (0, 5, 9)]
    identifier, grade, modified = at
    found = {}
    for row in rows[1:]:
        number = row[identifier][len(hidden) :]
        assert number in BY_ID
        assert row[modified] == "-", "what was graded since would be passed over"
        if row[grade] not in ("", "-"):
            found[number] = float(row[grade].replace(",", ".") if language != "en" else row[grade])
    return found


def moodle_feedback(path: Path) -> dict[str, str]:
    """The pages by the participant's number."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts = name.split("/")
            assert not parts[-1].startswith((".", "~"))
            while parts:
                info = parts.pop(0).split("_", 4)
                if len(info) < 4 or not info[1].isdigit() or info[1] not in BY_ID:
                    continue
                assert info[2:4] == ["assignfeedback", "file"]
                own = "/".join([*(info[4:] or [""]), *parts])
                assert own == "feedback.html"
                found[info[1]] = archive.read(name).decode()
                break
    return found


def blackboard(content: bytes) -> dict[str, float]:
    """The scores by user name: UTF-16 with a mark and tabs, or UTF-8 and commas; the column's number is in its title."""
    utf16 = content.startswith(b"\xff\xfe")
    text = content.decode("utf-16" if utf16 else "utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if utf16 else ","))
    (title,) = [title for title in rows[0] if re.fullmatch(r"Conv2d \[Total Pts: 100 Score\] \|2", title)]
    return {row["Username"]: float(row[title]) for row in rows if row[title]}


def brightspace(content: bytes) -> dict[str, float]:
    """The scores by user name: a key column, a title that ends in the kind of grade, and `#` at the end of each line."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    (title,) = [title for title in rows[0] if title.startswith("Conv2d Points Grade")]
    assert list(rows[0])[-1] == "End-of-Line Indicator" and all(
        row["End-of-Line Indicator"] == "#" for row in rows
    )
    return {row["Username"].removeprefix("#"): float(row[title]) for row in rows if row[title]}
