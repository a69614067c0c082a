"""What axe finds on the page of a lab that was run: nothing of ours."""

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from browser import WCAG_AA

try:
    from axe_playwright_python.sync_playwright import Axe
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None

THEIRS = [[".jp-InputArea"]]  # the code's colours and the prompts beside it are nbconvert's own


@pytest.mark.parametrize("lab", ["kernels", "stride_and_padding"])
def test_axe_finds_nothing_on_the_page_of_a_lab(browser, tmp_path, lab):
    notebook = nbformat.read(ROOT / "notebooks" / f"{lab}.ipynb", as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    path = tmp_path / "lab.html"
    path.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    opened = context.new_page()
    opened.goto(path.as_uri(), wait_until="domcontentloaded")
    found = Axe().run(opened, context={"exclude": THEIRS}, options={"runOnly": WCAG_AA}).response
    assert len(found["passes"]) > 5
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    context.close()
