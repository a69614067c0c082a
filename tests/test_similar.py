"""Alike solutions: disguised copies on top, no honest program in a group, and hostile text read in linear time."""

import re
import time
from html import unescape

import numpy as np
import pytest
from conftest import sample
from simulated_programs import DISGUISES, FUNCTIONS, disguised, honest, pieces, styles

from autograder.classroom.results import Result, results_writer
from autograder.cli import main
from autograder.grading.notebook import Cell
from autograder.grading.report import Report, TestResult
from autograder.reports.similar import (
    ELSEWHERE,
    compare,
    mistakes_of,
    shared_mistakes,
    similarity_page,
    solutions_of,
)
from autograder.reports.similar.chance import BINS, STEP, bins_of, chance_of
from autograder.reports.similar.comparison import LEVELS
from autograder.reports.similar.likeness import rare_prints
from autograder.reports.similar.page import marked, spans
from autograder.reports.similar.prints import RUN, WINDOW, prints_of
from autograder.reports.similar.tokens import MOST_CHARACTERS, tokens_of

pytestmark = pytest.mark.slow

COPIES = 18


@pytest.fixture(scope="module")
def copied():
    """300 honest programs, and 18 copies among them in all disguises."""
    programs = honest(300)
    for place in range(COPIES):
        original = f"honest{place * 16:03}"
        programs[f"copy of {original}"] = disguised(programs[original], place)
    return compare(programs, {})


def names(comparison, pair) -> set[str]:
    return {comparison.names[pair.one], comparison.names[pair.other]}


# --- what is found, and what is not ---------------------------------------------------------------------------


def test_all_six_disguises_are_used_in_the_copies():
    used = {DISGUISES[place % 6] for place in range(COPIES)}
    assert used == set(DISGUISES) and len(DISGUISES) == 6


def test_eighteen_disguised_copies_are_the_eighteen_pairs_on_top(copied):
    on_top = [names(copied, pair) for pair in copied.pairs[:COPIES]]
    assert sorted(map(sorted, on_top)) == [
        [f"copy of honest{16 * place:03}", f"honest{16 * place:03}"] for place in range(COPIES)
    ]


def test_copies_of_whole_programs_of_one_style_are_on_top_as_well():
    """A class of 18 styles, each handed in twice: there is no other class to tell what is common."""
    originals = [*styles(), pieces(sample("perfect")), pieces(sample("loops_only"))]
    programs = {f"o{i:02}": program for i, program in enumerate(originals)}
    programs |= {f"p{i:02}": disguised(program, i) for i, program in enumerate(originals)}
    comparison = compare(programs, {})
    assert [{f"o{i:02}", f"p{i:02}"} for i in range(COPIES)] == sorted(
        (names(comparison, pair) for pair in comparison.pairs[:COPIES]), key=sorted
    )
    assert comparison.pairs[COPIES].expected > 1


def test_the_groups_are_the_copies_and_nobody_else(copied):
    groups = [{copied.names[place] for place in group} for group in copied.groups]
    assert sorted(map(sorted, groups)) == [
        [f"copy of honest{16 * place:03}", f"honest{16 * place:03}"] for place in range(COPIES)
    ]


@pytest.fixture(scope="module")
def honest_classes():
    """Two of 300 and three of 200."""
    return [compare(honest(number, seed), {}) for seed, number in enumerate((300, 300, 200, 200, 200), 2)]


def test_three_hundred_honest_programs_form_no_group(honest_classes):
    for comparison in honest_classes[:2]:
        assert comparison.groups == () and comparison.number == 300 * 299 // 2


def test_as_many_honest_pairs_are_found_as_chance_brings(honest_classes):
    """Over five classes: the model promises 10 pairs a class at the second level, 1 at the third, 0.1 at the fourth."""
    found = np.sum([each.found for each in honest_classes], axis=0)
    assert LEVELS[1:4] == (10, 1, 0.1)
    assert 15 <= found[1] <= 100 and found[2] <= 15 and found[3] <= 3


def test_a_program_handed_in_by_three_is_one_group():
    programs = honest(40)
    programs["copy a"] = disguised(programs["honest007"], 1)
    programs["copy b"] = programs["honest007"]
    comparison = compare(programs, {})
    assert [sorted(comparison.names[i] for i in group) for group in comparison.groups] == [
        ["copy a", "copy b", "honest007"]
    ]
    first = comparison.pairs[0]
    assert names(comparison, first) == {"copy b", "honest007"} and first.equal == "letter for letter"
    assert first.likeness == pytest.approx(1)


