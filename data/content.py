"""The content of one file, unpacked within limits and compared with what its publisher made.

A file that came over a network or from a stick is not trusted: it may be cut off, altered, a web page
that asks for a password, or made to fill the memory. Nothing here interprets it.
"""

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

GZIP_MAGIC = b"\x1f\x8b"
WEB_PAGE_STARTS = (b"<!doctype", b"<html", b"<?xml")
PACKING_OVERHEAD = 2**16  # bytes by which a gzip file may exceed its content; 64 KB is ample for our files


class Damaged(ValueError):
    """A file is not what its publisher made. The message says in what way, and follows the file's name."""


@dataclass(frozen=True)
class File:
    """One of a publisher's files."""

    name: str
    size: int  # bytes, unpacked
    digest: str  # of the unpacked content: "sha256:…" or "md5:…"
    source: "File | None" = None  # the file offered for download that has this one in it


def read(path: Path, file: File) -> bytes:
    """Return the publisher's bytes of `file` from `path`, a plain or a gzip file whatever its name.

    Raises FileNotFoundError where there is no such path, Damaged for anything but those bytes.
    """
    try:
        if path.stat().st_size > file.size + PACKING_OVERHEAD:
            raise Damaged(f"is larger than the {file.size:,} bytes that belong in it")
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except OSError as error:
        raise Damaged(f"cannot be read ({error.strerror})") from None
    if content.startswith(GZIP_MAGIC):
        content = gunzip(content, file.size)
    check(content, file)
    return content


def gunzip(packed: bytes, size: int) -> bytes:
    """Unpack a gzip file whose content has `size` bytes; one that holds more is not unpacked further."""
    stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)  # 16: with gzip's header and checksum
    try:
        content = stream.decompress(packed, size + 1)
    except zlib.error:
        raise Damaged("is a damaged gzip file") from None
    if len(content) > size:
        raise Damaged(f"unpacks to more than the {size:,} bytes that belong in it")
    if not stream.eof:
        raise Damaged("is a gzip file that is cut off")
    return content


def check(content: bytes, file: File) -> None:
    """Raise Damaged unless `content` is the publisher's, to the last bit."""
    if not content:
        raise Damaged("is empty")
    if content[:100].lstrip().lower().startswith(WEB_PAGE_STARTS):
        raise Damaged("is a web page, not data (does the network ask you to log in first?)")
    if len(content) != file.size:
        raise Damaged(f"has {len(content):,} bytes where {file.size:,} belong")
    algorithm, _, expected = file.digest.partition(":")
    # MD5 serves where a publisher's file is known by nothing better, against damage rather than attack.
    found = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
    if found != expected:
        raise Damaged(f"is not the publisher's file (its {algorithm.upper()} is {found[:12]}…)")
