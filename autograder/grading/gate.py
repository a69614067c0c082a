"""The one way on which anything of a student's program reaches a report.

A program sees the hidden inputs, and its author reads the report: whatever the program may choose in a report, it can use to
tell of them. So a report says what its program chose only in `Sentence`s, each of which lists the facts that it repeats, with
their bits (`judge.facts`). The gate adds them up, for each test and for the whole report, and where they would be more than it
allows the test's sentence is the one that its outcome always has.

Why this bounds what a report tells. The facts of a sentence are words of a prefix code, and so is the way in which the gate
shortens what was told before (`_Codebook`): over all sentences that a test could get, the sum of 2 ** -bits is at most 1. With
the outcome's own sentence it is at most 2, for n tests at most 2 ** n; each report has at most IN_ALL bits; hence there are no
more than 2 ** (n + IN_ALL) different ones for the same outcomes, whatever the program does, and it tells n + IN_ALL bits at
most. Shapes of hidden inputs, which the tests' own sentences name, are not counted: a program does not choose them.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from autograder.grading.notebook import Cell
from autograder.grading.source import Source
from autograder.judge.facts import Fact, gamma
from autograder.judge.picture import Picture

IN_A_TEST = 60.0  # bits
IN_ALL = 256.0

_NO_MORE = "More is not told here, as it could show hidden values: run the visible checks, or call the function yourself."
ALWAYS = {
    "failed": f"The result is not the expected one. {_NO_MORE}",
    "error": f"The function raised an error. {_NO_MORE}",
    "timeout": f"Stopped: it took more time than it may. {_NO_MORE}",
    "crashed": f"The function ended the whole program instead of returning a value. {_NO_MORE}",
    "missing": f"The function is not there, or not finished. {_NO_MORE}",
    "inconclusive": "This test could not decide. You keep its points.",
}


@dataclass(frozen=True)
class Sentence:
    """What a test's message may say.

    Attributes:
        text: made by trusted code from fixed words and from the facts.
        facts: all that a program chose in it, and in the picture.
        picture: of the place that the text speaks of.
    """

    text: str
    facts: tuple[Fact, ...] = ()
    picture: Picture | None = None


class Gate:
    """Lets through what one submission's report may say.

    Args:
        cells: those that run.

    Attributes:
        source: what the student wrote.
        spent: bits that the report has told so far.
    """

    def __init__(self, cells: Sequence[Cell], in_a_test: float = IN_A_TEST, in_all: float = IN_ALL):
        self.source = Source(cells)
        self.spent = 0.0
        self._in_a_test = in_a_test
        self._in_all = in_all
        self._codebook = _Codebook()

    def tell(self, outcome: str, sentences: Iterable[Sentence]) -> Sentence:
        """What a test with this outcome says: the first of these sentences, best first, that may be told."""
        for sentence in sentences:
            bits = self._codebook.bits(sentence.facts)
            if bits <= min(self._in_a_test, self._in_all - self.spent):
                self.spent += bits
                self._codebook.note(sentence.facts)
                return sentence
        return Sentence(ALWAYS[outcome])


class _Codebook:
    """The lengths of facts in a code in which what was told before has shorter words.

    Of each kind the first fact has the code of its kind. Later on the latest one has 1 bit, any other one that was told has 2
    and the code of how many are more recent, and a new one has 2 and the code of its kind. (Kraft's sum: 1/2 + 1/4 + 1/4.)
    """

    def __init__(self) -> None:
        self._told: dict[str, list[Hashable]] = defaultdict(list)  # the latest first

    def bits(self, facts: Iterable[Fact]) -> float:
        return sum(map(self._bits, facts))

    def _bits(self, fact: Fact) -> float:
        told = self._told.get(fact.kind, [])
        if fact.value not in told:
            return 2 + fact.bits if told else fact.bits
        place = told.index(fact.value)
        return 1 if place == 0 else 2 + min(gamma(place), fact.bits)

    def note(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            told = self._told[fact.kind]
            if fact.value in told:
                told.remove(fact.value)
            told.insert(0, fact.value)
