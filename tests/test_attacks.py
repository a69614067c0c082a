"""The attack corpus: every submission that attacks gets its honest score, and reaches, changes and leaves nothing.

Here forked workers run every eighth attack in tier 1 and every 24th in tier 2. `services/test_every_attack.py` runs all of
the corpus.
"""

import dataclasses
import os
import socket
import subprocess
import sys
from collections.abc import Sequence

import pytest
from attacks import judging
from attacks.corpus import BUILDERS, FAMILIES, HERE, controls, read_attack, read_corpus
from attacks.running import COMBINATIONS, GRADERS, TOGETHER, Combination, has_witness
from attacks.table import BEGIN, END, PAGE, as_markdown, beginning, block, in_page
from attacks.verdict import Verdict
from ordinary_user import OrdinaryUser

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(60)]

CORPUS = read_corpus()


# --- the runner notices -----------------------------------------------------------------------------------

# Where nothing keeps code from files, what these attacks try is what happens.
READERS = {
    "reading/home": "the worker told the canary of the home folder",
    "reading/suite_files": "the worker told the canary of the hidden tests",
    "reading/another_submission": "the worker told the canary of another's submission",
    "reading/gradebook": "the worker told the canary of the gradebook",
    "forging/gradebook": "changed: ",
}


def test_attacks_give_way_where_nothing_stops_them():
    verdicts = Combination(0, "server").run(READERS, together=1)
    for path, complaint in READERS.items():
        assert any(line.startswith(complaint) for line in verdicts[path].gave_way), verdicts[path]


def test_no_other_attack_is_run_without_a_wall():
    with pytest.raises(ValueError, match="only the harmless"):
        Combination(0, "fresh").run(["reading/home", "escaping/writing_outside"])


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    from autograder.grading import Grader
    from autograder.sandbox.walls import choose

    with judging.a_judge(tmp_path_factory.mktemp("judge"), Grader, choose().tier) as judge:
        yield judge


def test_the_right_control_passes_and_the_wrong_one_is_caught(judge):
    right, wrong = (judge.judge(control) for control in controls().values())
    assert (right.gave_way, right.score) == ((), 100.0)
    assert (wrong.gave_way, wrong.score) == ((), 0.0)


def test_a_score_that_is_not_the_honest_one_is_noticed(judge):
    liar = dataclasses.replace(CORPUS["forging/stdout"], honest=100.0)
    assert judge.judge(liar).gave_way == ("the score is 0, not the honest 100",)


def test_a_message_that_carries_something_out_is_noticed(judge, monkeypatch):
    repeated = "autograder.grading.explain.read"
    monkeypatch.setattr(repeated, lambda error, text, words: (text, ()))
    assert (
        "the report repeats what the attack carried out"
        in judge.judge(CORPUS["reading/inputs_in_messages"]).gave_way
    )


def test_what_got_through_and_an_attack_that_is_itself_wrong_are_noticed(judge):
    source = "def flatten_filters(filters): return break_out(lambda: 'outside', lambda: nothing, lambda: open('/nowhere'))"
    attack = dataclasses.replace(CORPUS["escaping/mounts"], source=source)
    assert judge.judge(attack).gave_way == (
        "got through: outside",
        "the attack itself is broken: loot: NameError: name 'nothing' is not defined",
    )


def test_a_process_a_visitor_and_a_changed_file_are_noticed(judge, tmp_path, monkeypatch):
    """Done by the grader itself, in the attack's name."""
    grade, course, started = judge._grade, judge._course, []

    def misbehaving(submission, grader):
        report = grade(submission, grader)
        if submission.student != judging.WITNESS:
            started.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
            socket.create_connection(("127.0.0.1", course.targets["tcp"])).close()
            os.utime(course.targets["gradebook"], (0, 0))
        return report

    monkeypatch.setattr(judge, "_grade", misbehaving)
    try:
        gave_way = judge.judge(CORPUS["forging/stdout"]).gave_way
    finally:
        for process in started:
            process.communicate()
    assert gave_way == (
        f"changed: {course.targets['gradebook']}",
        "1 process(es) were left",
        "somebody connected to TCP",
    )


def test_another_students_changed_report_is_noticed(judge, monkeypatch):
    monkeypatch.setattr(judge, "_witness", ({**judge._witness[0], "score": 0.0}, [b"another"]))
    assert judge.judge(CORPUS["forging/stdout"]).gave_way == (
        "another student's report has changed",
        "another student's worker sees something that was not there before",
    )


