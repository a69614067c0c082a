"""Folders in which something is missing, misplaced or odd. Each function fills a student's folder.

Each is given the student's folder in `submitted/` and the bytes of a sound notebook. Where the answers are
intact, `conv2d/conv2d.ipynb` is such a notebook.
"""

import gzip
import io
import os
import socket
import zipfile
from pathlib import Path

from damage.kind import Kinds

FOLDERS = Kinds()


def hand_in(student: Path, content: bytes, name: str = "conv2d/conv2d.ipynb") -> Path:
    path = student / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def folder_of(student: Path) -> Path:
    (student / "conv2d").mkdir()
    return student / "conv2d"


# --- no notebook of the right name -----------------------------------------------------------------------


@FOLDERS.damaged("the folder is empty")
def nothing(student, content):
    folder_of(student)


@FOLDERS.damaged("Rename the right one to conv2d.ipynb")
def a_browsers_second_copy(student, content):
    hand_in(student, content, "conv2d/conv2d (1).ipynb")


@FOLDERS.damaged("Rename the right one to conv2d.ipynb")
def another_case(student, content):
    hand_in(student, content, "conv2d/Conv2D.IPYNB")


@FOLDERS.damaged("Rename the right one to conv2d.ipynb")
def a_space_at_the_end(student, content):
    hand_in(student, content, "conv2d/conv2d.ipynb ")


@FOLDERS.damaged("Rename the right one to conv2d.ipynb")
def a_space_at_the_start(student, content):
    hand_in(student, content, "conv2d/ conv2d.ipynb")


@FOLDERS.damaged("among the files in the folder. Submit the notebook under this name")
def another_ending(student, content):
    hand_in(student, content, "conv2d/conv2d.ipynb.txt")


@FOLDERS.damaged("3 notebook.s. of another name. Rename the right one")
def several_notebooks_none_of_the_name(student, content):
    for name in ("conv2d_final", "conv2d_final_2", ".conv2d"):
        hand_in(student, content, f"conv2d/{name}.ipynb")


