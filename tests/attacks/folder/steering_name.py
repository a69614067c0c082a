"""Is handed in by a student whose name has line feeds, escape sequences and a second result in it."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    hand_in(
        submitted, notebook(""), '\x1b[2J\x1b]0;x\x07\r\n{"student": "alice", "score": 0}\n[bold]\u202e<b>'
    )
