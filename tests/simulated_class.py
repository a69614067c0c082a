"""A class of 300 that nobody taught: its truth is known, so that every number said about it can be proven.

Which hidden tests a mistake fails comes from rehearsing the suite on the modelled mistake itself; all else is drawn.
"""

import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from autograder.grading.report import Report, TestResult
from autograder.grading.suite_run import list_tests
from autograder.judge.assignment import Picture
from autograder.judge.hidden import Numbers
from autograder.judge.rehearsal import EXAMPLE, OurFunctions, hidden_tests
from autograder.judge.vocabulary import Mismatch
from autograder.sandbox import WorkerFailure
from autograder.suite import conv2d, suite_folder
from autograder.suite.conv2d.mistakes import bank

TESTS = list_tests(suite_folder("conv2d"))
FUNCTIONS = list(dict.fromkeys(test.cell.removeprefix("test_") for test in TESTS))
# Mistakes as a class has them: their names, how common they are, and the functions that share a helper.
COMMON = (
    (("flipped", ("apply_kernel", "convolve", "conv2d", "conv2d_matmul")), 16),
    (("same_before", ("same_padding",)), 12),
    (("same_floor", ("conv2d", "conv2d_matmul", "extract_patches")), 10),
    (("transposed", ("convolve",)), 7),
    (("mirrored", ("conv2d",)), 5),
    (("upside_down", ("apply_kernel",)), 3),
    (("flipped_windows", ("extract_patches",)), 2),
    (("flipped_filters", ("flatten_filters",)), 1),
)
ERRORS = (
    (
        "error",
        "The function raised IndexError: index 5 is out of bounds for axis 0 with size 5.",
        "window = image[x, y]",
    ),
    ("error", "The function raised NameError: name 'imgae' is not defined.", "return imgae"),
    ("timeout", "Stopped: no answer within 10 s. Is there a loop that never ends?", "while True:"),
    ("crashed", "The function ended the whole program (exit status 3) instead of returning a value.", ""),
    ("failed", "The output has shape (3, 4); (4, 5) is expected.", ""),
)


# What fails by a mistake in same_padding alone, where the function is otherwise right; and the share of the points that is kept.
BUILT_ON_SAME = (
    ("conv2d", ("test_conv2d_same_even_kernel", "test_conv2d_strides")),
    ("extract_patches", ("test_extract_patches_same",)),
    ("conv2d_matmul", ("test_conv2d_matmul_same",)),
)
KEPT = 0.5


@dataclass
class Student:
    """One student's last attempt: what became of each hidden test, and why.

    Attributes:
        kind: fair, mistaken, twice, half, broken, idle, damaged or copy.
        outcomes, mistakes, messages, pictures: by the test's name; only what is not passed.
        follows: the function whose mistake it was, by the test's name; half of the points are kept.
    """

    name: str
    kind: str
    outcomes: dict[str, str] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Picture | None] = field(default_factory=dict)
    follows: dict[str, str] = field(default_factory=dict)
    seconds: float = 1.0

    def outcome(self, test: TestResult) -> str:
        return self.outcomes.get(test.name, "passed")

    def points(self, test: TestResult) -> float:
        passed = self.outcome(test) in ("passed", "inconclusive")
        return test.max_points * (1 if passed else KEPT if test.name in self.follows else 0)

    @property
    def score(self) -> float:
        return sum(map(self.points, TESTS))

    def report(self) -> Report:
        if self.kind == "damaged":
            tests = tuple(
                replace(test, outcome="missing", message="The notebook could not be read.") for test in TESTS
            )
            return Report(
                self.name,
                "conv2d",
                tests,
                (),
                0.0,
                "The file is empty. Save the notebook and submit it again.",
            )
        tests = tuple(
            replace(
                test,
                outcome=self.outcome(test),
                message=self.messages.get(test.name, ""),
                mistake=self.mistakes.get(test.name),
                picture=self.pictures.get(test.name),
                follow_through=self.follows.get(test.name),
                followed_points=KEPT * test.max_points if test.name in self.follows else 0.0,
            )
            for test in TESTS
        )
        return Report(self.name, "conv2d", tests, ("namespaces", "seccomp", "limits"), self.seconds)


@dataclass
class SimulatedClass:
    """The students' last attempts, and three attempts of each as a results file has them, oldest first."""

    students: list[Student]
    seed: int

    def attempts(self) -> Iterator[Report]:
        """Their reports."""
        return (student.report() for student in self.every_attempt())

    def every_attempt(self) -> Iterator[Student]:
        """Their truth."""
        drawn = random.Random(self.seed + 1)
        for number in (1, 2, 3):
            for student in self.students:
                yield student if number == 3 else _before(student, number, drawn)


