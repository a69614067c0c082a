"""How often two programs are as alike as that by chance.

The null model: the functions of a program are written independently of each other. How alike one function is by chance
is seen in the class itself, over all pairs. A pair's evidence is the sum over the functions of −log10 of the share of pairs
that are as alike there or more (R. A. Fisher's way of combining tests); how often such a sum comes by chance is what the
functions' own distributions give when each is drawn by itself.

Habits go through all of a program, so that honest pairs are somewhat more alike than that. The evidence is divided by how
far the class as a whole exceeds the model (genomic control: B. Devlin and K. Roeder, Biometrics 55, 1999), which a few
copies do not change.
"""

from dataclasses import dataclass, replace

import numpy as np

BINS = 20  # of the likeness of a function
SLIGHT = 0.3  # a likeness below is that of any two programs on one subject, and no evidence
STEP = 0.02  # of the evidence
BULK = 0.9  # the share of the pairs that shows how far a class exceeds the model


@dataclass(frozen=True)
class Chance:
    """What chance does in one class.

    Attributes:
        evidence: of a likeness in each bin [function, bin].
        pairs: how many there are.
        tail: the share of pairs that chance brings to an evidence of `STEP` times the place, or above.
        habit: by how much the class exceeds the model, 1 or more.
    """

    evidence: np.ndarray
    pairs: int
    tail: np.ndarray
    habit: float = 1.0

    def of(self, bins: np.ndarray) -> np.ndarray:
        """The evidence of pairs whose likenesses lie in these bins [function, …]."""
        functions = np.arange(len(self.evidence)).reshape(-1, *[1] * (bins.ndim - 1))
        return self.evidence[functions, bins].sum(axis=0)

    def expected(self, evidence: np.ndarray | float) -> np.ndarray:
        """How many of the class's pairs have that evidence or more by chance."""
        place = np.minimum(steps_of(np.asarray(evidence) / self.habit), len(self.tail) - 1)
        return self.pairs * self.tail[place]

    def with_habit(self, seen: np.ndarray) -> "Chance":
        """The model with how far the class exceeds it.

        Args:
            seen: how many pairs have each evidence, in steps.
        """
        model = int(np.count_nonzero(self.tail > 1 - BULK)) - 1
        bulk = int(np.searchsorted(np.cumsum(seen), BULK * self.pairs))
        return replace(self, habit=max(bulk / model, 1.0) if model > 0 else 1.0)


def steps_of(evidence: np.ndarray) -> np.ndarray:
    """The evidence as a whole number of steps, rounded down."""
    return np.floor(evidence / STEP + 1e-6).astype(int)


def bins_of(likeness: np.ndarray) -> np.ndarray:
    """The bin of each likeness from 0 to 1; what is below `SLIGHT` has the first for itself."""
    return np.ceil(np.where(likeness < SLIGHT, 0, np.minimum(likeness, 1)) * BINS - 1e-6).astype(np.uint8)


def chance_of(counts: np.ndarray) -> Chance:
    """The model of a class.

    Args:
        counts: how many pairs lie in each bin [function, bin].
    """
    pairs = int(counts[0].sum()) if len(counts) else 0
    above = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
    evidence = -np.log10(np.maximum(above, 1) / max(pairs, 1))
    steps = np.round(evidence / STEP).astype(int)
    distribution = np.ones(1)
    for own, number in zip(steps, counts, strict=True):
        step = np.bincount(own, weights=number / max(pairs, 1))
        distribution = np.convolve(distribution, step)
    tail = np.clip(np.cumsum(distribution[::-1])[::-1], 0, 1)
    return Chance(steps * STEP, pairs, tail)
