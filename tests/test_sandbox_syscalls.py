"""What a system call may be asked for: each that takes a request number or flags is allowed by their value."""

import pytest

from autograder.sandbox import Sandbox
from autograder.sandbox.landlocked import Landlocked
from autograder.sandbox.syscalls import ALLOWED, BY_FLAGS, BY_NUMBER, INT, OF_ANY_FILE, number_of
from autograder.sandbox.walls import choose

pytestmark = pytest.mark.sandbox

# Calls that do many things, or make things of many kinds.
MANIFOLD = """
    ioctl fcntl prctl arch_prctl ptrace madvise process_madvise mmap mprotect pkey_mprotect mremap clone clone3 futex socket
    socketpair setsockopt getsockopt keyctl bpf perf_event_open io_uring_setup io_uring_enter seccomp membarrier memfd_create
    open openat openat2 unlinkat renameat2 pipe2 dup3 eventfd2 signalfd4 timerfd_create inotify_init1 fanotify_init
    close_range getrandom fallocate splice vmsplice flock shmctl semctl msgctl quotactl reboot clock_gettime timer_create
    sched_setattr sched_setscheduler personality landlock_create_ruleset mount_setattr set_mempolicy move_pages
""".split()  # noqa: SIM905

TRY = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def not_refused(call, argument, values):
    "The values with which a call is not refused by the filter."
    through = []
    for value in values:
        arguments = [ctypes.c_long(-1)] * 6
        arguments[argument] = ctypes.c_long(value)
        ctypes.set_errno(0)
        if libc.syscall(ctypes.c_long(call), *arguments) != -1 or ctypes.get_errno() != errno.EPERM:
            through.append(value)
    return through
"""


@pytest.fixture(scope="module", params=["namespaces", "landlock"])
def box(request):
    with Sandbox(wall=choose() if request.param == "namespaces" else Landlocked()) as box:
        box.run(TRY, "cell")
        yield box


def test_no_call_that_does_many_things_is_allowed_whatever_it_is_asked_for():
    assert set(MANIFOLD) & {*ALLOWED, *OF_ANY_FILE} == set()
    assert (set(BY_NUMBER) | set(BY_FLAGS)) & {*ALLOWED} == set()


@pytest.mark.parametrize("name", [name for name in BY_NUMBER if number_of(name) is not None])
def test_other_numbers_than_the_listed_ones_are_refused(box, name):
    argument, listed = BY_NUMBER[name]
    tried = {*range(1200), *(1 << bit for bit in range(32)), *(number | 1 << 31 for number in listed)}
    if name == "ioctl":
        # Terminals, sockets, file systems' attributes and clones, block devices, seccomp's own: all that a driver may hear.
        tried |= {
            size | kind << 8 | number
            for kind in b"fFvXTUB!\x12\x94"
            for number in range(256)
            for size in SIZES
        }
    tried = sorted(tried - set(listed))
    for start in range(0, len(tried), 1000):
        assert box.call("not_refused", number_of(name), argument, tried[start : start + 1000]).value == []


SIZES = (0, 0x40040000, 0x40080000, 0x80040000, 0x80080000, 0xC0080000)


@pytest.mark.parametrize("name", [name for name in BY_FLAGS if number_of(name) is not None])
def test_other_flags_than_the_listed_ones_are_refused(box, name):
    argument, listed = BY_FLAGS[name]
    others = [1 << bit for bit in range(32) if not listed & 1 << bit]
    tried = others + [
        listed & ~0o100 | flag for flag in others
    ]  # together with the others, but nothing is made
    assert box.call("not_refused", number_of(name), argument, tried).value == []
    assert listed == listed & INT


def test_the_manifold_calls_that_are_not_listed_are_refused(box):
    for name in MANIFOLD:
        if (
            name not in BY_NUMBER
            and name not in BY_FLAGS
            and name != "clone3"
            and number_of(name) is not None
        ):
            assert box.call("not_refused", number_of(name), 0, [0, 1, 22, 38]).value == [], name


LOCKS = """
import fcntl, os, struct
def attack():
    through = []
    place = struct.pack("hhqqi", fcntl.F_RDLCK, 0, 0, 1, 0)
    for path in (os.__file__, "own"):
        with open(path, "rb" if path != "own" else "w+b") as file:
            for name, lock in {
                "flock": lambda: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB),
                "lockf": lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB),
                "whose lock": lambda: fcntl.fcntl(file, fcntl.F_GETLK, place),
                "of the open file": lambda: fcntl.fcntl(file, fcntl.F_OFD_SETLK, place),
                "lease": lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
                "notice": lambda: fcntl.fcntl(file, fcntl.F_NOTIFY, 1),
                "seal": lambda: fcntl.fcntl(file, 1033, 1),
                "pipe's size": lambda: fcntl.fcntl(os.pipe()[0], fcntl.F_SETPIPE_SZ, 1 << 20),
            }.items():
                try:
                    lock()
                    through.append((name, path))
                except PermissionError:
                    pass
    return through
"""


def test_no_lock_lease_or_notice_is_to_be_had_on_any_file(box):
    box.run(LOCKS, "locks")
    assert box.call("attack").value == []


ORDINARY = """
import mmap, os, select, shutil, sys, threading, time, ctypes
import numpy as np
def everyday():
    done = []
    thread = threading.Thread(target=lambda: done.append(time.thread_time() >= 0))
    thread.start(); thread.join()
    condition = threading.Condition()
    with condition: condition.wait(0.01)
    with open("file", "w") as file:
        terminal = file.isatty() or sys.stdout.isatty()
        os.set_inheritable(file.fileno(), True)
        os.set_inheritable(file.fileno(), False)
    large = np.ones((2000, 2000))
    grown = bytearray(1 << 20)
    for _ in range(20): grown += bytes(1 << 20)
    with mmap.mmap(-1, 1 << 16) as memory: memory.write(b"x")
    read, write = os.pipe2(os.O_NONBLOCK)
    select.select([], [write], [], 0)
    callback = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 7)
    import decimal, lzma, hashlib, random, json, csv, uuid
    return (done, terminal, float(large.sum()), len(grown), time.process_time() >= 0, len(os.sched_getaffinity(0)) > 0,
            callback(), os.urandom(3) != b"", hashlib.sha256(b"").hexdigest()[:4], shutil.disk_usage(".").total > 0,
            time.clock_getres(time.CLOCK_MONOTONIC) < 1)
"""


def test_what_python_and_numpy_do_every_day_is_not_refused(box):
    box.run(ORDINARY, "everyday")
    done = box.call("everyday").value
    assert done == ([True], False, 4e6, 21 << 20, True, True, 7, True, "e3b0", True, True)
