"""Written answers are marked question by question, and formgrader finds the same in nbgrader's gradebook."""

import contextlib
import http.client
import json
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbgrader.api import Gradebook
from written_class import ANSWERS, CELLS, HOSTILE, hand_in, make_class

from autograder.authoring.rubric import BadRubric, Item, check_rubric, read_model_answer
from autograder.authoring.text import Disagreement, settle
from autograder.commands.written import _Desk, _page, _save
from autograder.gradebook.course import Course
from autograder.gradebook.totals import read_totals
from autograder.gradebook.written import BadMark, NewMark, Overtaken, read_answers, read_questions, save_marks
from autograder.reports.marking.server import LONGEST_BODY, MarkingServer
from autograder.suite import find

SAME, EQUIVARIANCE = CELLS


@pytest.fixture
def course(released_course, once, tmp_path, monkeypatch) -> Course:
    """The course of a class that has handed in, and the folder to work in."""
    made = once("written-class", lambda folder: make_class(released_course, folder))
    monkeypatch.chdir(shutil.copytree(made, tmp_path / "course"))
    return Course.here()


def answers_of(course: Course, cell: str) -> dict[str, object]:
    return {answer.student: answer for answer in read_answers(course, "conv2d", cell)[0]}


def rows(student: str, cell: str) -> tuple[dict, dict]:
    """What formgrader's own requests give for one answer: the grade and the comment."""
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        names = cell, "conv2d", "conv2d", student
        return gradebook.find_grade(*names).to_dict(), gradebook.find_comment(*names).to_dict()


# --- the text source -------------------------------------------------------------------------------------


def test_a_model_answer_and_its_rubric_are_read_from_one_cell():
    source = "It is odd.\n\n**Rubric**\n\n- (+2) Says that it\n  is odd.\n- (-0.5) Guesses.\n* (0) Why?\n"
    answer = read_model_answer(source)
    assert answer.text == "It is odd."
    assert answer.rubric == (Item(2, "Says that it is odd."), Item(-0.5, "Guesses."), Item(0, "Why?"))
    assert read_model_answer("Just text about a rubric.\n").rubric == ()


@pytest.mark.parametrize(
    ("rubric", "words"),
    [("- (+2) Odd.", "2 points and its cell 5"), ("- Odd.", "'Odd.' does not begin"), ("none", "no line")],
)
def test_a_rubric_that_gives_other_points_or_cannot_be_read_stops_the_build(rubric, words):
    source = f"Text.\n\n### Rubric\n\n{rubric}"
    with pytest.raises(BadRubric, match=words):
        check_rubric(source, 5)
    cells = nbformat.read(ROOT / "solutions" / "source" / "conv2d" / "conv2d.ipynb", as_version=4).cells
    (cell,) = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == SAME]
    cell.source = source
    with pytest.raises(Disagreement, match=words) as caught:
        settle(cells, find("conv2d"))
    assert SAME in caught.value.near
    check_rubric("Text.\n\n### Rubric\n\n- (-1) Guesses.", 5)  # deductions alone


def test_students_get_neither_model_answer_nor_rubric(course):
    released = Path("assignment/conv2d/conv2d.ipynb").read_text(encoding="utf-8")
    for question in read_questions(course, "conv2d"):
        answer = read_model_answer(question.source)
        assert sum(item.points for item in answer.rubric) == question.points == 5
        for line in (answer.text.splitlines()[0], *(item.text for item in answer.rubric)):
            assert json.dumps(line)[1:-1] not in released


# --- marks -----------------------------------------------------------------------------------------------


def test_questions_stand_in_the_notebooks_order_with_their_text_and_untouched_answers_ask_nobody(course):
    first, second = read_questions(course, "conv2d")
    assert (first.cell, second.cell) == CELLS
    assert first.title == "Written question 1 (5 points)" and first.body.strip().startswith("A 2×2 filter")
    for place, cell in enumerate(CELLS):
        answers, untouched = read_answers(course, "conv2d", cell)
        written = [student for student, texts in ANSWERS.items() if texts[place] is not None]
        assert [answer.student for answer in answers] == written
        assert untouched == len(ANSWERS) - len(written)
    assert rows("dan", SAME)[0]["auto_score"] == 0.0
    assert rows("dan", SAME)[0]["needs_manual_grade"] is False


