"""A watch for real: killed in the middle of grading, and in an exchange of nbgrader's from hand-in to the student's page."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from conftest import ROOT, cells_notebook
from courses import nbgrader
from test_class import PAD

SLOW = "import time\ntime.sleep(3)"


def start(course: Path, *options: str, folder: Path = Path("in")) -> subprocess.Popen:
    command = [
        sys.executable,
        "-m",
        "autograder",
        "watch",
        folder,
        "--every",
        "0.2",
        "--pause",
        "0",
        *options,
    ]
    with (course / "log").open("a") as log:
        return subprocess.Popen(
            command, cwd=course, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )


def wait_for(condition: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def lines(path: Path) -> list[dict]:
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def test_a_watch_that_is_killed_in_the_middle_loses_nothing_and_grades_nothing_twice(tmp_path, give_key):
    give_key(tmp_path)

    def hand_in(student: str, *sources: str) -> None:
        path = tmp_path / "in" / student / "conv2d.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cells_notebook(*sources))

    taken, attempts = (
        tmp_path / "results/conv2d.watch/taken.jsonl",
        tmp_path / "results/conv2d.attempts.jsonl",
    )
    (tmp_path / "solutions").symlink_to(ROOT / "solutions")
    hand_in("ada", PAD)
    hand_in("slow", PAD, SLOW)
    watch = start(tmp_path, "--tell", "page", "--jobs", "2")
    wait_for(lambda: any(line["student"] == "ada" for line in lines(attempts)) and len(lines(taken)) == 2)
    watch.kill()  # while the slow one is graded
    watch.wait()
    assert [line["student"] for line in lines(attempts)] == ["ada"]
    hand_in("ada", PAD, "# mended")
    hand_in("eve", PAD, "import os\nos._exit(3)")
    watch = start(tmp_path, "--tell", "page", "--jobs", "2")
    wait_for(lambda: len(lines(taken)) == 4)
    watch.kill()  # while what is new is graded
    watch.wait()
    watch = start(tmp_path, "--tell", "page", "--jobs", "2")
    wait_for(lambda: len(lines(attempts)) == 4)
    wait_for(lambda: len(list(tmp_path.glob("feedback/*/conv2d/conv2d.html"))) == 3)
    watch.send_signal(signal.SIGTERM)
    assert watch.wait() == 0
    watch = start(tmp_path, "--once")
    assert watch.wait() == 0

    graded = Counter((line["student"], line["submission"]) for line in lines(attempts))
    assert graded == Counter((line["student"], line["submission"]) for line in lines(taken))
    assert sorted(Counter(student for student, _ in graded).items()) == [("ada", 2), ("eve", 1), ("slow", 1)]
    assert {line["student"]: line["score"] for line in lines(tmp_path / "results/conv2d.jsonl")} == {
        "ada": 6.0, "eve": 6.0, "slow": 6.0,
    }  # fmt: skip
    log = (tmp_path / "log").read_text()
    assert max(Counter(re.findall(r"\w+: attempt \d of 3: 6 of 100 points, \d", log)).values()) == 1
    assert "Traceback" not in log
    for page in tmp_path.glob("feedback/*/conv2d/conv2d.html"):
        assert "6 of 100 points" in page.read_text()


EXCHANGE = """
c = get_config()
c.CourseDirectory.course_id = "dl"
c.Exchange.root = {root!r}
c.ExchangeFetchFeedback.cache = c.Exchange.cache = {cache!r}
"""


def test_a_student_of_an_exchange_fetches_the_page_of_what_they_submitted(released_course, tmp_path):
    course, student, root = (tmp_path / name for name in ("course", "student", "exchange"))
    shutil.copytree(released_course, course)
    root.mkdir()
    root.chmod(0o777)  # nbgrader wants that of an exchange
    settings = EXCHANGE.format(root=str(root), cache=str(tmp_path / "cache"))
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(settings)
    student.mkdir()
    (student / "nbgrader_config.py").write_text(settings)
    assert nbgrader(course, "release_assignment", "conv2d").returncode == 0
    assert nbgrader(student, "fetch_assignment", "conv2d").returncode == 0
    (student / "conv2d" / "conv2d.ipynb").write_bytes(cells_notebook(PAD))
    submitted = nbgrader(student, "submit", "conv2d")
    assert submitted.returncode == 0, submitted.stderr

    options = ("--tell", "totals", "--once", "--platform", "exchange", "--owners")
    watch = start(course, *options, folder=root / "dl" / "inbound")
    assert watch.wait() == 0, (course / "log").read_text()
    released = nbgrader(course, "release_feedback", "conv2d")
    assert released.returncode == 0, released.stderr
    fetched = nbgrader(student, "fetch_feedback", "conv2d")
    assert fetched.returncode == 0, fetched.stderr
    (page,) = student.rglob("conv2d.html")
    assert "<td>6 of 6</td>" in page.read_text() and "attempt 1 of the 3" in page.read_text()
