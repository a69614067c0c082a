"""The page: what to say on Monday first, then scores, functions, tests, mistakes, errors, people, time, an earlier class."""

from collections.abc import Iterator, Sequence

from autograder.judge.assignment import Assignment
from autograder.reports.insight.findings import Change, Earlier, Insight, NamedMistake, OfTest, Spread, Timing
from autograder.reports.insight.people import STUCK_BELOW, People, Person
from autograder.reports.insight.plots import change_plot, function_plot, score_plot
from autograder.reports.insight.progress import MOST_ATTEMPTS, Mended, Progress
from autograder.reports.insight.remarks import remark
from autograder.reports.isolation import weakness_sentence
from autograder.reports.markup import contents, page, section, share, table, text

MOST_PEOPLE = 200  # in one list
MOST_MISTAKES = 60
MOST_SECTIONS = 100
FEW_NAMES = 12  # beside a mistake
WORDS = {"failed": "wrong", "error": "error", "timeout": "too slow", "crashed": "crashed"}


def class_page(insight: Insight, assignment: Assignment | None = None) -> str:
    """A self-contained HTML document.

    Args:
        insight: with names, or without them from `sharing.without_names`.
        assignment: draws the pictures of mistakes; None leaves them out.
    """
    sections = dict(_sections(insight, assignment))
    title = f"{insight.title}: what the class says"
    head = (f"<h1>{text(title)}</h1>", *_summary(insight), contents(sections))
    return page(title, (*head, *(section(name, *parts) for name, parts in sections.items())))


def _sections(insight: Insight, assignment: Assignment | None) -> Iterator[tuple[str, list[str]]]:
    """Each section's title and its parts, those that have something to say."""
    if insight.mistakes:
        yield f"{_NUMBERS[len(insight.to_say)]} to say on Monday", list(_monday(insight, assignment))
    if insight.spread:
        yield "Scores", list(_scores(insight.spread, insight.max_score))
        yield "Functions", list(_functions(insight))
        yield "Hidden tests", list(_tests(insight))
    if insight.mistakes:
        yield "Named mistakes", list(_mistakes(insight))
    if insight.messages:
        yield "Alike without a name", list(_messages(insight))
    if insight.sections:
        yield "Sections of the class", list(_of_sections(insight))
    if insight.people and insight.graded:
        yield "Whom to speak to", list(_people(insight.people))
    if insight.timing:
        yield "Time", list(_time(insight.timing, insight.tests))
    if insight.damaged:
        yield (
            "Not readable",
            [table("Submissions that could not be read", ("Student", "Why"), _damaged(insight), long=[1])],
        )
    if insight.progress:
        yield "Attempts", list(_progress(insight.progress))
    if insight.earlier and insight.spread:
        yield "Compared with an earlier class", list(_compared(insight.spread, insight.earlier))


_NUMBERS = ("", "One thing", "Two things", "Three things")


def _summary(insight: Insight) -> Iterator[str]:
    unread = "" if not insight.unread else f" {insight.unread:,} more could not be read."
    yield f"<p>{insight.graded:,} submissions were graded.{unread}</p>"
    if weakness := weakness_sentence(insight.weak):
        yield f"<p><strong>{text(weakness)}</strong></p>"
    if insight.left_out:
        yield f"<p><strong>{insight.left_out:,} lines are left out: of another assignment, or of too many suites.</strong></p>"
    if not insight.named:
        yield (
            '<p class="soft">This version names nobody. A dash stands for a number that could point to fewer than '
            "five students.</p>"
        )


def _monday(insight: Insight, assignment: Assignment | None) -> Iterator[str]:
    yield '<p class="soft">The named mistakes that most students have. A name is given only where all answers fit.</p>'
    for number, mistake in enumerate(insight.to_say, 1):
        where = ", ".join(map(text, mistake.functions))
        lecture = f" It is explained in section “{text(mistake.lecture)}”." if mistake.lecture else ""
        yield (
            f'<div class="card"><h3>{number}. {text(mistake.sentence or mistake.name)}</h3>'
            f"<p>{mistake.number:,} of {insight.graded:,} students ({share(mistake.number, insight.graded)}), in {where}."
            f"{lecture}</p>{_drawing(number, mistake, assignment)}</div>"
        )


def _drawing(number: int, mistake: NamedMistake, assignment: Assignment | None) -> str:
    """The first place where an output with this mistake differed, drawn by the assignment."""
    if assignment is None or assignment.draw is None:
        return ""
    for function, picture in mistake.pictures.items():
        if drawn := assignment.draw(picture):
            # Two drawings in a page would share the name of their pattern.
            own = drawn.replace("id='pad'", f"id='pad-{number}'").replace("url(#pad)", f"url(#pad-{number})")
            return (
                f'<p class="soft">Where the first wrong number of {text(function)} lies, for one student:</p>'
                f'<div class="drawing" role="region" tabindex="0" aria-label="Drawing {number}">{own}</div>'
            )
    return ""