def test_a_mark_stands_in_nbgraders_rows_as_formgrader_would_write_it(course):
    ada = answers_of(course, SAME)["ada"]
    assert save_marks(course, "conv2d", [NewMark(ada.id, 3.5, "- (+1) Right.\n\nGood.")]) == [ada.id]
    grade, comment = rows("ada", SAME)
    assert (grade["manual_score"], grade["needs_manual_grade"], grade["auto_score"]) == (3.5, False, None)
    assert comment["manual_comment"] == "- (+1) Right.\n\nGood."
    assert read_totals(course, "conv2d")["ada"].written == 3.5
    again = answers_of(course, SAME)["ada"]
    assert (again.score, again.comment, again.name) == (3.5, "- (+1) Right.\n\nGood.", "Ada Lovelace")
    assert answers_of(course, EQUIVARIANCE)["ada"].score is None
    assert save_marks(course, "conv2d", [NewMark(ada.id, None, "")]) == [ada.id]
    grade, comment = rows("ada", SAME)
    assert (grade["manual_score"], grade["needs_manual_grade"]) == (None, True)
    assert comment["manual_comment"] is None


def test_a_mark_of_formgraders_is_shown_and_not_written_over_unseen(course):
    ada = answers_of(course, SAME)["ada"]
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        gradebook.find_grade(SAME, "conv2d", "conv2d", "ada").manual_score = 2.0
        gradebook.db.commit()
    with pytest.raises(Overtaken, match="2 points") as caught:
        save_marks(course, "conv2d", [NewMark(ada.id, 4.0, "", seen=(None, ""))])
    assert (caught.value.score, caught.value.comment) == (2.0, "")
    assert rows("ada", SAME)[0]["manual_score"] == 2.0
    save_marks(course, "conv2d", [NewMark(ada.id, 4.0, "", seen=(2.0, ""))])
    assert rows("ada", SAME)[0]["manual_score"] == 4.0


def test_marks_that_must_not_stand_in_a_gradebook_are_refused_and_none_is_written(course):
    ada, bob = (answers_of(course, SAME)[name].id for name in ("ada", "bob"))
    for bad in ((5.5, ""), (-1.0, ""), (float("nan"), ""), (1.0, "\0"), (1.0, "\ud800"), (1.0, "x" * 20_001)):
        with pytest.raises(BadMark):
            save_marks(course, "conv2d", [NewMark(bob, 1.0, ""), NewMark(ada, *bad)])
    assert rows("bob", SAME)[0]["manual_score"] is None


def test_only_written_answers_of_the_assignment_can_be_marked(course):
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        automatic = gradebook.find_grade("test_pad", "conv2d", "conv2d", "ada").id
    for answer in (automatic, "nobody"):
        with pytest.raises(BadMark, match="no such answer"):
            save_marks(course, "conv2d", [NewMark(answer, 1.0, "")])


def test_a_mark_waits_for_a_second_look_where_the_answer_changed_and_only_there(course):
    marks = [NewMark(answers_of(course, SAME)[name].id, 2.0, "") for name in ("ada", "eve")]
    save_marks(course, "conv2d", marks)
    hand_in(Path(), ANSWERS | {"eve": ("Something else.", None)})
    found = answers_of(course, SAME)
    assert {name: (answer.score, answer.again) for name, answer in found.items()} == {
        "ada": (2.0, False),
        "bob": (None, False),
        "eve": (2.0, True),
    }
    hand_in(Path(), ANSWERS | {"eve": ("Something else.", None)})
    assert answers_of(course, SAME)["eve"].again
    assert save_marks(course, "conv2d", marks) == [found["eve"].id]  # the same mark again: it is confirmed
    assert not answers_of(course, SAME)["eve"].again


# --- the page --------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Every tag of a page, with its attributes."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_nothing_that_a_student_wrote_is_html_and_the_page_loads_nothing(course):
    page = _page(_Desk(course, "conv2d", blind=False), "1")
    tags = Tags(page).found
    counts = Counter(tag for tag, _ in tags)
    assert (counts["script"], counts["article"], counts["form"], counts["img"]) == (1, 3, 3 + 1, 1)
    for _tag, attributes in tags:
        assert not [name for name in attributes if name.startswith("on") or name == "action"]
        assert attributes.get("href", "./") == "./"
        assert (attributes.get("src") or "data:image/png;base64,").startswith("data:image/png;base64,")
    assert "window.stolen" in page and HOSTILE not in page
    assert "script-src 'sha256-" in page and "form-action 'none'" in page


def test_a_blind_page_tells_no_name_and_keeps_no_order(course):
    desk = _Desk(course, "conv2d", blind=True)
    page = _page(desk, "2")
    for word in ("ada", "Lovelace", "bob", "cleo", "eve"):
        assert not re.search(rf"\b{word}\b", page, re.IGNORECASE)
    order = re.findall(r'data-answer="(\w+)"', page)
    assert order == sorted(answer.id for answer in answers_of(course, EQUIVARIANCE).values())


