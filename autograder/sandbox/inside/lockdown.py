"""The last layers, which a worker puts on itself before it reads any untrusted code; none can be taken off.

rlimits, then no new privileges, then Landlock (where the kernel has it), then the system-call filter, whose
program the trusted side compiled.
"""

import ctypes
import os
import platform
import resource
import struct

_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2

# Landlock's system calls have the same numbers on every architecture.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_VERSION_FLAG = 1
_LANDLOCK_RULE_PATH_BENEATH = 1
# Which file operations each version of Landlock can handle (linux/landlock.h): bits 0 to 12 in version 1.
_FS_BITS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_FS_READ = 0b1100  # read a file, list a folder
_FS_READ_AND_WRITE_FILE = 0b110
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_NET_BIND_AND_CONNECT = 0b11

_libc = ctypes.CDLL(None, use_errno=True)


def lock_down(limits: dict, filter_program: bytes, scratch: str) -> list[str]:
    """Applies every layer for good and names those that hold: "landlock", "seccomp", "limits"."""
    _limit_resources(limits)
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    landlock = _restrict_files(scratch)
    _filter_system_calls(filter_program)
    return (["landlock"] if landlock else []) + ["seccomp", "limits"]


def _limit_resources(limits):
    for name, value in {
        "RLIMIT_AS": limits["memory_bytes"],
        "RLIMIT_CPU": limits["total_cpu_seconds"],
        "RLIMIT_FSIZE": limits["file_bytes"],
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_NPROC": limits["threads"],
        "RLIMIT_CORE": 0,
    }.items():
        resource.setrlimit(getattr(resource, name), (value, value))


def _prctl(option, argument, pointer=None):
    if _libc.prctl(option, argument, pointer, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")


def _filter_system_calls(program):
    """`program` is an array of struct sock_filter, eight bytes each."""
    instructions = ctypes.create_string_buffer(program, len(program))
    fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(fprog))


def _restrict_files(scratch) -> bool:
    """Landlock: read anywhere (only the runtime is mounted), write below `scratch` alone, no TCP, no signals."""
    if platform.system() != "Linux":
        return False
    version = _libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION_FLAG)
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
    ruleset = _libc.syscall(
        _LANDLOCK_CREATE_RULESET, ctypes.c_char_p(attributes[:size]), ctypes.c_size_t(size), 0
    )
    if ruleset < 0:
        return False
    execute = 1
    for path, allowed in (
        ("/", _FS_READ),
        (os.devnull, _FS_READ_AND_WRITE_FILE),
        (scratch, handled & ~execute),
    ):
        _allow(ruleset, path, allowed)
    restricted = _libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return restricted


def _allow(ruleset, path, allowed):
    folder = os.open(path, os.O_PATH)
    rule = struct.pack("=Qi", allowed, folder)
    if _libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _LANDLOCK_RULE_PATH_BENEATH, ctypes.c_char_p(rule), 0):
        raise OSError(ctypes.get_errno(), f"Landlock refused the rule for {path}")
    os.close(folder)
