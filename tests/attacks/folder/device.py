"""Submits a link to a file that never ends."""

from pathlib import Path

HONEST = 0.0


def submit(submitted, targets):
    folder = Path(targets["submission"]) / "conv2d"
    folder.mkdir(parents=True)
    (folder / "conv2d.ipynb").symlink_to("/dev/zero")
