"""The attacks' files: what each says of itself, read from its text."""

import ast
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FAMILIES = {
    "reading": "Reading what is not theirs",
    "telling": "Telling what they saw, in a report's own words",
    "forging": "Forging answers and scores",
    "hiding": "Hiding the time they take",
    "following": "Living on a helper's mistake",
    "breaking": "Breaking the grader",
    "escaping": "Getting out of the sandbox",
    "staying": "Staying for the next student",
    "filling": "Filling the disk and the kernel's memory out of sight",
    "signalling": "Asking the kernel for what others would notice",
    "notebooks": "Weapons that only a notebook has",
    "freedom": "What cells may do since a failure does not end them",
    "outlasting": "Outlasting the notebook's time",
    "wearing": "Keeping the grader itself at work",
    "folder": "What lies beside the notebook, and its student's name",
}
BUILDERS = (
    "notebooks",
    "freedom",
    "outlasting",
    "wearing",
    "folder",
)  # our own code makes these submissions; all others are read as text alone
CONTROL = "control"  # the family of the two submissions that attack nobody


@dataclass(frozen=True)
class Attack:
    """One file of the corpus.

    Attributes:
        family: the folder's name.
        name: the file's, without its ending.
        tries: its docstring, one line: what it tries.
        honest: what its functions would earn without the attack.
        source: its text.
    """

    family: str
    name: str
    tries: str
    honest: float
    source: str

    @property
    def path(self) -> str:
        return f"{self.family}/{self.name}"


def read_attack(file: Path) -> Attack:
    """What a file says of itself. Raises ValueError where it does not say it in one line, with its honest score."""
    source = file.read_text(encoding="utf-8")
    module = ast.parse(source)
    tries = ast.get_docstring(module) or ""
    honest = [
        ast.literal_eval(statement.value)
        for statement in module.body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "HONEST"
    ]
    if not tries or "\n" in tries or len(honest) != 1:
        raise ValueError(f"{file} needs a docstring of one line and HONEST = the honest score")
    return Attack(file.parent.name, file.stem, tries, float(honest[0]), source)


def read_corpus(families=tuple(FAMILIES)) -> dict[str, Attack]:
    """All attacks of these families by their path, family after family."""
    files = [file for family in families for file in sorted((HERE / family).glob("*.py"))]
    return {attack.path: attack for attack in map(read_attack, files)}


def controls() -> dict[str, Attack]:
    """The right submission must pass, the wrong one must be caught; nothing else is believed before that."""
    sample = (ROOT / "demo" / "samples" / "perfect.py").read_text(encoding="utf-8")
    right = Attack(CONTROL, "right", "Right in every function.", 100.0, sample)
    return {right.path: right, **read_corpus((CONTROL,))}
