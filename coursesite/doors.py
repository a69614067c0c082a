"""The students' part as a repository of its own, for Binder, Colab, Codespaces and nbgitpuller.

    python -m coursesite.doors OWNER/NAME --site https://…  --out FOLDER

FOLDER is then what a branch of that repository should hold: the students' bundle, a badge for each of these doors in its README,
and a notebook that gets `checks.py` and the pictures from the site where they are not beside it, as on Colab.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import nbformat

from autograder.authoring.bundle import contents
from autograder.user_error import UserError
from coursesite.labs import ASSIGNMENT, NOTEBOOK, ROOT, lay_out

BESIDE = (
    "data/samples/digit_network.npz",
    "data/samples/mnist.npz",
)  # the pictures that the assignment shows
FOLDER = "alone"  # of the site, in which the files for a lone notebook are
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files give the same zip, whose digest the notebook knows
DEVCONTAINER = {
    "image": "mcr.microsoft.com/devcontainers/python:3.12",
    "postCreateCommand": "pip install -r requirements.txt -c constraints.txt",
    "customizations": {"vscode": {"extensions": ["ms-python.python", "ms-toolsai.jupyter"]}},
}
# The notebook's own cell that imports checks, where they may be missing and can be fetched.
IMPORTS = '''\
import numpy as np

try:
    import checks
except ModuleNotFoundError:
    def _bring(address="{address}", digest="{digest}"):
        """checks.py and the pictures of this release, from the course's site into this notebook's folder."""
        import hashlib, io, urllib.request, zipfile
        with urllib.request.urlopen(address) as answer:
            content = answer.read()
        if hashlib.sha256(content).hexdigest() != digest:
            raise ImportError(f"{{address}} is not the file that this notebook was released with: ask your instructors.")
        zipfile.ZipFile(io.BytesIO(content)).extractall()
        print(f"checks.py was not beside this notebook, and came with the pictures from {{address}}.")

    _bring()
    import checks
'''


class NotADoor(UserError):
    """What was said of the repository or the site cannot be right; the message says what."""


@dataclass(frozen=True)
class Doors:
    """Where the students' part is published.

    Attributes:
        repository: OWNER/NAME on GitHub.
        site: the address of the course's site.
        branch: the branch that holds the students' part.
        hub: the address of a JupyterHub with nbgitpuller; "" for none.
    """

    repository: str
    site: str
    branch: str = "students"
    hub: str = ""

    def badges(self) -> str:
        """One line of Markdown with a badge for each door."""
        name = self.repository.partition("/")[2]
        pull = f"repo={quote(f'https://github.com/{self.repository}', safe='')}&branch={quote(self.branch, safe='')}"
        inside = quote(f"lab/tree/{name}/{NOTEBOOK}", safe="")
        doors = [
            ("In the browser", f"{self.site}/lite/lab/index.html?path={NOTEBOOK}"),
            (
                "Binder",
                f"https://mybinder.org/v2/gh/{self.repository}/{self.branch}?urlpath={quote(f'lab/tree/{NOTEBOOK}', safe='')}",
            ),
            (
                "Colab",
                f"https://colab.research.google.com/github/{self.repository}/blob/{self.branch}/{NOTEBOOK}",
            ),
            ("Codespaces", f"https://codespaces.new/{self.repository}/tree/{self.branch}"),
            *(
                [("nbgitpuller", f"{self.hub}/hub/user-redirect/git-pull?{pull}&urlpath={inside}")]
                if self.hub
                else []
            ),
        ]
        return " ".join(
            f"[![Open: {door}](https://img.shields.io/badge/open-{quote(door)}-0072b2)]({address})"
            for door, address in doors
        )


def lone_files(files: dict[str, bytes]) -> tuple[str, bytes]:
    """The zip that a notebook alone lacks: its name, which changes with its content, and its bytes."""
    beside = {"checks.py": files[NOTEBOOK.replace(f"{ASSIGNMENT}.ipynb", "checks.py")]}
    beside |= {name: files[name] for name in BESIDE if name in files}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name, content in sorted(beside.items()):
            zipped.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    content = packed.getvalue()
    return f"{ASSIGNMENT}-{hashlib.sha256(content).hexdigest()[:8]}.zip", content


def lone_notebook(files: dict[str, bytes], site: str) -> bytes:
    """The assignment's notebook, which gets what it lacks from the site at this address."""
    name, content = lone_files(files)
    notebook = nbformat.reads(files[NOTEBOOK].decode(), as_version=4)
    (importing,) = (
        cell for cell in notebook.cells if cell.cell_type == "code" and "    import checks" in cell.source
    )
    address = f"{site}/{FOLDER}/{name}"
    importing.source = IMPORTS.format(address=address, digest=hashlib.sha256(content).hexdigest()).strip()
    return nbformat.writes(notebook).encode()


def students_repository(doors: Doors) -> dict[str, bytes]:
    """The files of the students' branch, by name."""
    files = dict(contents(ASSIGNMENT, ROOT))
    title, _, rest = files["README.md"].decode().partition("\n")
    return files | {
        "README.md": f"{title}\n\n{doors.badges()}\n{rest}".encode(),
        NOTEBOOK: lone_notebook(files, doors.site),
        ".devcontainer/devcontainer.json": json.dumps(DEVCONTAINER, indent=2).encode(),
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m coursesite.doors",
        description="Write the students' part as a repository's branch has it.",
    )
    parser.add_argument("repository", metavar="OWNER/NAME", help="the course's repository on GitHub")
    parser.add_argument("--site", required=True, metavar="ADDRESS", help="of the course's site, https://…")
    parser.add_argument(
        "--branch", default="students", help="that holds the students' part (default: %(default)s)"
    )
    parser.add_argument("--hub", default="", metavar="ADDRESS", help="of a JupyterHub that has nbgitpuller")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    given = parser.parse_args(arguments)
    try:
        if given.repository.count("/") != 1 or not all(given.repository.split("/")):
            raise NotADoor(f"{given.repository} is no OWNER/NAME, as in 'university/convolution'.")
        if not given.site.startswith("https://"):
            raise NotADoor(f"{given.site} is no address of a site: it should begin with https://.")
        doors = Doors(given.repository, given.site.rstrip("/"), given.branch, given.hub.rstrip("/"))
        lay_out(students_repository(doors), given.out)
    except (UserError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"wrote {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
