"""The fixture `sandbox`: what is said of a sandbox holds for a fresh worker and for one that a server forked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from autograder.sandbox import ForkServer, Limits, Sandbox
from autograder.sandbox.walls import choose

LIMITS = Limits(cpu_seconds=2, wall_seconds=10)
STAND_INS = ("matplotlib", "tqdm", "IPython", "seaborn")


@dataclass(frozen=True)
class Kind:
    """Makes sandboxes of one kind; `changes` are to the limits."""

    server: ForkServer | None
    tier: int

    def __call__(self, make: type[Sandbox] = Sandbox, **changes) -> Sandbox:
        return make(replace(LIMITS, **changes), STAND_INS, server=self.server)


@pytest.fixture(scope="module", params=["fresh", "forked"])
def sandbox(request) -> Iterator[Kind]:
    if request.param == "fresh":
        yield Kind(None, choose().tier)
        return
    with ForkServer() as server:
        with Sandbox(server=server):
            pass
        assert server.why_not == ""  # else every "forked" worker below would be a fresh one
        yield Kind(server, server.wall.tier)
        assert server.why_not == ""


@pytest.fixture(scope="module")
def box(sandbox) -> Iterator[Sandbox]:
    """One worker for everything that leaves it alive."""
    with sandbox() as box:
        yield box
