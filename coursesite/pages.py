"""The site's pages: their sources laid out for Sphinx, then built.

Documents of the kit become pages as they are, in the places that they have in the kit, so that links between them
lead to pages. A link to a file that is no page, such as a test, becomes the file's name.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from autograder.authoring.text import filled, naming
from autograder.suite import assignments, find
from autograder.user_error import UserError
from coursesite import parcels
from coursesite.labs import ASSIGNMENT, ROOT, executed
from coursesite.picture import picture

HERE = Path(__file__).resolve().parent
PLACES = {  # where a source page stands; the others are at the top
    "labs.md": "labs/index.md",
    "vocabulary.md": "reference/vocabulary.md",
    "reference.md": "reference/conv2d.md",
}
DOCUMENTS = ("docs/*.md", "docs/*.png", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md")
LINK = re.compile(
    r'(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?(?: "(?P<title>[^"]*)")?\)'
)


class SiteFails(UserError):
    """Something that builds a part of the site is not content; the message has what it said."""


def lay_out(source: Path, names: dict[str, str]) -> None:
    """Write all that Sphinx reads to the folder `source`; `names` stand between two @ in the pages' texts."""
    shutil.copytree(HERE / "pages", source, ignore=shutil.ignore_patterns("*.md"))
    names = naming(find(ASSIGNMENT)) | names | {"labs": "\n".join(find(ASSIGNMENT).labs)}
    for path in (HERE / "pages").glob("*.md"):
        _write(source / PLACES.get(path.name, path.name), filled(path.read_text(encoding="utf-8"), names))
    for path in sorted(path for pattern in DOCUMENTS for path in ROOT.glob(pattern)):
        _place(path, source / path.relative_to(ROOT))
    (source / "picture.svg").write_text(picture(), encoding="utf-8")
    mathjax = source / "_static" / "mathjax" / "tex-svg.js"
    mathjax.parent.mkdir()
    shutil.copy(parcels.npm_packages() / parcels.MATHJAX, mathjax)
    _lay_out_notebooks(source)


def _lay_out_notebooks(source: Path) -> None:
    for name, notebook in executed(find(ASSIGNMENT).labs).items():
        nbformat.write(notebook, source / "labs" / f"{name}.ipynb")
    (source / "assignment").mkdir()
    for name in assignments():
        assignment = nbformat.read(ROOT / "assignment" / name / f"{name}.ipynb", as_version=4)
        nbformat.write(assignment, source / "assignment" / f"{name}.ipynb")


def _place(path: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if path.suffix == ".md":
        _write(target, linked(path.read_text(encoding="utf-8"), path))
    else:
        shutil.copy(path, target)


def linked(text: str, path: Path) -> str:
    """A document's text in which a link to a file of the kit that is no page of the site is the file's name."""
    pages = {each.resolve() for pattern in DOCUMENTS for each in ROOT.glob(pattern)}

    def replaced(link: re.Match[str]) -> str:
        target = link["target"]
        if ":" in target or (path.parent / target).resolve() in pages:
            return link[0]
        name = (path.parent / target).resolve().relative_to(ROOT).as_posix()
        return f"{link['text']} (`{name}`)"

    return LINK.sub(replaced, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def build(source: Path, out: Path) -> None:
    """Let Sphinx write the pages to the folder `out`. SiteFails with its warnings where it has any."""
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        "-d",
        str(source / ".doctrees"),
    ]
    settings = os.environ | {"COURSESITE_KIT": str(ROOT), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [*command, str(source), str(out)], env=settings, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise SiteFails(f"Sphinx is not content with the pages:\n{ran.stderr[-5000:]}")
    (out / "_static" / "webpack-macros.html").unlink(missing_ok=True)  # the theme's template, and no page
