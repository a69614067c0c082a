"""The site with NumPy in it, as it is published: right answers pass all checks in the browser, and every lab runs.

Untried: NumPy for the browser comes from Pyodide's own distribution, on which no package registry has a copy. The
workflow `site` runs this on what `make site WASM_WHEELS=…` has written to dist/site.
"""

import json
from collections.abc import Iterator

import nbformat
import pytest
from browser.jupyter import OPEN, PUT, chromium
from browser.served import served
from conftest import ROOT, sample

from autograder.authoring.fill import fill
from autograder.suite import find
from coursesite.labs import NOTEBOOK

SITE = ROOT / "dist" / "site"
MINUTES = 15  # for one notebook: a hosted machine has few cores, and Python in a browser is slow
IDLE = "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
NOTE = "JSON.stringify(jupyterapp.shell.currentWidget.context.model.toJSON())"


@pytest.fixture(scope="module")
def page() -> Iterator:
    """A page of one browser, in which answers stay from notebook to notebook."""
    assert (SITE / "lite" / "static" / "pyodide" / "pyodide-lock.json").is_file(), (
        "run `make site WASM_WHEELS=…` first"
    )
    assert list((SITE / "lite" / "static" / "pyodide").glob("numpy-*.whl")), (
        "this site was built without NumPy"
    )
    with chromium() as browser, served(SITE) as address:
        context = browser.new_context(base_url=f"{address}/lite/lab/")
        context.set_default_timeout(1000 * 60 * MINUTES)
        yield context.new_page()


def run(page, path: str, source: str | None = None) -> nbformat.NotebookNode:
    """Open a notebook, put a student's functions in, if any, run all of it, and return it with its outputs."""
    page.goto(f"index.html?path={path}")
    page.wait_for_function(OPEN)
    page.wait_for_function(IDLE)
    if source:
        filled = fill(nbformat.reads(page.evaluate(NOTE), as_version=4), source)
        page.evaluate(PUT, json.loads(nbformat.writes(filled)))
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(IDLE)
    return nbformat.reads(page.evaluate(NOTE), as_version=4)


def printed(notebook: nbformat.NotebookNode) -> str:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output.evalue for output in outputs if output.output_type == "error"] == []
    return "".join(output.text for output in outputs if output.output_type == "stream")


def test_right_answers_pass_all_checks(page):
    assert "10 of 10 functions pass their checks" in printed(run(page, NOTEBOOK, sample("perfect")))


@pytest.mark.parametrize("lab", find("conv2d").labs)
def test_a_lab_runs_on_the_functions_that_were_written_in_this_browser(page, lab):
    assert "your own" in printed(run(page, f"notebooks/{lab}.ipynb"))
