"""What happened to one attack."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Verdict:
    """The outcome of one attack under one combination of tier and kind of worker.

    Attributes:
        attack: its path in the corpus.
        gave_way: what the grader failed to hold, one line each; empty where the attack was contained.
        score: what the report gave.
        seconds: real time that grading took.
        memory: the most resident memory of the grading process meanwhile, in bytes.
        worker_memory: the same of the attack's worker, as last seen.
        messages: what the report says.
    """

    attack: str
    gave_way: tuple[str, ...]
    score: float = 0.0
    seconds: float = 0.0
    memory: int = 0
    worker_memory: int = 0
    messages: tuple[str, ...] = ()

    @property
    def contained(self) -> bool:
        return not self.gave_way

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, record: dict) -> "Verdict":
        lists = {name: tuple(record[name]) for name in ("gave_way", "messages")}
        return cls(**{**record, **lists})
