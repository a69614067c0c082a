"""The system-call filter: a list of what Python and NumPy need; everything else is refused with EPERM.

Refusing `clone` for anything but threads means that no process can be started, so the worker's CPU clock counts
all of the code's work. There are no sockets of any family, no prctl, no ptrace, no signals to others, no mounts, no keys,
no BPF. A call whose meaning depends on a number or on flags is allowed for those that are listed. Two workers cannot
signal each other by locks or futexes of the files that all of them can read.
"""

import errno
import fcntl
import functools
import os
import tempfile
import termios
from types import ModuleType
from typing import Any

from autograder.sandbox.failures import SandboxUnavailable

# Whatever their arguments.
ALLOWED = """
    read write readv writev pread64 pwrite64 close lseek dup dup2 pipe
    stat fstat lstat access faccessat readlink readlinkat
    getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink rename renameat
    ftruncate truncate fsync fdatasync umask statfs fstatfs
    poll ppoll select pselect6 epoll_ctl epoll_wait epoll_pwait
    munmap brk
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait sigaltstack alarm setitimer getitimer pause
    set_robust_list rseq sched_yield
    nanosleep gettimeofday time times getrusage sysinfo uname
    getpid getppid gettid getuid geteuid getgid getegid getgroups getpgrp getcpu
    getrlimit exit exit_group restart_syscall
""".split()  # noqa: SIM905 -- 90 lines of one word each would hide what is allowed

# Landlock does not look at these: harmless only where no file is there that is not the worker's own.
OF_ANY_FILE = ["chmod", "fchmod", "fchmodat", "utimensat"]

# The flags with which glibc makes a thread; musl adds one that means nothing.
THREADS = [0x3D0F00, 0x7D0F00]
PRIVATE, REALTIME = 128, 256  # of futexes
CLOCKS = [*range(8), 11]  # the machine's and the worker's own; negative numbers are other processes'
TERMIOS: Any = termios  # its constants are not the same everywhere

# call: which argument, and the numbers that it may be.
BY_NUMBER: dict[str, tuple[int, list[int]]] = {
    # Is it a terminal, how large is it, what waits to be read, shall `exec` close it. Nothing that changes a file.
    "ioctl": (
        1,
        [TERMIOS.TCGETS, TERMIOS.TIOCGWINSZ, TERMIOS.FIONREAD, TERMIOS.FIOCLEX, TERMIOS.FIONCLEX],
    ),
    # No locks, and not F_SETOWN, F_SETSIG and F_NOTIFY, with which the kernel can be made to send signals.
    "fcntl": (
        1,
        [fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_SETFL],
    ),
    # How memory is read, freed, dumped and guarded. Nothing that punches holes in files, merges pages or swaps them out.
    "madvise": (2, [0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 102, 103]),
    # To wait, wake and requeue in memory that nobody shares; a thread's end (pthread_join) is waited for as if shared.
    "futex": (
        1,
        [op | PRIVATE | clock for op in (0, 1, 3, 4, 5, 9, 10) for clock in (0, REALTIME)]
        + [0, 9, 9 | REALTIME],
    ),
    "clone": (0, THREADS),
    "mremap": (3, [0, 1, 3]),
    "renameat2": (4, [0, 1]),
    "getrandom": (2, [0, 1, 2, 3, 4]),
    "close_range": (2, [0]),
    **dict.fromkeys(("clock_gettime", "clock_getres", "clock_nanosleep"), (0, CLOCKS)),
    # Its own alone: other numbers would tell which processes there are.
    **dict.fromkeys(("sched_getaffinity", "getpgid", "getsid"), (0, [0])),
    "getpriority": (1, [0]),
}

OPENING = functools.reduce(
    int.__or__,
    [
        *(os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_EXCL, os.O_NOCTTY, os.O_TRUNC, os.O_APPEND),
        *(os.O_NONBLOCK, os.O_DSYNC, os.O_SYNC, os.O_DIRECTORY, os.O_NOFOLLOW, os.O_CLOEXEC, os.O_PATH),
    ],
)
NO_FOLLOW, EMPTY_PATH, NO_AUTOMOUNT, SYNC, EACCESS, REMOVE_FOLDER = 0x100, 0x1000, 0x800, 0x6000, 0x200, 0x200
# call: which argument, and the flags that may be set in it.
BY_FLAGS: dict[str, tuple[int, int]] = {
    "open": (1, OPENING),
    "openat": (2, OPENING),
    "unlinkat": (2, REMOVE_FOLDER),
    "newfstatat": (3, NO_FOLLOW | EMPTY_PATH | NO_AUTOMOUNT),
    "statx": (2, NO_FOLLOW | EMPTY_PATH | NO_AUTOMOUNT | SYNC),
    "faccessat2": (3, NO_FOLLOW | EMPTY_PATH | EACCESS),
    "pipe2": (1, os.O_CLOEXEC | os.O_NONBLOCK),
    "dup3": (2, os.O_CLOEXEC),
    "epoll_create1": (0, os.O_CLOEXEC),
    "eventfd2": (1, os.O_CLOEXEC | os.O_NONBLOCK | 1),
    "mprotect": (2, 0b111),
    "msync": (2, 0b111),
    # Fixed, anonymous, growing downwards, of a program, without reserve, filled, a stack. No huge pages, no locked ones.
    "mmap": (3, 0x03 | 0x10 | 0x20 | 0x100 | 0x1800 | 0x4000 | 0x8000 | 0x20000 | 0x100000),
}
INT = 0xFFFFFFFF  # the bits of an argument that is an int: the register's others may hold anything


@functools.cache
def filter_program(own_file_system: bool) -> bytes:
    """The compiled filter, an array of struct sock_filter. Raises `SandboxUnavailable` without libseccomp.

    Args:
        own_file_system: whether the worker sees no files but its own and the runtime's.
    """
    seccomp = library()
    program = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    for name in ALLOWED + (OF_ANY_FILE if own_file_system else []):
        add_rule(program, seccomp.ALLOW, name)
    for name, (argument, numbers) in BY_NUMBER.items():
        for number in numbers:
            add_rule(program, seccomp.ALLOW, name, seccomp.Arg(argument, seccomp.MASKED_EQ, INT, number))
    for name, (argument, flags) in BY_FLAGS.items():
        none_other = seccomp.Arg(argument, seccomp.MASKED_EQ, INT & ~flags, 0)
        add_rule(program, seccomp.ALLOW, name, none_other)
    # glibc falls back to clone, whose flags a filter can see, when clone3 "does not exist".
    add_rule(program, seccomp.ERRNO(errno.ENOSYS), "clone3")
    return compiled(program)


def library() -> ModuleType:
    """pyseccomp. Raises `SandboxUnavailable` where it, or libseccomp, is not there."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise SandboxUnavailable(
            f"The system-call filter needs libseccomp, which did not load ({error}). "
            "Install it: apt install libseccomp2 (or dnf install libseccomp), then pip install pyseccomp."
        ) from None
    module: ModuleType = pyseccomp
    return module


def number_of(name: str) -> int | None:
    """The number of a system call on this machine; None where its architecture has no such call."""
    seccomp = library()
    try:
        number: int = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    except ValueError:
        return None
    return number if number >= 0 else None


def add_rule(program: Any, action: int, name: str, *conditions: object) -> None:
    """The action for a call that meets all conditions; nothing where this machine has no such call."""
    if number_of(name) is not None:
        program.add_rule(action, name, *conditions)


def compiled(program: Any) -> bytes:
    with tempfile.TemporaryFile() as file:
        program.export_bpf(file)
        file.seek(0)
        return file.read()
