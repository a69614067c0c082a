"""Gradescope: the zip of "Download Submissions" of a programming assignment.

A folder for each submission, `submission_123456`, and beside them `submission_metadata.yml`: who submitted it (several
for a group, who share it), with name, e-mail and the university's number, and when. It is written by Ruby, whose keys
begin with a colon and whose times may be objects.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo

import yaml

from autograder.platforms.attempt import Attempt
from autograder.platforms.download import BadDownload, Entry
from autograder.platforms.people import Person, full_name
from autograder.platforms.times import parse_time

TITLE = "Gradescope"
METADATA = "submission_metadata.yml"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Plain values; Ruby's objects become what they hold. With libyaml, where it is: these files have megabytes."""


def _plain(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else node.value


_Loader.add_multi_constructor("!ruby/", _plain)


def owns(path: tuple[str, ...]) -> bool:
    """Whether Gradescope names folders like this."""
    return path[-1] == METADATA or any(re.fullmatch(r"submission_\d+", part) for part in path[:-1])


def find_attempts(entries: Sequence[Entry], assignment: str, zone: tzinfo | None) -> list[Attempt]:
    """One for each submitter: the download holds the active submission alone."""
    found = [entry for entry in entries if entry.name == METADATA]
    if not found:
        return []
    metadata = min(found, key=lambda entry: len(entry.path))  # a student may have handed in another
    files: dict[str, list[Entry]] = defaultdict(list)
    depth = len(metadata.path)  # the submissions' folders lie beside it
    for entry in entries:
        if len(entry.path) > depth:
            files[entry.path[depth - 1]].append(entry.at(*entry.path[depth:]))
    return [
        Attempt(person, tuple(files[folder]), time=_time(about.get(":created_at"), zone))
        for folder, about in _read(metadata).items()
        for person in _submitters(about)
    ]


def _read(metadata: Entry) -> dict[str, dict]:
    try:
        # A loader of our own that makes plain values alone.
        read = yaml.load(metadata.content(), Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadDownload(
            f"{METADATA} cannot be read: {str(error).splitlines()[0]}. Download it again."
        ) from None
    if not isinstance(read, dict):
        raise BadDownload(f"{METADATA} is not a list of submissions. Download it again.")
    return {str(folder): about for folder, about in read.items() if isinstance(about, dict)}


def _submitters(about: dict) -> list[Person]:
    people = about.get(":submitters")
    return [
        Person(
            email=str(each.get(":email") or ""),
            name=full_name(str(each.get(":name") or "")),
            other_ids=tuple(str(number) for number in [each.get(":sid")] if number),
        )
        for each in (people if isinstance(people, list) else [])
        if isinstance(each, dict)
    ]


def _time(value: object, zone: tzinfo | None) -> datetime | None:
    if isinstance(value, dict):
        value = value.get("utc") or value.get("time")
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
    return parse_time(value, zone) if isinstance(value, str) and not isinstance(value, date) else None
