"""What a worker's files may take, where no file system of its own bounds them: the kernel asks before each step.

A second filter (seccomp's user notification) makes the kernel hold a thread of the worker that is about to make, remove
or rename a file, or to write, until the trusted side has granted it. So nothing is ever larger than was granted:
the folder is looked at before a step, not after it.

What a removed file held may still be in use, out of sight. Once one was removed, everything that is written counts for
good. Files cannot be mapped as shared memory, nor made without a name: both would grow without a call to ask about.
"""

import contextlib
import errno
import fcntl
import functools
import os
import struct
from dataclasses import dataclass

from autograder.sandbox.failures import Crashed
from autograder.sandbox.inside.lockdown import FIRST_FREE
from autograder.sandbox.limits import Limits
from autograder.sandbox.syscalls import INT, add_rule, compiled, library, number_of

MAKING = ("mkdir", "mkdirat", "open", "openat")  # the last two where they may make a file
HIDING = ("unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2")
GROWING = ("write", "pwrite64")
GROWING_BY_ANYTHING = ("writev",)  # the filter does not see how many bytes
CLOSING = {"close": 0, "dup2": 1, "dup3": 1, "close_range": 0}  # and which argument is the descriptor
FLAGS_OF_OPEN = {"open": 1, "openat": 2}
WITHOUT_NAME = os.O_TMPFILE & ~os.O_DIRECTORY
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20

MOST_QUESTIONS = 20_000  # in a worker's life: the answers are the trusted side's own work
BLOCK = 4096

# linux/seccomp.h: struct seccomp_notif, struct seccomp_notif_resp, and the requests that read and write them.
NOTICE = struct.Struct("=QIIiIQ6Q")
REPLY = struct.Struct("=QqiI")
RECEIVE = 0xC0000000 | NOTICE.size << 16 | ord("!") << 8
SEND = 0xC0000000 | REPLY.size << 16 | ord("!") << 8 | 1
GO_ON = 1


@functools.cache
def asking_program() -> bytes:
    """The compiled filter, which comes on top of `syscalls.filter_program` and allows nothing that this refuses.

    The worker's pipes, and the three descriptors below them, cannot be closed or replaced: what is written there is no file's.
    """
    seccomp = library()
    program = seccomp.SyscallFilter(seccomp.ALLOW)
    for name, argument in FLAGS_OF_OPEN.items():
        for action, flag in ((seccomp.NOTIFY, os.O_CREAT), (seccomp.ERRNO(errno.EOPNOTSUPP), WITHOUT_NAME)):
            add_rule(program, action, name, seccomp.Arg(argument, seccomp.MASKED_EQ, flag, flag))
    for name in ("mkdir", "mkdirat", *HIDING):
        add_rule(program, seccomp.NOTIFY, name)
    for name in (*GROWING, *GROWING_BY_ANYTHING):
        add_rule(program, seccomp.NOTIFY, name, seccomp.Arg(0, seccomp.GE, FIRST_FREE))
    for name, argument in CLOSING.items():
        for kept in range(FIRST_FREE):
            ours = seccomp.Arg(argument, seccomp.MASKED_EQ, INT, kept)
            add_rule(program, seccomp.ERRNO(errno.EPERM), name, ours)
    file_shared = seccomp.Arg(3, seccomp.MASKED_EQ, MAP_SHARED | MAP_ANONYMOUS, MAP_SHARED)
    add_rule(program, seccomp.ERRNO(errno.EPERM), "mmap", file_shared)
    return compiled(program)


@dataclass(frozen=True)
class Step:
    """What a thread is about to do: how many files it may make, how many bytes add, and whether it may hide a file."""

    files: int = 0
    size: int = 0
    hides: bool = False


class Quota:
    """Answers for one worker.

    Args:
        listener: the descriptor on which the kernel asks; closed by whoever owns it.
        folder: where the worker's files are.
    """

    def __init__(self, listener: int, folder: str, limits: Limits):
        self.listener = listener
        self._folder = folder
        self._limits = limits
        self._files = self._size = 0  # there are no more than these
        self._hidden = 0  # files that may still be in use though they were removed
        self._questions = 0
        # By thread: what was granted last; when it asks again, that is done.
        self._under_way: dict[int, Step] = {}

    def answer(self) -> None:
        """Answers one question of the kernel's. Raises `Crashed` where the worker has asked too often."""
        question = bytearray(NOTICE.size)
        try:
            fcntl.ioctl(self.listener, RECEIVE, question)
            number, thread, _, call, _, _, *arguments = NOTICE.unpack(question)
            granted = self._grants(thread, self._step(call, arguments))
            reply = REPLY.pack(number, 0, *((0, GO_ON) if granted else (-errno.ENOSPC, 0)))
            fcntl.ioctl(self.listener, SEND, reply)
        except FileNotFoundError:
            return  # the thread has ended meanwhile, or a signal called it away: then it asks again

    def _step(self, call: int, arguments: list[int]) -> Step:
        name = _names()[call]
        if name in HIDING:
            return Step(hides=True)
        if name in MAKING:
            return Step(files=1, size=BLOCK)
        most = self._limits.file_bytes  # the kernel writes no further in any file
        size = min(arguments[2], most) if name in GROWING else most
        return Step(size=(size // BLOCK + 2) * BLOCK)

    def _grants(self, thread: int, step: Step) -> bool:
        self._questions += 1
        if self._questions > MOST_QUESTIONS:
            raise Crashed("it has worked on its files without end")
        self._under_way.pop(thread, None)
        if step.hides and not self._hidden:
            self._look()
        if not step.hides and not self._has_room(step):
            self._look()
            if not self._has_room(step):
                return False
        self._files += step.files
        self._size += step.size
        self._hidden += step.hides
        self._under_way[thread] = step
        return True

    def _has_room(self, step: Step) -> bool:
        return (
            self._files + step.files <= self._limits.files
            and self._size + step.size <= self._limits.scratch_bytes
        )

    def _look(self) -> None:
        """Counts what there is, unless something may be moved out of sight at the same time."""
        if any(step.hides for step in self._under_way.values()):
            return
        if (seen := _counted(self._folder)) is None:
            return
        files, size = seen
        self._questions += files // 10  # it took that much work
        self._files = files + self._hidden + sum(step.files for step in self._under_way.values())
        if not self._hidden:
            self._size = size + sum(step.size for step in self._under_way.values())


def _counted(folder: str) -> tuple[int, int] | None:
    """How many entries there are below a folder, and their size in bytes; None where it cannot be told."""
    files = size = 0
    folders = [folder]
    with contextlib.suppress(OSError):  # it may not be listed, was removed, or its path has become too long
        while folders:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    files += 1
                    size += max(status.st_size, 512 * status.st_blocks)
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        return files, size
    return None


@functools.cache
def _names() -> dict[int, str]:
    """The calls that are asked about, by their numbers on this machine."""
    names = (*MAKING, *HIDING, *GROWING, *GROWING_BY_ANYTHING)
    return {number: name for name in names if (number := number_of(name)) is not None}
