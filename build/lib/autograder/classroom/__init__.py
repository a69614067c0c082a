"""Maps grading over a class: finds the submissions, spreads them over processes, is the only writer of results."""
