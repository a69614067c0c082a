"""Whether a folder is laid out for grading, or is what a learning platform gave: then nobody is graded 0, but told the command."""

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from autograder.platforms import folders
from autograder.platforms.download import is_junk
from autograder.sandbox.text import plain_text
from autograder.user_error import UserError

LOOKED_INTO = 5  # files of a student; their names tell the platform
FEW = 3  # students who misplaced their notebooks; more than half of a class did not


class NoSubmissions(UserError):
    """The folder cannot be graded; the message says why and what to do, in one line."""


class Placed(Protocol):
    """A submission, as far as its place goes."""

    @property
    def folder(self) -> Path: ...


def refuse_other_layouts(found: Sequence[Placed], submitted: Path, assignment: str) -> None:
    """Raises `NoSubmissions` where most of a class lies elsewhere than at <student>/<assignment>/<assignment>.ipynb.

    Args:
        found: what is taken for submissions.
    """
    right = sum(os.path.lexists(each.folder / f"{assignment}.ipynb") for each in found)
    wrong = len(found) - right
    if found and wrong <= right:
        return
    from autograder.platforms.dialects import platform_of  # takes a while, and most classes need it not

    paths = list(_paths(submitted))
    platform = platform_of(paths) if paths else folders
    if platform is folders and wrong < FEW:
        return
    seen = next((path for path in paths if platform.owns(path)), ("",))
    example = plain_text("/".join(seen), 100)
    to = "submitted" if submitted.resolve() != Path("submitted").resolve() else "collected"
    what = (
        f"looks like {platform.TITLE}"
        if platform is folders
        else f"looks like the download of {platform.TITLE}"
    )
    raise NoSubmissions(
        f"'{submitted}' {what} ('{example}'), not like <student>/{assignment}/{assignment}.ipynb. Nobody was graded. Take "
        f"it in with: python -m autograder collect '{submitted}' --assignment {assignment} --to {to}"
    )


def _paths(folder: Path) -> Iterator[tuple[str, ...]]:
    """The first files of each student, as a download would list them."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if is_junk((entry.name,)) or entry.is_symlink():
            continue
        if not entry.is_dir():
            yield (entry.name,)
            continue
        try:
            with os.scandir(entry.path) as inner:
                yield from ((entry.name, each.name) for each in itertools.islice(inner, LOOKED_INTO))
        except OSError:
            continue
