"""What a report can tell of hidden inputs: everything of a student's program goes through one gate, which counts bits."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

import channels
import numpy as np
import pytest
from conftest import cells_notebook

from autograder.grading import Grader
from autograder.grading.explain import STEPS, explain
from autograder.grading.gate import ALWAYS, IN_ALL, Gate, Sentence, _Codebook
from autograder.grading.known_messages import FORMS, MESSAGES, OPERATORS, TYPE_NAMES, Words, read
from autograder.grading.notebook import Cell, read_cells
from autograder.grading.program import Program
from autograder.grading.report import OUTCOMES
from autograder.grading.source import Source, refusals
from autograder.judge import Mismatch, assert_same
from autograder.judge.facts import Fact, choice, gamma, number, shape
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, ForkServer, Frame, Limits, WorkerFailure
from autograder.sandbox.failures import raised
from autograder.suite import find

PROGRAMS = 1000
BEST_IN_A_TEST = 24  # bits of a secret that were read in one test's message, and
BEST_IN_A_REPORT = 120  # in all messages of a report; docs/security.md says both


# --- the code ---------------------------------------------------------------------------------------------


def kraft(facts) -> float:
    """The sum of 2 ** -bits, which is at most 1 for a prefix code."""
    return sum(2.0**-fact.bits for fact in facts)


def test_the_bits_of_numbers_and_shapes_are_those_of_a_prefix_code():
    numbers = [number(value) for value in range(-12_000, 12_000)]
    assert 0.75 < kraft(numbers) <= 1
    assert number(10_000).bits == number(-(10**30)).bits == math.inf
    sides = [number(value) for value in range(10_000)]
    for rank, like in itertools.product(range(9), (None, (1, 2), (1, 2, 3, 4))):
        # The sides are independent of each other: it is enough to look at one of them and at the rank.
        assert kraft([shape((3,) * rank, like)]) <= 1
    assert kraft(sides) <= 1
    ranks = kraft(Fact("", rank, shape((0,) * rank).bits - 4 * rank) for rank in range(9))
    assert ranks <= 1
    near = [shape((side, 2), (1, 2)) for side in range(10_000)]
    assert kraft(near) <= 2**-2 * 1 + 2**-2  # one bit for the rank, one for the side that is the same
    assert sum(2.0 ** -gamma(value) for value in range(1, 5000)) <= 1


def test_what_was_told_is_shorter_and_the_code_stays_one():
    book, values = _Codebook(), [choice("line", value, 64) for value in range(64)]

    def total() -> float:
        return sum(2.0 ** -book.bits([fact]) for fact in values)

    assert total() <= 1 and book.bits(values[:1]) == 6
    for fact in (values[5], values[9], values[5], values[63]):
        book.note([fact])
        assert total() <= 1
    assert [book.bits([values[place]]) for place in (63, 5, 9, 7)] == [1, 3, 5, 8]


def test_there_are_no_more_messages_than_the_bits_allow():
    """Counted: all reports of three tests that choose one of twenty texts, under a gate of seven bits."""
    count = 0
    for chosen in itertools.product(range(20), repeat=3):
        gate = Gate([], in_a_test=5, in_all=7)
        said = [gate.tell("error", [Sentence(str(place), (choice("form", place, 20),))]) for place in chosen]
        count += all(each.facts for each in said)
        assert gate.spent <= 7
    # A report of repeated texts costs a bit for each: that one can be told.
    assert 20 <= count <= 2**7


def test_a_test_says_the_best_that_it_may_and_in_the_end_only_its_outcome():
    gate = Gate([], in_a_test=10, in_all=12)
    dear, cheap = Sentence("dear", (Fact("a", 1, 11),)), Sentence("cheap", (Fact("b", 1, 8),))
    assert gate.tell("error", [dear, cheap]) == cheap
    assert gate.tell("error", [dear, cheap]) == cheap and gate.spent == 9
    assert gate.tell("error", [dear]).text == ALWAYS["error"] and gate.spent == 9
    assert set(ALWAYS) == {*OUTCOMES} - {"passed"}
    assert not any(character.isdigit() for text in (*ALWAYS.values(), *STEPS.values()) for character in text)


def test_the_forms_of_sentences_are_no_more_than_their_code_has_words():
    known = sum(map(len, MESSAGES.values()))
    assert known > 120 and known + 2 * len(STEPS) + 30 <= FORMS
    assert len(set(TYPE_NAMES)) == len(TYPE_NAMES) and len(set(OPERATORS)) == len(OPERATORS)


# --- messages that are made anew --------------------------------------------------------------------------

SOURCE = (
    "def conv2d(inputs, filters):\n    raise ValueError('the channels do not match')\n    out = image[kernel]"
)
CELL = Cell(1, "code", SOURCE, "conv2d")
WORDS = Words(Source([CELL]), "out = image[kernel]")
KNOWN = {
    "ValueError": (
        "operands could not be broadcast together with shapes (1,2,3) (2,2,3)",
        "operands could not be broadcast together with shapes (3,) (4,) (3,)",
        "cannot reshape array of size 24 into shape (5,5)",
        "could not broadcast input array from shape () into shape (1,)",
    ),
    "IndexError": ("index 7 is out of bounds for axis 1 with size 7", "list assignment index out of range"),
    "NameError": ("name 'image' is not defined",),
    "TypeError": (
        "'NoneType' object is not subscriptable",
        "unsupported operand type(s) for ** or pow(): 'int' and 'list'",
        "conv2d() missing 2 required positional arguments: 'inputs' and 'filters'",
        "conv2d() missing 3 required positional arguments: 'inputs', 'filters', and 'image'",
        "'<' not supported between instances of 'int' and 'str'",
    ),
    "KeyError": ("'kernel'",),
}
UNKNOWN = {
    "ValueError": (
        "0.123456789",
        "[0.1, 0.2]",
        "cannot reshape array of size 24 into shape (123456,)",
        "operands could not be broadcast together with shapes (1,2,3) (2,2,3) and 0.5",
        "index 7 is out of bounds for axis 1 with size 7",
        "the channels do not match 7",
    ),
    "IndexError": ("index 123456789 is out of bounds for axis 1 with size 7",),
    "TypeError": ("cannot unpack non-iterable int objects",),
}


def test_known_messages_are_made_anew_word_for_word():
    for error, texts in KNOWN.items():
        assert [read(error, text, WORDS)[0] for text in texts] == [*texts]


def test_other_messages_are_not_repeated_and_names_that_the_student_did_not_write_neither():
    for error, texts in UNKNOWN.items():
        assert [read(error, text, WORDS) for text in texts] == [None] * len(texts)
    for error, text in (
        ("NameError", "name 'x01' is not defined"),
        ("AttributeError", "'abc' object has no attribute 'shape'"),
    ):
        assert sum(fact.bits for fact in read(error, text, WORDS)[1]) == math.inf


def test_numbers_are_written_anew():
    said, _ = read("IndexError", "index 0007 is out of bounds for axis -0 with size 0000", WORDS)
    assert said == "index 7 is out of bounds for axis 0 with size 0"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("raise ValueError('no')", ["no"]),
        ("if x: raise ValueError(\n    'one '\n    \"two\"\n)", ["one", "two", "one two"]),
        ("assert x, 'must hold'", ["must hold"]),
        ("x = 'no'", []),
        ("raise ValueError(f'{x} is bad')", []),
        ("# not here\nraise ValueError('below')", []),
    ],
)
def test_own_texts_are_those_of_the_raise_that_begins_in_the_line(source, texts):
    assert refusals(Cell(1, "code", source), 1) == texts


def message(text: str, line: int = 2, kind: str = "ValueError") -> str:
    failure = raised(kind, "ValueError", text, [Frame("cell 1", line)])
    return explain(failure, Program([CELL], Limits(), Allowance(60))).message


def test_an_own_text_is_told_where_its_raise_was_running_and_nowhere_else():
    assert "ValueError: the channels do not match." in message("the channels do not match")
    assert "left out" in message("the channels do not match", line=3)
    assert "left out" in message("out = image")


def test_of_the_students_own_lines_two_at_most_are_told():
    cells = [
        Cell(number, "code", f"def f{number}():\n    return f{number + 1}()", f"f{number}")
        for number in range(1, 9)
    ]
    failure = raised("ValueError", "ValueError", "no", [Frame(f"cell {n}", 2) for n in range(1, 9)])
    said = explain(failure, Program(cells, Limits(), Allowance(60))).message
    assert 1 <= len(re.findall(r"return f\d\(\)", said)) <= 2


def test_without_the_gates_leave_a_mismatch_says_which_step_failed_and_nothing_of_the_answer():
    program = Program([CELL], Limits(), Allowance(60))
    with pytest.raises(Mismatch) as caught:
        assert_same(np.zeros((0, 1 << 33)), np.ones((2, 3)))
    assert explain(caught.value, program).message == STEPS["shape"]
    assert explain(Mismatch("values", "Yours is 7310."), program).message == STEPS["values"]
    assert explain(Mismatch("values", "All wrong.", facts=()), program).message == "All wrong."


# --- a thousand programs that carry a secret --------------------------------------------------------------

WIDTHS = (3, 6, 8, 10, 12, 15, 18, 21, 24, 30, 64)
SECRETS = 3  # of every width that must all be read: one may be right by chance
WAYS = {name: way for ways, _ in channels.NOTEBOOKS for name, way in ways.items()}


@dataclass(frozen=True)
class Told:
    """A secret of so many bits, the way in which a program told it, and the message that came of it."""

    way: str
    width: int
    secret: int
    message: str

    @property
    def is_read(self) -> bool:
        got = WAYS[self.way].read(self.message, self.width)
        return got is not None and got % 2**self.width == self.secret


@pytest.fixture(scope="module")
def endings() -> list[Told]:
    """What became of each way of telling a secret, tried by a real worker with secrets of many widths."""
    with ForkServer() as server:
        return [told for ways, above in channels.NOTEBOOKS for told in tried(ways, above, server)]


def tried(ways: Mapping[str, channels.Way], above: list[str], server: ForkServer) -> Iterator[Told]:
    chance = Random("secrets")
    cells = read_cells(cells_notebook(*channels.notebook(ways, above)))
    source = Source(cells)
    beside = {"beside.txt": b"1 2 3"}
    with Program(cells, Limits(), Allowance(600), server, files=beside, forgives=True) as program:
        for place, (name, way) in enumerate(ways.items()):
            for width in widths(ways, way):
                secret = chance.getrandbits(width)
                gate = Gate([])
                gate.source = source  # read once
                error, calls = ending(program, f"way_{place}", way.calls, secret, width)
                if way.later:
                    error, calls = ending(program, f"later_{place}", 1, 0, width)
                yield Told(name, width, secret, explain(error, program, gate=gate, calls=calls).message)


def widths(ways: Mapping[str, channels.Way], way: channels.Way) -> tuple[int, ...]:
    if way.is_word:
        return 16, 64
    if ways is channels.ENDS:
        return SECRETS * (6, 8)
    return SECRETS * ((3, 6) if ways is channels.SEVERAL else WIDTHS)


def ending(program: Program, function: str, calls: int, *arguments: int) -> tuple[Exception | None, int]:
    """What a hidden test of so many calls would end with, and how many it has made."""
    for call in range(1, calls + 1):
        due = channels.EXPECTED if calls == 1 else np.ones((call, 2))
        try:
            assert_same(program.call(function, *arguments).value, due)
        except (WorkerFailure, Mismatch) as error:
            return error, call
    return None, calls


@pytest.mark.sandbox
def test_of_a_secret_of_64_bits_a_test_tells_24_by_the_best_of_a_thousand_programs(endings):
    assert len(endings) >= PROGRAMS
    read = Counter((told.way, told.width) for told in endings if told.is_read)
    most = dict.fromkeys(WAYS, 0)
    for (way, width), times in read.items():
        if times == SECRETS:
            most[way] = max(most[way], width)
    silent = [*channels.WORDS, "files beside the notebook", "names of files beside the notebook"]
    assert {way for way in silent if most[way]} == set()
    assert 15 <= max(most.values()) <= BEST_IN_A_TEST


CARRIER = """\
import itertools
SECRETS = {secrets}
turn = itertools.count()

def tell(*arguments):
    secret = SECRETS[next(turn)]
    shapes = [secret // 8 ** place % 8 for place in range(8)]
    raise ValueError(('operands could not be broadcast together with shapes ' + {shapes!r}).format(*shapes))

{names} = tell
"""


@pytest.mark.sandbox
def test_a_report_tells_no_more_in_all_than_its_bits_by_the_best_way_there_is():
    chance = Random("report")
    secrets = [chance.getrandbits(24) for _ in range(100)]
    names = " = ".join(exercise.name for exercise in find("conv2d").exercises)
    with Grader() as grader:
        report = grader.grade(
            cells_notebook(CARRIER.format(secrets=secrets, names=names, shapes=channels.SHAPES)),
            student="mallory",
            assignment="conv2d",
            key=EXAMPLE,
        )
    assert {test.outcome for test in report.tests} == {"error"} and len(report.tests) > 30
    read_back = [WAYS["two shapes"].read(test.message, 24) for test in report.tests]
    told = 24 * sum(secret in secrets for secret in read_back)
    assert 0 < told <= BEST_IN_A_REPORT < IN_ALL