@FOLDERS.damaged("an archive. Unpack it")
def zipped(student, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("conv2d.ipynb", content)
    hand_in(student, buffer.getvalue(), "conv2d/conv2d.zip")


@FOLDERS.damaged("an archive. Unpack it")
def compressed_file(student, content):
    hand_in(student, gzip.compress(content), "conv2d/conv2d.ipynb.gz")


@FOLDERS.damaged("among the files in the folder")
def exported_as_python(student, content):
    hand_in(student, b"def pad(): pass", "conv2d/conv2d.py")


@FOLDERS.damaged("only Jupyter's own earlier copies")
def checkpoints_alone(student, content):
    hand_in(student, content, "conv2d/.ipynb_checkpoints/conv2d-checkpoint.ipynb")


@FOLDERS.damaged("There is no conv2d.ipynb among the files")
def a_folder_too_deep(student, content):
    hand_in(student, content, "conv2d/conv2d/conv2d.ipynb")


@FOLDERS.damaged("There is no folder conv2d with conv2d.ipynb in it")
def a_folder_too_high(student, content):
    hand_in(student, content, "conv2d.ipynb")


@FOLDERS.damaged("in exactly these letters")
def a_folder_of_another_case(student, content):
    hand_in(student, content, "Conv2D/conv2d.ipynb")


@FOLDERS.damaged("conv2d is a file, not a folder")
def a_file_for_the_folder(student, content):
    (student / "conv2d").write_bytes(content)


@FOLDERS.damaged("There is no conv2d.ipynb among the files")
def a_timestamp_alone(student, content):
    hand_in(student, b"2026-02-02 11:59:59 UTC", "conv2d/timestamp.txt")


# --- no file ---------------------------------------------------------------------------------------------


@FOLDERS.damaged("conv2d.ipynb is not a file")
def a_folder_for_the_file(student, content):
    hand_in(student, content, "conv2d/conv2d.ipynb/conv2d.ipynb")


@FOLDERS.damaged("conv2d.ipynb is not a file")
def a_pipe(student, content):
    os.mkfifo(folder_of(student) / "conv2d.ipynb")


@FOLDERS.damaged("conv2d.ipynb cannot be opened")
def a_socket(student, content):
    folder = os.open(folder_of(student), os.O_RDONLY)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{folder}/conv2d.ipynb")
    os.close(folder)


@FOLDERS.damaged("symbolic link, which is not followed")
def a_link_to_somebody_elses_notebook(student, content):
    other = hand_in(student.parent.parent / "outside", content)
    (folder_of(student) / "conv2d.ipynb").symlink_to(other)


@FOLDERS.damaged("symbolic link, which is not followed")
def a_link_to_itself(student, content):
    (folder_of(student) / "conv2d.ipynb").symlink_to("conv2d.ipynb")


@FOLDERS.damaged("symbolic link, which is not followed")
def a_link_to_nothing(student, content):
    (folder_of(student) / "conv2d.ipynb").symlink_to("nowhere.ipynb")


@FOLDERS.damaged("symbolic link, which is not followed")
def a_link_to_an_endless_device(student, content):
    (folder_of(student) / "conv2d.ipynb").symlink_to("/dev/zero")


@FOLDERS.damaged("folder is a symbolic link")
def a_folder_that_is_a_link(student, content):
    other = hand_in(student.parent.parent / "outside", content)
    (student / "conv2d").symlink_to(other.parent)


@FOLDERS.damaged("folder is a symbolic link")
def a_folder_that_is_a_link_to_nothing(student, content):
    (student / "conv2d").symlink_to("nowhere")


@FOLDERS.damaged("folder is a symbolic link")
def a_folder_that_is_a_link_to_itself(student, content):
    (student / "conv2d").symlink_to("conv2d")


@FOLDERS.damaged("folder is a symbolic link")
def a_student_who_is_a_link(student, content):
    other = hand_in(student.parent.parent / "outside", content)
    student.rmdir()
    student.symlink_to(other.parent.parent)


@FOLDERS.damaged("folder is a symbolic link")
def a_student_who_is_a_link_to_nothing(student, content):
    student.rmdir()
    student.symlink_to("nobody")


@FOLDERS.damaged("52 MB|MB, more than")
def a_huge_file_with_holes(student, content):
    os.truncate(hand_in(student, content), 1 << 40)


# --- other files beside a sound notebook -----------------------------------------------------------------


@FOLDERS.intact
def several_notebooks(student, content):
    hand_in(student, content)
    hand_in(student, b"{", "conv2d/Untitled.ipynb")
    hand_in(student, b"{", "conv2d/conv2d-Copy1.ipynb")


@FOLDERS.intact
def checkpoints_and_hidden_files(student, content):
    hand_in(student, content)
    hand_in(student, b"{", "conv2d/.ipynb_checkpoints/conv2d-checkpoint.ipynb")
    hand_in(student, b"x", "conv2d/.DS_Store")
    hand_in(student, b"x", "__MACOSX/conv2d/._conv2d.ipynb")


@FOLDERS.intact
def python_files_that_would_be_imported(student, content):
    hand_in(student, content)
    for name in (
        "conftest.py",
        "numpy.py",
        "sitecustomize.py",
        "checks.py",
        "solutions/__init__.py",
        "pytest.ini",
    ):
        hand_in(student, b"raise SystemExit('imported')", f"conv2d/{name}")


@FOLDERS.intact
def links_beside_it(student, content):
    folder = hand_in(student, content).parent
    secret = student.parent.parent / "secret"
    secret.mkdir(exist_ok=True)
    (secret / "secret.txt").write_text("the canary")
    (folder / "file").symlink_to(secret / "secret.txt")
    (folder / "folder").symlink_to(secret)
    (folder / "nothing").symlink_to("nowhere")
    (folder / "itself").symlink_to("itself")
    (folder / "parent").symlink_to("..")
    (folder / "zero").symlink_to("/dev/zero")


@FOLDERS.intact
def a_pipe_beside_it(student, content):
    os.mkfifo(hand_in(student, content).parent / "data.csv")


@FOLDERS.intact
def a_file_of_a_terabyte_beside_it(student, content):
    hand_in(student, content)
    os.truncate(hand_in(student, b"", "conv2d/data.bin"), 1 << 40)


@FOLDERS.intact
def folders_a_thousand_deep_beside_it(student, content):
    """Deeper than Python's recursion goes and longer than a path may be."""
    folder = hand_in(student, content).parent
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("deep", dir_fd=here)
        inner = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


@FOLDERS.intact
def names_that_are_very_long_or_odd(student, content):
    hand_in(student, content)
    for name in (
        "x" * 255,
        "[a]*?",
        "-rf",
        "a\nb",
        "=cmd",
        "\udcff\udcfe",
        "ünïcödé",
        "\x1b[31m",
        "{student_id}",
    ):
        hand_in(student, b"x", f"conv2d/{name}")


@FOLDERS.intact
def two_thousand_files(student, content):
    hand_in(student, content)
    for number in range(2000):
        (student / "conv2d" / f"{number}.txt").touch()


# --- the time --------------------------------------------------------------------------------------------


def _with_timestamp(student, content, timestamp: bytes):
    hand_in(student, content)
    hand_in(student, timestamp, "conv2d/timestamp.txt")


@FOLDERS.intact
def a_timestamp_that_is_no_time(student, content):
    _with_timestamp(student, content, b"teatime, last Tuesday")


@FOLDERS.intact
def a_timestamp_that_is_binary(student, content):
    _with_timestamp(student, content, bytes(range(256)))


@FOLDERS.intact
def a_timestamp_that_is_empty(student, content):
    _with_timestamp(student, content, b"")


@FOLDERS.intact
def a_timestamp_out_of_range(student, content):
    _with_timestamp(student, content, b"0001-01-01 00:00:00 +99999999999999999999")


@FOLDERS.intact
def a_timestamp_with_too_many_digits(student, content):
    _with_timestamp(student, content, b"Mon Feb 2 2026111111111111111111111111111 m")


@FOLDERS.intact
def a_timestamp_of_a_gigabyte(student, content):
    hand_in(student, content)
    os.truncate(hand_in(student, b"2026-02-02 11:59:59 UTC\n", "conv2d/timestamp.txt"), 1 << 30)


@FOLDERS.intact
def a_timestamp_that_is_a_pipe(student, content):
    os.mkfifo(hand_in(student, content).parent / "timestamp.txt")


@FOLDERS.intact
def a_timestamp_that_is_a_folder(student, content):
    hand_in(student, content)
    hand_in(student, b"2026-02-02 11:59:59 UTC", "conv2d/timestamp.txt/timestamp.txt")


@FOLDERS.intact
def a_timestamp_that_is_a_link(student, content):
    hand_in(student, content).with_name("timestamp.txt").symlink_to("/dev/zero")
