"""Which platform a download comes from: the first whose names of files it has."""

import itertools
from collections.abc import Sequence
from datetime import tzinfo

from autograder.platforms import (
    blackboard,
    brightspace,
    canvas,
    exchange,
    folders,
    gradescope,
    moodle,
)
from autograder.platforms.attempt import Attempt, Platform
from autograder.platforms.download import BadDownload, Entry

# Plain folders last: everything is one.
PLATFORMS: tuple[Platform, ...] = (gradescope, exchange, moodle, brightspace, blackboard, canvas, folders)
# By the names of their modules, for whoever says which one it is.
NAMED: dict[str, Platform] = {
    platform.__name__.rpartition(".")[2]: platform  # type: ignore[attr-defined]  # they are modules
    for platform in PLATFORMS
}


def recognize(
    entries: Sequence[Entry], assignment: str, zone: tzinfo | None = None
) -> tuple[Platform, list[Attempt]]:
    """The platform, and what was handed in. Raises `BadDownload` where there is nothing."""
    platform = platform_of([entry.path for entry in entries])
    if platform is folders:
        entries = folders.without_wrapper(entries)
    if attempts := platform.find_attempts(entries, assignment, zone):
        return platform, attempts
    raise BadDownload(
        f"There is no submission of '{assignment}' in it. It may be the zip of submissions of Canvas, Moodle, Blackboard, "
        "Brightspace or Gradescope, the inbound folder of an nbgrader exchange, or a folder for each student."
    )


def platform_of(paths: Sequence[tuple[str, ...]]) -> Platform:
    """The first platform that names at least half of what lies on top like this.

    Names inside are students': one of them may have handed in what looks like another platform's download.
    """
    folders_of = zip(*(path[:-1] for path in paths), strict=False)
    wrappers = sum(1 for _ in itertools.takewhile(lambda names: len(set(names)) == 1, folders_of))
    tops = {path[wrappers] for path in paths}
    for platform in PLATFORMS:
        own = {path[wrappers] for path in paths if platform.owns(path)}
        if own and 2 * len(own) >= len(tops):
            return platform
    return folders
