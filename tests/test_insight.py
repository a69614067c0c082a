"""The class's page: every number of a simulated class against its truth, counted a second time in plain Python."""

import itertools
import math
import re
import statistics
from collections import Counter, defaultdict
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from simulated_class import FUNCTIONS, TESTS, simulated_class

from autograder.classroom.attempts import attempts_file, keep_attempts
from autograder.classroom.results import Result, each_result, results_writer
from autograder.cli import main
from autograder.grading.report import Report, TestResult
from autograder.reports.insight import class_page, cohort_of, insight_of, measures, progress_of
from autograder.reports.insight.cohort import skeleton
from autograder.reports.insight.sharing import FEWEST, TooFew, kept, without_names
from autograder.suite import find

pytestmark = pytest.mark.slow

LOST = ("failed", "error", "timeout", "crashed", "missing")


class Tables(HTMLParser):
    """Every table of a page as rows of texts, by its caption; and all text outside of tables' captions."""

    def __init__(self, page: str):
        super().__init__()
        self.tables, self._tag, self._caption = {}, None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "caption":
            self._caption = ""
        elif tag == "tr":
            self.tables.setdefault(self._caption, []).append([])
        elif tag in ("td", "th"):
            self.tables[self._caption][-1].append("")
        if tag in ("caption", "td", "th"):
            self._tag = tag

    def handle_endtag(self, tag):
        if tag == self._tag:
            self._tag = None

    def handle_data(self, data):
        if self._tag == "caption":
            self._caption += data
        elif self._tag:
            self.tables[self._caption][-1][-1] += data

    def rows(self, caption: str) -> list[list[str]]:
        """A table without its head."""
        (found,) = (rows for name, rows in self.tables.items() if name.startswith(caption))
        return found[1:]


@pytest.fixture(scope="module")
def truth():
    """The simulated students by name, those that could be read."""
    students = simulated_class().students
    assert Counter(student.kind for student in students) == {
        **{
            "fair": 111,
            "mistaken": 90,
            "twice": 30,
            "half": 21,
            "broken": 24,
            "idle": 12,
            "damaged": 6,
            "copy": 6,
        }
    }
    return sorted((s for s in students if s.kind != "damaged"), key=lambda student: student.name)


@pytest.fixture(scope="module")
def attempts():
    """Three of each student, oldest first."""
    return list(simulated_class().attempts())


@pytest.fixture(scope="module")
def cohort(attempts):
    return cohort_of(attempts)


@pytest.fixture(scope="module")
def insight(cohort):
    return insight_of(cohort, find("conv2d"))


@pytest.fixture(scope="module")
def page(insight):
    return class_page(insight, find("conv2d"))


@pytest.fixture(scope="module")
def tables(page):
    return Tables(page)


def passes(student, test) -> bool:
    return student.outcome(test) in ("passed", "inconclusive")


def of(function) -> list:
    return [test for test in TESTS if test.cell == f"test_{function}"]


def percent(count, number) -> str:
    return f"{100 * count / number:.0f} %"


# --- every number of the page ----------------------------------------------------------------------------


def test_the_last_of_three_attempts_counts(truth, page):
    assert f"<p>{len(truth)} submissions were graded. 6 more could not be read.</p>" in page


