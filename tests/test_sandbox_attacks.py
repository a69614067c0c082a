"""What code in the sandbox cannot do: reach, change, signal or outlive anything that is not its own."""

import os
import re
import socket
from pathlib import Path

import pytest

import autograder.suite
import solutions.reference
from autograder.sandbox import Crashed, Raised

pytestmark = pytest.mark.sandbox

pytest_plugins = ["sandbox_kinds"]


def outcome(box, source, *arguments):
    """What the function `attack` of that source gives back."""
    box.run(source, "attack")
    return box.call("attack", *arguments).value


TRY_ALL = """
def got_through(attempts):
    through = []
    for name, attempt in attempts:
        try:
            attempt()
            through.append(name)
        except OSError:
            pass
    return through
"""


# --- files ------------------------------------------------------------------------------------------------


def test_reads_and_lists_nothing_outside(sandbox, box, tmp_path):
    submissions = tmp_path / "submitted" / "anna"
    submissions.mkdir(parents=True)
    canary = submissions / "conv2d.ipynb"
    canary.write_text("the canary")
    suite, reference = (Path(package.__file__).parent for package in (autograder.suite, solutions.reference))
    targets = [
        canary,
        "/etc/passwd",
        "/etc/hostname",
        *suite.rglob("*.py"),
        *reference.rglob("*.py"),
        __file__,
    ]
    targets += [
        "/proc/self/environ",
        "/proc/1/cmdline",
        f"/proc/{os.getpid()}/mem",
        "/sys/kernel/uevent_seqnum",
    ]
    folders = [
        submissions,
        tmp_path,
        suite,
        reference,
        Path(__file__).parent,
        Path.cwd(),
        "/etc",
        "/proc",
        "/sys",
    ]
    folders += ["/home", "/var", "/usr/bin"]
    attack = """
import os
def attack(files, folders):
    reads = [(path, lambda path=path: open(path, "rb").read(1)) for path in files]
    stats = [(path, lambda path=path: os.stat(path)) for path in files]
    lists = [(path, lambda path=path: os.listdir(path)) for path in folders]
    return got_through(reads + lists), got_through(stats)
"""
    seen, known = outcome(box, TRY_ALL + attack, list(map(str, targets)), list(map(str, folders)))
    assert seen == []
    assert known == [] if sandbox.tier == 1 else known  # Landlock does not keep a path's existence secret


def test_sees_the_python_runtime_and_numpy_and_no_other_package(box):
    attack = """
import importlib, os, sys
def attack(names):
    found = []
    for name in names:
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:
            pass
    return found, os.listdir(os.path.dirname(os.path.dirname(sys.modules["numpy"].__file__)))
"""
    names = [
        "autograder",
        "solutions",
        "pytest",
        "nbgrader",
        "nbformat",
        "scipy",
        "torch",
        "tensorflow",
        "numpy",
    ]
    found, packages = outcome(box, attack, names)
    assert found == ["numpy"]
    assert set(packages) <= {"numpy", "numpy.libs", "IPython"}


def test_writes_nowhere_but_in_its_own_tmp(box, tmp_path):
    attack = """
import os, wire
def attack(outside):
    places = ["/", "/dev", "/dev/shm", "/packages", "/packages/numpy", "/sandbox", outside]
    places += [os.path.dirname(os.__file__)]
    places += [entry for entry in ("/lib", "/lib64", "/usr", "/root", "/home") if os.path.isdir(entry)]
    files = [(f"write {place}", lambda place=place: open(f"{place}/left-behind", "w")) for place in places]
    folders = [(f"mkdir {place}", lambda place=place: os.mkdir(f"{place}/left-behind")) for place in places]
    own = [("edit its code", lambda: open(wire.__file__, "a")), ("remove its code", lambda: os.remove(wire.__file__)),
           ("move in", lambda: os.rename("/sandbox", "/tmp/sandbox")), ("chmod", lambda: os.chmod("/sandbox", 0o777)),
           ("link in", lambda: os.link(wire.__file__, os.path.expanduser("~/w"))),
           ("symlink", lambda: os.symlink("/", os.path.expanduser("~/s")))]
    names = ["zero", "full", "random", "urandom", "tty", "ptmx", "pts/ptmx", "shm/x", "kmsg", "console", "kvm", "fuse"]
    devices = [(f"/dev/{name}", lambda name=name: os.open(f"/dev/{name}", os.O_WRONLY)) for name in names]
    mine = os.path.expanduser("~/mine")
    with open(mine, "w") as file:
        file.write("fine")
    return got_through(files + folders + own + devices), open(mine).read()
"""
    assert outcome(box, TRY_ALL + attack, str(tmp_path)) == ([], "fine")
    assert list(tmp_path.iterdir()) == []


