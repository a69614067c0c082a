"""A table as a platform exports it, of which single cells are filled and every other byte stays as it is.

CSV in any encoding, with or without byte-order mark, with any separator, line end and quoting. The `csv` module reads such a
file but writes its own: so the places of the cells in the text are kept, and only those that change are written.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

from autograder.user_error import UserError

MAX_BYTES = 64 * 2**20
SEPARATORS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class BadSheet(UserError):
    """The file is no table that can be used; the message says why and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and where it stands in the file's, quotes included."""

    text: str
    start: int
    end: int
    quoted: bool


class Sheet:
    """A table of cells.

    Args:
        content: the file's bytes.
        name: what to call it in messages.

    Attributes:
        rows: the cells of every line, the header first; empty lines are left out.
        separator: between the cells.

    Raises `BadSheet`.
    """

    def __init__(self, content: bytes, name: str):
        if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise BadSheet(f"'{name}' is a spreadsheet, not a CSV file. Download it as CSV.")
        self._mark, self._encoding = next((m for m in _MARKS if content.startswith(m[0])), (b"", ""))
        body = content[len(self._mark) :]
        self._encoding = self._encoding or _guess_encoding(body)
        try:
            self._text = body.decode(self._encoding)
        except UnicodeDecodeError:
            raise BadSheet(f"'{name}' is not text. Download it as CSV.") from None
        if "\0" in self._text or not self._text.strip():
            raise BadSheet(f"'{name}' is no table. Download it as CSV.")
        first, _, _ = self._text.lstrip("\r\n").partition("\n")
        self.separator = max(SEPARATORS, key=lambda separator: _count(first, separator))
        self.rows = _parse(self._text, self.separator, name)
        self._new: dict[tuple[int, int], str] = {}

    @classmethod
    def read(cls, path: Path) -> "Sheet":
        """Reads a file. Raises `BadSheet` and `OSError`."""
        if path.stat().st_size > MAX_BYTES:
            raise BadSheet(f"'{path}' is larger than {MAX_BYTES // 2**20} MB. Is it the right file?")
        return cls(path.read_bytes(), path.name)

    def texts(self) -> list[list[str]]:
        """The cells' texts, blanks around them taken off."""
        return [[cell.text.strip() for cell in row] for row in self.rows]

    def fill(self, row: int, column: int, text: str) -> None:
        """Puts a text into a cell, quoted where the old one was or where it has to be."""
        self._new[row, column] = text

    def content(self) -> bytes:
        """The file with what was filled in; every byte of the others as it was."""
        pieces, place = [], 0
        for (row, column), text in sorted(self._new.items()):
            cell = self.rows[row][column]
            pieces += [self._text[place : cell.start], self._written(text, cell)]
            place = cell.end
        text = "".join([*pieces, self._text[place:]])
        return self._mark + text.encode(self._encoding)

    def _written(self, text: str, cell: Cell) -> str:
        if cell.quoted or any(character in text for character in (self.separator, '"', "\r", "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text


def _guess_encoding(body: bytes) -> str:
    if b"\0" in body[:200]:
        return "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            body.decode("cp1252")
        except UnicodeDecodeError:
            return "latin-1"
        return "cp1252"
    return "utf-8"


def _count(line: str, separator: str) -> int:
    """How often the separator stands outside quotes."""
    return sum(part.count(separator) for part in line.split('"')[::2])


def _parse(text: str, separator: str, name: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    place = 0
    while place <= len(text):
        cell = _cell(text, place, separator, name)
        row.append(cell)
        place = cell.end
        if text[place : place + 1] == separator:
            place += 1
            continue
        if len(row) > 1 or row[0].text.strip():
            rows.append(row)
        row = []
        if place == len(text):
            break
        place += 2 if text.startswith("\r\n", place) else 1
    return rows


def _cell(text: str, start: int, separator: str, name: str) -> Cell:
    if not text.startswith('"', start):
        end = start
        while end < len(text) and text[end] not in (separator, "\r", "\n"):
            end += 1
        return Cell(text[start:end], start, end, quoted=False)
    end, parts = start + 1, []
    while True:
        close = text.find('"', end)
        if close < 0:
            line = text.count("\n", 0, start) + 1
            raise BadSheet(
                f"In '{name}' a quote that opens in line {line} does not close. Download the file again."
            )
        parts.append(text[end:close])
        end = close + 1
        if not text.startswith('"', end):
            break
        parts.append('"')
        end += 1
    after = end
    while after < len(text) and text[after] not in (separator, "\r", "\n"):
        after += 1
    return Cell("".join(parts) + text[end:after], start, after, quoted=True)
