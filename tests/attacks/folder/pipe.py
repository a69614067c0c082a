"""Submits a named pipe, from which a reader would wait for ever."""

import os
from pathlib import Path

HONEST = 0.0


def submit(submitted, targets):
    folder = Path(targets["submission"]) / "conv2d"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "conv2d.ipynb")
    os.mkfifo(folder / "timestamp.txt")
