"""Canvas: the zip of "Download Submissions" and its way back.

Names of files are those of `lib/content_zipper.rb` in instructure/canvas-lms: the sortable name in lower case without what is no
letter, digit or underscore, `LATE` where it was, the user's number, the attachment's, the file's own name. Where an
assignment is anonymous, `anon_` and a code stand for name and user. There are no times of submission in it: the zip's
own are those of the download. Feedback goes back under the same name ("Upload Submissions"): the importer
(`infer_comment_context_from_filename` in `app/models/assignment.rb`) takes the first two parts between underscores that
are numbers, or the two that follow `anon`.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from autograder.platforms.attempt import Attempt
from autograder.platforms.download import Entry
from autograder.platforms.people import Person

TITLE = "Canvas"

_NAMED = re.compile(r"(?P<name>\w*?)_(?P<late>LATE_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)")
_ANONYMOUS = re.compile(
    r"(?P<name>)(?P<late>LATE_)?anon_(?P<user>[A-Za-z0-9]+)_(?P<attachment>\d+)_(?P<file>.+)"
)


def owns(path: tuple[str, ...]) -> bool:
    """Whether Canvas names files like this."""
    return _match(path[-1]) is not None


def _match(name: str) -> re.Match[str] | None:
    return _ANONYMOUS.fullmatch(name) or _NAMED.fullmatch(name)


def find_attempts(entries: Sequence[Entry], assignment: str, zone: tzinfo | None) -> list[Attempt]:
    """One for each user: the download holds what counts, in one or several files."""
    of_user: dict[str, list[tuple[re.Match[str], Entry]]] = defaultdict(list)
    for entry in entries:
        if found := _match(entry.name):
            of_user[found["user"]].append((found, entry))
    return [_attempt(found) for found in of_user.values()]


def _attempt(found: list[tuple[re.Match[str], Entry]]) -> Attempt:
    # Attachments are numbered as they are uploaded: the newest comes last.
    found.sort(key=lambda pair: int(pair[0]["attachment"]))
    newest, _ = found[-1]
    return Attempt(
        Person(id=newest["user"], name=newest["name"]),
        # The zip's times are those at which Canvas packed it.
        tuple(replace(entry, path=(match["file"],), modified=None) for match, entry in found),
        late=any(match["late"] for match, _ in found),
        number=int(newest["attachment"]),
        feedback=newest.string[: newest.start("file")],
    )