def test_programs_of_an_earlier_class_are_compared_with_this_one_and_not_with_each_other():
    now, then = honest(60, seed=1), honest(40, seed=2)
    then["old twin"] = dict(then["honest003"])
    now["cheat"] = disguised(then["honest005"], 2)
    comparison = compare(now, {}, then)
    (first, *_) = comparison.pairs
    assert comparison.earlier == 61 and first.one < 61 <= first.other
    assert (comparison.names[first.one], comparison.names[first.other]) == ("cheat", "honest005")
    assert all(pair.one < 61 for pair in comparison.pairs)
    assert comparison.number == 61 * 60 // 2 + 61 * 41


def test_what_everybody_was_given_does_not_count():
    given = {"pad": styles()[0]["pad"] * 3}
    programs = honest(20) | {"a": given, "b": given}
    without, minded = compare(programs, {}), compare(programs, given)
    assert names(without, without.pairs[0]) == {"a", "b"}
    assert minded.pairs and all(names(minded, pair).isdisjoint({"a", "b"}) for pair in minded.pairs)


def test_equal_programs_are_told_of_in_a_class_of_two_as_well():
    program = styles()[3]
    assert [pair.equal for pair in compare({"a": program, "b": dict(program)}, {}).pairs] == [
        "letter for letter"
    ]


def test_what_a_fifth_of_the_class_has_does_not_count():
    common = styles()[2]["conv2d"]
    own = [f"x.a{i}.b{i}.c{i}.d{i}.e{i}.f{i}.g{i}.h{i}" for i in range(30)]
    prints = [prints_of(tokens_of(text + (common if i < 7 else "")))[0] for i, text in enumerate(own)]
    of_common = prints_of(tokens_of(common))[0]
    seam = 1  # a print where the two texts meet may be another one
    assert np.isin(of_common, rare_prints(prints, np.empty(0, np.uint64)).prints).sum() <= seam
    prints = [prints_of(tokens_of(text + (common if i < 6 else "")))[0] for i, text in enumerate(own)]
    assert np.isin(of_common, rare_prints(prints, np.empty(0, np.uint64)).prints).sum() > 10


@pytest.mark.parametrize(
    "programs", ({}, {"a": {}}, {"a": {}, "b": {}}, {"a": {"pad": "x"}, "b": {"pad": ""}})
)
def test_classes_with_nothing_to_compare_have_a_page(programs):
    comparison = compare(programs, {})
    assert comparison.pairs == () and "<h1>" in similarity_page(comparison)


# --- equal rare mistakes ---------------------------------------------------------------------------------------


def report(student: str, mistake: str | None) -> Report:
    return Report(
        student, "conv2d", (TestResult("t", "test_conv2d", "", 1.0, "failed", "", mistake),), (), 1.0
    )


def test_rare_mistakes_that_several_share_are_shown_with_how_alike_their_code_is():
    """Of 40 students two have a mistake in copied code, two have one in code of their own, and ten a common one."""
    programs = honest(40)
    original, *others = (style["conv2d"] for style in styles()[2:6])
    copy = disguised({"conv2d": original}, 1)["conv2d"]
    for place, own in ((0, original), (1, copy), (3, others[0]), (4, others[1])):
        programs[f"honest{place:03}"]["conv2d"] = own
    had = ["rare", "rare", "alone", "other", "other", *["common"] * 10, *[None] * 25]
    reports = [report(student, mistake) for student, mistake in zip(programs, had, strict=True)]
    comparison = compare(programs, {})
    shared = shared_mistakes(comparison, mistakes_of(reports))
    assert [(each.name, each.function, each.places) for each in shared] == [
        ("rare", "conv2d", (0, 1)),
        ("other", "conv2d", (3, 4)),
    ]
    assert shared[0].likeness > 0.5 > shared[1].likeness
    assert "rare" in similarity_page(comparison, mistakes=shared).split("Equal rare mistakes</h2>")[1]


def test_mistakes_that_come_together_are_compared_one_by_one():
    having = mistakes_of([report("ada", "flipped + same_floor")])
    assert having == {"ada": {("conv2d", "flipped"), ("conv2d", "same_floor")}}


