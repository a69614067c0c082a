"""Runs labs without Jupyter's kernel, which needs threads: `python -m coursesite.run BUNDLE OUT LAB…`.

Each lab runs in a process that is forked for it, in the bundle's folder `notebooks`, by IPython and under
`in_browser`; its executed notebook is written to OUT. A cell that fails ends everything, with its traceback.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import matplotlib.figure
import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from coursesite.in_browser import in_browser


class Outputs(list):
    """The outputs of a cell in the order in which they came; a file, too, to which the cell prints."""

    def write(self, text: str) -> int:
        if self and self[-1].output_type == "stream":
            self[-1].text += text
        elif text:
            self.append(nbformat.v4.new_output("stream", name="stdout", text=text))
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


class Recorder:
    """An IPython whose cells leave their outputs as nbformat has them."""

    def __init__(self) -> None:
        self.outputs = Outputs()
        self._shell = InteractiveShell.instance(displayhook_class=_Hook, display_pub_class=_Publisher)
        self._shell.display_pub.recorder = self._shell.displayhook.recorder = self

    def run(self, cell: nbformat.NotebookNode) -> None:
        """Run a code cell, and put its outputs into it. Raises what it raises."""
        self.outputs = cell.outputs = Outputs()
        printed, sys.stdout = sys.stdout, self.outputs
        try:
            result = self._shell.run_cell(cell.source, store_history=True)
        finally:
            sys.stdout = printed
        cell.execution_count = result.execution_count
        if not result.success:
            print("".join(output.text for output in cell.outputs if output.output_type == "stream"))
            result.raise_error()

    def show(self, kind: str, data: dict[str, Any], metadata: dict[str, Any] | None, **more: Any) -> None:
        """Add what is displayed to the outputs of the cell that runs; of a widget, its still picture alone."""
        shown = {name: value for name, value in data.items() if isinstance(value, str)}
        self.outputs.append(nbformat.v4.new_output(kind, data=shown, metadata=metadata or {}, **more))


class _Publisher(DisplayPublisher):
    recorder: Recorder

    def publish(self, data: dict[str, Any], metadata: dict[str, Any] | None = None, **_: Any) -> None:
        self.recorder.show("display_data", data, metadata)


class _Hook(DisplayHook):
    recorder: Recorder

    def __call__(self, result: Any = None) -> None:
        if result is None or self.quiet():
            return
        data, metadata = self.compute_format_data(result)
        self.update_user_ns(result)
        self.recorder.show("execute_result", data, metadata, execution_count=self.shell.execution_count)


def run_lab(bundle: Path, name: str, out: Path) -> None:
    """Execute one lab of the bundle, in this process, and write it to the folder `out`."""
    os.chdir(bundle / "notebooks")
    notebook = nbformat.read(f"{name}.ipynb", as_version=4)
    recorder = Recorder()
    with in_browser():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                recorder.run(cell)
    unfinished = out / f"{name}.part"
    nbformat.write(notebook, unfinished)
    unfinished.replace(out / f"{name}.ipynb")


def _run_and_leave(bundle: Path, name: str, out: Path) -> NoReturn:
    try:
        run_lab(bundle, name, out)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main(bundle: str, out: str, *labs: str) -> int:
    matplotlib.use("agg")
    sys.path[:] = [
        path for path in sys.path if path and Path(path).resolve() != Path.cwd()
    ]  # the bundle is complete
    for name in labs:
        child = os.fork()
        if child == 0:
            _run_and_leave(Path(bundle), name, Path(out))
        if os.waitpid(child, 0)[1]:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
