"""Files that are no notebook, and notebooks that are odd. Each function takes a sound one apart and gives bytes."""

import copy
import gzip
import io
import json
import random
import zipfile

from damage.kind import Kinds

CONTENTS = Kinds()


def dumped(notebook: object, **options) -> bytes:
    return json.dumps(notebook, **options).encode()


def grade_id(cell: dict) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def is_test(cell: dict) -> bool:
    return grade_id(cell).startswith("test_")


def is_answer(cell: dict) -> bool:
    """A cell with one of the functions."""
    return bool(grade_id(cell)) and cell["cell_type"] == "code" and not is_test(cell)


def of_nbgrader(notebook: dict) -> list[dict]:
    """nbgrader's metadata of every cell that has some."""
    return [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if grade_id(cell)]


def text_of(cell: dict) -> str:
    return "".join(cell["source"])


# --- no notebook at all ----------------------------------------------------------------------------------


@CONTENTS.damaged("The file is empty")
def empty(notebook):
    return b""


@CONTENTS.damaged("The file is empty")
def white_space_alone(notebook):
    return b" \r\n\t\n" * 100


@CONTENTS.damaged("not text in UTF-8|binary data|not a notebook")
def binary_junk(notebook):
    return random.Random(1).randbytes(20_000)


@CONTENTS.damaged("binary data")
def zeros_after_a_power_cut(notebook):
    return bytes(len(dumped(notebook)) // 4 * 4)


@CONTENTS.damaged("binary data")
def an_odd_number_of_zeros(notebook):
    return bytes(len(dumped(notebook)) // 4 * 4 + 1)


@CONTENTS.damaged("ends in the middle")
def truncated(notebook):
    whole = dumped(notebook)
    return whole[: len(whole) // 2]


@CONTENTS.damaged("ends in the middle")
def truncated_between_two_cells(notebook):
    return dumped(notebook).split(b', {"cell_type"')[0]


@CONTENTS.damaged(r"JSON is broken \(line 1\)")
def a_python_file(notebook):
    return "\n\n".join(text_of(cell) for cell in notebook["cells"]).encode()


@CONTENTS.damaged("web page, perhaps one that asked to sign in")
def a_web_page(notebook):
    return b"<!DOCTYPE html>\n<html><title>Sign in</title></html>\n"


@CONTENTS.damaged("ZIP archive. Unpack it")
def an_archive(notebook):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("conv2d.ipynb", dumped(notebook))
    return buffer.getvalue()


@CONTENTS.damaged("compressed archive. Unpack it")
def compressed(notebook):
    return gzip.compress(dumped(notebook))


@CONTENTS.damaged("PDF document")
def a_printed_notebook(notebook):
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@CONTENTS.damaged("is a picture")
def a_screenshot(notebook):
    return b"\x89PNG\r\n\x1a\n" + bytes(100)


@CONTENTS.damaged(r"not text in UTF-8 \(from byte [\d,]+ on\)")
def latin_1(notebook):
    notebook["cells"][0]["source"] = "Ein Übungsblatt für Faltungen"
    return json.dumps(notebook, ensure_ascii=False).encode("latin-1", "replace")


@CONTENTS.damaged("git left its conflict marks")
def with_gits_conflict_marks(notebook):
    lines = dumped(notebook, indent=1).splitlines()
    return b"\n".join(
        [*lines[:9], b"<<<<<<< HEAD", lines[9], b"=======", lines[9], b">>>>>>> main", *lines[10:]]
    )


@CONTENTS.damaged("JSON is broken")
def with_single_quotes(notebook):
    return repr(notebook).encode()


@CONTENTS.damaged("JSON is broken")
def two_notebooks_in_one_file(notebook):
    return dumped(notebook) * 2


@CONTENTS.damaged("JSON is broken")
def line_breaks_within_texts(notebook):
    return dumped(notebook).replace(b"\\n", b"\n")


@CONTENTS.damaged("JSON but not a notebook")
def a_json_list(notebook):
    return dumped(notebook["cells"])


@CONTENTS.damaged("JSON but not a notebook")
def a_json_number(notebook):
    return b"1e999"


@CONTENTS.damaged("JSON but not a notebook")
def a_json_null(notebook):
    return b"null"


@CONTENTS.damaged("it has no cells")
def without_cells(notebook):
    del notebook["cells"]
    return dumped(notebook)


@CONTENTS.damaged("it has no cells")
def cells_null(notebook):
    return dumped(notebook | {"cells": None})


@CONTENTS.damaged("it has no cells")
def cells_by_name(notebook):
    return dumped(notebook | {"cells": {str(i): cell for i, cell in enumerate(notebook["cells"])}})


@CONTENTS.damaged("it has no cells")
def as_the_contents_api_answers(notebook):
    return dumped({"type": "notebook", "name": "conv2d.ipynb", "content": notebook})


@CONTENTS.damaged("The notebook has no cells")
def an_empty_list_of_cells(notebook):
    return dumped(notebook | {"cells": []})


@CONTENTS.damaged("The notebook has no cells")
def cells_that_are_none(notebook):
    return dumped(notebook | {"cells": [1, "x", None, [], True]})


@CONTENTS.damaged("The notebook has no cells")
def worksheets_that_are_none(notebook):
    return dumped({"nbformat": 3, "worksheets": [None, 3, {"cells": "x"}]})


# --- too much of it --------------------------------------------------------------------------------------


@CONTENTS.damaged("50 MB|51 MB")
def more_than_fifty_megabytes(notebook):
    return dumped(notebook) + b" " * (51 << 20)


@CONTENTS.damaged("3000 cells, more than")
def three_thousand_cells(notebook):
    return dumped(notebook | {"cells": [{"cell_type": "code", "source": ""}] * 3000})


@CONTENTS.damaged("characters of code and text")
def a_million_characters_of_data_in_a_cell(notebook):
    notebook["cells"].append(
        {"cell_type": "code", "metadata": {}, "source": "data = '" + "x" * 1_100_000 + "'"}
    )
    return dumped(notebook)


@CONTENTS.damaged("more than 3,000,000 values. Clear all outputs")
def four_million_empty_lists(notebook):
    return b'{"cells": [' + b"[]," * 4_000_000 + b"[]]}"


@CONTENTS.damaged("nested too deeply")
def nested_lists(notebook):
    return b"[" * 100_000 + b"]" * 100_000


@CONTENTS.damaged("nested too deeply")
def nested_outputs(notebook):
    return dumped(notebook).replace(
        b'"outputs": []', b'"outputs": ' + b'[{"a":' * 50_000 + b"1" + b"}]" * 50_000, 1
    )


# --- odd ways to write a sound notebook ------------------------------------------------------------------


@CONTENTS.intact
def with_a_byte_order_mark(notebook):
    return b"\xef\xbb\xbf" + dumped(notebook)


@CONTENTS.intact
def utf_16(notebook):
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


@CONTENTS.intact
def utf_32_without_a_mark(notebook):
    return json.dumps(notebook, ensure_ascii=False).encode("utf-32-be")


@CONTENTS.intact
def line_ends_of_windows(notebook):
    for cell in notebook["cells"]:
        cell["source"] = text_of(cell).replace("\n", "\r\n")
    return dumped(notebook, indent=1).replace(b"\n", b"\r\n")


@CONTENTS.intact
def every_character_a_line_of_its_own(notebook):
    for cell in notebook["cells"]:
        cell["source"] = list(text_of(cell))
    return dumped(notebook)


@CONTENTS.intact
def every_key_twice(notebook):
    whole = dumped(notebook)
    return b'{"cells": [], "metadata": 1, ' + whole[1:]


@CONTENTS.intact
def nbformat_2(notebook):
    return dumped(_as_format_3(notebook) | {"nbformat": 2, "nbformat_minor": 0})


@CONTENTS.intact
def nbformat_3(notebook):
    return dumped(_as_format_3(notebook))


def _as_format_3(notebook):
    cells = [
        {
            "cell_type": "code",
            "language": "python",
            "input": text_of(cell),
            "metadata": cell["metadata"],
            "outputs": [],
        }
        if cell["cell_type"] == "code"
        else cell
        for cell in notebook["cells"]
    ]
    heading = {"cell_type": "heading", "level": 1, "source": "Convolution", "metadata": {}}
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [heading, *cells]}]}


