"""The zip that an instructor uploads under "Configure Autograder"."""

import zipfile
from pathlib import Path

from autograder.gradescope.pins import oldest_python, pinned
from autograder.gradescope.settings import Settings
from autograder.gradescope.wheel import kit_wheel

_HERE = Path(__file__).parent
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same kit makes the same zip


def write_zip(out: Path, settings: Settings) -> int:
    """Writes it; returns how many bytes it has. All files lie at its top, where Gradescope looks for them."""
    pins = pinned()
    wheel, content = kit_wheel()
    files = {
        "setup.sh": (_HERE / "setup.sh").read_bytes(),
        "run_autograder": (_HERE / "run_autograder.sh").read_bytes(),
        "settings.json": settings.to_json().encode(),
        "requirements.txt": "".join(f"{name}=={version}\n" for name, version in pins.items()).encode(),
        "python-version": f"{oldest_python(pins)}\n".encode(),
        wheel: content,
    }
    part = out.with_name(out.name + ".part")
    with zipfile.ZipFile(part, "w") as archive:
        for name, body in files.items():
            info = zipfile.ZipInfo(name, _WHEN)
            mode = 0o755 if name in ("setup.sh", "run_autograder") else 0o644
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, mode << 16
            archive.writestr(info, body)
    part.replace(out)
    return out.stat().st_size
