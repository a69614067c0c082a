"""Runs an assignment's visible cases on a submission, in the sandbox: what its author would see after "Run All" on another machine.

No hidden test has any part in it, and no hidden input is in the same worker: what comes of it may be told in full.
"""

import hashlib
import math
import pickle
from collections.abc import Mapping, Sequence

from autograder.grading.explain import explain
from autograder.grading.gate import Gate
from autograder.grading.program import Function, Functions, Program
from autograder.grading.report import TestResult
from autograder.judge.plain_words import Hint
from autograder.judge.visible import Case
from autograder.judge.vocabulary import assert_inputs_unchanged, assert_raises, assert_same
from autograder.sandbox import SandboxUnavailable

VisibleCases = Mapping[str, Sequence[Case]]


def digest_of_cases(cases: VisibleCases) -> str:
    """SHA-256 of the cases; the same as long as their author changes nothing."""
    return hashlib.sha256(pickle.dumps({name: list(each) for name, each in cases.items()})).hexdigest()


def run_cases(program: Program, cases: VisibleCases, hints: Sequence[Hint] = ()) -> tuple[TestResult, ...]:
    """One result for each case, up to the first of each function that goes wrong, as in the notebook."""
    functions, results = Functions(program), []
    for name, of_function in cases.items():
        for number, case in enumerate(of_function, 1):
            open_gate = Gate(program.cells, in_a_test=math.inf, in_all=math.inf)
            verdict = explain(_ending(getattr(functions, name), case), program, hints, open_gate)
            results.append(
                TestResult(
                    name=f"{name} {number} of {len(of_function)}",
                    cell=f"test_{name}",
                    title=case.title,
                    max_points=0.0,
                    outcome=verdict.outcome,
                    message=verdict.message,
                    picture=verdict.picture,
                )
            )
            if verdict.outcome != "passed":
                break
    return tuple(results)


def _ending(function: Function, case: Case) -> Exception | None:
    """What ended the case, None where it passed."""
    try:
        if case.expected is ValueError:
            because = f"this is asked for: {case.title}"
            assert_raises(ValueError, function, *case.arguments, because=because, or_else=case.or_else)
            return None
        assert_same(function(*case.arguments), case.expected, origin=case.origin, show=True)
        assert_inputs_unchanged(function, *case.arguments)
    except SandboxUnavailable:
        raise
    except Exception as error:
        return error
    return None
