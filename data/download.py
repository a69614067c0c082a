"""Bring a publisher's files to this computer: `fetch`.

pooch does the downloading: into a temporary file, which takes its place in the folder only when it is the
right one. What it does not do is ask a second server when the first one fails. It is imported where something is
downloaded: the samples work without it, in a browser for example.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from data.catalogue import DataSet
from data.cifar import unpack
from data.content import Damaged, File, check
from data.storage import is_whole

ATTEMPTS = 3  # for each server, if it cut a transfer off: that usually works the next time
BROKEN_OFF = "ChunkedEncodingError"  # of requests, by which pooch downloads; pooch has no error of its own
TIMEOUT = 10, 30  # seconds until a server answers, and between two pieces of what it sends
CHUNK = 2**16  # bytes
SHARED = 0o644  # a class may share one folder; pooch's temporary files are for their owner only

Progress = Callable[[str, int, int], None]  # file name, bytes so far, bytes in all


class FetchError(Exception):
    """The files could not be brought here. The message is one line that says why, server by server."""


def fetch(dataset: DataSet, root: Path, progress: Progress | None = None) -> None:
    """Download what is missing or damaged of a data set into `root`; nothing where all is whole.

    Raises FetchError; what had arrived whole by then stays.
    """
    folder = root / dataset.folders[0]
    wanting = [file for file in dataset.files if not is_whole(dataset, file, root)]
    try:
        for source in dict.fromkeys(file.source for file in wanting):  # each once, in order
            path = _download(source, dataset.mirrors, folder, progress or show_progress)
            if ".tar" in source.name:
                unpack(path, [file for file in wanting if file.source == source], folder)
                path.unlink()
    except Damaged as damage:
        raise FetchError(f"{source.name} {damage}") from None
    except OSError as error:
        raise FetchError(f"{folder} cannot be written to ({error.strerror or error})") from None


def _download(source: File, mirrors: tuple[str, ...], folder: Path, progress: Progress) -> Path:
    """Return the path of a download, which is there already if an earlier run or a friend left it."""
    try:
        import pooch
    except ModuleNotFoundError:
        raise FetchError(
            f"{source.name} is downloaded by pooch, which is missing (pip install pooch)"
        ) from None
    urls = [mirror + source.name for mirror in mirrors]
    told = {source.name: " or ".join(urls)}  # what pooch says that it downloads from; Mirrors knows better
    files = pooch.create(folder, "", registry={source.name: source.digest}, urls=told)
    return Path(files.fetch(source.name, downloader=Mirrors(urls, source, progress)))


class Mirrors:
    """A downloader for pooch that asks several servers until one sends the right file."""

    def __init__(self, urls: list[str], source: File, progress: Progress):
        self.urls = urls
        self.source = source
        self.progress = progress

    def __call__(self, _url, output_file, _pooch):
        """Write the file to the path `output_file`; FetchError when no server sent it."""
        path, reasons = Path(output_file), []
        for url in self.urls:
            for _ in range(ATTEMPTS):
                reason, worth_repeating = self._try(url, path)
                if not reason:
                    path.chmod(SHARED)
                    return
                if not worth_repeating:
                    break
            reasons.append(f"{urlsplit(url).netloc} {reason}")
        raise FetchError(f"{self.source.name} could not be downloaded: {'; '.join(reasons)}")

    def _try(self, url: str, path: Path) -> tuple[str, bool]:
        """Download from one server; return what went wrong, or "", and whether to ask it again."""
        import pooch

        with path.open("wb") as file:
            receiver = _Receiver(file, self.source, self.progress)
            try:
                pooch.HTTPDownloader(chunk_size=CHUNK, timeout=TIMEOUT)(url, receiver, None)
            except Damaged as damage:
                return str(damage), False
            except OSError as error:
                return _reason(error, receiver.received)
        try:
            check(path.read_bytes(), self.source)
        except Damaged as damage:
            return f"sent a file that {damage}", False
        return "", False


class _Receiver:
    """The open file that a download is written to; it takes no more than the file has bytes."""

    def __init__(self, file, source: File, progress: Progress):
        self.file = file
        self.source = source
        self.progress = progress
        self.received = 0

    def write(self, chunk: bytes) -> None:
        self.received += len(chunk)
        if self.received > self.source.size:
            raise Damaged(f"sent more than the file's {self.source.size:,} bytes")
        self.file.write(chunk)
        self.progress(self.source.name, self.received, self.source.size)

    def flush(self) -> None:
        self.file.flush()


def _reason(error: OSError, received: int) -> tuple[str, bool]:
    """A failed request in words, and whether it is worth repeating.

    A fault of this computer (a full disk) is raised again: no other server helps against it.
    """
    if error.errno is not None:
        raise error
    response, kind = getattr(error, "response", None), type(error).__name__
    if response is not None:
        return f"answered “{response.status_code} {response.reason}”", False
    if received or kind == BROKEN_OFF:
        return "cut the transfer off", True
    return f"cannot be reached ({kind})", False


def show_progress(name: str, received: int, size: int) -> None:
    """Keep one line of standard error up to date: every percent in a terminal, every tenth elsewhere."""
    steps = 100 if sys.stderr.isatty() else 10
    before = max(received - CHUNK, 0)
    if received * steps // size > before * steps // size:
        # The carriage return stands last, so that whatever is printed next takes the line's place.
        end = "\n" if received == size else "\r"
        print(f"{name}: {received / 1e6:.2f} of {size / 1e6:.2f} MB", end=end, file=sys.stderr, flush=True)
