"""Runs code that it does not trust and gives back plain values or a typed failure; knows nothing of convolution."""

from autograder.sandbox.allowance import Allowance
from autograder.sandbox.answers import Answer
from autograder.sandbox.failures import (
    Crashed,
    Frame,
    NotDefined,
    OutOfMemory,
    OutOfTime,
    ProtocolBreach,
    Raised,
    SandboxUnavailable,
    TimedOut,
    WorkerFailure,
)
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.handle import Sandbox, Step
from autograder.sandbox.limits import Limits
from autograder.sandbox.probe import Isolation, probe

__all__ = [
    "Allowance",
    "Answer",
    "Crashed",
    "ForkServer",
    "Frame",
    "Isolation",
    "Limits",
    "NotDefined",
    "OutOfMemory",
    "OutOfTime",
    "ProtocolBreach",
    "Raised",
    "Sandbox",
    "SandboxUnavailable",
    "Step",
    "TimedOut",
    "WorkerFailure",
    "probe",
]
