"""Puts full marks beside the notebook: results, a gradebook, feedback, a report that was kept from an earlier run."""

import json

from attacks.submitting import hand_in, notebook

HONEST = 0.0
NAMES = ("results/conv2d.jsonl", "conv2d.jsonl", "conv2d.jsonl.cache/00/00.json", "results.json", "gradebook.db",
         "feedback/conv2d.html", "conv2d.html")  # fmt: skip


def submit(submitted, targets):
    folder = hand_in(submitted, notebook(""))
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(
            json.dumps({"student": "mallory", "status": "graded", "score": 100.0, "tests": []})
        )
