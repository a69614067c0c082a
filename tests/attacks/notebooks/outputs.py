"""Comes with outputs that say that every check has passed, and with scripts in them."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    content = notebook("")
    html = "<script>fetch('/api')</script>Automatic checks: 100 of 100 points."
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            data = {
                "text/plain": ["np.float64(100.0)"],
                "text/html": [html],
                "application/javascript": ["alert(1)"],
            }
            cell["outputs"] = [
                {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data},
                {"output_type": "stream", "name": "stdout", "text": ["36 passed in 0.01s\n"]},
            ]
    hand_in(submitted, content)
