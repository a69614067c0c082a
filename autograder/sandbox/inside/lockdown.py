"""The last layers, which a worker puts on itself before it reads any untrusted code; none can be taken off.

rlimits, then no capabilities and no new privileges, then Landlock (where the kernel has it), then the system-call
filter, whose program the trusted side compiled; before that, where no file system bounds the worker's files, the filter that
makes the kernel ask the trusted side about them.
"""

import contextlib
import ctypes
import os
import platform
import resource
import signal
import stat
import struct
from collections.abc import Callable, Iterator, Mapping

REQUESTS, REPLIES, FIRST_FREE = (
    3,
    4,
    5,
)  # descriptors: the worker's pipes, and the first that the code may close
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_SECCOMP_SET_MODE_FILTER, _SECCOMP_GET_ACTION_AVAIL, _SECCOMP_FILTER_FLAG_NEW_LISTENER = 1, 2, 8
_SECCOMP_RET_USER_NOTIF = 0x7FC00000
_CAPABILITY_VERSION_3 = 0x20080522
_MS_RDONLY, _MS_NOSUID, _MS_NODEV = 1, 2, 4
# Mounts, cgroups, host name, System V objects, process ids and the network: all that bwrap --unshare-all takes,
# but the user namespace, in which the fork server and its workers stay.
_NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000

# Landlock's system calls have the same numbers on every architecture.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_VERSION_FLAG = 1
_LANDLOCK_RULE_PATH_BENEATH = 1
# Which file operations each version of Landlock can handle (linux/landlock.h): bits 0 to 12 in version 1.
_FS_BITS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_FS_LIST_FOLDER = 0b1000
_FS_READ = 0b0100 | _FS_LIST_FOLDER
_FS_READ_AND_WRITE_FILE = 0b110
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_NET_BIND_AND_CONNECT = 0b11

_libc = ctypes.CDLL(None, use_errno=True)


def lock_down(
    limits: Mapping[str, int],
    readable: list[str],
    scratch: str,
    filter_program: bytes,
    let_ask: Callable[[], None],
) -> list[str]:
    """Applies every layer for good and names those that hold: "landlock", "seccomp", "limits".

    `let_ask` is called when it is time for `ask_about_files`.
    """
    _limit_resources(limits)
    _drop_capabilities()
    hide_memory()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    landlock = _restrict_files(readable, scratch)
    let_ask()
    _filter_system_calls(filter_program)
    return (["landlock"] if landlock else []) + ["seccomp", "limits"]


def hide_memory() -> None:
    """No other process of the same user may trace this one or read its memory."""
    _prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent(parent: int) -> None:
    """The kernel kills this process as soon as the thread that started it has ended."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in (parent, 0):  # it ended before it was asked; 0 is a parent in another namespace
        os._exit(1)


def unshare_namespaces() -> None:
    """Namespaces of its own for this process and, as for process ids, for those that it starts from now on."""
    if _libc.unshare(_NAMESPACES):
        raise OSError(ctypes.get_errno(), "new namespaces were refused")


def mount_tmpfs(folder: str, size: int, files: int, writable: bool = True) -> None:
    """An empty file system in memory over `folder`, seen in this mount namespace alone, for that many bytes and files."""
    flags = _MS_NOSUID | _MS_NODEV | (0 if writable else _MS_RDONLY)
    options = f"mode=0755,size={size},nr_inodes={files + 1}"  # it is itself one
    if _libc.mount(b"tmpfs", folder.encode(), b"tmpfs", flags, options.encode()):
        raise OSError(ctypes.get_errno(), f"a private {folder} was refused")


def _limit_resources(limits: Mapping[str, int]) -> None:
    for name, value in {
        "RLIMIT_AS": limits["memory_bytes"],
        "RLIMIT_CPU": limits["total_cpu_seconds"],
        "RLIMIT_FSIZE": limits["file_bytes"],
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_NPROC": limits["threads"],
        "RLIMIT_CORE": 0,
    }.items():
        resource.setrlimit(getattr(resource, name), (value, value))


def _drop_capabilities() -> None:
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    if _libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(bytes(24))):
        raise OSError(ctypes.get_errno(), "the capabilities could not be dropped")


def _prctl(option: int, argument: int, pointer: ctypes.c_char_p | None = None) -> None:
    if _libc.prctl(option, argument, pointer, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")


def _filter_system_calls(program: bytes) -> None:
    """`program` is an array of struct sock_filter, eight bytes each."""
    with _in_memory(program) as fprog:
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, fprog)


def can_ask(seccomp: int) -> bool:
    """Whether this kernel can ask another process before it runs a system call: Linux 5.0 and later."""
    action = ctypes.byref(ctypes.c_uint32(_SECCOMP_RET_USER_NOTIF))
    available: int = _libc.syscall(seccomp, _SECCOMP_GET_ACTION_AVAIL, 0, action)
    return available == 0


def ask_about_files(program: bytes, seccomp: int) -> int:
    """Puts on a filter, as above, that makes the kernel ask; gives the descriptor on which it does.

    Args:
        seccomp: the number of that system call, which ctypes' library does not know by name.
    """
    with _in_memory(program) as fprog:
        flag = _SECCOMP_FILTER_FLAG_NEW_LISTENER
        listener: int = _libc.syscall(seccomp, _SECCOMP_SET_MODE_FILTER, flag, fprog)
    if listener < 0:
        raise OSError(
            ctypes.get_errno(),
            "this container's kernel does not let the grader bound files (seccomp, SECCOMP_FILTER_FLAG_NEW_LISTENER)",
        )
    return listener


@contextlib.contextmanager
def _in_memory(program: bytes) -> Iterator[ctypes.c_char_p]:
    """A struct sock_fprog."""
    instructions = ctypes.create_string_buffer(program, len(program))
    yield ctypes.c_char_p(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions)))


def landlock_version() -> int:
    """The version of Landlock that this kernel has; below 1 where it has none."""
    if platform.system() != "Linux":
        return 0
    version: int = _libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION_FLAG)
    return version


def _restrict_files(readable: list[str], scratch: str) -> bool:
    """Landlock: read below `readable`, write below `scratch` alone, no TCP, no signals to others."""
    version = landlock_version()
    if version < 1:
        return False
    handled = (1 << _FS_BITS_BY_VERSION.get(version, 16)) - 1
    attributes = struct.pack(
        "QQQ",
        handled,
        _NET_BIND_AND_CONNECT if version >= 4 else 0,
        _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0,
    )
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset: int = _libc.syscall(
        _LANDLOCK_CREATE_RULESET, ctypes.c_char_p(attributes[:size]), ctypes.c_size_t(size), 0
    )
    if ruleset < 0:
        return False
    execute = 1
    for path in readable:
        _allow(ruleset, path, _FS_READ)
    _allow(ruleset, os.devnull, _FS_READ_AND_WRITE_FILE)
    _allow(ruleset, scratch, handled & ~execute)
    restricted: bool = _libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return restricted


def _allow(ruleset: int, path: str, allowed: int) -> None:
    descriptor = os.open(path, os.O_PATH)
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        allowed &= ~_FS_LIST_FOLDER
    rule = struct.pack("=Qi", allowed, descriptor)
    if _libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _LANDLOCK_RULE_PATH_BENEATH, ctypes.c_char_p(rule), 0):
        raise OSError(ctypes.get_errno(), f"Landlock refused the rule for {path}")
    os.close(descriptor)
