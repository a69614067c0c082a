"""Runs Python as a Docker container's default settings let it: `python -m tests.dockerlike [OPTIONS] ARGUMENTS OF PYTHON`.

An approximation of Docker's seccomp profile (moby, profiles/seccomp/default.json) and of its fourteen capabilities. Options,
which stand first:

    --no-landlock     what a kernel without Landlock says is added
    --seccomp FILE    a profile in Docker's format in place of its default
    --user NUMBER     as `docker run --user NUMBER --cap-drop ALL --security-opt no-new-privileges`
    --root FOLDER     in this root folder, which is a mount point; the arguments are then a whole command of its own
"""

import ctypes
import errno
import json
import os
import struct
import sys
from pathlib import Path

import pyseccomp

CAPABILITIES = 0xA80425FB  # what `docker run` leaves to root
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, MNT_DETACH = 24, 38, 2
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}[os.uname().machine]
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


def refuse_by(profile: str) -> None:
    """Puts a profile of the form that Docker reads on this process. Only rules without conditions are understood."""
    about = json.loads(profile)
    assert about["defaultAction"] == "SCMP_ACT_ALLOW"
    program = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for rule in about["syscalls"]:
        assert rule["action"] == "SCMP_ACT_ERRNO" and not {"args", "includes", "excludes"} & set(rule)
        for name in rule["names"]:
            number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
            if number >= 0:  # another architecture's otherwise
                program.add_rule(pyseccomp.ERRNO(rule["errnoRet"]), number)
    program.load()


def drop_capabilities(kept: int = CAPABILITIES) -> None:
    """Leaves these to this process and to everything that it starts."""
    if os.getuid() != 0:
        return
    libc = ctypes.CDLL(None)
    for capability in range(64):  # the bounding set, too: root's programs would get all of it back
        if not kept >> capability & 1:
            libc.prctl(
                PR_CAPBSET_DROP, capability, 0, 0, 0
            )  # those that the kernel does not know are refused
    header = struct.pack("=Ii", 0x20080522, 0)
    low = struct.pack("=III", kept, kept, 0)
    if kept and libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(low + bytes(12))):
        sys.exit("the capabilities could not be dropped")


def become(user: int) -> None:
    """A user who has no capability and gets none by starting a program."""
    drop_capabilities(0)
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def move_to(root: str) -> None:
    """Makes a folder the root of this mount namespace: in a mere `chroot` the kernel refuses user namespaces to everybody."""
    libc = ctypes.CDLL(None, use_errno=True)
    os.chdir(root)
    if libc.syscall(SYS_PIVOT_ROOT, b".", b".") or libc.umount2(b".", MNT_DETACH):
        sys.exit(f"{root} cannot be the root: {os.strerror(ctypes.get_errno())}")
    os.chdir("/")


def main(arguments: list[str]) -> None:
    options: dict[str, str] = {}
    while arguments and arguments[0] in ("--no-landlock", "--seccomp", "--user", "--root"):
        name = arguments.pop(0)
        options[name] = "" if name == "--no-landlock" else arguments.pop(0)
    profile = Path(options["--seccomp"]).read_text() if "--seccomp" in options else ""
    command = arguments if "--root" in options else [sys.executable, *arguments]
    if "--root" in options:
        move_to(options["--root"])
    if "--user" in options:
        become(int(options["--user"]))
    else:
        drop_capabilities()
    if profile:
        refuse_by(profile)
    else:
        refuse(landlock="--no-landlock" not in options)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