def test_scores_are_summed_up_as_by_hand(truth, tables):
    scores = sorted(student.score for student in truth)
    low, median, high = statistics.quantiles(scores, n=4, method="inclusive")
    by_hand = (statistics.fmean(scores), statistics.pstdev(scores), scores[0], low, median, high, scores[-1])
    assert tables.rows("Points of 100") == [[f"{each:.1f}" for each in by_hand]]
    tenths = Counter(min(int(score // 10), 9) for score in scores)
    bands = tables.rows("Students by score")
    assert bands == [
        [f"{10 * i} {'to' if i == 9 else 'to under'} {10 * i + 10}", str(tenths[i])] for i in range(10)
    ]


def test_each_function_is_right_in_part_wrong_or_not_started(truth, tables):
    expected = []
    for function in FUNCTIONS:
        states, points, follows = Counter(), 0.0, 0
        for student in truth:
            good = [passes(student, test) for test in of(function)]
            idle = all(student.outcome(test) == "missing" for test in of(function))
            states["right" if all(good) else "partly" if any(good) else "missing" if idle else "wrong"] += 1
            points += sum(map(student.points, of(function)))
            follows += any(test.name in student.follows for test in of(function))
        possible = len(truth) * sum(test.max_points for test in of(function))
        counts = (states[each] for each in ("right", "partly", "wrong", "missing"))
        expected.append([function, *map(str, counts), percent(points, possible), str(follows)])
    assert sum(int(row[-1]) for row in expected) > 20
    assert tables.rows("Students by function") == expected


def test_each_hidden_test_has_its_outcomes_difficulty_and_discrimination(truth, tables):
    expected = []
    for test in TESTS:
        outcomes = Counter(student.outcome(test) for student in truth)
        good = outcomes["passed"] + outcomes["inconclusive"]
        item = [float(passes(student, test)) for student in truth]
        own = [sum(each.max_points for each in TESTS if passes(student, each)) for student in truth]
        rest = [
            points - test.max_points * passes(student, test)
            for points, student in zip(own, truth, strict=True)
        ]
        told = f"{statistics.correlation(item, rest):.2f}" if len(set(item)) > 1 else "–"
        errors = outcomes["error"] + outcomes["crashed"]
        counts = (outcomes["failed"], errors, outcomes["timeout"], outcomes["missing"])
        function = test.cell.removeprefix("test_")
        expected.append([test.title, function, str(good), percent(good, len(truth)), *map(str, counts), told])
    assert [row[:9] for row in tables.rows("Students by hidden test")] == expected


def test_alpha_is_that_of_its_formula(truth, page):
    points = [[test.max_points * passes(student, test) for student in truth] for test in TESTS]
    total = statistics.pvariance([student.score for student in truth])
    n = len(TESTS)
    alpha = n / (n - 1) * (1 - sum(map(statistics.pvariance, points)) / total)
    assert f"Cronbach’s alpha {alpha:.2f}." in page


def test_named_mistakes_are_counted_by_students(truth, tables):
    who, functions = defaultdict(set), defaultdict(set)
    for student, test in itertools.product(truth, TESTS):
        if name := student.mistakes.get(test.name):
            who[name].add(student.name)
            functions[name, test.cell.removeprefix("test_")].add(student.name)
    rows = tables.rows("Named mistakes by students")
    assert len(rows) == len(who) == 8
    for name, number, share, where, sentence, lecture, names in rows:
        assert (int(number), share) == (len(who[name]), percent(len(who[name]), len(truth)))
        parts = [f"{f} {len(functions[name, f])}" for f in FUNCTIONS if (name, f) in functions]
        assert where == ", ".join(parts)
        known = {
            (m.name, m.sentence, m.lecture) for ms in find("conv2d").bank().mistakes.values() for m in ms
        }
        assert (name, sentence, lecture) in known
        more = len(who[name]) - 12
        assert names == ", ".join(sorted(who[name])[:12]) + (f" and {more} more" if more > 0 else "")
    counts = [int(row[1]) for row in rows]
    assert counts == sorted(counts, reverse=True)


def test_mistakes_that_come_together_are_counted_one_by_one():
    tests = [
        TestResult("t", "test_conv2d", "", 1.0, "failed", "", name)
        for name in ("flipped + same_floor", "flipped")
    ]
    reports = [Report(f"s{n}", "conv2d", (test,), (), 1.0) for n, test in enumerate(tests)]
    found = insight_of(cohort_of(reports), find("conv2d")).mistakes
    assert {each.name: each.number for each in found} == {"flipped": 2, "same_floor": 1}


def test_three_things_to_say_are_the_commonest_with_their_drawing_and_section(page, tables):
    section = page.split('id="three-things-to-say-on-monday"')[1].split("</section>")[0]
    cards = unescape(section).split('<div class="card">')[1:]
    rows = tables.rows("Named mistakes by students")[:3]
    assert "Three things to say on Monday" in page and len(cards) == 3
    for card, (_, number, share, _, sentence, lecture, _) in zip(cards, rows, strict=True):
        assert sentence in card and f"{number} of 294 students ({share})" in card and f"“{lecture}”" in card
    assert "<svg" in cards[0]


def test_functions_that_fail_together_are_set_against_chance(truth, tables):
    failed = {f: {s.name for s in truth if not all(passes(s, test) for test in of(f))} for f in FUNCTIONS}
    expected = {}
    for one, other in itertools.combinations(FUNCTIONS, 2):
        chance = len(failed[one]) * len(failed[other]) / len(truth)
        if len(failed[one] & failed[other]) > chance:
            expected[f"{one} and {other}"] = (len(failed[one] & failed[other]), chance)
    most = sorted(expected, key=lambda pair: expected[pair][1] - expected[pair][0])[:10]
    rows = tables.rows("Students who have neither")
    assert [row[:3] for row in rows] == [
        [pair, str(expected[pair][0]), f"{expected[pair][1]:.1f}"] for pair in most
    ]


def test_of_functions_that_fail_together_the_page_says_how_much_is_follow_through(truth, tables):
    told = {}
    for pair, both, _, follows in tables.rows("Students who have neither"):
        one, other = pair.split(" and ")
        by_hand = [
            student
            for student in truth
            if not all(passes(student, test) for test in of(one))
            and not all(passes(student, test) for test in of(other))
            and any(
                student.follows.get(test.name) == helper
                for function, helper in ((one, other), (other, one))
                for test in of(function)
            )
        ]
        assert int(follows) == len(by_hand) <= int(both)
        told[pair] = int(follows)
    assert told["same_padding and extract_patches"] > 5 and told["conv2d and conv2d_matmul"] == 0


def test_errors_without_a_name_are_grouped_by_what_they_say(truth, tables):
    words = {"failed": "wrong", "error": "error", "timeout": "too slow", "crashed": "crashed"}
    groups = defaultdict(set)
    for student, test in itertools.product(truth, TESTS):
        outcome = student.outcome(test)
        if outcome in words and test.name not in (student.mistakes | student.follows):
            first = re.sub(r"\d+", "#", student.messages[test.name].splitlines()[0])
            groups[test.cell.removeprefix("test_"), words[outcome], first].add(student.name)
    shared = {group: who for group, who in groups.items() if len(who) > 1}
    rows = tables.rows("Equal errors without a name")
    assert rows and len(rows) == min(20, len(shared))
    for function, number, outcome, message, line in rows:
        assert len(shared[function, outcome, message]) == int(number)
        assert (line != "") == (outcome in ("error", "too slow"))


def test_lists_of_whom_to_speak_to_hold_the_right_names(truth, page, tables):
    idle = [s.name for s in truth if all(s.outcome(test) == "missing" for test in TESTS)]
    stuck = {s.name for s in truth if s.score < 50 and s.name not in idle}
    near = {
        s.name
        for s in truth
        if s.score >= 50
        and len({s.mistakes.get(test.name) for test in TESTS if s.outcome(test) in LOST} - {None}) == 1
        and all(test.name in (s.mistakes | s.follows) for test in TESTS if s.outcome(test) in LOST)
    }
    slow = {s.name for s in truth if any(s.outcome(test) == "timeout" for test in TESTS)}
    assert f"no function is begun (12)</h3><p>{', '.join(idle)}</p>" in page
    listed = {key: {row[0] for row in tables.rows(key)} for key in ("Stuck", "Nearly there", "Too slow")}
    assert listed == {"Stuck": stuck, "Nearly there": near, "Too slow": slow}
    known = {s.name: s for s in truth}
    for name, *told in itertools.chain.from_iterable(tables.rows(key) for key in listed):
        lost = [test for test in TESTS if not passes(known[name], test)]
        begun = [test for test in lost if known[name].outcome(test) != "missing"]
        first = (begun or lost)[0]
        mistake = known[name].mistakes.get(first.name, "")
        assert told == [f"{known[name].score:g}", first.cell.removeprefix("test_"), mistake]


def test_time_and_undecided_timings_are_told(truth, tables):
    seconds = sorted(student.seconds for student in truth)
    (row,) = tables.rows("Seconds that grading")
    assert row[0] == f"{statistics.median(seconds):.1f}"
    assert row[1] == f"{statistics.quantiles(seconds, n=20, method='inclusive')[-1]:.1f}"
    assert row[2:] == [f"{seconds[-1]:.1f}", f"{math.fsum(seconds):.1f}"]
    speed = "test_conv2d_matmul_speed"
    undecided = sum(student.outcomes.get(speed) == "inconclusive" for student in truth)
    assert undecided and tables.rows("Timings that were borderline")[0][2] == str(undecided)


def test_damaged_submissions_are_named_with_their_reason(tables):
    damaged = sorted(s.name for s in simulated_class().students if s.kind == "damaged")
    why = "The file is empty. Save the notebook and submit it again."
    assert tables.rows("Submissions that could not be read") == [[name, why] for name in damaged]


def test_bars_are_as_long_as_the_numbers_in_the_table_beside_them(truth, page, tables):
    scores, functions = (figure.split("</figure>")[0] for figure in page.split("<figure>")[1:3])
    heights = [height for _, height in bars(scores)]
    counts = [int(row[1]) for row in tables.rows("Students by score")]
    assert heights == pytest.approx([max(heights) * count / max(counts) for count in counts], abs=0.01)
    widths = [width for width, _ in bars(functions)]
    whole = sum(widths[:: len(FUNCTIONS)])  # of the first function in the four states
    drawn = [
        [round(w * len(truth) / whole, 1) for w in widths[i :: len(FUNCTIONS)]] for i in range(len(FUNCTIONS))
    ]
    assert drawn == [list(map(float, row[1:5])) for row in tables.rows("Students by function")]


def bars(figure: str) -> list[tuple[float, float]]:
    """Width and height of each bar, as they are drawn: state by state, and in each from top to bottom."""
    found = []
    for path in re.findall(r'<path d="([^"]+z\s*)"\s+clip-path=', figure):
        places = [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
        across, down = zip(*places, strict=True)
        found.append((max(across) - min(across), max(down) - min(down)))
    return found


def test_every_table_of_the_page_is_one_that_is_counted_again_here(truth, attempts, cohort):
    sections = {student.name: "Group" for student in truth}
    progress = progress_of(attempts)
    insight = insight_of(cohort, find("conv2d"), earlier=cohort, sections=sections, progress=progress)
    here = Path(__file__).read_text()
    captions = Tables(class_page(insight, find("conv2d"))).tables
    counted = set(re.findall(r'rows\(\s*"([^"]+)"', here)) | {"Stuck", "Nearly there", "Too slow"}
    counted |= {"Students who have a function right", "Students with a named mistake"}
    assert len(captions) == 20
    assert [each for each in captions if not each.startswith(tuple(counted))] == []


# --- more than one class -----------------------------------------------------------------------------------


def test_an_earlier_class_stands_beside_this_one(truth, cohort):
    then = simulated_class(number=200, seed=3)
    insight = insight_of(cohort, earlier=cohort_of(then.attempts()))
    tables = Tables(class_page(insight))
    earlier = [student for student in then.students if student.kind != "damaged"]

    def right(students, function):
        return sum(all(passes(s, test) for test in of(function)) for s in students)

    def has(students, mistake):
        return sum(mistake in s.mistakes.values() for s in students)

    for caption, count in (
        ("Students who have a function right", right),
        ("Students with a named mistake", has),
    ):
        for name, now, before, beyond in tables.rows(caption):
            counts, sizes = (count(truth, name), count(earlier, name)), (len(truth), len(earlier))
            assert [now, before] == [percent(*pair) for pair in zip(counts, sizes, strict=True)]
            one, other = (number / size for number, size in zip(counts, sizes, strict=True))
            both = sum(counts) / sum(sizes)
            error = math.sqrt(both * (1 - both) * (1 / sizes[0] + 1 / sizes[1]))
            assert beyond == ("yes" if abs(one - other) > 2 * error else "no")
    for row, students in zip(tables.rows("Scores of both classes"), (truth, earlier), strict=True):
        scores = [s.score for s in students]
        by_hand = (statistics.fmean(scores), statistics.pstdev(scores), statistics.median(scores))
        assert row[1:] == [str(len(students)), *(f"{each:.1f}" for each in by_hand)]


def test_a_difference_is_beyond_chance_from_two_standard_errors_on():
    assert measures.beyond_chance(60, 100, 40, 100)
    assert not measures.beyond_chance(52, 100, 45, 100)
    assert not measures.beyond_chance(3, 0, 4, 9)


def test_sections_of_the_class_have_their_own_mistakes(truth, cohort):
    sections = {student.name: f"Group {place % 3}" for place, student in enumerate(truth) if place % 4}
    insight = insight_of(cohort, sections=sections)
    for name, number, mean, mistakes in Tables(class_page(insight)).rows("Sections of the class"):
        inside = [student for student in truth if sections.get(student.name) == name]
        assert (int(number), mean) == (len(inside), f"{statistics.fmean(s.score for s in inside):.1f}")
        counts = Counter(mistake for s in inside for mistake in set(s.mistakes.values()))
        assert mistakes == ", ".join(
            f"{m} {n}" for m, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))[:3]
        )


# --- attempts ------------------------------------------------------------------------------------------------


def read(student, function) -> str:
    """What a student read about a function: the mistake's name, or what else."""
    outcomes = {student.outcome(test) for test in of(function)} - {"passed", "inconclusive"}
    names = {student.mistakes[test.name] for test in of(function) if test.name in student.mistakes}
    if not outcomes:
        return "right"
    return names.pop() if names else "Not started" if outcomes == {"missing"} else "A message without a name"


def test_attempts_say_after_which_feedback_a_function_is_mended(tables_of_attempts):
    histories = defaultdict(list)
    for student in simulated_class().every_attempt():
        if student.kind != "damaged":
            histories[student.name].append(student)
    times, mended = Counter(), Counter()
    for attempts, function in itertools.product(histories.values(), FUNCTIONS):
        for before, after in itertools.pairwise(read(attempt, function) for attempt in attempts):
            times[before] += before != "right"
            mended[before] += before != "right" and after == "right"
    mistakes = [name for name in times if name not in ("right", "Not started", "A message without a name")]
    rows = {row[0]: row[1:] for row in tables_of_attempts.rows("What was read about a function")}
    sums = {"A named mistake": mistakes} | {
        each: [each] for each in ("A message without a name", "Not started")
    }
    assert rows.keys() == sums.keys()
    for what, names in sums.items():
        number, right = (sum(counts[name] for name in names) for counts in (times, mended))
        assert rows[what] == [f"{number:,}", f"{right:,}", percent(right, number)] and right
    for name, *numbers in tables_of_attempts.rows("Named mistakes before another attempt"):
        assert numbers == [str(times[name]), str(mended[name]), percent(mended[name], times[name])]
    means = [[f"{statistics.fmean(each[i].score for each in histories.values()):.1f}"] for i in range(3)]
    assert [row[2:] for row in tables_of_attempts.rows("Students by their number of attempts")] == means
    assert [row[1] for row in tables_of_attempts.rows("Students by their number of attempts")] == [
        "0",
        "0",
        "294",
    ]


@pytest.fixture(scope="module")
def tables_of_attempts(attempts, cohort):
    return Tables(class_page(insight_of(cohort, progress=progress_of(attempts))))


def test_first_attempts_alone_are_no_progress():
    assert progress_of(student.report() for student in simulated_class().students) is None


def test_attempts_are_kept_once_each_and_a_torn_line_is_mended(tmp_path):
    results, attempts = tmp_path / "r.jsonl", tmp_path / "r.attempts.jsonl"
    students = [student.report() for student in simulated_class().students[:3]]

    def grade(*submissions) -> int:
        with results_writer(results) as write:
            for report, submission in zip(students, submissions, strict=True):
                write(Result(report, submission))
        return keep_attempts(results)

    def kept():
        return [result.submission for result in each_result(attempts)]

    assert (grade("a1", "b1", None), grade("a1", "b1", None)) == (2, 0)
    assert grade("a2", "b1", "c1") == 2 and kept() == ["a1", "b1", "a2", "c1"]
    with attempts.open("a") as file:
        file.write('{"student": "torn')
    assert grade("a2", "b2", "c1") == 1 and kept() == ["a1", "b1", "a2", "c1", "b2"]
    attempts.write_text('{"student": "to')
    assert grade("a2", "b2", "c1") == 3 and kept() == ["a2", "b2", "c1"]


def test_no_more_attempts_are_kept_than_may_be(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.classroom.attempts.MOST_ATTEMPTS", 2)
    report = simulated_class().students[0].report()
    for number in range(4):
        with results_writer(tmp_path / "r.jsonl") as write:
            write(Result(report, f"{number}"))
        keep_attempts(tmp_path / "r.jsonl")
    assert [result.submission for result in each_result(attempts_file(tmp_path / "r.jsonl"))] == ["0", "1"]


def test_the_command_reads_the_attempts_beside_the_results(small_results, tmp_path):
    own = tmp_path / "r.jsonl"
    for file in (own, attempts_file(own)):
        file.write_bytes(small_results.read_bytes())
    assert main(["insight", str(own), str(tmp_path / "class.html")]) == 0
    assert "Students by their number of attempts" in (tmp_path / "class.html").read_text()


# --- without names -------------------------------------------------------------------------------------------


def test_a_page_without_names_names_nobody_and_tells_of_no_group_below_five(insight):
    shared = without_names(replace(insight, progress=progress_of(simulated_class().attempts())))
    page = class_page(shared, find("conv2d"))
    assert "student" in page and not re.search(r"student\d", page)
    assert "window = image[x, y]" not in page
    tables = Tables(page)
    for caption, rows in tables.tables.items():
        if caption.startswith(("Students by", "Named", "Equal", "Timings", "What was read")):
            head, *body = rows
            counted = [i for i, name in enumerate(head) if name in COUNTED]
            assert counted
            assert not {row[i] for row in body for i in counted} & {"1", "2", "3", "4"}, caption
    assert "Whom to speak to" not in page and "fail together" not in page
    ((_, _, least, *_, most),) = tables.rows("Points of 100")
    assert (least, most) == ("–", "–")


COUNTED = (
    "Times",
    "Right at the next attempt",
    "Students",
    "Right",
    "In part",
    "Wrong",
    "Not started",
    "Passed",
    "Error",
    "Too slow",
)


def test_what_is_not_told_cannot_be_computed_from_the_rest():
    for counts in itertools.product((0, 1, 3, 6, 40), repeat=4):
        told = kept(counts)
        hidden = [count for count, shown in zip(counts, told, strict=True) if shown is None]
        assert all(shown in (None, count) for count, shown in zip(counts, told, strict=True))
        assert not any(shown is not None and 0 < shown < FEWEST for shown in told)
        everything = len(hidden) == sum(map(bool, counts))
        assert not hidden or everything or (len(hidden) > 1 and sum(hidden) >= FEWEST), counts


def test_a_class_of_four_has_no_page_without_names():
    reports = [replace(report) for report in simulated_class().attempts()][600:604]
    with pytest.raises(TooFew, match="needs 5 graded submissions"):
        without_names(insight_of(cohort_of(reports)))


# --- what comes from students and files ------------------------------------------------------------------------


EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202e\ud800"


def evil_reports():
    """A class in which every text that may be anything is."""
    text = EVIL.replace("\ud800", "")
    for number in range(40):
        tests = tuple(
            replace(
                test,
                name=f"{test.name}{text}",
                cell=f"{test.cell}{text}",
                title=text * 100,
                outcome=("failed", "error", "passed")[(number + place) % 3],
                message=f"{text}\nIn {text}:\n    {text}" if (number + place) % 3 < 2 else "",
                mistake=text if (number + place) % 3 == 0 else None,
            )
            for place, test in enumerate(TESTS)
        )
        yield Report(f"{EVIL}{number}", "conv2d", tests, (text,), 1.0, None, (text,))
    yield Report(EVIL, "conv2d", tests, (), 0.0, text)


def test_no_text_of_a_results_file_becomes_a_part_of_the_page():
    cohort = cohort_of(evil_reports())
    page = class_page(
        insight_of(cohort, find("conv2d"), earlier=cohort, sections=dict.fromkeys(cohort.students, EVIL))
    )
    page.encode()
    assert "&lt;script&gt;" in page and "Named mistakes" in page
    for sign in ("<script", "<img", "\u202e", "\ud800"):
        assert sign not in page
    assert set(re.findall(r"<([a-zA-Z0-9]+)", page)) <= PARTS
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", page))


PARTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "h3",
        "p",
        "nav",
        "ul",
        "li",
        "a",
        "section",
    ),
    *("div", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "strong", "code"),
    *("svg", "g", "path", "defs", "use", "text", "clipPath", "rect", "pattern"),
}


def test_a_page_of_a_results_file_stays_small_whatever_is_in_it():
    """A class of 2,000 in which everybody has tests, mistakes and messages of their own."""

    def reports():
        for number in range(2000):
            tests = tuple(
                replace(
                    TESTS[0],
                    name=f"t{number}_{i}",
                    cell=f"test_{number}",
                    message=f"{number}x{i}" * 1000,
                    outcome="error",
                )
                for i in range(20)
            )
            yield Report(f"s{number}" * 100, "conv2d", tests, (), 1.0)

    insight = insight_of(cohort_of(reports()))
    assert (insight.graded, insight.left_out) == (20, 1980)
    assert len(class_page(insight)) < 3_000_000


def test_a_page_is_the_same_each_time_and_asks_for_nothing(insight, page):
    assert class_page(insight, find("conv2d")) == page
    assert not re.search(r'(src|href)="(?!#)', page.replace('xlink:href="#', 'href="#'))
    assert "<script" not in page and "@import" not in page


def test_numbers_in_messages_do_not_part_equal_errors():
    assert skeleton("index 5 of 3.5\nIn cell 3, line 2:\n    a[5] = 1") == ("index # of #", "a[5] = 1")
    assert skeleton("") == ("", "")


# --- measures at their edges ------------------------------------------------------------------------------------


def test_discrimination_is_told_from_thirty_students_on_and_where_there_is_a_difference():
    passed = np.zeros((29, 2))
    assert (
        measures.discrimination(passed, np.ones(2)) is None
        and measures.reliability(passed, np.ones(2)) is None
    )
    passed = np.stack([np.arange(30) % 2, np.arange(30) % 2, np.ones(30)], axis=1).astype(float)
    told = measures.discrimination(passed, np.array([1.0, 2.0, 3.0]))
    assert told[:2] == pytest.approx([1, 1]) and np.isnan(told[2])


def test_a_class_of_damaged_submissions_alone_has_a_page():
    damaged = [student.report() for student in simulated_class().students if student.kind == "damaged"]
    page = class_page(insight_of(cohort_of(damaged)))
    assert "0 submissions were graded. 6 more could not be read." in page


# --- the commands -------------------------------------------------------------------------------------------------


def write(path, reports):
    with results_writer(path) as write_result:
        for report in reports:
            write_result(Result(report))
    return path


@pytest.fixture(scope="module")
def small_class():
    return simulated_class(number=60)


@pytest.fixture(scope="module")
def small_results(small_class, tmp_path_factory):
    """To be read: who puts something beside it takes a copy."""
    return write(tmp_path_factory.mktemp("small") / "r.jsonl", small_class.attempts())


def test_the_command_writes_the_page(attempts, tmp_path, capsys, page):
    results = write(tmp_path / "r.jsonl", attempts)
    assert main(["insight", str(results), str(tmp_path / "new" / "class.html")]) == 0
    assert (tmp_path / "new" / "class.html").read_text() == page
    assert "294 submissions, 8 named mistakes" in capsys.readouterr().out


def test_the_command_takes_sections_and_an_earlier_class_and_leaves_names_out(small_results, tmp_path):
    sections = tmp_path / "sections.csv"
    sections.write_text("student,section\nstudent001,A\n")
    out = tmp_path / "class.html"
    assert (
        main(
            [
                "insight",
                str(small_results),
                str(out),
                "--earlier",
                str(small_results),
                "--sections",
                str(sections),
            ]
        )
        == 0
    )
    assert "Sections of the class" in out.read_text() and "Compared with" in out.read_text()
    assert main(["insight", str(small_results), str(out), "--without-names"]) == 0
    assert "student001" not in out.read_text()


def test_the_list_of_whom_to_speak_to_can_be_left_out(small_results, small_class, tmp_path):
    damaged = next(student.name for student in small_class.students if student.kind == "damaged")
    out = tmp_path / "class.html"
    assert main(["insight", str(small_results), str(out), "--without-list"]) == 0
    page = out.read_text()
    assert "Whom to speak to" not in page and "Nearly there" not in page and damaged in page


def test_unusable_files_get_one_line(small_results, tmp_path, capsys):
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "s.csv").write_text("a,b\n")
    out = str(tmp_path / "class.html")
    assert main(["insight", str(tmp_path / "empty.jsonl"), out]) == 2
    assert main(["insight", str(small_results), out, "--sections", str(tmp_path / "s.csv")]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert (
        "holds no results" in first and "needs a first row with the columns 'student' and 'section'" in second
    )


def test_the_terminal_says_the_same_in_short(small_results, small_class, capsys):
    assert main(["report", str(small_results), "--insight"]) == 0
    said = capsys.readouterr().out
    readable = sum(student.kind != "damaged" for student in small_class.students)
    assert f"{readable} graded" in said and "Mistakes to speak of" in said and "not started" in said