def _scores(spread: Spread, max_score: float) -> Iterator[str]:
    yield score_plot(spread, max_score)
    yield table(
        f"Points of {max_score:g}",
        ("Mean", "Standard deviation", "Least", "Quarter", "Median", "Three quarters", "Most"),
        [
            _numbers(
                spread.mean,
                spread.deviation,
                spread.least,
                spread.low,
                spread.median,
                spread.high,
                spread.most,
            )
        ],
    )
    width, last = max_score / len(spread.bands), len(spread.bands) - 1
    yield table(
        "Students by score",
        ("Points", "Students"),
        [
            (f"{i * width:g} {'to' if i == last else 'to under'} {(i + 1) * width:g}", count)
            for i, count in enumerate(spread.bands)
        ],
    )


def _numbers(*values: float | None) -> list[str | None]:
    return [None if value is None else f"{value:.1f}" for value in values]


def _functions(insight: Insight) -> Iterator[str]:
    yield function_plot(insight.functions)
    follow = any(each.follows != 0 for each in insight.functions)
    columns = (
        "Function",
        "Right",
        "In part",
        "Wrong",
        "Not started",
        "Points earned",
        *(["Follow-through"] if follow else []),
    )
    yield table(
        "Students by function",
        columns,
        [
            (
                *(each.name, each.right, each.partly, each.wrong, each.missing, _percent(each.points)),
                *([each.follows] if follow else []),
            )
            for each in insight.functions
        ],
    )
    if follow:
        yield '<p class="soft">Follow-through: points given although a helper of their own is wrong, which costs once.</p>'
    if insight.pairs:
        yield "<h3>Functions that fail together</h3>"
        yield table(
            "Students who have neither of two functions right, against how many would by chance",
            ("Functions", "Students", "By chance", *(["Follow-through"] if follow else [])),
            [
                (
                    *(f"{each.one} and {each.other}", each.both, f"{each.expected:.1f}"),
                    *([each.follows] if follow else []),
                )
                for each in insight.pairs
            ],
        )
        if follow:
            yield (
                '<p class="soft">Follow-through: for how many of them one of the two fails hidden tests by the other’s mistake '
                "alone. The rest got both wrong.</p>"
            )


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:.0f} %"


def _tests(insight: Insight) -> Iterator[str]:
    told = any(each.discrimination is not None for each in insight.tests)
    if told:
        yield (
            '<p class="soft">Discrimination is how far a test goes with the points in all others, from −1 to 1. Low or '
            "negative, the test itself deserves a look."
            + (
                ""
                if insight.reliability is None
                else f" All tests together: Cronbach’s alpha {insight.reliability:.2f}."
            )
            + "</p>"
        )
    else:
        yield '<p class="soft">Discrimination is told from 30 students on.</p>'
    remarks = [remark(each) for each in insight.tests]
    last = ["Remark"] if any(remarks) else []
    yield table(
        "Students by hidden test",
        (
            "Test",
            "Function",
            "Passed",
            "Share",
            "Wrong",
            "Error",
            "Too slow",
            "Not started",
            "Discrimination",
            *last,
        ),
        [
            (
                *(
                    each.title,
                    each.function,
                    each.passed,
                    _percent(each.difficulty),
                    each.wrong,
                    each.error,
                    each.slow,
                ),
                *(
                    each.missing,
                    None if each.discrimination is None else f"{each.discrimination:.2f}".replace("-", "−"),
                ),
                *([said] if last else []),
            )
            for each, said in zip(insight.tests, remarks, strict=True)
        ],
        long=[0, 9],
    )


def _mistakes(insight: Insight) -> Iterator[str]:
    who = ["Who"] if insight.named else []
    yield table(
        "Named mistakes by students",
        ("Mistake", "Students", "Share", "Functions", "What it is", "Section", *who),
        [
            (
                *(
                    each.name,
                    each.number,
                    share(each.number, insight.graded),
                    _in_functions(each),
                    each.sentence,
                ),
                each.lecture,
                *([_some(each.students)] if insight.named else []),
            )
            for each in insight.mistakes[:MOST_MISTAKES]
        ],
        long=[4, 6],
    )
    if len(insight.mistakes) > MOST_MISTAKES:
        yield f"<p>{len(insight.mistakes) - MOST_MISTAKES:,} rarer ones are not shown.</p>"


def _in_functions(mistake: NamedMistake) -> str:
    return ", ".join(
        name if count is None else f"{name} {count:,}" for name, count in mistake.functions.items()
    )


def _some(students: tuple[str, ...]) -> str:
    names = ", ".join(student[:40] for student in students[:FEW_NAMES])
    more = len(students) - FEW_NAMES
    return names if more <= 0 else f"{names} and {more:,} more"


def _messages(insight: Insight) -> Iterator[str]:
    yield (
        '<p class="soft">What several students got in tests without a named mistake, with # for numbers. '
        "A mistake worth a name of its own may be among them.</p>"
    )
    line = ["A line of one of them"] if insight.named else []
    yield table(
        "Equal errors without a name",
        ("Function", "Students", "Outcome", "Message", *line),
        [
            (
                each.cell,
                each.students,
                WORDS.get(each.outcome, each.outcome),
                each.text,
                *([each.code] if line else []),
            )
            for each in insight.messages
        ],
        long=[3],
    )


