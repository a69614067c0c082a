"""Chooses the shapes, strides and sizes that the hidden tests use: python -m solutions.conv2d.choose_inputs

A test stops at its first wrong answer, so the order of its cases counts as well. Each test is a row of places,
each place has a pool of seeded candidates, and one place after the other takes the candidate with which the most
mistakes are caught and told apart, until nothing gets better. The same choice comes out every time; it stands in
the tests as plain seeds, shapes and strides. A course's key is accepted only if they do under it what they were chosen for
(autograder/judge/acceptance.py).
"""

import argparse
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.judge.hidden import Numbers
from autograder.judge.outcomes import Outcome, RecordedCall, agree, allowed_for, is_right, outcome_of
from autograder.judge.rehearsal import EXAMPLE
from autograder.suite.conv2d.inputs import pixels
from autograder.suite.conv2d.mistakes import bank
from solutions import reference

UNEQUAL = ((2, 3), (3, 2), (1, 2), (2, 1), (3, 1))
EQUAL = ((2, 2), (3, 3), (4, 4))
CANDIDATES = 60  # for each place
ROUNDS = 3
STARTS = 3
DRAW = Numbers(EXAMPLE)


@dataclass(frozen=True)
class Candidate:
    """Arguments of one call, and the plain numbers that they are made of."""

    words: str
    arguments: tuple

    @property
    def size(self) -> int:
        """Small inputs are preferred where they do the same."""
        return sum(np.size(each) for each in self.arguments)


def numbers(seed: int, *shape: int, dtype: str = "float64") -> np.ndarray:
    """As the tests draw them, with a key that everybody knows: it is the shapes that are chosen."""
    return pixels(DRAW, seed, *shape) if dtype == "uint8" else DRAW(seed, *shape, dtype=dtype)


