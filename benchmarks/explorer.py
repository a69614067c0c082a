"""`python -m benchmarks.explorer`: from a key press in the kernel explorer to the painted picture.

A real JupyterLab opens the lab notebook and runs it on a right student's conv2d; headless Chromium presses keys.
The clock starts with the browser's own time stamp of the key and stops in the first task after the frame that
shows the new response. Each press is told apart from the last by the pixels of the response's canvas.

A weight's and a slider's next steps are asked for ahead: the student's conv2d has answered them before the key is pressed.
The last scene is the way to Python and back, which a change that nobody could foresee has to go. It takes longer while keys
come in quick succession, through no fault of the explorer: Jupyter's server leaves Nagle's algorithm on, which holds an
answer back until the browser has acknowledged the message before it (that the kernel is busy).
"""

import os
import platform
import statistics
import sys

import nbformat
import numpy as np

from autograder.authoring.fill import fill
from tests.browser.jupyter import ROOT, NotInstalled, chromium, jupyterlab, run_all

PRESSES = 60  # of each kind, after the first few, which only warm up
WARM_UP = 5
WEIGHT, CHANGES = "weight in row 1, column 1 ", ("PageUp", "PageDown")
SCENES = {  # the picture set, the kernel's size, where the keys go, the keys, and milliseconds between them
    "a weight, digit, 3 × 3": ("digits", "3", WEIGHT, CHANGES, 300),
    "the stride, digit, 3 × 3": ("digits", "3", "stride", ("ArrowRight", "ArrowLeft"), 300),
    "a weight, colour photo, 5 × 5": ("photos", "5", WEIGHT + "red", CHANGES, 300),
    "a weight, digit, in quick succession": ("digits", "3", WEIGHT, CHANGES, 100),
    "another kernel, not foreseen": ("digits", "3", "kernel", ("ArrowDown", "ArrowUp"), 300),
}
WATCH = """root => {
    const painted = [];
    let pressed = 0;
    root.addEventListener("keydown", event => { pressed = event.timeStamp; }, true);
    const channel = new MessageChannel();  // its task runs right after the frame
    channel.port1.onmessage = () => painted.push(performance.now() - pressed);
    new MutationObserver(() => requestAnimationFrame(() => channel.port2.postMessage(null)))
        .observe(root, {attributeFilter: ["data-serial"]});
    globalThis.painted = painted;
}"""
PIXELS = "root => root.querySelectorAll('canvas')[1].toDataURL()"


def main() -> int:
    try:
        with jupyterlab() as lab, chromium() as browser:
            times = measure(lab, browser)
    except NotInstalled as reason:
        print(reason, file=sys.stderr)
        return 2
    print(f"From key press to painted picture, on {machine()}:")
    for scene, milliseconds in times.items():
        median, late = statistics.median(milliseconds), np.percentile(milliseconds, 95)
        print(f"  {scene:36} median {median:5.1f} ms   p95 {late:5.1f} ms   {len(milliseconds)} key presses")
    return 0


def measure(lab, browser) -> dict[str, list[float]]:
    """Milliseconds of each press, by scene."""
    put_student_notebook(lab.folder)
    page = lab.open(browser, nbformat.read(ROOT / "notebooks" / "kernel_explorer.ipynb", as_version=4))
    run_all(page)
    explorer = page.locator(".kx").first
    explorer.wait_for()
    said = page.locator(".jp-OutputArea").first.text_content()
    if "conv2d: your own" not in said:
        raise RuntimeError(f"The lab does not work on the student's own conv2d: {said}")
    explorer.evaluate(WATCH)
    return {name: press_keys(page, explorer, *scene) for name, scene in SCENES.items()}


def press_keys(page, explorer, pictures, size, place, keys, pause) -> list[float]:
    """Set the scene and press the keys in turns, each when the last one's picture is there."""
    explorer.get_by_label("pictures").select_option(pictures)
    explorer.get_by_label("size").select_option(size)
    explorer.get_by_label(place.strip(), exact=True).focus()
    page.wait_for_timeout(500)
    before = explorer.evaluate(PIXELS)
    page.evaluate("painted.length = 0")
    for number in range(WARM_UP + PRESSES):
        page.keyboard.press(keys[number % 2])
        page.wait_for_function("count => painted.length === count", arg=number + 1)
        after = explorer.evaluate(PIXELS)
        if after == before:
            raise RuntimeError(f"The picture did not change at key press {number}.")
        before = after
        page.wait_for_timeout(pause)
    return page.evaluate("painted")[WARM_UP:]


def put_student_notebook(folder) -> None:
    """Put a right student's notebook where the labs look for it."""
    released = ROOT / "assignment" / "conv2d"
    notebook = nbformat.read(released / "conv2d.ipynb", as_version=4)
    home = folder / "assignment" / "conv2d"
    home.mkdir(parents=True)
    (home / "checks.py").write_bytes((released / "checks.py").read_bytes())
    nbformat.write(
        fill(notebook, (ROOT / "demo" / "samples" / "perfect.py").read_text()), home / "conv2d.ipynb"
    )


def machine() -> str:
    """What the figures hold for."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
