"""The zip of feedback files that a platform takes back: Canvas ("Upload Submissions"), Moodle ("Upload multiple feedback files").

What each importer needs of a name stands with the names of its download, in `canvas` and `moodle`.
"""

import zipfile
from collections.abc import Iterable
from pathlib import Path

from autograder.platforms.download import BadDownload
from autograder.platforms.index import Index

# A fixed time: the same pages make the same zip.
_WHEN = (1980, 1, 1, 0, 0, 0)


def write_feedback(pages: Iterable[tuple[str, str]], index: Index, out: Path) -> tuple[int, list[str]]:
    """Writes the zip; returns how many pages are in it, and the students whom the platform would not know.

    Args:
        pages: student, as their folder is called, and their page as HTML, one by one.
        index: who they are, from `collect`.

    Raises `BadDownload` where the platform takes no feedback files.
    """
    platforms = {known.platform for known in index.students.values()}
    if not any(known.feedback for known in index.students.values()):
        whose = (
            f"{' and '.join(sorted(platforms))} take none"
            if platforms
            else "nobody was taken in by 'collect'"
        )
        raise BadDownload(f"Feedback files go back to Canvas and Moodle; {whose}.")
    part, count, unknown = out.with_name(out.name + ".part"), 0, []
    with zipfile.ZipFile(part, "w") as archive:
        for student, page in pages:
            known = index.students.get(student)
            if known is None or not known.feedback:
                unknown.append(student)
                continue
            info = zipfile.ZipInfo(f"{known.feedback}feedback.html", _WHEN)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, page)
            count += 1
    part.replace(out)
    return count, unknown
