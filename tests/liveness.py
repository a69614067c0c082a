"""Which processes still run. A zombie does not: it only waits until somebody asks how it ended."""

from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether a process exists and is more than a zombie."""
    return _state_and_group(pid)[0] not in "ZX"


def group_is_empty(group: int) -> bool:
    """Whether no process of a process group runs."""
    everybody = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return not any(_state_and_group(pid)[1] == group and is_running(pid) for pid in everybody)


def _state_and_group(pid: int) -> tuple[str, int]:
    try:
        state, _, group = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:3]
    except (FileNotFoundError, ProcessLookupError):
        return "X", 0
    return state, int(group)
