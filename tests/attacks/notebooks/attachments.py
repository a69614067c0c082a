"""Attaches pictures whose names and contents point at files of the grader."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    content = notebook("")
    names = (
        f"../../../../{targets['home']}",
        targets["gradebook"],
        f"file://{targets['home']}",
        "a.png' onerror='x",
    )
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {
                name: {"image/png": "AAAA", "text/html": "<script>1</script>"} for name in names
            }
            cell["source"] = "".join(f"![x](attachment:{name}) ![x]({name})\n" for name in names)
    hand_in(submitted, content)
