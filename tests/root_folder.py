"""A bare Debian in a folder, and programs that run in it as in a Docker container with its default settings.

`mmdebstrap` makes it from Debian's own packages (some 60 MB, once: the result is kept in the user's cache for two weeks).
What cannot be made in this way: Docker itself, cgroups, AppArmor.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUITE = "trixie"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "convolution-course-kit"
TWO_WEEKS = 14 * 86_400  # seconds; its packages grow old
MIRROR = "http://deb.debian.org/debian"
# In namespaces of its own, so that mounts and processes end with it.
_ENTER = (
    'root=$1 && shift && mount --bind "$root" "$root" && mount -t proc proc "$root/proc" && mount --bind /dev "$root/dev" '
    '&& mount -t tmpfs tmpfs "$root/dev/shm" && exec "$@"'
)


def bare_debian() -> Path:
    """The archive of a bare Debian, made where there is none."""
    archive = CACHE / f"{SUITE}.tar"
    if not archive.exists() or time.time() - archive.stat().st_mtime > TWO_WEEKS:
        CACHE.mkdir(parents=True, exist_ok=True)
        part = archive.with_suffix(f".{os.getpid()}.tar")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", SUITE, str(part), MIRROR]
        subprocess.run(command, check=True)
        part.replace(archive)
    return archive


class RootFolder:
    """One such folder, whose programs see nothing of the machine but its processor, its devices and its network."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True)
        subprocess.run(["tar", "--extract", "--file", bare_debian(), "--directory", folder], check=True)
        for settings in ("etc/resolv.conf", "etc/hosts"):
            shutil.copyfile(f"/{settings}", folder / settings)
        for settings in Path("/etc/apt/apt.conf.d").glob("*"):
            shutil.copyfile(settings, folder / "etc/apt/apt.conf.d" / settings.name)

    def run(self, command: str, *options: str, **environment: str) -> subprocess.CompletedProcess:
        """Runs a line of bash as root of a container; `options` are those of `tests.dockerlike`."""
        enter = ["unshare", "--mount", "--pid", "--fork", "bash", "-c", _ENTER, "bash", str(self.folder)]
        inside = [sys.executable, "-m", "tests.dockerlike", "--root", str(self.folder), *options]
        plain = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        return subprocess.run(
            [*enter, *inside, "/bin/bash", "-c", command],
            cwd=ROOT,
            env=plain | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
            capture_output=True,
            text=True,
            check=False,
        )
