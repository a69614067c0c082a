"""Submits a folder that is a link to another student's."""

from pathlib import Path

HONEST = 0.0


def submit(submitted, targets):
    student = Path(targets["submission"])
    student.mkdir(parents=True)
    (student / "conv2d").symlink_to(Path(targets["neighbour"]).parent, target_is_directory=True)