# --- the parts ----------------------------------------------------------------------------------------------------


def words(source: str) -> str:
    return " ".join(token.word for token in tokens_of(source))


def test_names_numbers_comments_and_layout_do_not_count():
    one = 'def pad(image, rows):\n    """Says."""\n    return np.pad(image, (rows, 2))  # zeros\n'
    other = "def f(a,\n      b): return xp.pad(a, ((b), 17,),)"
    assert words(one) == words(other) == "def N N N : return N . pad N N 0"


def test_a_for_loop_is_a_while_loop_and_builtins_and_attributes_count():
    assert words("for i in range(3): pass") == "for N in range 0 : pass"
    assert words("while i < len(x.shape)") == "for N < len N . shape"


def test_tokens_say_where_they_stand():
    source = "a = b.shape  # c\nreturn 'x' * 3"
    assert [source[t.start : t.end] for t in tokens_of(source)] == [
        "a",
        "=",
        "b",
        ".",
        "shape",
        "return",
        "'x'",
        "*",
        "3",
    ]


def test_equal_passages_leave_a_print_wherever_they_stand():
    passage = " ".join(f"np.f{i}" for i in range(RUN + WINDOW))
    one, other = (
        prints_of(tokens_of(text))[0] for text in (f"a.b + 1 {passage}", f"{passage} if x.y else []")
    )
    assert np.intersect1d(one, other).size >= 1
    assert prints_of(tokens_of("a + b"))[0].size == 0


def test_the_null_model_is_the_sum_of_independent_functions():
    """Two functions, each alike in one of 100 pairs: both at once in one of 10,000."""
    counts = np.zeros((2, BINS + 1))
    counts[:, 0], counts[:, BINS] = 99_000, 1_000
    chance = chance_of(counts)
    both = chance.of(np.full((2, 1), BINS))
    assert both == pytest.approx([4.0], abs=2 * STEP)
    assert chance.expected(both) == pytest.approx([10.0])
    assert chance.expected(0.0) == pytest.approx(100_000)


def test_a_class_with_habits_needs_more_before_a_pair_is_rare():
    counts = np.zeros((2, BINS + 1))
    counts[:, 0], counts[:, BINS] = 50_000, 50_000
    chance = chance_of(counts)
    seen = np.zeros(len(chance.tail), int)
    seen[0], seen[-1] = 50_000, 50_000  # all or nothing: who is alike in one function is so in the other
    assert chance.with_habit(seen).expected(0.6) >= chance.expected(0.6)


def test_slight_likeness_is_no_evidence():
    assert bins_of(np.array([0.0, 0.29, 0.3, 1.0])).tolist() == [0, 0, 6, 20]


HOSTILE = ('"' * 40_000, "'''" + "a" * 40_000, '"\\' * 20_000, ("(" * 20_000), "1." * 20_000, '""" ' * 10_000)


