"""The students' zip, unpacked into an empty folder, in an environment with its own requirements and nothing else."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from conftest import sample

from autograder.authoring.bundle import write_bundle
from autograder.authoring.fill import fill_file

pytestmark = pytest.mark.slow(110)

# Whoever asks for anything outside fails: the labs must work without a network.
OFFLINE = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The unpacked folder, installed by its start.py."""
    folder = tmp_path_factory.mktemp("student")
    shutil.unpack_archive(write_bundle(), folder)
    home = folder / "conv2d-student"
    install = [sys.executable, "start.py", "--install"]
    done = subprocess.run(install, cwd=home, env=environment(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"Ready. The environment's Python is {home}/.venv/bin/python"
    return home


def environment(home):
    """The environment variables of somebody who has only this."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER"))}
    paths = {"PATH": f"{home / '.venv/bin'}{os.pathsep}/usr/bin{os.pathsep}/bin", "HOME": str(home.parent)}
    return {**kept, **paths, "VIRTUAL_ENV": str(home / ".venv"), "PYTHONNOUSERSITE": "1"}


def run(home, folder, *command):
    """Run a command of the students' environment in one of the folders, without a network."""
    where = {"cwd": home / folder, "env": environment(home) | OFFLINE}
    return subprocess.run(command, **where, capture_output=True, text=True, check=False)


def test_the_assignment_and_every_lab_run_in_whatever_folder_the_kernel_starts_without_a_network(
    home, tmp_path
):
    """All in one kernel, which spares their imports; `services/test_every_lab.py` runs each alone."""
    (tmp_path / "perfect.py").write_text(sample("perfect"))
    own = tmp_path / "conv2d.ipynb"
    fill_file(home / "assignment/conv2d/conv2d.ipynb", tmp_path / "perfect.py", own)
    labs = sorted((home / "notebooks").glob("*.ipynb"))
    assert len(labs) >= 6
    nbformat.write(joined([own, *labs]), tmp_path / "all.ipynb")
    code = "import nbclient, nbformat; nbclient.execute(nbformat.read('all.ipynb', 4), timeout=300)"
    where = environment(home) | OFFLINE | {"CONV2D_NOTEBOOK": str(own)}
    done = subprocess.run(["python", "-c", code], cwd=tmp_path, env=where, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def joined(notebooks):
    """One notebook with the code of several."""
    cells = [cell for path in notebooks for cell in nbformat.read(path, as_version=4).cells]
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell.source) for cell in cells if cell.cell_type == "code"]
    )


def test_validation_names_what_is_not_done(home):
    said = run(home, "assignment/conv2d", "nbgrader", "validate", "conv2d.ipynb")
    assert "VALIDATION FAILED" in said.stdout.upper(), said.stderr
    assert "apply_kernel is not started yet" in said.stdout


def test_jupyterlab_shows_no_instructors_menus_and_keeps_the_validate_button(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=test"]
    log = (home / "lab.log").open("w")
    lab = subprocess.Popen(["jupyter", "lab", *options], cwd=home, env=environment(home), stderr=log)
    try:
        config = page_config(f"http://127.0.0.1:{port}/lab?token=test", deadline=time.monotonic() + 60)
    finally:
        lab.terminate()
        lab.wait()
        log.close()
    assert "@jupyter/nbgrader" in {extension["name"] for extension in config["federated_extensions"]}
    hidden = set(config["disabledExtensions"])
    assert {"@jupyter/nbgrader:formgrader", "@jupyter/nbgrader:create-assignment"} <= hidden
    assert not [name for name in hidden if "validate" in name]


def page_config(url, deadline):
    """What JupyterLab's page tells its extensions, as soon as the server answers."""
    while True:
        try:
            page = urllib.request.urlopen(url, timeout=10).read().decode()
            return json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, "JupyterLab did not start"
            time.sleep(0.3)


def test_the_environment_has_no_instructors_code(home):
    code = "import importlib.util as u; print(u.find_spec('autograder'), u.find_spec('solutions'))"
    assert run(home, ".", "python", "-c", code).stdout.split() == ["None", "None"]
    assert Path(sys.executable).parent != home / ".venv/bin"
