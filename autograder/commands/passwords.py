"""A gradebook's address may hold a password, which nobody else shall read: in the list of processes, or in a message."""

import contextlib
import ctypes
import re
from pathlib import Path

# scheme://user:PASSWORD@host, and ?password=PASSWORD
_PASSWORD = r"(?<=://)([^\s:/@]*:)([^\s]+)(?=@)|([?&]password=)([^\s&]+)"
_START = (
    48 - 3
)  # proc(5), /proc/PID/stat: where the command line begins in memory; the name before it is left out


def without_password(text: str) -> str:
    """The text with three stars for each password in an address."""
    return re.sub(_PASSWORD, lambda found: f"{found[1] or found[3]}***", text)


def hide_passwords() -> None:
    """Writes stars over the passwords in this process's command line, which every user of the machine can read.

    Until then, for the time that Python takes to start, it stands there: docs/scaling.md names a better place.
    """
    with contextlib.suppress(OSError):  # a system without /proc
        place, end = map(
            int, Path("/proc/self/stat").read_text().rpartition(")")[2].split()[_START : _START + 2]
        )
        for argument in re.finditer(rb"[^\0]+", ctypes.string_at(place, end - place)):
            for found in re.finditer(_PASSWORD.encode(), argument[0]):
                start, stop = found.span(2 if found[2] else 4)
                ctypes.memset(place + argument.start() + start, ord("*"), stop - start)
