"""Broken JSON is mended where no code is in doubt, and nowhere else."""

import json
import time

import pytest
from conftest import cells_notebook

from autograder.grading.notebook import Damaged, read_cells

SOUND = json.loads(cells_notebook("def f(x):\n    return [x,]", 'text = ", ]"', "last = 1"))


def lines() -> list[str]:
    return json.dumps(SOUND, indent=1).splitlines()


def sources(content: str) -> list[str]:
    return [cell.source for cell in read_cells(content.encode())]


def conflict(ours: list[str], theirs: list[str], base: list[str] | None = None) -> list[str]:
    """git's way to write down both; with the common ancestor where it is told to (`merge.conflictStyle=diff3`)."""
    between = [] if base is None else ["||||||| 1234567", *base]
    return ["<<<<<<< HEAD", *ours, *between, "=======", *theirs, ">>>>>>> 7654321 (their commit)"]


WHOLE = sources(json.dumps(SOUND))


@pytest.mark.parametrize("comma", [",", ",\n\n  ", " ,\t"])
@pytest.mark.parametrize("bracket", ["]", "}"])
def test_commas_that_nothing_follows_are_left_out_but_not_in_texts(comma, bracket):
    text = json.dumps(SOUND, indent=1)
    for end in {"]": [' ],\n "metadata"'], "}": ["\n}"]}[bracket]:
        assert end in text
        text = text.replace(end, comma + end) if end != "\n}" else text[:-2] + comma + "}"
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    assert sources(text) == WHOLE


@pytest.mark.parametrize("base", [None, ['   "execution_count": null,']])
def test_marks_around_a_number_of_an_output_are_taken_out(base):
    text = []
    for line in lines():
        if '"execution_count"' in line:
            text += conflict(['   "execution_count": 3,'], ['   "execution_count": 7,'], base)
        else:
            text.append(line)
    assert sources("\n".join(text)) == WHOLE


def test_marks_around_whole_outputs_are_taken_out():
    outputs = ['   "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}],']
    text = "\n".join(lines()).replace(
        '   "outputs": [],', "\n".join(conflict(outputs, ['   "outputs": [],']))
    )
    assert text.count("<<<<<<< ") == 3 and sources(text) == WHOLE


@pytest.mark.parametrize(
    "theirs", ['   "source": "last = 2"', '   "source": "last = 1",\n   "cell_type": "raw"']
)
def test_marks_around_code_are_told_with_what_to_do(theirs):
    text = json.dumps(SOUND, indent=1).replace('[\n    "last = 1"\n   ]', '"last = 1"')
    ours = '   "source": "last = 1"'
    assert ours in text
    text = text.replace(ours, "\n".join(conflict([ours], theirs.splitlines())))
    with pytest.raises(Damaged, match=r"conflict marks .* Open it in a text editor, keep one version"):
        read_cells(text.encode())


def test_marks_with_nothing_in_conflict_are_not_git_s():
    text = "\n".join(
        line for each in lines() for line in (conflict([each], [each]) if "cell_type" in each else [each])
    )
    with pytest.raises(Damaged, match="conflict marks"):
        read_cells(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": [,]}',
        '{"cells": [1 2]}',
        '{"cells": [{"a": "b\n"}]}',
        "{'cells': []}",
        "<<<<<<< HEAD\n=======",
    ],
)
def test_anything_else_is_told_as_broken_with_advice_that_can_be_followed(text):
    with pytest.raises(Damaged, match=r"Submit|no cells|conflict") as damage:
        read_cells(text.encode())
    assert "Open it in Jupyter" not in str(damage.value)


@pytest.mark.parametrize("piece", ['"', '\\"', ",", ", ", ',"', "<<<<<<< \n=======\n", '"\\'])
def test_hostile_texts_take_a_time_that_grows_with_their_length(piece):
    def seconds(length: int) -> float:
        content = ('{"cells": "' + piece * (length // len(piece))).encode()
        begun = time.process_time()
        with pytest.raises(Damaged):
            read_cells(content)
        return time.process_time() - begun

    assert seconds(2_000_000) < 60 * max(seconds(200_000), 0.01)


def test_text_cells_do_not_count_as_code_and_code_does():
    picture = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "![](data:image/png;base64," + "A" * 1_200_000 + ")",
    }
    assert len(read_cells(json.dumps(SOUND | {"cells": [*SOUND["cells"], picture]}).encode())) == 4
    data = picture | {"cell_type": "code"}
    with pytest.raises(Damaged, match="code cells hold more than 1,000,000 characters"):
        read_cells(json.dumps(SOUND | {"cells": [*SOUND["cells"], data]}).encode())
    was_code = picture | {"metadata": {"nbgrader": {"cell_type": "code"}}}
    with pytest.raises(Damaged, match="code cells hold"):
        read_cells(json.dumps(SOUND | {"cells": [was_code]}).encode())
