"""Runs Python as a Docker container's default settings let it: `python -m tests.dockerlike ARGUMENTS OF PYTHON`.

An approximation of Docker's seccomp profile (moby, profiles/seccomp/default.json) and of its fourteen capabilities. What a
kernel without Landlock says is added with `--no-landlock` as the first argument.
"""

import ctypes
import errno
import os
import struct
import sys

import pyseccomp

CAPABILITIES = 0xA80425FB  # what `docker run` leaves to root
REFUSED = """
    unshare setns mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr
    keyctl add_key request_key bpf perf_event_open userfaultfd init_module finit_module delete_module kexec_load
    reboot swapon swapoff syslog acct settimeofday clock_settime iopl ioperm quotactl open_by_handle_at lookup_dcookie
    name_to_handle_at fanotify_init sethostname setdomainname vhangup
""".split()  # noqa: SIM905
CLONE_NEW = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)


def refuse(landlock: bool) -> None:
    """Puts the filter on this process and everything that it starts."""
    program = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED:
        program.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    for flag in CLONE_NEW:
        program.add_rule(
            pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag)
        )
    program.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    if not landlock:
        for number in (444, 445, 446):
            program.add_rule(pyseccomp.ERRNO(errno.ENOSYS), number)
    program.load()


def drop_capabilities() -> None:
    if os.getuid() != 0:
        return
    header = struct.pack("=Ii", 0x20080522, 0)
    low = struct.pack("=III", CAPABILITIES, CAPABILITIES, 0)
    if ctypes.CDLL(None).capset(ctypes.c_char_p(header), ctypes.c_char_p(low + bytes(12))):
        sys.exit("the capabilities could not be dropped")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    without_landlock = arguments[:1] == ["--no-landlock"]
    drop_capabilities()
    refuse(landlock=not without_landlock)
    os.execv(sys.executable, [sys.executable, *arguments[without_landlock:]])