# --- candidates ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """What the candidates of one case of a test have in common.

    Attributes:
        padding: as it is given to the function.
        strides: (rows, columns) to choose from.
        sides: filter sizes to choose from, along each axis.
        square: whether the filter is square.
        kinds: dtypes of the images and of the filters.
        order: how the images lie in memory.
    """

    padding: str = "VALID"
    strides: tuple[tuple[int, int], ...] = ((1, 1),)
    sides: tuple[int, ...] = (2, 3, 4, 5)
    square: bool = False
    kinds: tuple[str, str] = ("float64", "float64")
    order: str = "C"


def shapes_of(place: Place, rng: random.Random) -> tuple:
    """Image, filter and strides: oblong, the filter inside the image."""
    filters = [rng.choice(place.sides) for _ in range(2)]
    if place.square:
        filters[1] = filters[0]
    strides = rng.choice(place.strides)
    sizes = [max(side, 3) + rng.randrange(2, 9) for side in filters]
    if sizes[0] == sizes[1]:
        sizes[1] += 1
    return tuple(sizes), tuple(filters), strides


def batches(place: Place, rng: random.Random) -> tuple:
    """The words, and inputs, filters and strides of a batch."""
    sizes, filters, strides = shapes_of(place, rng)
    batch, channels, out = rng.choice((1, 2, 2)), rng.choice((2, 3)), rng.choice((2, 3, 4))
    seed = rng.randrange(100, 1000)
    inputs = numbers(seed, batch, *sizes, channels, dtype=place.kinds[0])
    kernels = numbers(seed + 1, *filters, channels, out, dtype=place.kinds[1])
    words = f"{seed}: inputs {inputs.shape}, filters {kernels.shape}, [1, {strides[0]}, {strides[1]}, 1]"
    inputs = np.asarray(inputs, order=place.order)
    return f'{words}, "{place.padding}"', inputs, kernels, [1, *strides, 1]


def conv2d_candidate(place: Place, rng: random.Random) -> Candidate:
    words, inputs, filters, strides = batches(place, rng)
    return Candidate(words, (inputs, filters, strides, place.padding))


def patches_candidate(place: Place, rng: random.Random) -> Candidate:
    words, inputs, filters, strides = batches(place, rng)
    return Candidate(words, (inputs, filters.shape[:2], strides, place.padding))


def gradients_candidate(place: Place, rng: random.Random) -> Candidate:
    words, inputs, filters, strides = batches(place, rng)
    shape = reference.conv2d(inputs, filters, strides, place.padding).shape
    return Candidate(words, (inputs, filters, strides, place.padding, numbers(80, *shape)))


def convolve_candidate(place: Place, rng: random.Random) -> Candidate:
    sizes, filters, strides = shapes_of(place, rng)
    seed = rng.randrange(100, 1000)
    image = np.asarray(numbers(seed, *sizes, dtype=place.kinds[0]), order=place.order)
    words = f"{seed}: image {sizes}, kernel {filters}, {strides}"
    return Candidate(words, (image, numbers(seed + 1, *filters, dtype=place.kinds[1]), strides))


def size_candidate(place: Place, rng: random.Random) -> Candidate:
    stride, filter_size = rng.choice(place.strides)[0], rng.choice(place.sides)
    padding = rng.randrange(3)
    size = max(filter_size + rng.randrange(-2 * padding, 20), 1)
    arguments = (size, filter_size, stride, padding)
    return Candidate(str(arguments), arguments)


def same_candidate(place: Place, rng: random.Random) -> Candidate:
    arguments = (rng.randrange(4, 33), rng.choice(place.sides), rng.choice(place.strides)[0])
    return Candidate(str(arguments), arguments)


# --- what is to be chosen --------------------------------------------------------------------------------

ODD, EVEN = (3, 5), (2, 4)
WHOLE = ("uint8", "uint8")
FRACTIONS = ("uint8", "float32")
SINGLE = ("float32", "float32")

TO_CHOOSE: dict[str, tuple[Callable, dict[str, list[Place]]]] = {
    "convolve": (
        convolve_candidate,
        {
            "valid": [Place(), Place(square=True)],
            "stride": [Place(strides=EQUAL)],
            "unequal_strides": [Place(strides=UNEQUAL), Place(strides=UNEQUAL)],
            "kinds_of_numbers": [
                Place(kinds=FRACTIONS),
                Place(kinds=WHOLE),
                Place(kinds=SINGLE, order="F"),
            ],
        },
    ),
    "conv2d": (
        conv2d_candidate,
        {
            "valid": [Place(), Place(square=True)],
            "same_odd_kernel": [Place("SAME", sides=ODD)],
            "same_even_kernel": [Place("SAME", sides=EVEN)],
            "strides": [
                Place("SAME", strides=UNEQUAL),
                Place(strides=UNEQUAL),
                Place("SAME", strides=UNEQUAL),
            ],
            "any_case": [Place("same"), Place("Valid", square=True)],
            "kinds_of_numbers": [
                Place("SAME", strides=UNEQUAL, kinds=FRACTIONS),
                Place(kinds=WHOLE),
                Place(kinds=SINGLE, order="F"),
            ],
        },
    ),
    "extract_patches": (
        patches_candidate,
        {
            "valid": [Place(strides=UNEQUAL), Place()],
            "same": [Place("SAME", strides=UNEQUAL), Place("SAME", sides=EVEN)],
            "any_case": [Place("same"), Place("valid", kinds=SINGLE, order="F")],
        },
    ),
    "conv2d_matmul": (
        conv2d_candidate,
        {
            "valid": [Place(strides=UNEQUAL), Place()],
            "same": [Place("SAME", strides=UNEQUAL)],
            "same_even": [Place("same", sides=EVEN)],
            "kinds_of_numbers": [
                Place("valid", square=True, kinds=FRACTIONS),
                Place(kinds=WHOLE),
                Place(kinds=SINGLE, order="F"),
            ],
        },
    ),
    "conv2d_gradients": (
        gradients_candidate,
        {
            "valid": [Place(strides=UNEQUAL), Place()],
            "same": [Place("SAME", strides=UNEQUAL), Place("SAME", sides=EVEN)],
            "any_case": [Place("same", strides=UNEQUAL), Place("valid", square=True, kinds=FRACTIONS)],
        },
    ),
    "output_size": (
        size_candidate,
        {"formula": [Place(strides=((1, 1), *EQUAL))] * 4, "defaults": [Place()] * 2},
    ),
    "same_padding": (
        same_candidate,
        {
            "odd_filter": [Place(sides=ODD)] * 2,
            "odd_total": [Place(sides=EVEN)] * 2,
            "strides": [Place(strides=EQUAL)] * 3,
        },
    ),
}


# --- choosing --------------------------------------------------------------------------------------------


def pool(make: Callable, place: Place, seed: str) -> list[Candidate]:
    """Different candidates for one place."""
    rng = random.Random(seed)
    found = {}
    for _ in range(CANDIDATES):
        candidate = make(place, rng)
        found.setdefault(candidate.words, candidate)
    return list(found.values())


def labels(function: str, candidate: Candidate) -> list[tuple[int, bool]]:
    """For the right function and each mistake: a number that is equal for equal outcomes, and whether it may be named for that.

    0 stands for a right outcome.
    """
    mistakes = bank().mistakes[function]
    call = RecordedCall(candidate.arguments, {}, Outcome())
    right = outcome_of(bank().right[function], call)
    allowed = allowed_for(bank().right[function], call)
    groups, found = [right], []
    for each in mistakes:
        outcome = outcome_of(each.implementation, call)
        if is_right(outcome, right, allowed):
            found.append((0, False))
            continue
        number = next((n for n, one in enumerate(groups) if n and agree(outcome, one, right)), len(groups))
        if number == len(groups):
            groups.append(outcome)
        found.append((number, outcome.raised is None or each.by_error))
    return found


def verdicts(tests: list[list[list]]) -> tuple[list[int], list[int], int]:
    """Which mistakes no test catches, which are caught but not told apart from another or by no value, and how
    often a test catches one."""
    count, catches = len(tests[0][0]), 0
    alive, confused = [], []
    for mistake in range(count):
        seen, value = [], False
        for cases in tests:
            for case in cases:
                seen.append(case)
                if case[mistake][0]:
                    value |= case[mistake][1]
                    catches += 1
                    break
        if not any(case[mistake][0] for case in seen):
            alive.append(mistake)
        elif not value or any(
            all(case[mistake][0] == case[other][0] for case in seen)
            for other in range(count)
            if other != mistake
        ):
            confused.append(mistake)
    return alive, confused, catches


class Search:
    """The pools of one function's tests, and what every mistake makes of every candidate."""

    def __init__(self, function: str):
        make, self.tests = TO_CHOOSE[function]
        self.names = [each.name for each in bank().mistakes[function]]
        self.places = [(name, position) for name, row in self.tests.items() for position in range(len(row))]
        self.pools = {at: pool(make, self.tests[at[0]][at[1]], f"{function} {at}") for at in self.places}
        self.known = {at: [labels(function, each) for each in self.pools[at]] for at in self.places}

    def judge(self, chosen: dict) -> tuple[list[int], list[int], int]:
        rows = [[self.known[at][chosen[at]] for at in self.places if at[0] == name] for name in self.tests]
        return verdicts(rows)

    def cost(self, chosen: dict) -> tuple:
        """What should be small, the most important first."""
        alive, confused, catches = self.judge(chosen)
        return len(alive), len(confused), -catches, sum(self.pools[at][n].size for at, n in chosen.items())

    def improved(self, chosen: dict) -> dict:
        """One place after the other takes its best candidate, several times over."""
        for _, at in itertools.product(range(ROUNDS), self.places):
            choices = [chosen | {at: number} for number in range(len(self.pools[at]))]
            chosen = min(choices, key=self.cost)
        return chosen

    def best(self) -> dict:
        rng = random.Random(0)
        starts = [{at: rng.randrange(len(self.pools[at])) for at in self.places} for _ in range(STARTS)]
        return min(map(self.improved, starts), key=self.cost)


