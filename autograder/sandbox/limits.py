"""What one worker may use, each limit with its unit and what happens when it is hit."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The bounds on untrusted code. All hold from outside the worker or in the kernel.

    Attributes:
        cpu_seconds: CPU time of one request (a block run or a function called). The worker is killed and
            the request ends in `TimedOut`. Five seconds are a thousand times what a small convolution needs.
        wall_seconds: real time of one request, from sending it to the last byte of the reply, so that
            sleeping or dripping a reply byte by byte ends in `TimedOut` as well. Each second of computing adds 20, since
            other processes may share the machine: what a busy machine does to code that computes is no limit's business.
        start_seconds: real time from starting a worker to its first word. A slower start is
            `SandboxUnavailable`: the machine's fault, not the code's.
        total_cpu_seconds: CPU time of a worker's whole life, enforced by the kernel (RLIMIT_CPU): a second
            net below `cpu_seconds`. The worker dies with `TimedOut`.
        memory_bytes: address space (RLIMIT_AS), interpreter and NumPy included. An allocation beyond it
            raises MemoryError inside the worker, which comes back as `OutOfMemory`. NumPy itself needs
            about 112 MiB.
        file_bytes: the largest file that the code may write (RLIMIT_FSIZE). Beyond it: OSError inside.
        scratch_bytes: size of the private /tmp, which is gone with the worker. Beyond it: OSError inside. Where it lies on
            disk (in tier 2, and without a fork server), everything that is written after a file was removed counts for
            good, since what was removed may still be in use: see `quota.py`.
        files: files and folders in the private /tmp. Beyond it: OSError inside. On disk, removed ones count, too.
        open_files: descriptors (RLIMIT_NOFILE). Beyond it: OSError inside.
        threads: threads at the same time (RLIMIT_NPROC). Beyond it: RuntimeError inside. The kernel exempts a
            grader that runs as root: there a flood of them can use up the machine's process ids until the worker is
            killed, which is one more reason to grade as an ordinary user. In tier 2 the user's other threads count.
        reply_bytes: the largest reply that is read. A value that needs more is `OutOfMemory`; a reply that
            announces more is a `ProtocolBreach`, and nothing is allocated for it.

    New processes have no number: the system-call filter refuses all of them (PermissionError inside).
    """

    cpu_seconds: float = 5.0
    wall_seconds: float = 20.0
    start_seconds: float = 30.0
    total_cpu_seconds: int = 600
    memory_bytes: int = 1024 * MEBIBYTE
    file_bytes: int = 16 * MEBIBYTE
    scratch_bytes: int = 64 * MEBIBYTE
    files: int = 1000
    open_files: int = 64
    threads: int = 256
    reply_bytes: int = 64 * MEBIBYTE
