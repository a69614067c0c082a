"""A class's programs compared, all with all: the pairs that are most alike, what chance does, and groups."""

import functools
import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from autograder.reports.similar.chance import BINS, STEP, Chance, bins_of, chance_of, steps_of
from autograder.reports.similar.likeness import Rare, likenesses, rare_prints
from autograder.reports.similar.prints import prints_of
from autograder.reports.similar.tokens import tokens_of

MOST_PAIRS = 100
RARELY = 0.02  # pairs that chance brings to a class: with fewer, a pair counts for a group
LEVELS = (100.0, 10.0, 1.0, 0.1, 0.01, 0.001)  # pairs by chance, for the table of what was found

LETTER_FOR_LETTER, BUT_FOR_NAMES, NOT_EQUAL = EQUAL = ("letter for letter", "but for names and layout", "")

Program = Mapping[str, str]  # source by function


@dataclass(frozen=True)
class Pair:
    """Two programs.

    Attributes:
        one, other: places in `Comparison.names`.
        likeness: the share of what the one with less has for itself, over all functions.
        functions: the same for each function that says something.
        expected: how many pairs of the class are so much alike by chance.
        equal: one of `EQUAL`.
    """

    one: int
    other: int
    likeness: float
    functions: Mapping[str, float]
    expected: float
    equal: str


@dataclass(frozen=True)
class Comparison:
    """What was found.

    Attributes:
        names: whose the programs are; those of an earlier class from `earlier` on.
        programs: their sources.
        functions: the assignment's, and other cells.
        rare: what the programs have that few others have, by function.
        pairs: those most alike, the most telling first.
        groups: places of programs that are alike beyond chance, directly or through others.
        found: for each of `LEVELS` how many pairs are so much alike.
        number: of pairs.
        habit: see `chance`.
    """

    names: tuple[str, ...]
    programs: tuple[Program, ...]
    earlier: int
    functions: tuple[str, ...]
    rare: Mapping[str, Rare]
    pairs: tuple[Pair, ...]
    groups: tuple[tuple[int, ...], ...]
    found: tuple[int, ...]
    number: int
    habit: float


def compare(
    programs: Mapping[str, Program], released: Program, earlier: Mapping[str, Program] | None = None
) -> Comparison:
    """Compares every program with every other; those of an earlier class with this one's alone.

    Args:
        programs, earlier: by student.
        released: the code that everybody got.
    """
    names = (*programs, *(earlier or {}))
    sources = (*programs.values(), *(earlier or {}).values())
    functions = tuple(dict.fromkeys(name for source in sources for name in source))
    given = {name: prints_of(tokens_of(text))[0] for name, text in released.items()}
    read_once = functools.cache(_read)  # what several handed in alike
    read = [_own(source, given, read_once) for source in sources]
    rare = {name: _rare(name, read, given) for name in functions}
    chance = _chance(rare, len(programs))
    best, seen = _seen(rare, len(programs), chance)
    chance = chance.with_habit(seen)
    by_chance = chance.expected(STEP * np.arange(len(seen)))
    equal = list(map(_essence, sources, read))
    evidence = {**dict.fromkeys(_equal_pairs(equal, len(programs)), 0.0), **best}
    pairs = [_pair(rare, chance, equal, each, evidence[each]) for each in evidence]
    pairs.sort(
        key=lambda pair: (EQUAL.index(pair.equal), pair.expected, -pair.likeness, pair.one, pair.other)
    )
    return Comparison(
        names,
        sources,
        len(programs),
        functions,
        rare,
        tuple(pairs),
        _groups(pair for pair in pairs if pair.expected < RARELY),
        tuple(int(seen[by_chance <= level].sum()) for level in LEVELS),
        chance.pairs,
        chance.habit,
    )


@dataclass(frozen=True)
class _Read:
    """A function's words, and its prints."""

    words: tuple[str, ...]
    prints: np.ndarray


def _read(text: str) -> _Read:
    tokens = tokens_of(text)
    return _Read(tuple(token.word for token in tokens), prints_of(tokens)[0])


def _own(source: Program, given: Mapping[str, np.ndarray], read: Callable[[str], _Read]) -> dict[str, _Read]:
    """A program's functions, without those that are as they were given."""
    functions = {name: read(text) for name, text in source.items()}
    return {
        name: each
        for name, each in functions.items()
        if each.words and not (name in given and np.isin(each.prints, given[name]).all())
    }


