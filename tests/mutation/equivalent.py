"""The reviewed list of mutants that no fair test can kill, each with its reason."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True)
class Entry:
    """One `[[equivalent]]` of the list. It holds as long as the line's text stays, wherever the line moves.

    Attributes:
        file: the mutated file.
        function: the function in it.
        line: the changed line as it was, without indentation; "*" for every line of a function beyond the contract.
        becomes: what it was changed to, one text for each mutant; "*" for whatever may be done to the line.
        reason: why these are no mistakes.
    """

    file: str
    function: str
    line: str
    becomes: tuple[str, ...]
    reason: str

    def covers(self, verdict) -> bool:
        """Whether a mutant is meant."""
        piece = verdict.mutant.piece
        return (
            (self.file, self.function) == (piece.file, piece.name)
            and self.line in ("*", verdict.before)
            and ("*" in self.becomes or verdict.after in self.becomes)
        )


def entries(*files: str) -> list[Entry]:
    """The list for these mutated files; without any, the whole of it."""
    found = []
    for file, functions in tomllib.loads(LIST.read_text()).items():
        if files and file not in files:
            continue
        for function, listed in functions.items():
            for each in listed:
                becomes = each["becomes"] if isinstance(each["becomes"], list) else [each["becomes"]]
                found.append(Entry(file, function, each["line"], tuple(becomes), each["reason"]))
    return found