@CONTENTS.intact
def nbformat_4_0(notebook):
    for cell in notebook["cells"]:
        cell.pop("id", None)
    return dumped(notebook | {"nbformat_minor": 0})


@CONTENTS.intact
def nbformat_5(notebook):
    return dumped(notebook | {"nbformat": 5, "nbformat_minor": 99})


@CONTENTS.intact
def nbformat_missing(notebook):
    return dumped({"cells": notebook["cells"]})


@CONTENTS.intact
def nbformat_of_another_type(notebook):
    return dumped(notebook | {"nbformat": "four", "nbformat_minor": [5]})


@CONTENTS.intact
def numbers_that_are_none(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = float("nan")
            cell["metadata"]["size"] = float("-inf")
    notebook["metadata"]["large"] = "DIGITS"
    return dumped(notebook).replace(b'"DIGITS"', b"[1e999999, -" + b"9" * 10_000 + b"]")


# --- cells ------------------------------------------------------------------------------------------------


@CONTENTS.intact
def test_cells_deleted(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if not is_test(cell)]
    return dumped(notebook)


@CONTENTS.intact
def graded_cells_deleted(notebook):
    """The functions stand in new cells."""
    answers = [text_of(cell) for cell in notebook["cells"] if is_answer(cell)]
    notebook["cells"] = [cell for cell in notebook["cells"] if not grade_id(cell)]
    notebook["cells"] += [{"cell_type": "code", "metadata": {}, "source": source} for source in answers]
    return dumped(notebook)


@CONTENTS.intact
def everything_in_one_cell(notebook):
    code = [text_of(cell) for cell in notebook["cells"] if cell["cell_type"] == "code" and not is_test(cell)]
    return dumped(notebook | {"cells": [{"cell_type": "code", "metadata": {}, "source": "\n\n".join(code)}]})


@CONTENTS.intact
def test_cells_duplicated(notebook):
    notebook["cells"] = [copy for cell in notebook["cells"] for copy in [cell] * (3 if is_test(cell) else 1)]
    return dumped(notebook)


@CONTENTS.intact
def every_cell_duplicated(notebook):
    notebook["cells"] = [copy for cell in notebook["cells"] for copy in (cell, cell)]
    return dumped(notebook)


@CONTENTS.intact
def cells_in_reverse_order(notebook):
    notebook["cells"].reverse()
    return dumped(notebook)


@CONTENTS.intact
def test_cells_first(notebook):
    notebook["cells"].sort(key=lambda cell: not is_test(cell))
    return dumped(notebook)


@CONTENTS.intact
def test_cells_retyped(notebook):
    for cell in filter(is_test, notebook["cells"]):
        cell["cell_type"] = "markdown"
    return dumped(notebook)


@CONTENTS.intact
def answers_retyped(notebook):
    for place, cell in enumerate(filter(is_answer, list(notebook["cells"]))):
        cell["cell_type"] = ("markdown", "raw")[place % 2]
    return dumped(notebook)


@CONTENTS.intact
def an_answer_kept_as_raw_text_below_a_better_one(notebook):
    place = next(i for i, cell in enumerate(notebook["cells"]) if grade_id(cell) == "pad")
    old = copy.deepcopy(notebook["cells"][place])
    notebook["cells"].insert(
        place + 1, old | {"cell_type": "raw", "source": "def pad(image, rows, columns): pass"}
    )
    return dumped(notebook)


@CONTENTS.intact
def an_answer_kept_as_raw_text_and_written_elsewhere(notebook):
    place = next(i for i, cell in enumerate(notebook["cells"]) if grade_id(cell) == "pad")
    better = {"cell_type": "code", "metadata": {}, "source": text_of(notebook["cells"][place])}
    notebook["cells"][place] |= {"cell_type": "raw", "source": "def pad(image, rows, columns): pass"}
    notebook["cells"].insert(place, better)
    return dumped(notebook)


@CONTENTS.intact
def test_cells_edited(notebook):
    sources = (
        "",
        "100.0",
        "raise SystemExit",
        "def (",
        "%%bash\nsleep 9",
        "del pad",
        ["a", 1, None],
        None,
        {"a": 1},
    )
    for place, cell in enumerate(filter(is_test, notebook["cells"])):
        cell["source"] = sources[place % len(sources)]
    # `del pad` is the one edit that would undo an answer: the answer stands once more.
    notebook["cells"].append(next(cell for cell in notebook["cells"] if grade_id(cell) == "pad"))
    return dumped(notebook)


@CONTENTS.intact
def cells_split(notebook):
    """Test cells in the middle, which leaves two halves that do not run; answers above their function."""
    cells = []
    for cell in notebook["cells"]:
        lines = text_of(cell).splitlines(keepends=True)
        if is_test(cell):
            cells += [cell | {"source": text_of(cell)[:-9]}, cell | {"source": text_of(cell)[-9:]}]
        elif is_answer(cell):
            start = next(i for i, line in enumerate(lines) if line.startswith(("def ", "import ", "from ")))
            cells += [cell | {"source": lines[:start]}, cell | {"source": lines[start:]}]
        else:
            cells.append(cell)
    return dumped(notebook | {"cells": cells})


@CONTENTS.intact
def things_between_the_cells_that_are_none(notebook):
    odd = [None, 7, "x", [], {}, {"cell_type": 5, "source": 5}, {"cell_type": "heading", "source": ["a"]},
           {"cell_type": ["code"], "source": "1/0", "metadata": None}, {"source": None, "input": None}]  # fmt: skip
    notebook["cells"] = [each for cell in notebook["cells"] for each in (cell, *odd[:3])] + odd
    return dumped(notebook)


@CONTENTS.intact
def half_characters_and_zeros_in_texts(notebook):
    odd = "\ud800 \udc00 \0 \x1b[31m \u202e \ufeff"
    for kind in ("markdown", "raw"):
        notebook["cells"].append({"cell_type": kind, "metadata": {odd: odd}, "source": odd})
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": f"# {odd}\nodd = 1"})
    next(cell for cell in notebook["cells"] if grade_id(cell) == "written_equivariance")["source"] = odd
    return dumped(notebook)


@CONTENTS.intact
def a_very_long_line(notebook):
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "<" * 400_000})
    return dumped(notebook)


