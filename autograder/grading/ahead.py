"""What a hidden test will ask of every program, found out by a rehearsal, and the answers of one program to it.

A test asks the same of everybody: its inputs follow from the course's key. So its calls are sent to a worker together, and the
answers are taken one by one, in their order, each bounded as it would be alone. Where a function is slow, or may ask something
itself, each call is sent when the answer before it is there; it is foreseen all the same, and so are answers that pass. A test that
asks something else than in the rehearsal, by whatever reason, is asked one by one from there on: nothing but time hangs on what
is foreseen.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.judge.arguments import array_bytes
from autograder.judge.outcomes import RecordedCall, record
from autograder.sandbox import Answer, NotDefined, Raised, Sandbox, SandboxUnavailable, WorkerFailure
from autograder.sandbox.ahead import Foreseen, Reply, Sent
from autograder.sandbox.answers import Answering

SLOW = 0.005  # CPU seconds: where a function takes as long, sending its calls ahead spares nothing that shows
MOST_PASSES = 100  # ways to pass a test that are remembered


@dataclass(frozen=True)
class Foresight:
    """What one test will ask.

    Attributes:
        test: its name.
        calls: in their order.
        passes: answers with which the test has passed, as a tree: each call's answer leads to a branch for the next call.
            The test is a function of what it is answered, so that it passes with the same answers again.
    """

    test: str
    calls: tuple[Foreseen, ...]
    passes: dict[Reply, Any] = field(default_factory=dict)
    _recorded: dict[Reply, RecordedCall] = field(default_factory=dict)

    def remember(self, replies: Sequence[Reply]) -> None:
        """The test has passed with these."""
        if len(replies) != len(self.calls) or not all(reply.is_known for reply in replies):
            return
        branch = self.passes
        for reply in replies:
            if reply not in branch and len(branch) >= MOST_PASSES:
                return
            branch = branch.setdefault(reply, {})

    def made(
        self, ahead: "Ahead", is_deliberate: Callable[[Raised], bool], function: str
    ) -> Iterator[RecordedCall]:
        """The calls that it made of a function where it passed, as the test would have kept them."""
        for place, call in enumerate(self.calls):
            if call.function != function:
                continue
            reply = ahead.look(place)
            if reply is not None and reply in self._recorded:
                yield self._recorded[reply]
                continue
            made = call.arguments, call.keywords
            try:
                answer = ahead.answer(place)
            except NotDefined:
                continue
            except Raised as failure:
                yield record(*made, failure, test=self.test, deliberate=is_deliberate(failure))
            except WorkerFailure as failure:
                yield record(*made, failure, test=self.test)
            else:
                recorded = record(*made, answer, test=self.test)
                if reply is not None and reply.is_known:
                    self._recorded[reply] = recorded
                yield recorded

    def passes_again(self, ahead: "Ahead") -> list[Reply] | None:
        """A program's replies where they are those of a program that passed; None where the test has to tell.

        Only those replies are waited for that the test would wait for, too.
        """
        branch, replies = self.passes, []
        for place in range(len(self.calls)):
            reply = ahead.look(place) if branch else None
            if reply is None or reply not in branch:
                return None
            replies.append(reply)
            branch = branch[reply]
        return replies


def foresee(rehearsed: Mapping[str, Sequence[tuple[str, RecordedCall]]]) -> dict[str, Foresight]:
    """What each test asks, by its name.

    Args:
        rehearsed: by the tests' names, the calls that each makes where the functions are right, with the functions' names; none
            of a test that does not pass then.
    """
    return {test: Foresight(test, tuple(_foreseen(calls))) for test, calls in rehearsed.items() if calls}


def _foreseen(calls: Iterable[tuple[str, RecordedCall]]) -> Iterator[Foreseen]:
    for name, call in calls:
        yield Foreseen(name, call.arguments, call.keywords, array_bytes(call.outcome.value))


class Ahead:
    """One worker's answers to calls that are foreseen.

    Args:
        box: the worker.
        calls: those that it gets.
        refuse: raises what keeps a call from being made.
        one_by_one: they were not sent; each is when its answer is looked at.
        answering: answers what code asks in the middle of a call, where they go one by one.
    """

    def __init__(
        self,
        box: Sandbox,
        calls: Sequence[Foreseen],
        refuse: Callable[[], None],
        *,
        one_by_one: bool = False,
        answering: Answering | None = None,
    ):
        self._box = box
        self._calls = calls
        self._refuse = refuse
        self._one_by_one = one_by_one
        self._answering = answering
        self._sent: deque[tuple[Sent, float]] = deque()  # what came with an earlier reply
        self._replies: list[tuple[Reply, float]] = []
        self._failure: WorkerFailure | SandboxUnavailable | None = None  # what came in place of the next one
        self._given = 0  # how many calls have been made

    @property
    def replies(self) -> list[Reply]:
        """Those to the calls that have been made."""
        return [reply for reply, _ in self._replies[: self._given]]

    @property
    def slow(self) -> set[str]:
        """The functions among them that took so long that sending their calls ahead spares nothing."""
        pairs = zip(self._calls, self._replies, strict=False)
        return {call.function for call, (_, spent) in pairs if spent > SLOW}

    def is_next(self, function: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> bool:
        """Whether this call is the next one."""
        if self._given == len(self._calls) or self._given > len(self._replies):
            return False
        return self._calls[self._given].is_call_of(function, arguments, keywords)

    def next(self) -> Answer:
        """What `Sandbox.call` gives or raises for the next call."""
        place, self._given = self._given, self._given + 1
        try:
            return self.answer(place)
        finally:  # a large answer is the test's alone
            if place < len(self._replies) and not self._replies[place][0].is_known:
                self._replies[place] = Reply({}, None), self._replies[place][1]

    def answer(self, place: int) -> Answer:
        """What `Sandbox.call` gives or raises for the call at that place."""
        reply = self.look(place)
        if reply is None:
            assert self._failure is not None
            raise self._failure
        return self._box.interpret(reply, self._replies[place][1])

    def look(self, place: int) -> Reply | None:
        """The reply to the call at that place, when it has come; None where none comes, or the call was not sent."""
        if place >= len(self._calls):
            return None
        while len(self._replies) <= place and self._failure is None:
            try:
                self._refuse()
                if not self._sent and not self._take():
                    return None
                reply, cost = self._sent.popleft()
                self._replies.append((self._box.understood(reply), cost))
            except (WorkerFailure, SandboxUnavailable) as failure:
                self._failure = failure
        return self._replies[place][0] if place < len(self._replies) else None

    def _take(self) -> bool:
        """Waits for the next replies; False where the next call is too large to be sent like this."""
        if self._one_by_one and not self._box.send_ahead([self._calls[len(self._replies)]]):
            self._calls = self._calls[: len(self._replies)]
            return False
        sent, spent = self._box.next_replies(self._answering)
        self._sent.extend((each, spent / len(sent)) for each in sent)
        return True

    def drop(self) -> set[str]:
        """No more of these calls will be made. The functions for which none should be sent ahead any more."""
        unread = [] if self._one_by_one else self._calls[len(self._replies) + len(self._sent) :]
        if unread and self._box.alive:
            self._box.drop_replies()
        ended = {call.function for call in unread} if unread and not self._box.alive else set()
        return self.slow | ended