def _of_sections(insight: Insight) -> Iterator[str]:
    yield table(
        "Sections of the class",
        ("Section", "Students", "Mean", "Commonest mistakes"),
        [
            (
                name,
                each.number,
                f"{each.mean:.1f}",
                ", ".join(f"{mistake} {count}" for mistake, count in each.mistakes),
            )
            for name, each in list(insight.sections.items())[:MOST_SECTIONS]
        ],
    )


def _people(people: People) -> Iterator[str]:
    yield (
        '<p class="soft">This list is for you alone; <code>--without-list</code> leaves it out, and <code>--without-names</code> '
        "writes a page that can be shared.</p>"
    )
    yield from _idle(people.idle)
    yield from _list(f"Stuck: begun, and less than {STUCK_BELOW:.0%} of the points", people.stuck)
    yield from _list("Nearly there: one named mistake is all that is in the way", people.near)
    yield from _list("Too slow: a call was stopped for its time", people.slow)


def _idle(people: tuple[Person, ...]) -> Iterator[str]:
    listed = ", ".join(text(each.student) for each in people[:MOST_PEOPLE])
    more = f" and {len(people) - MOST_PEOPLE:,} more" if len(people) > MOST_PEOPLE else ""
    yield f"<h3>Not started: no function is begun ({len(people):,})</h3><p>{listed or 'Nobody.'}{more}</p>"


def _list(title: str, people: tuple[Person, ...]) -> Iterator[str]:
    yield f"<h3>{text(title)} ({len(people):,})</h3>"
    if not people:
        yield "<p>Nobody.</p>"
        return
    rows = [(each.student, f"{each.score:g}", each.function, each.mistake) for each in people[:MOST_PEOPLE]]
    yield table(title, ("Student", "Points", "Begin with", "Named mistake"), rows)
    if len(people) > MOST_PEOPLE:
        yield f"<p>{len(people) - MOST_PEOPLE:,} more are not listed.</p>"


def _time(timing: Timing, tests: Sequence[OfTest]) -> Iterator[str]:
    yield table(
        "Seconds that grading one submission took",
        ("Half take less than", "95 of 100 take less than", "Longest", "All together"),
        [_numbers(timing.median, timing.most_take, timing.longest, timing.total)],
    )
    undecided = [each for each in tests if each.inconclusive != 0]
    if undecided:
        yield table(
            "Timings that were borderline or could not be told, which count as passed",
            ("Test", "Function", "Students"),
            [(each.title, each.function, each.inconclusive) for each in undecided],
        )


def _damaged(insight: Insight) -> list[tuple[str, str]]:
    listed = list(insight.damaged.items())
    more = [(f"{len(listed) - MOST_PEOPLE:,} more", "")] if len(listed) > MOST_PEOPLE else []
    return listed[:MOST_PEOPLE] + more


def _progress(progress: Progress) -> Iterator[str]:
    last = len(progress.students)
    means = ["Mean score of this attempt"] if progress.means else []
    yield table(
        "Students by their number of attempts",
        ("Attempts", "Students", *means),
        [
            (
                f"{number} or more" if number == last == MOST_ATTEMPTS else str(number),
                count,
                *([f"{progress.means[number - 1]:.1f}"] if means else []),
            )
            for number, count in enumerate(progress.students, 1)
        ],
    )
    yield table(
        "What was read about a function before another attempt, and how often it was right then",
        ("Read", "Times", "Right at the next attempt", "Share"),
        [_mended(each) for each in (progress.named, progress.neutral, progress.missing)],
    )
    verdict = "differ beyond chance" if progress.tells else "do not differ beyond chance"
    yield (
        f'<p class="soft">Named mistakes and messages without a name {verdict}. Nobody drew lots for who reads which: '
        "mistakes with a name may be the easier ones.</p>"
    )
    if progress.mistakes:
        yield table(
            "Named mistakes before another attempt",
            ("Mistake", "Times", "Right at the next attempt", "Share"),
            [_mended(each) for each in progress.mistakes],
        )


def _mended(each: Mended) -> tuple[str, int, int | None, str]:
    return each.what, each.read, each.mended, share(each.mended, each.read)


def _compared(spread: Spread, earlier: Earlier) -> Iterator[str]:
    yield table(
        "Scores of both classes",
        ("Class", "Students", "Mean", "Standard deviation", "Median"),
        [
            (name, each.number, *_numbers(each.mean, each.deviation, each.median))
            for name, each in (("This class", spread), ("Earlier class", earlier.spread))
        ],
    )
    if earlier.functions:
        yield change_plot(earlier.functions)
        yield _changes("Students who have a function right", "Function", earlier.functions)
    if earlier.mistakes:
        yield _changes("Students with a named mistake", "Mistake", earlier.mistakes)


def _changes(caption: str, what: str, changes: tuple[Change, ...]) -> str:
    return table(
        caption,
        (what, "This class", "Earlier class", "Beyond chance"),
        [
            (each.what, share(*each.now), share(*each.earlier), "yes" if each.beyond_chance else "no")
            for each in changes
        ],
    )
