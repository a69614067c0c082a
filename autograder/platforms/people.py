"""Who somebody is on a platform, and who is the same one in another of its files: by id, then login, then name."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 100  # characters of a folder's name; nbgrader takes 128
LONGEST_BYTES = 200  # file systems take 255
# Letters of other alphabets that look like a Latin one: those of Unicode's list of confusables that people have on keyboards.
_LATIN = str.maketrans("аеорсухіјѕһԁԛԝкмтвнзοαρνικτυχε", "aeopcyxijshdqwkmtbh3oapviktuxe")


@dataclass(frozen=True)
class Person:
    """One student, as one file of a platform has them. What the file does not say is empty.

    Attributes:
        id: the platform's own number for the student.
        login: what they log in with.
        email: their address.
        name: "Ada Lovelace".
        other_ids: numbers of the university's own.
    """

    id: str = ""
    login: str = ""
    email: str = ""
    name: str = ""
    other_ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name or self.login or self.email or self.id

    @property
    def first_and_last(self) -> tuple[str, str]:
        first, _, last = self.name.rpartition(" ")
        return first, last


def full_name(text: str) -> str:
    """A name in the order in which it is spoken: "Ada Lovelace" of "Lovelace, Ada"."""
    last, comma, first = text.partition(",")
    return " ".join((f"{first} {last}" if comma else text).split())


def name_key(name: str) -> str:
    """Equal for two spellings of one name: letters and digits alone, in any case and Unicode form."""
    plain = unicodedata.normalize("NFKC", full_name(name)).casefold()
    return "".join(character for character in plain if character.isalnum())


def look_alike_key(name: str) -> str:
    """Equal for names that a person reading a list would mix up: in another order, without accents, too."""
    words = unicodedata.normalize("NFKD", full_name(name).casefold()).translate(_LATIN)
    plain = "".join(letter for letter in words if not unicodedata.combining(letter))
    return "".join(sorted(re.findall(r"\w+", plain)))


def cleaned(name: str) -> str:
    """What is left of a name when a spreadsheet, a platform and a reader have had it.

    Equal for names that differ in case, in blanks, in signs that nobody sees, in Unicode form, by the apostrophe that keeps a
    spreadsheet from a formula, or by a letter that looks like another.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(
        c for c in plain if not c.isspace() and c.isprintable() and unicodedata.category(c) != "Mn"
    )
    return seen.lstrip("'").translate(_LATIN)


def mixed_up(names: Iterable[str]) -> list[list[str]]:
    """The names of which several come out the same when they are cleaned."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[cleaned(name)].append(name)
    return [sorted(group) for group in groups.values() if len(group) > 1]


def folder_name(person: Person) -> str:
    """A name for the student's folder that every file system and nbgrader's pages take."""
    known = person.login or person.email or "_".join(filter(None, (person.name, person.id)))
    text = unicodedata.normalize("NFC", known.encode("utf-8", "replace").decode())
    text = "".join(c if c.isprintable() and c not in '<>"\\/:|?*' else "_" for c in text)
    short = text[:LONGEST].encode()[:LONGEST_BYTES].decode("utf-8", "ignore")
    return re.sub(r"^[.\s]+|[.\s]+$", "", short) or "_"


class People:
    """The students of one file, to find those of another one among.

    Args:
        people: by a key of the caller's: a folder's name, the number of a row.
    """

    def __init__(self, people: Mapping[Any, Person]):
        self._people = people
        self._keys: list[dict[str, set[object]]] = [defaultdict(set) for _ in range(3)]
        for key, person in people.items():
            for found, texts in zip(self._keys, _texts(person), strict=True):
                for text in texts:
                    found[text].add(key)

    def find(self, person: Person) -> tuple[object | None, bool]:
        """The key of the same person, and whether there were several.

        The first of id, login and name on which anybody agrees decides; several who agree are nobody. Two of one name
        whose ids, logins or addresses differ are not the same.
        """
        for level, (found, texts) in enumerate(zip(self._keys, _texts(person), strict=True)):
            keys = set().union(*(found.get(text, ()) for text in texts))
            keys = {key for key in keys if not _differ(self._people[key], person, by_name=level == 2)}
            if keys:
                return (keys.pop(), False) if len(keys) == 1 else (None, True)
        return None, False


def _differ(one: Person, other: Person, *, by_name: bool) -> bool:
    pairs = [(one.id, other.id)]
    if by_name:
        pairs += [(one.login, other.login), (one.email, other.email)]
    return any(a and b and a.casefold() != b.casefold() for a, b in pairs)


def _texts(person: Person) -> tuple[set[str], set[str], set[str]]:
    """What somebody is recognized by: ids, logins, names."""
    ids = {person.id, *person.other_ids} - {""}
    logins = {person.login.casefold(), person.email.casefold()} - {""}
    return ids, logins, {name_key(person.name)} - {""}


def look_alikes(people: Iterable[Person]) -> list[list[Person]]:
    """Those whose names, or else logins, are easily mixed up."""
    groups: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        groups[look_alike_key(str(person))].append(person)
    return [group for key, group in groups.items() if key and len(group) > 1]
