"""Calls that are sent ahead: a report is the same as when each waits for the answer before, and nothing is trusted more."""

import pytest
from conftest import cells_notebook, sample

from autograder.classroom.accepted_key import accepted_key
from autograder.grading import Grader
from autograder.grading.ahead import Ahead, Foresight
from autograder.grading.submission import GradingLimits
from autograder.judge import naming
from autograder.judge.expected import expected
from autograder.judge.outcomes import kept_allowed, kept_outcome
from autograder.judge.rehearsal import EXAMPLE
from autograder.sandbox import Allowance, Crashed, Limits, ProtocolBreach, Sandbox, TimedOut
from autograder.sandbox.ahead import Foreseen

pytestmark = [pytest.mark.sandbox, pytest.mark.slow(40)]

LIMITS = GradingLimits(Limits(cpu_seconds=0.5, wall_seconds=5))
RIGHT_SIZES = (
    "def output_size(w, f, stride=1, padding=0):\n    if {}\n    return (w - f + 2 * padding) // stride + 1"
)
PROGRAMS = {
    "right": sample("perfect"),
    "a mistake to name": sample("flipped_kernel"),
    "a helper's mistake": sample("same_mistake"),
    "ends its process": sample("crash"),
    "hangs in a late call": RIGHT_SIZES.format("padding:\n        while True: pass"),
    "wrong at first, and hangs in a call after it": "def output_size(w, f, stride=1, padding=0):\n"
    "    if padding:\n        while True: pass\n    return -1",
    "ends itself in a late call": RIGHT_SIZES.format("padding:\n        import os\n        os._exit(3)"),
    "changes what it is given": "def flatten_filters(filters):\n    flat = filters.reshape(-1, filters.shape[-1]).copy()\n"
    "    if filters.flags.writeable:\n        filters[...] = 0\n    return flat",
    "answers with too much": "import numpy as np\ndef flatten_filters(filters):\n    return np.zeros(1 << 22)",
    "raises what it likes": "def output_size(w, f, stride=1, padding=0):\n    raise KeyError(w)",
}


@pytest.fixture(scope="module")
def both_ways():
    with Grader(LIMITS) as ahead, Grader(LIMITS, ahead=False) as one_by_one:
        yield ahead, one_by_one


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_report_is_the_same_whether_calls_are_sent_ahead_or_not(both_ways, program):
    content = cells_notebook("import numpy as np\n" + PROGRAMS[program])
    ahead, one_by_one = (
        grader.grade(content, student="ada", assignment="conv2d", key=EXAMPLE) for grader in both_ways
    )
    again = both_ways[0].grade(content, student="ada", assignment="conv2d", key=EXAMPLE)
    assert ahead.tests == one_by_one.tests == again.tests  # the second time, answers are known


@pytest.mark.parametrize("program", ["right", "a mistake to name", "a helper's mistake"])
def test_a_report_is_the_same_where_a_course_has_kept_what_follows_from_its_key(
    both_ways, key_file, monkeypatch, program
):
    content = cells_notebook("import numpy as np\n" + PROGRAMS[program])
    key, memory = accepted_key("conv2d", key_file.parent)
    found = both_ways[1].grade(content, student="ada", assignment="conv2d", key=key)
    for remembered in (expected, kept_allowed, kept_outcome):
        monkeypatch.setattr(remembered, "known", {})
    monkeypatch.setattr(naming, "_remembered", naming._found)
    with Grader(LIMITS, memory=memory) as grader:
        assert grader.grade(content, student="ada", assignment="conv2d", key=key).tests == found.tests


# --- one worker -------------------------------------------------------------------------------------------

CODE = """
def double(x):
    return 2 * x

def long(x):
    return sum(range(10**6 * x))

def much(x):
    return [0.5] * x

def end(x):
    import os
    os._exit(x)

def waiting(x):
    import os, select
    import wire
    from lockdown import REPLIES, REQUESTS
    ids = []
    while select.select([REQUESTS], [], [], 0.2)[0]:
        prefix = os.read(REQUESTS, wire.PREFIX.size)
        ids.append(wire.decode(prefix, os.read(REQUESTS, sum(wire.PREFIX.unpack(prefix))))[0]["id"])
    for number in ORDER(ids):
        os.write(REPLIES, wire.encode({"id": number, "status": "done"}, (0, [0])))
    return 0
"""


