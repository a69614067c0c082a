"""The kit as a wheel, made of its own files as they are installed here: from a checkout or from another wheel alike.

The format is that of https://packaging.python.org/en/latest/specifications/binary-distribution-format/.
"""

import base64
import hashlib
import importlib.metadata
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import autograder
import solutions
from solutions import reference

NAME = "convolution-course-kit"
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same files make the same wheel
_WHEEL = "Wheel-Version: 1.0\nGenerator: autograder.gradescope\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def kit_wheel() -> tuple[str, bytes]:
    """The wheel's name and its bytes."""
    metadata = importlib.metadata.metadata(NAME)
    version = metadata["Version"]
    stem = f"{NAME.replace('-', '_')}-{version}"
    files = dict(_files())
    files[f"{stem}.dist-info/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\n".encode()
    )
    files[f"{stem}.dist-info/WHEEL"] = _WHEEL.encode()
    record = f"{stem}.dist-info/RECORD"
    files[record] = "".join([*(_line(name, files[name]) for name in files), f"{record},,\n"]).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content)
    return f"{stem}-py3-none-any.whl", buffer.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    """What the kit's own wheel holds: `autograder`, and of `solutions` the reference alone."""
    for package in (autograder, reference):
        folder = Path(package.__path__[0])
        top = package.__name__.replace(".", "/")
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{top}/{path.relative_to(folder).as_posix()}", path.read_bytes()
    yield "solutions/__init__.py", Path(solutions.__path__[0], "__init__.py").read_bytes()


def _line(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"
