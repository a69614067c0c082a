"""The system-call filter: a list of what Python and NumPy need; everything else is refused with EPERM.

Refusing `clone` without CLONE_THREAD means that no process can be started, so the worker's CPU clock counts
all of the code's work. There are no sockets, no ptrace, no signals to others, no mounts, no keys, no BPF.
"""

import errno
import functools
import tempfile

from autograder.sandbox.failures import SandboxUnavailable

CLONE_THREAD = 0x00010000

ALLOWED = """
    read write readv writev pread64 pwrite64 close close_range lseek dup dup2 dup3 ioctl pipe pipe2
    open openat stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat
    getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2
    ftruncate truncate flock fsync fdatasync umask statfs fstatfs
    poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
    mmap mprotect munmap mremap madvise brk msync
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait sigaltstack alarm setitimer getitimer pause
    futex set_robust_list get_robust_list rseq sched_yield sched_getaffinity membarrier set_tid_address
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage sysinfo uname
    getpid getppid gettid getuid geteuid getgid getegid getgroups getpgrp getpgid getsid getpriority getcpu
    getrlimit getrandom arch_prctl exit exit_group restart_syscall
""".split()  # noqa: SIM905 -- 115 lines of one word each would hide what is allowed


# Landlock does not look at these: harmless only where no file is there that is not the worker's own.
OF_ANY_FILE = ["chmod", "fchmod", "fchmodat", "utimensat"]

# Not F_SETOWN and F_SETSIG, with which the kernel can be made to send any signal to any process of the user.
FCNTL_COMMANDS = [*range(8), 36, 37, 38, 1030, 1031, 1032, 1033, 1034]


@functools.cache
def filter_program(own_file_system: bool) -> bytes:
    """The compiled filter, an array of struct sock_filter. Raises `SandboxUnavailable` without libseccomp.

    Args:
        own_file_system: whether the worker sees no files but its own and the runtime's.
    """
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise SandboxUnavailable(
            f"The system-call filter needs libseccomp, which did not load ({error}). "
            "Install it: apt install libseccomp2 (or dnf install libseccomp), then pip install pyseccomp."
        ) from None
    program = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in ALLOWED + (OF_ANY_FILE if own_file_system else []):
        try:
            number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        except ValueError:
            continue
        if number >= 0:  # a call that this architecture does not have is negative
            program.add_rule(pyseccomp.ALLOW, name)
    only_threads = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_THREAD, CLONE_THREAD)
    program.add_rule(pyseccomp.ALLOW, "clone", only_threads)
    for command in FCNTL_COMMANDS:
        program.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    # glibc falls back to clone, whose flags a filter can see, when clone3 "does not exist".
    program.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as file:
        program.export_bpf(file)
        file.seek(0)
        return file.read()