def choose(function: str) -> tuple[dict[str, list[Candidate]], dict[str, list[str]]]:
    """The chosen cases of every test, and the mistakes that they miss, do not tell apart, or cannot catch."""
    search = Search(function)
    chosen = search.best()
    alive, confused, _ = search.judge(chosen)
    everywhere = [case for row in search.known.values() for case in row]
    hopeless = [n for n in range(len(search.names)) if not any(case[n][0] for case in everywhere)]
    left = {
        "missed": [each for each in alive if each not in hopeless],
        "not told apart": confused,
        "right on all candidates, left to other tests": hopeless,
    }
    cases = {}
    for at, number in chosen.items():
        cases.setdefault(at[0], []).append(search.pools[at][number])
    return cases, {words: [search.names[n] for n in found] for words, found in left.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Choose inputs that catch the known mistakes and tell them apart."
    )
    parser.add_argument("functions", nargs="*", default=list(TO_CHOOSE), help="all where none is named")
    for function in parser.parse_args().functions:
        cases, left = choose(function)
        print(f"{function}: {len(bank().mistakes[function])} mistakes")
        for name, candidates in cases.items():
            for candidate in candidates:
                print(f"  {name:24} {candidate.words}")
        for words, names in left.items():
            print(f"  {words}: {', '.join(names) or 'none'}")


if __name__ == "__main__":
    main()
