"""Which cells of an assignment's notebooks are the kit's own: those that students were given and have not changed.

They are known by the hashes of their text, in `released.txt` in the assignment's folder, so that an installed kit knows
them too. A release adds its cells and takes none away: submissions of earlier releases are graded as before.
"""

import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

from autograder.suite import suite_folder

FILE = "released.txt"
HEAD = "# The kit's own cells, of this release and earlier ones, as hashes. 'make release' adds to it.\n"


def digest(source: str) -> str:
    """What a cell's text is known by; white space at the ends of lines, which editors change, does not count."""
    text = "\n".join(line.rstrip() for line in source.strip().splitlines())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@functools.cache
def released_cells(assignment: str) -> frozenset[str]:
    """The digests of all cells that were ever given to students. Raises `SuiteError`."""
    file = suite_folder(assignment) / FILE
    lines = file.read_text().splitlines() if file.is_file() else []
    return frozenset(line for line in lines if not line.startswith("#"))


def add(file: Path, sources: Iterable[str]) -> None:
    """Adds the cells of a release to an assignment's file; writes nothing where all are known."""
    lines = file.read_text().splitlines(keepends=True) if file.is_file() else [HEAD]
    known = {line.strip() for line in lines}
    new = dict.fromkeys(digest(source) for source in sources)
    added = [f"{each}\n" for each in new if each not in known]
    if added:
        file.write_text("".join([*lines, *added]))