def test_the_next_worker_sees_nothing_of_the_one_before(sandbox):
    leave = "import os\nos.makedirs('deep/er')\nopen('deep/note', 'w').write('for you')"
    look = "import os\ndef attack(): return [name for place in ('.', '/tmp') for _, folders, files in os.walk(place)\n"
    look += "                         for name in folders + files if name in ('deep', 'er', 'note')]"
    with sandbox() as first:
        first.run(leave, "cell 1")
        assert set(outcome(first, look)) == {"deep", "er", "note"}
        with sandbox() as beside:
            assert outcome(beside, look) == []


FILL = """
import os
def write(number, size):
    try:
        with open(str(number), "wb") as file:
            file.write(bytes(size))
    except OSError:
        return False
    return True
def attack(count, size):
    for number in range(count):
        if not write(number, size):
            break
    return number, sum(entry.stat().st_size for entry in os.scandir(".") if entry.name.isdecimal())
"""


def test_a_file_of_its_own_is_bounded(box):
    number, size = outcome(box, FILL, 1, 2 * box.limits.file_bytes)
    assert number == 0
    assert 0 < size <= box.limits.file_bytes
    box.run("import os\nos.remove('0')", "cell 2")


def test_all_its_files_together_are_bounded(sandbox):
    with sandbox() as box:
        number, size = outcome(box, FILL, 60, 8 << 20)
        assert number < 10
        assert size <= box.limits.scratch_bytes


# --- the world around it ----------------------------------------------------------------------------------


def test_cannot_reach_a_listener_on_this_machine(box, tmp_path):
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as path_socket,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        udp.bind(("127.0.0.1", 0))
        path_socket.bind(str(tmp_path / "s"))
        path_socket.listen()
        name = f"\0canary-{os.getpid()}"
        abstract.bind(name)
        abstract.listen()
        attack = """
import socket
def attack(tcp, udp, path, name):
    return got_through([
        ("TCP", lambda: socket.create_connection(("127.0.0.1", tcp), timeout=1)),
        ("UDP", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", udp))),
        ("path", lambda: socket.socket(socket.AF_UNIX).connect(path)),
        ("abstract", lambda: socket.socket(socket.AF_UNIX).connect(name)),
        ("pair", lambda: socket.socketpair()),
        ("netlink", lambda: socket.socket(16, 3, 0)),
        ("names", lambda: socket.gethostbyname("example.org")),
    ])
"""
        where = (tcp.getsockname()[1], udp.getsockname()[1], str(tmp_path / "s"), name)
        assert outcome(box, TRY_ALL + attack, *where) == []
        for listener in (tcp, udp, path_socket, abstract):
            listener.setblocking(False)
            with pytest.raises(BlockingIOError):
                listener.recvfrom(1) if listener is udp else listener.accept()


def test_cannot_start_a_process_in_any_way(box):
    attack = """
import ctypes, multiprocessing, os, subprocess, sys
def native(number, *arguments):
    if ctypes.CDLL(None, use_errno=True).syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")
def started_by(multiprocess):
    child = multiprocess.Process(target=print)
    child.start()
def attack():
    return got_through([
        ("fork", os.fork),
        ("forkpty", os.forkpty),
        ("subprocess", lambda: subprocess.run([sys.executable, "-c", ""])),
        ("subprocess with fork", lambda: subprocess.run(["/bin/true"], preexec_fn=print)),
        ("system", lambda: os.system("true") == 0 or os.stat("/refused")),
        ("popen", lambda: os.popen("true")),
        ("posix_spawn", lambda: os.posix_spawn(sys.executable, [sys.executable], {})),
        ("exec", lambda: os.execv(sys.executable, [sys.executable, "-c", ""])),
        *((how, lambda how=how: started_by(multiprocessing.get_context(how))) for how in ("fork", "spawn")),
        ("clone without a thread", lambda: native(56, 17, 0, 0, 0, 0)),
        ("clone into a user namespace", lambda: native(56, 0x10000000 | 17, 0, 0, 0, 0)),
        ("clone as vfork does", lambda: native(56, 0x4100 | 17, 0, 0, 0, 0)),
        ("clone3", lambda: native(435, ctypes.create_string_buffer(88), 88)),
        ("fork itself", lambda: native(57)),
        ("vfork itself", lambda: native(58)),
    ] if os.uname().machine == "x86_64" else [("fork", os.fork)])
"""
    assert outcome(box, TRY_ALL + attack) == []
    assert Path(f"/proc/{box.pid}/task/{box.pid}/children").read_text() == ""


