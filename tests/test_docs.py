"""The documents tell the truth: what they name exists, links lead somewhere, numbers follow from the records."""

import contextlib
import importlib
import io
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

import pytest
import yaml
from attacks.corpus import read_corpus
from conftest import ROOT
from test_fair import LOOPS, SOLUTIONS
from test_layout import ROOMS

from autograder import cli
from autograder.authoring.text import in_words
from autograder.suite import find

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/*.md", ".github/**/*.md", "data/README.md")
    for path in ROOT.glob(pattern)
)
# What is said there is true of its day (CHANGELOG), or of an assignment that the reader writes (new-assignment).
OF_THEIR_TIME = {"CHANGELOG.md", "new-assignment.md"}
PRESENT = [path for path in DOCUMENTS if path.name not in OF_THEIR_TIME]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# What a course makes, a command writes, a student hands in, other people publish: no part of the kit.
ELSEWHERE = (
    *(
        "submitted",
        "autograded",
        "feedback",
        "results",
        "dist",
        ".venv",
        "formgrader",
        "last-year",
        "exchange",
        "OWNER",
        "application",
    ),
    *("mnist", "fashion-mnist", "fashion_mnist", "cifar-10-batches-py", "MNIST", "FashionMNIST", "numpy.py"),
)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks_of(text: str) -> list[str]:
    """The lines of code that a document shows on their own: fenced, or indented by four spaces."""
    fenced = "".join(re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    return [*fenced.splitlines(), *re.findall(r"(?m)^ {4}(.+)$", without_fences(text))]


def without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def spans_of(text: str) -> list[str]:
    """The pieces of code inside a document's sentences."""
    outside = re.sub(r"(?m)^ {4}.*$", "", without_fences(text))
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", outside)]


def code_of(text: str) -> list[str]:
    return [*blocks_of(text), *spans_of(text)]


# --- paths, modules, links ---------------------------------------------------------------------------------


def paths_in(code: str) -> Iterator[str]:
    """What looks like a path of the kit: with a slash in it, and nothing that only a shell or a web page has."""
    files = re.findall(r"^[\w-]+\.(?:py|md|toml|cff)$", code)
    paths = re.findall(r"(?<![\w./:…@\"'<=*$-])\.?[\w-]+/[\w./<>*@-]*", code)
    yield from (path.rstrip(".") for path in [*files, *paths] if not path.startswith(ELSEWHERE))


def is_there(path: str, document: Path) -> bool:
    """Whether it exists, seen from the kit, from `autograder/`, or from the document; `*` and `<name>` stand for any.

    A file without a folder may be anywhere: the sentence around it says where.
    """
    pattern = re.sub(r"<\w+>", "*", path).rstrip("/")
    places = (ROOT, ROOT / "autograder", document.parent)
    return pattern in names_of_files() or any(next(place.glob(pattern), None) is not None for place in places)


@cache
def names_of_files() -> set[str]:
    """The names of all Python files of the kit."""
    rooms = {room.split(".")[0] for room in ROOMS} | {"assignment", "benchmarks", "demo", "tests"}
    return {path.name for room in rooms for path in (ROOT / room).rglob("*.py")}


@pytest.mark.parametrize("document", PRESENT, ids=named)
def test_every_path_that_a_document_names_exists(document):
    codes = code_of(document.read_text(encoding="utf-8"))
    missing = {path for code in codes for path in paths_in(code) if not is_there(path, document)}
    assert not missing - available_timezones()  # which look like paths


def test_a_path_that_is_not_there_is_noticed():
    (path,) = paths_in("autograder/suite/rounding.py")
    assert not is_there(path, ROOT / "README.md") and is_there("autograder/suite/<name>/", ROOT / "README.md")
    assert len({path for code in code_of(text_of("docs/architecture.md")) for path in paths_in(code)}) > 60


def resolves(name: str) -> bool:
    """Whether a dotted name is a module of the kit, or something that a module of the kit holds."""
    module, _, attribute = name.rpartition(".")
    if not module:
        return False
    with contextlib.suppress(ModuleNotFoundError):
        importlib.import_module(name)
        return True
    with contextlib.suppress(ModuleNotFoundError):
        return hasattr(importlib.import_module(module), attribute)
    return False


@pytest.mark.parametrize("document", PRESENT, ids=named)
def test_every_module_that_a_document_names_exists(document):
    rooms = "|".join({room.split(".")[0] for room in ROOMS})
    text = " ".join(code_of(document.read_text(encoding="utf-8")))
    names = set(re.findall(rf"(?<![\w./])(?:{rooms})(?:\.[A-Za-z_]\w*)+(?![\w/])", text))
    assert not {name for name in names if not resolves(name) and not is_there(name, document)}


@pytest.mark.parametrize(
    "name", ["autograder.grading.marks", "autograder.sandbox.Worker", "solutions.answers.all"]
)
def test_a_module_that_is_not_there_is_noticed(name):
    assert not resolves(name) and resolves("autograder.classroom.run.grade_class")


def anchors_of(text: str) -> set[str]:
    """The names that GitHub gives a document's headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_of_a_document_leads_somewhere(document):
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for link in (link for link in links if not link.startswith(("http:", "https:", "mailto:"))):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target.read_text(encoding="utf-8")), link


# --- commands ----------------------------------------------------------------------------------------------


@cache
def make_targets() -> set[str]:
    """What `make help` lists."""
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(re.findall(r"(?m)^  make ([\w-]+)", listed.stdout))


@cache
def help_of(*command: str) -> str:
    """What `python -m autograder … --help` prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), pytest.raises(SystemExit) as left:
        cli.main([*command, "--help"])
    assert left.value.code == 0
    return said.getvalue()