def simulated_class(number: int = 300, seed: int = 17) -> SimulatedClass:
    """The class; the same for the same arguments."""
    drawn = random.Random(seed)
    fails = _failed_tests()
    shares = {
        "mistaken": 0.3,
        "twice": 0.1,
        "half": 0.07,
        "broken": 0.08,
        "idle": 0.04,
        "damaged": 0.02,
        "copy": 0.02,
    }
    kinds = [kind for kind, share in shares.items() for _ in range(round(share * number))]
    kinds = ["fair"] * (number - len(kinds)) + kinds
    students: list[Student] = []
    for place, kind in enumerate(kinds):
        student = Student(f"student{place:03}", kind, seconds=round(drawn.uniform(0.3, 4.0), 3))
        _fill(student, kind, students, fails, drawn)
        if kind in ("fair", "mistaken") and drawn.random() < 0.05:
            student.outcomes.setdefault("test_conv2d_matmul_speed", "inconclusive")
        students.append(student)
    drawn.shuffle(students)
    return SimulatedClass(students, seed)


Fails = dict[tuple[str, str], dict[str, Picture | None]]


@functools.cache
def _failed_tests() -> Fails:
    """By function and name of `COMMON`: the hidden tests that the mistake fails, with the picture of each."""
    known, tests, fails = bank(), hidden_tests(conv2d), {}
    for (name, functions), _ in COMMON:
        for function in functions:
            (modelled,) = (each for each in known.mistakes[function] if each.name == name)
            student = OurFunctions({**known.right, function: modelled.implementation}, {})
            fails[function, name] = {}
            for test in tests:
                if test.cell == f"test_{function}":
                    try:
                        test.run(student, Numbers(EXAMPLE))
                    except Mismatch as mismatch:
                        fails[function, name][test.name] = mismatch.picture
                    except WorkerFailure:
                        fails[function, name][test.name] = None
    return fails


def _fill(student: Student, kind: str, others: list[Student], fails: Fails, drawn: random.Random) -> None:
    if kind in ("mistaken", "twice"):
        chosen = drawn.choices(
            [each for each, _ in COMMON], [weight for _, weight in COMMON], k=1 + (kind == "twice")
        )
        for name, functions in dict.fromkeys(chosen):
            for function in functions:
                _mistake(student, function, name, fails)
        if ("same_before", ("same_padding",)) in chosen:
            _follow(student)
    elif kind in ("half", "idle"):
        begun = drawn.randint(1, 6) if kind == "half" else 0
        for test in TESTS:
            if FUNCTIONS.index(test.cell.removeprefix("test_")) >= begun:
                student.outcomes[test.name] = "missing"
                student.messages[test.name] = "Not started: the function still raises NotImplementedError."
    elif kind == "broken":
        for _ in range(drawn.randint(1, 4)):
            _break(student, drawn)
    elif kind == "copy":
        model = drawn.choice([other for other in others if other.kind in ("mistaken", "broken")])
        for table in ("outcomes", "mistakes", "messages", "follows"):
            setattr(student, table, dict(getattr(model, table)))


def _mistake(student: Student, function: str, name: str, fails: Fails) -> None:
    """A function that has a mistake already keeps that one: two at once have no name."""
    own = {test.name for test in TESTS if test.cell == f"test_{function}"}
    if own.isdisjoint(student.outcomes):
        for test, picture in fails[function, name].items():
            student.outcomes[test], student.mistakes[test] = "failed", name
            student.messages[test], student.pictures[test] = "7 of 12 numbers differ.", picture


def _follow(student: Student) -> None:
    for function, tests in BUILT_ON_SAME:
        if not any(test.name in student.outcomes for test in TESTS if test.cell == f"test_{function}"):
            for test in tests:
                student.outcomes[test], student.follows[test] = "failed", "same_padding"
                student.messages[test] = "Right, but for your same_padding."


def _break(student: Student, drawn: random.Random) -> None:
    """Some function ends in an error in all its tests; the numbers in its message are drawn."""
    outcome, message, line = drawn.choice(ERRORS)
    function = drawn.choice(FUNCTIONS)
    for test in TESTS:
        if test.cell == f"test_{function}":
            said = message.replace("5", str(drawn.randint(2, 99)))
            quoted = f"\nIn the cell '{function}', line {drawn.randint(1, 30)}:\n    {line}" if line else ""
            student.outcomes[test.name], student.messages[test.name] = outcome, said + quoted


def _before(student: Student, number: int, drawn: random.Random) -> Student:
    """An earlier attempt: the last functions were not started yet, and some that are right now were wrong."""
    if student.kind == "damaged":
        return student
    parts = (student.outcomes, student.mistakes, student.messages)
    earlier = Student(student.name, "half", *map(dict, parts))
    for function in FUNCTIONS:
        own = [test.name for test in TESTS if test.cell == f"test_{function}"]
        if drawn.random() < 0.2 and student.outcomes.keys().isdisjoint(own):
            earlier.outcomes |= dict.fromkeys(own, "failed")
            earlier.messages |= dict.fromkeys(own, "3 of 9 numbers differ.")
            if drawn.random() < 0.5:
                earlier.mistakes |= dict.fromkeys(own, "flipped")
    begun = drawn.randint(0, 5) + number
    for test in TESTS:
        if FUNCTIONS.index(test.cell.removeprefix("test_")) >= begun:
            earlier.outcomes[test.name] = "missing"
            earlier.mistakes.pop(test.name, None)
            earlier.messages.pop(test.name, None)
    return earlier