def _rare(function: str, read: Sequence[Mapping[str, _Read]], given: Mapping[str, np.ndarray]) -> Rare:
    nothing = np.empty(0, np.uint64)
    own = [program[function].prints if function in program else nothing for program in read]
    return rare_prints(own, given.get(function, nothing))


def _blocks(rare: Mapping[str, Rare], limit: int) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """For blocks of rows: the first, the bins [function, row, program], and which pairs count [row, program]."""
    for blocks in zip(*map(likenesses, rare.values()), strict=True):
        first = blocks[0][0]
        bins = np.stack([bins_of(likeness) for _, likeness in blocks])
        rows, columns = np.ogrid[first : first + bins.shape[1], : bins.shape[2]]
        yield first, bins, (columns > rows) & (rows < limit)


def _chance(rare: Mapping[str, Rare], limit: int) -> Chance:
    counts = np.zeros((len(rare), BINS + 1))
    for _, bins, counted in _blocks(rare, limit):
        counts += [np.bincount(own[counted], minlength=BINS + 1) for own in bins]
    return chance_of(counts)


def _seen(
    rare: Mapping[str, Rare], limit: int, chance: Chance
) -> tuple[dict[tuple[int, int], float], np.ndarray]:
    """The evidence of the pairs with the most, and how many pairs have each evidence, in steps."""
    best: list[tuple[float, int, int]] = []
    seen = np.zeros(len(chance.tail), int)
    for first, bins, counted in _blocks(rare, limit):
        evidence = np.where(counted, chance.of(bins), -1.0)
        seen += np.bincount(steps_of(evidence[counted]), minlength=len(seen))
        most = min(MOST_PAIRS, evidence.size)
        flat = np.argpartition(evidence, -most, axis=None)[-most:]
        places = zip(*np.unravel_index(flat, evidence.shape), strict=True)
        best += [(float(evidence[place]), first + int(place[0]), int(place[1])) for place in places]
        best = heapq.nlargest(MOST_PAIRS, (each for each in best if each[0] > 0))
    return {(one, other): found for found, one, other in best}, seen


def _pair(
    rare: Mapping[str, Rare],
    chance: Chance,
    equal: Sequence["_Essence"],
    places: tuple[int, int],
    evidence: float,
) -> Pair:
    one, other = places
    parts = {name: each for name, each in rare.items() if min(each.own[one], each.own[other]) > 0}
    less = {name: float(min(each.own[one], each.own[other])) for name, each in parts.items()}
    functions = {name: each.likeness(one, other) for name, each in parts.items()}
    in_what = _in_what(equal[one], equal[other])
    if less:
        whole = sum(functions[name] * less[name] for name in parts) / sum(less.values())
    else:  # all of it is common in the class
        whole = 1.0 if in_what else 0.0
    return Pair(one, other, whole, functions, float(chance.expected(evidence)), in_what)


_Essence = tuple[bytes, bytes] | None


def _essence(source: Program, read: Mapping[str, _Read]) -> _Essence:
    """What equal programs have in common: a hash of the text, and one without names and layout; None for no own code."""
    if not read:
        return None
    whole = sorted((name, source[name]) for name in read)
    bare = sorted((name, own.words) for name, own in read.items())
    first, second = (sha256(repr(each).encode("utf-8", "replace")).digest() for each in (whole, bare))
    return first, second


def _equal_pairs(equal: Sequence[_Essence], limit: int) -> list[tuple[int, int]]:
    """Pairs of equal programs, each program with the next one that equals it, where one is of this class."""
    last: dict[bytes, int] = {}
    found = []
    for place, essence in enumerate(equal):
        if essence is not None:
            before = last.get(essence[1], limit)
            if before < limit:
                found.append((before, place))
            last[essence[1]] = min(place, before) if place >= limit else place
    return found[:MOST_PAIRS]


def _in_what(one: _Essence, other: _Essence) -> str:
    if one is None or other is None or one[1] != other[1]:
        return NOT_EQUAL
    return LETTER_FOR_LETTER if one[0] == other[0] else BUT_FOR_NAMES


def _groups(pairs: Iterator[Pair]) -> tuple[tuple[int, ...], ...]:
    """The programs that these pairs join, larger groups first."""
    leader: dict[int, int] = {}

    def lead(place: int) -> int:
        while leader.setdefault(place, place) != place:
            place = leader[place]
        return place

    for pair in pairs:
        leader[lead(pair.other)] = lead(pair.one)
    members: dict[int, list[int]] = {}
    for place in sorted(leader):
        members.setdefault(lead(place), []).append(place)
    return tuple(sorted(map(tuple, members.values()), key=lambda group: (-len(group), group)))
