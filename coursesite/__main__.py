"""`python -m coursesite`: write the course's site to dist/site."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from autograder.authoring.bundle import contents, write_bundle
from autograder.suite import assignments
from autograder.user_error import UserError
from coursesite import doors, lite, pages
from coursesite.labs import ASSIGNMENT, ROOT

TARGET = ROOT / "dist" / "site"
WITH_NUMPY = "The first opening loads about 40 MB; later ones take what the browser has kept."
WITHOUT_NUMPY = (
    "**This copy of the site was built without NumPy for the browser.** JupyterLab opens and keeps your work, and plain "
    "Python runs; the checks and the labs do not. Whoever builds the site adds it: `python -m coursesite --wasm-wheels PLACE`."
)


def build(target: Path = TARGET, wasm_wheels: str | None = None) -> list[str]:
    """Write the site to `target`, which takes the place of what was there.

    Returns the packages that its JupyterLab lacks: those that `wasm_wheels` would have brought (see `lite.build`).
    """
    release = lite.release()
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        source, out, files = (Path(folder, name) for name in ("source", "site", "lite"))
        files.mkdir()
        lacking = lite.build(release, files, out / "lite", wasm_wheels)
        numpy = WITHOUT_NUMPY if "numpy" in lacking else WITH_NUMPY
        lone, _ = doors.lone_files(release.files)
        names = {
            "numpy": numpy,
            "store": release.store,
            "prefix": lite.STORE,
            "lone": f"{doors.FOLDER}/{lone}",
        }
        pages.lay_out(source, names)
        pages.build(source, out)
        downloads(out)
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(out, target)
    return lacking


def downloads(out: Path) -> None:
    """Put the students' zips into the site, and what a notebook lacks that was opened alone."""
    for each in assignments():
        shutil.copy(write_bundle(each), out)
    name, content = doors.lone_files(dict(contents(ASSIGNMENT, ROOT)))
    (out / doors.FOLDER).mkdir()
    (out / doors.FOLDER / name).write_bytes(content)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m coursesite", description="Write the course's site.")
    parser.add_argument("--into", type=Path, default=TARGET, help="the folder (default: dist/site)")
    parser.add_argument(
        "--wasm-wheels",
        metavar="PLACE",
        help="the folder or https address of the distribution of Pyodide whose version is in coursesite/package.json: "
        "NumPy and matplotlib for the browser, which no package registry has",
    )
    options = parser.parse_args(arguments)
    try:
        lacking = build(options.into, options.wasm_wheels)
    except (UserError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"wrote {options.into / 'index.html'}")
    if lacking:
        print(f"Its JupyterLab has no {', '.join(sorted(lacking))}: --wasm-wheels brings them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
