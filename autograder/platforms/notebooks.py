"""Which of the files that somebody handed in is the notebook: under any sensible name, in a zip, but never by a guess."""

import re

from autograder.platforms.download import Entry, unpacked

# What browsers, Jupyter and Colab make of `conv2d.ipynb` when they copy it, and what people do.
_COPY = re.compile(
    # It begins where a row of them does, so that none is looked at twice.
    r"(?<![\s_-])[\s_-]*(\(\d+\)|copy\s*\d*|kopie|copie|[-_]\d+|[-_ ]v?\d+|final|solution)$",
    re.IGNORECASE,
)
MOST_COPIES = 10  # of copies
_COPY_OF = re.compile(r"^(copy of|kopie von|copie de)\s+", re.IGNORECASE)
_ENDING = re.compile(r"\.ipynb(\.(txt|json|html?))?$", re.IGNORECASE)


class NoNotebook(Exception):
    """There is none, or it is not clear which one; the message says what was found."""


def find_notebook(files: tuple[Entry, ...], assignment: str) -> Entry:
    """The notebook of the assignment; the one that was handed in last of several that are called like it.

    Raises `NoNotebook`.
    """
    found = unpacked(files)
    notebooks = [entry for entry in found if _ENDING.search(entry.name)]
    # Those that are called exactly so, then those whose name has the assignment's in it, then a single one.
    named = [entry for entry in notebooks if plain_name(entry.name) == plain_name(assignment)]
    named = named or [entry for entry in notebooks if plain_name(assignment) in plain_name(entry.name)]
    if named:
        return _newest(named)
    if len(notebooks) == 1:
        return notebooks[0]
    if notebooks:
        raise NoNotebook(f"{len(notebooks)} notebooks, none of them called {assignment}.ipynb")
    endings = sorted({entry.name.rpartition(".")[2].casefold()[:10] for entry in found if "." in entry.name})
    raise NoNotebook(f"only files of these kinds: {', '.join(endings)}" if endings else "no file")


def _newest(named: list[Entry]) -> Entry:
    """The last one by time of change, where all have one; of equal ones the last in the platform's order."""
    times = [entry.modified for entry in named if entry.modified]
    if len(times) < len(named):
        return named[-1]
    return named[max(range(len(named)), key=lambda place: (times[place], place))]


def plain_name(name: str) -> str:
    """A notebook's name without its ending and what a copy adds to it.

    >>> plain_name("Kopie von Conv2D (1).ipynb") == plain_name("conv2d-Copy1.ipynb") == "conv2d"
    True
    """
    text = _COPY_OF.sub("", _ENDING.sub("", name).strip())
    for _ in range(MOST_COPIES):
        text = _COPY.sub("", text) or text
    return re.sub(r"[\s_-]", "", text).casefold()
