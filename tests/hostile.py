"""A class of hostile students, and what grading it takes: `python -m tests.hostile FOLDER NUMBER` prints it as JSON.

The class is graded one after the other in this process, as each grading process of a run does.
"""

import itertools
import json
import os
import statistics
import sys
import threading
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import nbformat
import psutil

from autograder.grading.submission import Grader, GradingLimits
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Limits

MEBIBYTE = 1 << 20
PAD = "import numpy as np\ndef pad(image, rows, columns):\n    return np.pad(image, (rows, columns))"
LIMITS = Limits(
    cpu_seconds=0.15,
    wall_seconds=0.6,
    memory_bytes=256 * MEBIBYTE,
    scratch_bytes=8 * MEBIBYTE,
    file_bytes=4 * MEBIBYTE,
    reply_bytes=4 * MEBIBYTE,
    threads=64,
)
PATIENCE = GradingLimits(LIMITS, total_seconds=1.0)  # for a whole submission, so that a class takes seconds

# name: code of a cell that comes after the right `pad`, or replaces it. Each wants more than its share of something.
HOSTILE = {
    "memory": "hoard = []\nwhile True: hoard.append(bytearray(1 << 22))",
    "memory in a call": "def pad(*_): return bytearray(1 << 40)",
    "a large reply": "def pad(*_): return np.zeros((3000, 3000))",
    "many values": "def pad(*_): return [0] * 1_000_000",
    "an endless loop": "while True: pass",
    "an endless loop in a call": "def pad(*_):\n    while True: pass",
    "sleep": "import time\ntime.sleep(1000)",
    "a large file": "with open('a', 'wb') as file:\n    while True: file.write(bytes(1 << 20))",
    "many large files": "for i in range(1000):\n    with open(str(i), 'wb') as file: file.write(bytes(1 << 20))",
    "many files": "for i in range(100_000): open(str(i), 'w').close()",
    "deep folders": "import os\nfor i in range(3000):\n    os.mkdir('d'); os.chdir('d')",
    "folders that nobody may list": "import os\nfor i in range(50):\n    os.mkdir(str(i), 0o300); open(f'{i}/f', 'w').close()",
    "links to elsewhere": "import os\nos.symlink('/', 'root'); os.symlink('/etc/passwd', 'passwd')",
    "open files": "import os\nwhile True: os.open('.', os.O_RDONLY)",
    "pipes": "import os\nkept = [os.pipe() for _ in range(10_000)]",
    "threads": "import threading, time\nfor _ in range(10_000): threading.Thread(target=time.sleep, args=(99,)).start()",
    "processes": "import os\nfor _ in range(1000): os.fork()",
    "memory without a name": "import os\nfor i in range(100): os.write(os.memfd_create('x'), bytes(1 << 22))",
    "shared memory": "from multiprocessing.shared_memory import SharedMemory\nkept = [SharedMemory(f'hostile-{i}', True, 1 << 22) for i in range(100)]",
    "printed text": "while True: print('x' * 1_000_000)",
    "a long message": "def pad(*_): raise ValueError('x' * 50_000_000)",
    "no return": "import os\ndef pad(*_): os._exit(0)",
    "a broken protocol": "import os\ndef pad(*_):\n    for fd in range(3, 64):\n        try: os.write(fd, bytes(100_000))\n        except OSError: pass",
    "deep recursion": "import sys\nsys.setrecursionlimit(10**9)\ndef pad(*_): return pad()",
    "a segmentation fault": "import ctypes\ndef pad(*_): ctypes.string_at(0)",
    "a parser's nightmare": "x = " + "(" * 5000 + ")" * 5000,
}


def notebooks(number: int) -> list[bytes]:
    """That many hostile notebooks, no two the same."""
    kinds = itertools.islice(itertools.cycle(HOSTILE.items()), number)
    return [_notebook(PAD, code, f"# {name} {i}") for i, (name, code) in enumerate(kinds)]


def _notebook(*sources: str) -> bytes:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


@dataclass
class Use:
    """What a process and all that it started take.

    Attributes:
        memory: resident bytes of all of them; pages that they share count once for each.
        own_memory: resident bytes of the first alone.
        descriptors: of the first alone, open files and all else.
        processes: how many there are, zombies too.
        temporary: bytes on disk in its folder of temporary files, and `files` the number of entries.
        shared: what these students have left in /dev/shm.
    """

    memory: int = 0
    own_memory: int = 0
    descriptors: int = 0
    processes: int = 0
    temporary: int = 0
    files: int = 0
    shared: int = 0


def use(pid: int, temporary: Path) -> Use:
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    sizes = list(_sizes(temporary))
    return Use(
        memory=sum(map(_resident, family)),
        own_memory=_resident(process),
        descriptors=process.num_fds(),
        processes=len(family),
        temporary=sum(sizes),
        files=len(sizes),
        shared=len(list(Path("/dev/shm").glob("hostile-*"))),
    )


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def _sizes(folder: Path):
    for _, folders, files, descriptor in os.fwalk(folder, onerror=lambda _: None):
        for name in folders + files:
            try:
                yield 512 * os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_blocks
            except OSError:  # it has just been removed
                continue


@contextmanager
def watched(pid: int, temporary: Path, every: float = 0.1):
    """A list of what the process takes, to which a thread adds every so many seconds."""
    seen: list[Use] = []
    stop = threading.Event()

    def look():
        while not stop.wait(every):
            try:
                seen.append(use(pid, temporary))
            except (psutil.NoSuchProcess, RecursionError):
                continue

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def peak(seen: list[Use]) -> Use:
    """The largest of each."""
    return Use(*(max(values) for values in zip(*map(astuple, seen), strict=True)))


def typical(seen: list[Use]) -> Use:
    """The median of each: what the class has in use at most is chance, for it depends on who is graded at the same time."""
    return Use(*(statistics.median_low(values) for values in zip(*map(astuple, seen), strict=True)))


def main(temporary: Path, number: int) -> dict[str, dict]:
    """What grading took before the class, at most, after it, and when the grader had ended."""
    with Grader(PATIENCE) as grader:
        for content in notebooks(2):
            grade(grader, content)
        before = use(os.getpid(), temporary)
        with watched(os.getpid(), temporary) as seen:
            for content in notebooks(number):
                grade(grader, content)
        after = use(os.getpid(), temporary)
    ended = use(os.getpid(), temporary)
    moments = {"before": before, "peak": peak(seen), "after": after, "ended": ended}
    return {name: asdict(moment) for name, moment in moments.items()}


def grade(grader: Grader, content: bytes) -> None:
    grader.grade(content, student="mallory", assignment="conv2d", key=EXAMPLE)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