def test_a_grader_that_fails_is_a_row_that_gave_way(judge, monkeypatch):
    monkeypatch.setattr(judge, "_grade", lambda *_: 1 / 0)
    assert judge.judge(CORPUS["forging/stdout"]).gave_way == (
        "the grader failed: ZeroDivisionError: division by zero",
    )


def test_too_much_time_and_memory_are_noticed(judge, monkeypatch):
    monkeypatch.setattr(judging, "MOST_SECONDS", 0.0)
    monkeypatch.setattr(judging, "MOST_USUAL", 0.0)
    monkeypatch.setattr(judge, "_usual_memory", 1)
    time, memory = judge.judge(CORPUS["forging/stdout"]).gave_way
    assert "more than 0" in time and "times the memory" in memory


# --- the corpus -------------------------------------------------------------------------------------------


TRIED = {Combination(1, "server"): list(CORPUS)[::8], Combination(2, "server"): list(CORPUS)[1::24]}


@pytest.mark.parametrize("combination", TRIED, ids=str)
def test_every_attack_is_contained(combination):
    # One at a time: every grading process tries the controls first, and other tests run while an attack sleeps.
    assert_contained(combination, TRIED[combination], together=1)


def assert_contained(
    combination: Combination,
    chosen: Sequence[str],
    user: OrdinaryUser | None = None,
    together: int = TOGETHER,
) -> None:
    verdicts = combination.run(chosen, together, user)
    assert set(verdicts) == set(chosen)
    assert {path: verdict.gave_way for path, verdict in verdicts.items() if not verdict.contained} == {}


def test_the_witness_follows_each_attack_in_both_tiers_and_in_both_kinds_of_worker():
    for place in range(len(CORPUS)):
        followed = {each for each in COMBINATIONS if has_witness(each.tier, each.kind, place)}
        assert {each.tier for each in followed} == {1, 2} and {each.kind for each in followed} == {*GRADERS}


def test_the_corpus_has_attacks_of_every_family_and_none_that_earns_by_attacking():
    families = {family: sum(attack.family == family for attack in CORPUS.values()) for family in FAMILIES}
    assert len(CORPUS) >= 180 and min(families.values()) >= 5
    assert max(attack.honest for attack in CORPUS.values()) < 10
    assert {path.name for path in HERE.iterdir() if path.is_dir()} - {"__pycache__", ".ruff_cache"} == {
        *FAMILIES,
        "control",
    }


def test_no_attack_that_is_a_students_file_is_ever_imported():
    imported = {name for name in sys.modules if name.startswith("attacks.")}
    families = [family for family in FAMILIES if family not in BUILDERS]
    assert [name for name in imported if name.split(".")[1] in families] == []


@pytest.mark.parametrize(
    "text",
    ["x = 1", '"""Two\nlines."""\nHONEST = 0.0', '"""No score."""', '"""Two."""\nHONEST = 0\nHONEST = 1'],
)
def test_a_file_that_does_not_say_what_it_tries_is_refused(text, tmp_path):
    (tmp_path / "attack.py").write_text(text)
    with pytest.raises(ValueError, match="docstring of one line and HONEST"):
        read_attack(tmp_path / "attack.py")


# --- the table --------------------------------------------------------------------------------------------


def test_the_page_lists_just_the_attacks_that_there_are_with_what_each_tries():
    rows = [line for line in block(PAGE.read_text(encoding="utf-8")).splitlines() if line.startswith("| `")]
    assert [row.split(" | ")[:2] for row in rows] == [
        f"| {beginning(attack)}".removesuffix(" |").split(" | ") for attack in CORPUS.values()
    ]
    assert {cell for row in rows for cell in row.split(" | ")[2:]} <= {"contained", "contained |"}


def test_the_table_tells_what_gave_way_and_replaces_only_what_is_between_the_markers():
    some = dict(list(CORPUS.items())[:2])
    verdicts = {each: {path: Verdict(path, ()) for path in some} for each in COMBINATIONS}
    first = next(iter(some))
    verdicts[COMBINATIONS[1]][first] = Verdict(first, ("the score is 9|9",))
    text = as_markdown(some, verdicts)
    assert (
        "7 of 8 contained" in text and "| contained | **the score is 9/9** | contained | contained |" in text
    )
    page = in_page(text, f"# Before\n\n{BEGIN}\nold\n{END}\n\nAfter")
    assert (
        page.startswith("# Before\n")
        and page.endswith("\n\nAfter")
        and "\nold\n" not in page
        and block(page) == text
    )
    with pytest.raises(ValueError, match="no <!-- attacks: begin"):
        in_page(text, "# A page without markers")
