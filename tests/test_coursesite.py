"""What the course's site is made of, without building it."""

import hashlib
import re

import nbformat
import pytest
from conftest import ROOT

from coursesite import lite, pages, parcels
from coursesite.labs import NOTEBOOK
from coursesite.picture import KERNEL, WINDOW, picture


@pytest.fixture(scope="module")
def release() -> lite.Release:
    return lite.release()


def test_notebooks_for_the_browser_name_its_kernel_and_the_assignment_says_where_work_is_kept(release):
    notebooks = {
        name: nbformat.reads(content.decode(), as_version=4)
        for name, content in release.files.items()
        if name.endswith(".ipynb")
    }
    assert len(notebooks) > 6
    assert {each.metadata.kernelspec.name for each in notebooks.values()} == {"python"}
    title, said = notebooks[NOTEBOOK].cells[0].source.split("\n\n")[:2]
    assert title.startswith("# ") and said == f"> {lite.HERE_IT_IS}"
    released = nbformat.read(ROOT / NOTEBOOK, as_version=4)
    assert [cell.id for cell in notebooks[NOTEBOOK].cells] == [cell.id for cell in released.cells]
    assert [cell.source for cell in notebooks[NOTEBOOK].cells[1:]] == [
        cell.source for cell in released.cells[1:]
    ]


def test_a_release_with_another_file_has_another_store(release):
    assert re.fullmatch(r"conv2d release [0-9a-f]{8}", release.store)
    assert lite.Release(release.files | {NOTEBOOK: b"{}"}).store != release.store
    assert lite.Release(dict(release.files)).store == release.store


def entry(name: str, depends: tuple[str, ...] = ()) -> dict:
    file = f"{name}-1.0-py3-none-any.whl"
    return {"name": name, "version": "1.0", "file_name": file, "sha256": "0", "depends": list(depends)}


def test_the_lock_file_names_what_the_course_uses_and_the_registrys_wheel_where_it_is_pure(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(lite, "USED", ("plotter",))
    packages = {
        "plotter": entry("plotter", ("pure_part",)),
        "pure-part": entry("pure-part"),
        "other": entry("other"),
    }
    wheels = [tmp_path / "pure_part-2.0-py3-none-any.whl", tmp_path / "anywidget-3.0-py3-none-any.whl"]
    for wheel in wheels:
        wheel.write_bytes(wheel.name.encode())
    monkeypatch.setattr(lite, "NEEDS", {"anywidget": ["pure_part"]})
    found = lite.needed(packages, wheels)
    assert set(found) == {"plotter", "pure-part", "anywidget"}
    assert found["plotter"]["sha256"] == "0" and found["anywidget"]["imports"] == ["anywidget"]
    assert found["pure-part"]["version"] == "2.0"
    assert found["pure-part"]["sha256"] == hashlib.sha256(wheels[0].name.encode()).hexdigest()


def test_a_wheel_that_is_not_the_one_of_the_lock_file_is_refused(tmp_path):
    wheel = entry("plotter") | {"sha256": hashlib.sha256(b"right").hexdigest()}
    (tmp_path / "from").mkdir()
    for content in (b"right", b"wrong"):
        (tmp_path / "from" / wheel["file_name"]).write_bytes(content)
        if content == b"wrong":
            with pytest.raises(
                parcels.NotToBeHad, match=r"has another plotter-1\.0.*\.whl than Pyodide's lock file"
            ):
                lite._bring(str(tmp_path / "from"), wheel, tmp_path)
        else:
            lite._bring(str(tmp_path / "from"), wheel, tmp_path)
    assert (tmp_path / wheel["file_name"]).read_bytes() == b"right"


def test_links_between_documents_stay_and_others_become_the_files_names():
    text = '[wall](security.md#layers), [tried](../tests/test_wire.py "a test"), [far](https://example.org), ![p](p.png)'
    assert pages.linked(text, ROOT / "docs" / "judge.md") == (
        "[wall](security.md#layers), tried (`tests/test_wire.py`), [far](https://example.org), ![p](p.png)"
    )


def test_the_first_picture_has_a_text_and_the_number_that_its_window_makes():
    drawn = picture()
    (alt,) = re.findall(r'role="img" aria-label="([^"]+)"', drawn)
    assert "handwritten digit" in alt and str(KERNEL.tolist()) in alt
    assert "−2.94" in drawn and "-2.94" in alt and WINDOW == (13, 13)
