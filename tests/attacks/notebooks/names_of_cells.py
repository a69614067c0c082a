"""Gives its cells names that reach into pages and files: tags, paths, other students, control characters."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0
NAMES = (
    "../../alice",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "\x1b[2J",
    "x" * 10_000,
    "test_conv2d'--",
    "\ud800",
)


def submit(submitted, targets):
    source = "def flatten_filters(filters):\n    return 1 / 0\n"
    content = notebook(source)
    for number, cell in enumerate(content["cells"]):
        name = NAMES[number % len(NAMES)]
        cell["id"] = name
        cell["metadata"]["nbgrader"] = {"grade_id": name, "solution": True, "schema_version": 10**400}
    hand_in(submitted, content)