# --- metadata --------------------------------------------------------------------------------------------


@CONTENTS.intact
def metadata_lost(notebook):
    for cell in notebook["cells"]:
        del cell["metadata"]
    return dumped({"cells": notebook["cells"]})


@CONTENTS.intact
def metadata_of_other_types(notebook):
    odd = (None, [], "x", 3, {"nbgrader": None}, {"nbgrader": ["x"]}, {"nbgrader": {"grade_id": {"a": 1}}},
           {"nbgrader": {"grade_id": 5, "cell_type": ["code"]}}, {"tags": {"a": 1}})  # fmt: skip
    for place, cell in enumerate(notebook["cells"]):
        cell["metadata"] = odd[place % len(odd)]
    return dumped(notebook | {"metadata": [1, 2]})


@CONTENTS.intact
def metadata_huge(notebook):
    for of in of_nbgrader(notebook)[:5]:
        of["grade_id"] += "x" * 100_000
        of |= {f"key {i}": [i] * 10 for i in range(1000)}
    return dumped(notebook)


@CONTENTS.intact
def the_same_grade_id_everywhere(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["nbgrader"] = {"grade_id": "pad", "locked": False, "schema_version": 3}
    return dumped(notebook)


@CONTENTS.intact
def grade_ids_exchanged(notebook):
    marks = of_nbgrader(notebook)
    ids = [of["grade_id"] for of in marks]
    for of, other in zip(marks, reversed(ids), strict=True):
        of["grade_id"] = other
    return dumped(notebook)


@CONTENTS.intact
def grade_ids_hostile(notebook):
    odd = ("../../etc/passwd", "<script>alert(1)</script>", "\ud800", "a\nb\x1b[31m", "'; drop table grade; --", "", " ",
           "{{ 1 + 1 }}", "%s%n", "x" * 101)  # fmt: skip
    for place, of in enumerate(of_nbgrader(notebook)):
        of["grade_id"] = odd[place % len(odd)]
    return dumped(notebook)


@CONTENTS.intact
def locked_and_graded_flipped(notebook):
    for of in of_nbgrader(notebook):
        of |= {name: not of[name] for name in ("locked", "grade", "solution", "task")}
    return dumped(notebook)


@CONTENTS.intact
def points_changed(notebook):
    for place, of in enumerate(of_nbgrader(notebook)):
        of["points"] = (1000, -5, "x", None, 1e300, [1], float("nan"))[place % 7]
    return dumped(notebook)


@CONTENTS.intact
def schema_versions_and_checksums_changed(notebook):
    for place, of in enumerate(of_nbgrader(notebook)):
        of["schema_version"], of["checksum"] = (1, 0, 99, "3", None)[place % 5], "0" * 32
    return dumped(notebook)


@CONTENTS.intact
def cell_ids_duplicated_and_invalid(notebook):
    for place, cell in enumerate(notebook["cells"]):
        cell["id"] = ("same", "", "not valid!", 5, "x" * 1000)[place % 5]
    return dumped(notebook)


@CONTENTS.intact
def another_kernel_and_language(notebook):
    notebook["metadata"] = {
        "kernelspec": {"name": "ir", "display_name": "R", "language": "R"},
        "language_info": {"name": "R", "file_extension": ".r"},
    }
    return dumped(notebook)


@CONTENTS.intact
def a_kernel_that_is_a_path(notebook):
    notebook["metadata"] = {
        "kernelspec": {"name": "../../../bin/sh", "display_name": ["x"]},
        "widgets": {"a": [1]},
    }
    return dumped(notebook)


# --- outputs and attachments -----------------------------------------------------------------------------


@CONTENTS.intact
def outputs_of_five_megabytes(notebook):
    stream = {"output_type": "stream", "name": "stdout", "text": ["line\n"] * 200_000}
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 4_000_000}}
    next(filter(is_answer, notebook["cells"]))["outputs"] = [stream, picture]
    return dumped(notebook)