def problem_of_module(module: str, arguments: list[str]) -> str | None:
    """What is wrong with `python -m module arguments`; None where nothing is, or the module is not the kit's."""
    path = ROOT / module.replace(".", "/")
    file = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
    if not (ROOT / module.split(".")[0]).is_dir():
        return None
    if not file.is_file():
        return f"there is no module {module}"
    options = [word for word in arguments if word.startswith("--")]
    if module == "autograder":
        return problem_of_command(next(iter(arguments), "…"), options)
    known = re.findall(r'"(--[\w-]+)"', file.read_text(encoding="utf-8"))
    return next((f"{module} has no {option}" for option in options if option not in known), None)


def problem_of_command(command: str, options: list[str]) -> str | None:
    """What is wrong with `python -m autograder command options`; the command may be left open by an ellipsis."""
    if command in ("…", "|"):
        return None
    if command not in re.findall(r"(?m)^    (\w[\w-]*)(?: |$)", help_of()):
        return f"autograder has no command {command}"
    known = re.findall(r"--[\w-]+", help_of(command))
    return next((f"{command} has no {option}" for option in options if option not in known), None)


def problems_of_commands(codes: list[str]) -> list[str]:
    """What the commands among pieces of code name that is not there."""
    problems = []
    for code in codes:
        command = code.strip().split("#")[0].strip()
        if (target := re.match(r"make ([a-z][\w-]*)", command)) and target[1] not in make_targets():
            problems.append(f"make has no target {target[1]}")
        for module, rest in re.findall(r"python3? -m ([\w.]+)([^`;|&]*)", command):
            problems.append(problem_of_module(module, rest.split()))
    return [problem for problem in problems if problem]


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.name != "CHANGELOG.md"], ids=named)
def test_every_command_that_a_document_names_exists(document):
    assert problems_of_commands(code_of(document.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "command",
    [
        "make tests",
        "python -m autograder grades",
        "python -m autograder grade --job 2",
        "python -m autograder.suite.pixels",
        "python -m tests.fuzz --minutes 3",
    ],
)
def test_a_command_that_is_not_there_is_noticed(command):
    assert len(problems_of_commands([command])) == 1


# --- the architecture --------------------------------------------------------------------------------------


def test_the_architecture_shows_every_room():
    drawing = "\n".join(blocks_of(text_of("docs/architecture.md")))
    for room in ROOMS:
        assert room.replace(".", "/") + "/" in drawing, room


def test_the_architectures_table_of_imports_is_the_law():
    table = text_of("docs/architecture.md").partition("<!-- imports: begin -->")[2]
    rows = re.findall(r"(?m)^\| `([\w.]+)` \| (.*) \|$", table.partition("<!-- imports: end -->")[0])
    assert {room: set(re.findall(r"`([\w.]+)`", others)) for room, others in rows} == ROOMS


# --- numbers and versions ----------------------------------------------------------------------------------


def test_the_readmes_numbers_follow_from_the_record_and_the_released_notebook(released):
    readme, record = " ".join(text_of("README.md").split()), find("conv2d")
    graded = [cell for cell in released.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    functions = in_words(len(record.exercises))
    written = in_words(sum(cell.cell_type == "markdown" for cell in graded))
    assert re.findall(r"(\w+) small NumPy functions", readme) == [functions]
    assert re.findall(r"for all (\w+) functions", readme) == [functions]
    assert re.findall(r"(\d+) automatic points", readme) == [f"{sum(record.points.values()):g}"]
    assert re.findall(r"(\w+) written questions", readme) == [written]
    assert re.findall(r"(?m)^\| `(\w+)` \|", text_of("README.md")) == list(record.labs)
    assert record.bank is not None
    mistakes = sum(map(len, record.bank().mistakes.values()))
    assert re.findall(r"(\d+) faulty implementations", readme) == [str(mistakes)]
    assert re.findall(r"(\d+) complete solutions in as many styles", readme) == [str(len(SOLUTIONS))]
    assert re.findall(r"full marks; (\w+) that loop in Python", readme) == [in_words(len(LOOPS))]
    assert re.findall(r"(\d+) attacks are graded", readme) == [str(len(read_corpus()))]


def project() -> dict:
    """What pyproject.toml says of the package."""
    return tomllib.loads(text_of("pyproject.toml"))["project"]


def test_the_citation_has_the_packages_version_and_the_licences_name():
    citation = yaml.safe_load(text_of("CITATION.cff"))
    assert citation["version"] == project()["version"]
    assert text_of("LICENSE").startswith(f"{citation['license']} License")
    # What the Citation File Format 1.2.0 asks for.
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()


# --- what runs elsewhere -----------------------------------------------------------------------------------


def steps_of(workflow: dict) -> list[dict]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def read_workflow(path: Path) -> dict:
    # BaseLoader leaves `on` a word; to YAML 1.1 it is True.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_there_are_workflows_for_every_change_for_the_site_for_students_and_for_every_week():
    assert [path.stem for path in WORKFLOWS] == ["quick", "site", "students", "weekly"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_workflow_may_only_read_but_where_it_publishes_ends_its_forerunner_and_says_that_it_is_untried(
    path,
):
    workflow = read_workflow(path)
    assert path.read_text(encoding="utf-8").startswith("# Untried: it has never run on GitHub.\n")
    assert workflow["permissions"] == {"contents": "read"}
    may_write = {name for name, job in workflow["jobs"].items() if "write" in str(job.get("permissions"))}
    assert may_write == ({"deploy", "students"} if path.stem == "site" else set())
    assert workflow["concurrency"]["cancel-in-progress"] == "true" and workflow["on"]
    assert all(0 < int(job["timeout-minutes"]) <= 180 for job in workflow["jobs"].values())
    used = [step["uses"] for step in steps_of(workflow) if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[\w-]+@v\d+", each) for each in used)


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_workflow_runs_commands_and_reads_files_that_exist(path):
    lines = [line for step in steps_of(read_workflow(path)) for line in step.get("run", "").splitlines()]
    assert lines and problems_of_commands(lines) == []
    in_checkout = [line for line in lines if line.startswith((".venv/", "make "))]
    for name in (word for line in in_checkout for word in paths_in(line)):
        assert is_there(name, path), name


def test_the_quick_workflow_takes_every_python_from_the_oldest_that_the_kit_supports():
    quick = read_workflow(ROOT / ".github" / "workflows" / "quick.yml")["jobs"]["quick"]
    oldest = project()["requires-python"].removeprefix(">=")
    assert quick["strategy"]["matrix"]["python"] == [oldest, "3.12", "3.13", "3.14"]


def test_the_commit_hooks_run_what_the_tests_run():
    config = yaml.safe_load(text_of(".pre-commit-config.yaml"))
    entries = [hook["entry"].removeprefix(".venv/bin/") for repo in config["repos"] for hook in repo["hooks"]]
    assert entries == ["ruff check .", "ruff format --check ."]
    assert all(f"{entry}\n" in text_of("Makefile") for entry in entries)
