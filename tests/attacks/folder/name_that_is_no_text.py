"""Is handed in by a student whose name is not text in any encoding."""

import os

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    hand_in(submitted, notebook(""), os.fsdecode(b"\xff\xfe\xc3alice"))
