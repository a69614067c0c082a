"""Which wall stands around a worker on this machine: the strongest that works here, by trying."""

from autograder.sandbox import bubblewrap
from autograder.sandbox.bubblewrap import Namespaces
from autograder.sandbox.failures import SandboxUnavailable
from autograder.sandbox.inside.lockdown import landlock_version
from autograder.sandbox.landlocked import LEAST_VERSION, Landlocked

Wall = Namespaces | Landlocked
RISK = (
    "With --allow-weak-isolation it is graded all the same, but then student code may read and change whatever this "
    "account may: hidden tests, other submissions, grades. Every report would say so."
)


def choose(allow_weak: bool = False) -> Wall:
    """Namespaces where bwrap makes them, else Landlock where it is good enough (tiers 1 and 2).

    Raises `SandboxUnavailable` where neither is, unless `allow_weak` accepts a worker that can read the grader's files
    and memory. The system-call filter and the limits are needed all the same.
    """
    objection = bubblewrap.objection()
    if objection is None:
        return Namespaces()
    version = landlock_version()
    if version >= LEAST_VERSION:
        return Landlocked()
    if allow_weak:
        return Landlocked(tier=0)
    has = f"has Landlock {version}" if version > 0 else "has no Landlock"
    raise SandboxUnavailable(
        f"Student code cannot be isolated here. Missing: namespaces and landlock. {objection} "
        f"Landlock {LEAST_VERSION} (Linux 6.12) would do instead, but this kernel {has}. {RISK}"
    )
