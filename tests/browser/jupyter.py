"""A JupyterLab of its own, and Chromium to look at it: for the browser tests and the benchmarks."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
START_SECONDS = 90  # a loaded machine takes its time
CONNECTED = """() => {
    const kernel = globalThis.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === "connected" && kernel.status === "idle"
        && jupyterapp.commands.hasCommand("notebook:run-all-cells");
}"""
OPEN = "globalThis.jupyterapp?.shell.currentWidget?.context?.isReady === true"  # the notebook of the page
PUT = """async (notebook) => {
    const { context } = jupyterapp.shell.currentWidget;
    context.model.fromJSON(notebook);
    await context.save();
}"""
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
RUN_ALL = "jupyterapp.commands.execute('notebook:run-all-cells')"
# The first has no windows, whose making takes most of a page's time.
BROWSERS = ("chromium-headless-shell", "chromium")
QUIET = {  # settings of JupyterLab: no dialogs, nothing fetched from outside
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    "docmanager-extension/plugin": {"autosave": False},
}


class NotInstalled(Exception):
    """Something that a browser test needs is missing; the message says how to get it."""


@dataclass(frozen=True)
class Jupyter:
    """A running JupyterLab."""

    folder: Path  # what it serves; a notebook belongs below `folder / "notebooks"`
    url: str
    token: str

    def open(self, browser: Browser, notebook: nbformat.NotebookNode, **context) -> Page:
        """Return a fresh page with `notebook` open and its kernel ready; `context` goes to Playwright."""
        path = self.folder / "notebooks" / f"{secrets.token_hex(4)}.ipynb"
        notebook.metadata.setdefault("kernelspec", KERNEL)  # else JupyterLab asks which one
        nbformat.write(notebook, path)
        page = browser.new_page(**context)
        page.goto(f"{self.url}/lab/tree/notebooks/{path.name}?reset&token={self.token}")
        page.wait_for_function(CONNECTED, timeout=1000 * START_SECONDS)
        return page


def run_all(page: Page) -> None:
    """Run all cells of the open notebook, and wait until the last one is done."""
    page.evaluate(RUN_ALL)


@contextmanager
def jupyterlab(theme: str = "JupyterLab Light"):
    """A Jupyter on a free loopback port and an empty folder, with no settings but its own; ended at the end."""
    with tempfile.TemporaryDirectory(prefix="jupyterlab-") as home:
        folder = Path(home, "course")
        (folder / "notebooks").mkdir(parents=True)
        _write_settings(Path(home, "settings"), {"apputils-extension/themes": {"theme": theme}})
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        lab = Jupyter(folder, f"http://{HOST}:{port}", secrets.token_hex(16))
        log = Path(home, "log")
        with log.open("w") as output:
            process = subprocess.Popen(
                _command(lab, port), cwd=folder, env=_environment(home), stdout=output, stderr=output
            )
        try:
            _await(lab, process, log)
            yield lab
        finally:
            process.terminate()
            process.wait(30)


def _command(lab, port):
    options = {
        "ServerApp.root_dir": lab.folder,
        "ServerApp.ip": HOST,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": lab.token,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.expose_app_in_browser": True,
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


def _environment(home):
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own = {name: str(Path(home, name.lower())) for name in names}
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(Path(home, "settings"))}
    own |= {"JUPYTERLAB_WORKSPACES_DIR": str(Path(home, "workspaces"))}
    kept = {name: value for name, value in os.environ.items() if name != "CONV2D_NOTEBOOK"}
    return kept | own


def _write_settings(folder, more):
    for name, settings in (QUIET | more).items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))


def _await(lab, process, log):
    """Return when the server answers; RuntimeError with what it said when it does not."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            opener.open(f"{lab.url}/api?token={lab.token}", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@contextmanager
def chromium():
    """A headless Chromium, the system's own; NotInstalled where there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise NotInstalled("There is no Chromium here: run `make test-all`, which installs it.")
    quiet = ["--disable-quic", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *quiet])
        try:
            yield browser
        finally:
            browser.close()
