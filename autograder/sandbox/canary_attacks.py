"""Harmless attacks that the probe sends into a worker: each tells whether it got through. Never imported."""


def attempt(name: str, *details: object) -> bool:
    try:
        return bool(globals()[name](*details))
    except BaseException:
        return False


def read_a_file_outside(path: str) -> bool:
    with open(path) as file:
        return bool(file.read())


def read_the_graders_memory(pid: int) -> bool:
    with open(f"/proc/{pid}/mem", "rb", buffering=0):
        return True


def connect_to_the_network(port: int) -> bool:
    import socket

    with socket.create_connection(("127.0.0.1", port), timeout=2):
        return True


def start_a_process() -> bool:
    import os

    child = os.fork()
    if child == 0:
        os._exit(0)
    return True


def signal_the_grader(pid: int) -> bool:
    import os

    os.kill(pid, 0)
    return True


def lock_a_shared_file() -> bool:
    import fcntl
    import os

    with open(os.__file__) as file:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return True


def change_a_files_attributes() -> bool:
    import fcntl
    import os

    with open(os.__file__) as file:
        try:
            fcntl.ioctl(file, 0x80086601, bytes(8))  # FS_IOC_GETFLAGS: asks for them only
        except PermissionError:
            return False
        except OSError:  # it came through to a file system that has none
            return True
    return True


def write_outside_tmp(folder: str) -> list[str]:
    import os

    got_through = []
    for place in (folder, "/", "/dev", "/packages", "/sandbox", os.path.dirname(os.__file__)):
        try:
            with open(f"{place}/left-behind", "w") as file:
                file.write("x")
            got_through.append(place)
        except OSError:
            pass
    return got_through