@CONTENTS.intact
def outputs_of_other_types(notebook):
    odd = (
        "junk",
        None,
        {"a": 1},
        [None, 3],
        [{"output_type": "stream"}],
        [{"output_type": ["x"], "data": 5}],
    )
    for place, cell in enumerate(notebook["cells"]):
        cell["outputs"] = odd[place % len(odd)]
        cell["execution_count"] = ("x", -1, [2])[place % 3]
    return dumped(notebook)


@CONTENTS.intact
def attachments_of_every_sort(notebook):
    odd = (
        None, [], "x", {"a.png": None}, {"../a.png": {"image/png": "AAAA"}}, {"a.png": {"image/png": "AAAA"}},
        {"a.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"}}, {"b.png": {"image/png": ["AA", 5]}},
        {"c.png": {"image/png": "\"><script>"}}, {"\ud800.png": {"image/png": "AAAA"}}, {"": {"": ""}},
    )  # fmt: skip
    for each in odd:
        source = "My answer ![](attachment:a.png)"
        notebook["cells"].append(
            {"cell_type": "markdown", "metadata": {}, "source": source, "attachments": each}
        )
    answer = next(cell for cell in notebook["cells"] if grade_id(cell) == "written_equivariance")
    answer |= {"source": "![](attachment:a.png)", "attachments": odd[5]}
    return dumped(notebook)