REFUSED_CALLS = """
    kill tkill tgkill pidfd_open pidfd_send_signal pidfd_getfd ptrace process_vm_readv process_vm_writev process_madvise
    kcmp socket socketpair connect bind sendto recvfrom execve execveat fork vfork unshare setns mount umount2
    pivot_root chroot open_tree move_mount fsopen mount_setattr link linkat symlink symlinkat mknod mknodat chown fchown
    prctl seccomp personality setuid setgid setresuid capset setrlimit prlimit64 sched_setaffinity sched_setscheduler
    setpriority ioprio_set setsid setpgid memfd_create memfd_secret userfaultfd io_uring_setup io_uring_enter bpf
    perf_event_open keyctl add_key request_key shmget msgget semget mq_open inotify_init1 fanotify_init
    name_to_handle_at open_by_handle_at splice vmsplice tee sendfile copy_file_range timer_create timerfd_create
    signalfd4 init_module finit_module kexec_load reboot syslog acct swapon iopl ioperm modify_ldt quotactl
    landlock_create_ruleset clock_settime settimeofday adjtimex sethostname vhangup lookup_dcookie uselib ustat
    process_mrelease futex_waitv cachestat map_shadow_stack
""".split()  # noqa: SIM905


def test_the_dangerous_system_calls_are_really_refused(box):
    import errno

    import pyseccomp

    numbers = {}
    for name in REFUSED_CALLS:
        try:
            numbers[name] = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        except (
            ValueError
        ):  # unknown to an older libseccomp, so unknown to the filter as well: refused like the rest
            continue
    attack = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def attack(numbers):
    return [[libc.syscall(number, 0, 0, 0, 0, 0, 0), ctypes.get_errno()] for number in numbers]
"""
    known = {name: number for name, number in numbers.items() if number >= 0}
    assert len(known) > 80
    answers = outcome(box, attack, list(known.values()))
    assert {name: got for name, got in zip(known, answers, strict=True) if got != [-1, errno.EPERM]} == {}


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ("as a 32-bit program does", b"\xb8\x02\x00\x00\x00\xcd\x80\xc3"),  # mov eax, 2 (fork); int 0x80; ret
        (
            "by the x32 numbers",
            b"\xb8\x39\x00\x00\x40\x0f\x05\xc3",
        ),  # mov eax, 0x40000039 (fork); syscall; ret
    ],
)
def test_calling_the_kernel_by_another_door_is_fatal(sandbox, way, code):
    if os.uname().machine != "x86_64":
        pytest.skip("these doors exist on x86-64 only")
    attack = """
import ctypes, mmap
def attack(code):
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(bytes(code))
    return ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
"""
    with sandbox() as box, pytest.raises(Crashed, match="SIGSYS"):
        outcome(box, attack, list(code))


def test_cannot_signal_trace_or_read_the_grader(sandbox, box):
    attack = """
import os, resource, signal
def attack(pids):
    attempts = []
    for pid in pids:
        attempts += [
            (f"kill {pid}", lambda pid=pid: os.kill(pid, 0)),
            (f"killpg {pid}", lambda pid=pid: os.killpg(pid, 0)),
            (f"priority {pid}", lambda pid=pid: os.setpriority(os.PRIO_PROCESS, pid, 19)),
            (f"memory {pid}", lambda pid=pid: open(f"/proc/{pid}/mem", "rb")),
            (f"limits {pid}", lambda pid=pid: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))),
        ]
    return got_through(attempts), os.getpid(), os.getppid()
"""
    through, own, parent = outcome(box, TRY_ALL + attack, [os.getpid(), os.getppid(), box.pid, -1])
    assert through == []
    assert (own, parent) == (1, 0) or sandbox.tier == 2  # a world of its own, in which it is alone


def test_cannot_have_the_kernel_send_a_signal_for_it(box):
    """F_SETOWN names whom the kernel tells, F_SETSIG with which signal, that a pipe is ready."""
    attack = """
import fcntl, os
def attack(pid):
    read, write = os.pipe()
    through = got_through([
        ("owner", lambda: fcntl.fcntl(read, fcntl.F_SETOWN, pid)),
        ("signal", lambda: fcntl.fcntl(read, fcntl.F_SETSIG, 9)),
        ("far command", lambda: fcntl.fcntl(read, fcntl.F_SETOWN | 1 << 30, pid)),
    ])
    os.close(read)
    os.close(write)
    return through