@pytest.mark.parametrize(
    "source", [*HOSTILE, "\0" * 40_000, "rb" * 20_000, "\ud800" * 40_000, "é\u202e" * 20_000]
)
def test_hostile_text_is_read_once_through(source):
    """Twice the text takes about twice the time: a nested repeat would take four times as long or never end."""
    assert len(tokens_of(source)) <= MOST_CHARACTERS

    def seconds(text):
        started = time.process_time()
        tokens_of(text)
        return time.process_time() - started

    half = min(seconds(source[: MOST_CHARACTERS // 2]) for _ in range(3))
    whole = min(seconds(source[:MOST_CHARACTERS]) for _ in range(3))
    assert whole < 3.5 * half + 0.005


def test_a_programs_own_cells_are_its_solution_cells_and_helpers():
    given = [Cell(1, "code", "import numpy as np"), Cell(2, "code", "check('pad')", "test_pad")]
    cells = [
        *given,
        Cell(3, "code", "def pad(): pass", "pad"),
        Cell(4, "code", "def conv2d():\n    pass"),
        Cell(5, "code", "def helper(): pass"),
        Cell(6, "markdown", "def text(): pass", "written"),
    ]
    assert solutions_of(cells, FUNCTIONS, given) == {
        "pad": "def pad(): pass",
        "conv2d": "def conv2d():\n    pass",
        ELSEWHERE: "def helper(): pass",
    }


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_pairs_side_by_side_with_what_both_have_marked(copied):
    page = similarity_page(copied)
    assert "never" not in page and "copied" not in page and "cheat" not in page
    shown = re.findall(r"<pre.*?>(.*?)</pre>", page, re.DOTALL)
    assert len(shown) > 2 * COPIES and sum("<mark>" in each for each in shown) > 0.9 * len(shown)
    some = unescape(re.sub("</?mark>", "", shown[0]))
    assert some in {source.rstrip() for program in copied.programs for source in program.values()}


def test_marks_cover_the_shared_prints_and_leave_the_text_as_it_is():
    source = styles()[0]["conv2d"] + "# <end> & more\n"
    shared = prints_of(tokens_of(source))[0][:3]
    html = marked(source, spans(source, shared))
    assert unescape(re.sub("</?mark>", "", html)) == source and 1 <= html.count("<mark>") <= 3
    assert marked("x\n" * 1000, []).endswith("… 1,760 characters more")
    assert len(marked("x" * 1_000_000, [])) < 21_000


EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>\"'\u202e"


def test_no_students_text_becomes_a_part_of_the_page():
    body = f"def pad(a):\n    return a.{'x.y.z.' * 20}w\n# {EVIL}\n"
    comparison = compare({EVIL: {"pad": body}, f"{EVIL}2": {"pad": body}, "\ud800": {EVIL: body}}, {})
    page = similarity_page(comparison)
    page.encode()
    for sign in ("<script", "<img", "\u202e", "\ud800"):
        assert sign not in page


# --- the commands ------------------------------------------------------------------------------------------------------


@pytest.fixture
def submitted(tmp_path, submission):
    """Six submissions, the last two alike, and a damaged one."""
    programs = [*styles()[:5], disguised(styles()[4], 0)]
    for number, program in enumerate(programs):
        folder = tmp_path / "submitted" / f"stud{number}" / "conv2d"
        folder.mkdir(parents=True)
        (folder / "conv2d.ipynb").write_bytes(submission("\n".join(program.values())))
    folder = tmp_path / "submitted" / "broken" / "conv2d"
    folder.mkdir(parents=True)
    (folder / "conv2d.ipynb").write_bytes(b"")
    return tmp_path / "submitted"


def test_the_command_writes_the_page_and_names_what_it_could_not_read(submitted, tmp_path, capsys):
    assert main(["similar", str(submitted), str(tmp_path / "similar.html")]) == 0
    said = capsys.readouterr()
    assert "6 submissions, 1 groups." in said.out and "broken is left out: The file is empty." in said.err
    page = (tmp_path / "similar.html").read_text()
    assert "6 submissions. 1 more could not be read." in page and "stud4 and stud5" in page


def test_the_release_is_no_part_of_anybodys_code(submitted, tmp_path):
    out, base = tmp_path / "code", tmp_path / "base.py"
    assert main(["export-code", str(submitted), str(out), "--base", str(base)]) == 1
    assert sorted(path.name for path in out.iterdir()) == [f"stud{i}.py" for i in range(6)]
    code = (out / "stud0.py").read_text()
    assert "# --- conv2d\n" in code and "checks." not in code and "NotImplementedError" in base.read_text()
    assert [f"# --- {name}" in code for name in FUNCTIONS] == [True] * 10


def test_results_beside_the_submissions_add_equal_rare_mistakes(submitted, tmp_path):
    with results_writer(tmp_path / "r.jsonl") as write:
        for student in ("stud4", "stud5"):
            write(Result(report(student, "zeros_lost")))
    out = tmp_path / "s.html"
    assert main(["similar", str(submitted), str(out), "--results", str(tmp_path / "r.jsonl")]) == 0
    assert "zeros_lost" in out.read_text()


def test_an_earlier_folder_is_read_too(submitted, tmp_path):
    out = tmp_path / "s.html"
    assert main(["similar", str(submitted), str(out), "--earlier", str(submitted)]) == 0
    assert "6 submissions, and 6 of an earlier class." in out.read_text()
    assert "stud0 (earlier)" in out.read_text()


def test_a_release_that_is_not_there_is_one_line(submitted, tmp_path, capsys):
    assert (
        main(["similar", str(submitted), str(tmp_path / "s.html"), "--release", str(tmp_path / "no.ipynb")])
        == 2
    )
    assert len(capsys.readouterr().err.splitlines()) == 1
