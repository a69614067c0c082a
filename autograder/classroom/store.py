"""Keeps finished reports, so that a run which is stopped goes on, and a second run grades only what changed.

One small file for each report, named by the hash of everything that the report depends on. A file is there as a
whole or not at all (it is renamed into place), so that a run may be killed at any moment; one that is damaged
all the same, by a power cut or by hand, counts as missing. The folder can be deleted at any time.
"""

import dataclasses
import hashlib
import json
import os
from pathlib import Path

from autograder.classroom.private import open_private, private_folder
from autograder.classroom.results import BadResults, report_from
from autograder.classroom.version import version
from autograder.grading.report import Report
from autograder.grading.submission import GradingLimits
from autograder.judge.hidden import Key


class ReportStore:
    """The reports that were made under one version of an assignment, one key, these limits and this isolation.

    Args:
        folder: where the files lie, for this account alone: who could write there could give points. Raises `NotPrivate`.
        limits: of each submission. Whether weak isolation was allowed is one of them.
        layers: what the student code is isolated by; a report says so, hence it is part of its name.
        key: what the hidden inputs follow from; its fingerprint alone is part of the name.
    """

    def __init__(self, folder: Path, limits: GradingLimits, layers: tuple[str, ...], key: Key):
        private_folder(folder)
        self._folder = folder
        self._conditions = [dataclasses.asdict(limits), list(layers), key.fingerprint]

    def name(self, assignment: str, digest: str) -> str:
        """The name of a notebook's report, from the notebook's own SHA-256. Whose it is makes no difference."""
        grades = dataclasses.asdict(version(assignment))
        everything = json.dumps([grades, *self._conditions, assignment, digest], sort_keys=True)
        return hashlib.sha256(everything.encode()).hexdigest()

    def get(self, name: str, student: str) -> Report | None:
        """The report of that name, made out to this student; None where there is none that can be used."""
        try:
            report = report_from(json.loads(self._path(name).read_bytes()))
        except (OSError, ValueError, RecursionError, BadResults):
            return None
        return dataclasses.replace(report, student=student)

    def put(self, name: str, report: Report) -> None:
        """Keeps a report. Only one run at a time writes to a folder (see `lock`)."""
        path = self._path(name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        # Always the same name: a killed run leaves one such file, and the next takes it.
        part = self._folder / "unfinished.part"
        with os.fdopen(open_private(part, os.O_WRONLY | os.O_TRUNC), "w", encoding="utf-8") as file:
            file.write(json.dumps(report.to_json()))  # `json.dump` would not use its encoder in C
        part.replace(path)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name[2:]}.json"