"""
    assert outcome(box, TRY_ALL + attack, os.getpid()) == []


def test_cannot_raise_its_limits_or_take_off_its_lock(box):
    attack = """
import ctypes, resource
def attack():
    kinds = ["AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC"]
    def more(kind):
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except ValueError as error:  # Python's word for EPERM here
            raise OSError from error
    return got_through([(kind, lambda kind=kind: more(kind)) for kind in kinds])
"""
    assert outcome(box, TRY_ALL + attack) == []


def test_lives_in_namespaces_of_its_own_without_any_right(sandbox):
    with sandbox() as one, sandbox() as other:
        if sandbox.tier == 2:
            assert "namespaces" not in one.layers
            assert "landlock" in one.layers
            assert_powerless(one.pid)
            return
        worlds = [namespaces(pid) for pid in (os.getpid(), one.pid, other.pid)]
        assert_powerless(one.pid)
    for kind in ("cgroup", "ipc", "mnt", "net", "pid", "uts"):
        assert len({world[kind] for world in worlds}) == 3, f"two of them share the {kind} namespace"
    assert worlds[0]["user"] not in (worlds[1]["user"], worlds[2]["user"])


def assert_powerless(pid: int):
    status = Path(f"/proc/{pid}/status").read_text()
    assert re.findall(r"Cap(?:Inh|Prm|Eff|Amb):\s*(\w+)", status) == ["0" * 16] * 4
    assert re.search(r"NoNewPrivs:\s*1", status)
    assert re.search(r"Seccomp:\s*2", status)


def namespaces(pid: int) -> dict[str, str]:
    return {entry.name: str(entry.readlink()) for entry in Path(f"/proc/{pid}/ns").iterdir()}


def test_its_environment_is_cleared(sandbox, monkeypatch):
    monkeypatch.setenv("GRADER_TOKEN", "very secret")
    with sandbox() as box:
        environment = outcome(box, "import os\ndef attack(): return [[k, v] for k, v in os.environ.items()]")
    names = {name for name, _ in environment}
    assert "GRADER_TOKEN" not in names
    assert names <= {"PATH", "HOME", "TMPDIR", "LANG", "PYTHONHOME", "LC_CTYPE", "PWD", "PYTHONHASHSEED"} | {
        f"{library}_NUM_THREADS" for library in ("OPENBLAS", "OMP", "MKL")
    }
    assert dict(environment)["HOME"] == "/tmp" or sandbox.tier == 2


def test_inherits_no_descriptor_but_its_own_two_pipes(sandbox):
    secret = os.open(__file__, os.O_RDONLY)
    os.set_inheritable(secret, True)
    attack = """
import os, stat, sys
def attack():
    kinds = []
    for descriptor in range(256):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        kinds.append("null" if descriptor < 3 and stat.S_ISCHR(mode) else "pipe" if stat.S_ISFIFO(mode) else "other")
    return kinds
"""
    try:
        with sandbox() as fresh:
            assert outcome(fresh, attack) == ["null", "null", "null", "pipe", "pipe"]
    finally:
        os.close(secret)


def test_cannot_learn_whose_machine_it_is(sandbox, box):
    attack = """
import os, socket
def attack():
    return os.uname().nodename, os.getuid(), os.getgid(), os.getgroups() == [65534] or os.getgroups()
"""
    name, uid, gid, _ = outcome(box, attack)
    assert (name, uid, gid) == ("sandbox", 65534, 65534) or sandbox.tier == 2


# --- threads are allowed, and bounded ---------------------------------------------------------------------


def test_threads_work(box):
    attack = """
from concurrent.futures import ThreadPoolExecutor
def attack():
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda x: x * x, range(10)))
"""
    assert outcome(box, attack) == [x * x for x in range(10)]


def test_a_flood_of_threads_ends_in_an_error_inside(sandbox):
    attack = """
import _thread, threading
def attack():
    threading.stack_size(32768)
    gate = threading.Event()
    for number in range(100_000):
        _thread.start_new_thread(gate.wait, ())
"""
    with sandbox() as box, pytest.raises((Raised, Crashed)) as caught:
        outcome(box, attack)
    assert "start new thread" in str(caught.value) or isinstance(caught.value, Crashed)


def test_the_attacks_of_this_file_are_not_toothless(tmp_path):
    """Outside the sandbox the same helper reports what got through."""
    namespace = {}
    exec(TRY_ALL, namespace)
    canary = tmp_path / "canary"
    canary.write_text("x")
    attempts = [("read", canary.read_text), ("write", canary.touch), ("missing", (tmp_path / "no").stat)]
    assert namespace["got_through"](attempts) == ["read", "write"]