def foreseen(*calls):
    return [Foreseen(function, (argument,), {}) for function, argument in calls]


def replies(box, number):
    found = []
    while len(found) < number:
        sent, _ = box.next_replies()
        found += [box.interpret(box.understood(each), 0.0).value for each in sent]
    return found


@pytest.fixture
def box():
    with Sandbox(Limits(cpu_seconds=1, wall_seconds=1)) as box:
        box.run(CODE, "cell 1")
        yield box


def test_answers_come_in_the_order_of_the_calls(box):
    assert box.send_ahead(foreseen(("double", 1), ("double", 2), ("double", 1))) == 3
    assert replies(box, 3) == [2, 4, 2]
    assert box.call("double", 4).value == 8


def test_a_call_in_which_the_worker_ends_takes_no_answer_before_it_away(box):
    box.send_ahead(foreseen(("double", 1), ("double", 2), ("end", 3), ("double", 3)))
    assert replies(box, 2) == [2, 4]
    with pytest.raises(Crashed, match="exit code 3"):
        box.next_replies()
    assert not box.alive


@pytest.mark.parametrize(
    ("order", "failure"),
    [("reversed", ProtocolBreach), ("lambda ids: ids[:1] * 3", ProtocolBreach), ("lambda ids: []", TimedOut)],
    ids=["the last one first", "the first one again and again", "too few"],
)
def test_who_has_read_all_calls_that_wait_can_but_answer_them_in_their_order(box, order, failure):
    box.run(f"ORDER = {order}", "cell 2")
    box.send_ahead(foreseen(("waiting", 0), ("double", 1), ("double", 2)))
    with pytest.raises(failure):
        replies(box, 3)
    assert not box.alive


def test_an_answer_to_no_call_is_a_breach_of_the_next_one(box):
    box.run("ORDER = lambda ids: [*ids, *ids]", "cell 2")
    box.send_ahead(foreseen(("waiting", 0), ("double", 1)))
    with pytest.raises(ProtocolBreach):
        replies(box, 2)
        box.call("double", 1)


def test_what_nobody_waits_for_any_more_is_charged_and_ended_where_it_takes_long():
    allowance = Allowance()
    with Sandbox(Limits(), allowance=allowance) as box:
        box.run(CODE, "cell 1")
        box.send_ahead(foreseen(("double", 1), ("long", 1), ("double", 2)))
        replies(box, 1)
        before = allowance.charged
        box.drop_replies()
        assert allowance.charged - before > 0.003 and (not box.alive or box.call("double", 4).value == 8)
        if box.alive:
            box.send_ahead(foreseen(("long", 1000)))
            box.drop_replies()
        assert not box.alive


def test_no_more_is_sent_ahead_than_the_pipe_takes(box):
    calls = foreseen(*[("double", "x" * 4000)] * 1000)
    sent = box.send_ahead(calls)
    assert 0 < sent < 1000
    ahead = Ahead(box, calls[:sent], lambda: None)
    assert Foresight("test", tuple(calls), {}).passes_again(ahead) is None
    assert ahead.look(sent - 1) is not None and ahead.look(sent) is None
    assert box.call("double", 4).value == 8


def test_an_answer_that_is_known_by_its_bytes_is_still_bound_to_its_number(box):
    [call] = foreseen(("double", 1))
    for _ in range(2):
        box.send_ahead([call])
        (sent,), _ = box.next_replies()
        assert box.interpret(box.understood(sent), 0.0).value == 2
    with pytest.raises(ProtocolBreach):
        call.read(sent.number + 1, sent.prefix, sent.body)


def test_what_is_remembered_of_answers_is_no_larger_than_follows_from_the_questions(box):
    """A few programs that answer every call with 60 kB could else fill the grader's memory."""
    for size, known in ((10, True), (900, False)):
        box.send_ahead(foreseen(("much", size)))
        (sent,), _ = box.next_replies()
        assert box.understood(sent).is_known == known