def test_a_page_as_a_file_gives_marks_that_are_read_back(course, autograder):
    done = autograder("written", "--pages", "pages", "--blind")
    assert done.returncode == 0 and "3 answers, 3 of them not marked yet" in done.stdout
    assert {path.stem for path in Path("pages").iterdir()} == set(CELLS)
    marks = [
        {"answer": answer.id, "score": score, "comment": "é\n$x$", "seen": {"score": None, "comment": ""}}
        for score, answer in enumerate(answers_of(course, SAME).values())
    ]
    Path("m.json").write_text(json.dumps({"assignment": "conv2d", "question": SAME, "marks": marks}))
    done = autograder("written", "--read", "m.json")
    assert done.returncode == 0 and "Read 3 marks, 3 of them new" in done.stdout
    assert [answer.score for answer in answers_of(course, SAME).values()] == [0.0, 1.0, 2.0]
    assert "Read 3 marks, 0 of them new" in autograder("written", "--read", "m.json").stdout


_MARK = '{"assignment": "conv2d", "marks": [{"answer": "x", "score": 1, "comment": %s}]}'
BAD_FILES = [
    ("{", "holds no marks"),
    ('{"assignment": "other", "marks": []}', "holds no marks of 'conv2d'"),
    ('{"assignment": "conv2d"}', "These are no marks"),
    (_MARK % "1", "These are no marks"),
    (_MARK % '""', "Nothing was saved. There is no such answer"),
]


def test_a_file_that_holds_no_marks_is_one_clear_line(course, autograder):
    for content, words in BAD_FILES:
        Path("m.json").write_text(content)
        done = autograder("written", "--read", "m.json")
        (line,) = done.stderr.strip().splitlines()
        assert done.returncode == 2 and words in line


# --- the server ------------------------------------------------------------------------------------------


@contextlib.contextmanager
def running(course: Course) -> Iterator[MarkingServer]:
    desk = _Desk(course, "conv2d", blind=False)
    with MarkingServer(lambda name: _page(desk, name), lambda sent: _save(desk, sent)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def ask(
    server: MarkingServer, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status, text


def test_only_the_servers_own_page_on_this_machine_reads_and_writes(course):
    ada = answers_of(course, SAME)["ada"]
    mark = {"answer": ada.id, "score": 4, "comment": "", "seen": {"score": None, "comment": ""}}
    sent = json.dumps({"marks": [mark]})
    with running(course) as server:
        assert server.server_address[0] == "127.0.0.1" and len(server.token) >= 32
        home, own = f"/{server.token}/", f"http://127.0.0.1:{server.server_port}"
        right = {"Origin": own, "Content_Type": "application/json"}
        assert ask(server, "GET", home)[0] == ask(server, "GET", f"{home}1")[0] == 200
        assert [ask(server, "GET", path)[0] for path in ("/", "/x/1", f"{home}9", f"{home}../1")] == [404] * 4
        assert ask(server, "GET", home, Host="rebound.example")[0] == 403
        assert ask(server, "GET", home, Sec_Fetch_Site="cross-site")[0] == 403
        refused = {
            "another site": right | {"Origin": "https://elsewhere.example"},
            "another port": right | {"Origin": "http://127.0.0.1:1"},
            "a form": right | {"Content_Type": "text/plain"},
            "another name": right | {"Host": "rebound.example"},
            "no origin": {"Content_Type": "application/json"},
        }
        for why, headers in refused.items():
            assert ask(server, "POST", f"{home}marks", sent, **headers)[0] == 403, why
        assert ask(server, "POST", "/x/marks", sent, **right)[0] == 404
        assert ask(server, "POST", f"{home}marks", "[" * (LONGEST_BODY + 1), **right)[0] == 413
        assert ask(server, "POST", f"{home}marks", "[" * 100_000, **right)[0] == 400
        assert rows("ada", SAME)[0]["manual_score"] is None
        assert ask(server, "POST", f"{home}marks", sent, **right) == (200, '{"saved": 1}')
        assert rows("ada", SAME)[0]["manual_score"] == 4.0
        status, text = ask(server, "POST", f"{home}marks", sent.replace("4,", "3,"), **right)
        assert status == 409 and json.loads(text)["there"] == {"score": 4.0, "comment": ""}
        for junk in (
            "null",
            "[]",
            '{"marks": [{}]}',
            sent.replace("4,", "1e999,"),
            sent.replace("4,", "9" * 400 + ","),
        ):
            assert ask(server, "POST", f"{home}marks", junk, **right)[0] == 400


def test_an_assignment_without_written_questions_is_one_clear_line(course, autograder):
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        gradebook.add_assignment("other")
        gradebook.add_notebook("other", "other")
    done = autograder("written", "--assignment", "other")
    assert (done.returncode, done.stderr.strip()[-32:]) == (2, "'other' has no written question.")
    assert "Release it first" in autograder("written", "--assignment", "unknown").stderr
