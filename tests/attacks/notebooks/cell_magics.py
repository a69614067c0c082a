"""Runs other languages and processes with %%bash, %%script, %%sh, %%python and %%writefile."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

CELLS = [
    "%%bash\ncat {home}; touch {submission}/owned; (setsid sleep 3600 &)",
    "%%sh --out found\ncat {gradebook}",
    "%%script python --bg\nopen('{submission}/owned', 'w')",
    "%%python\nimport os; os.system('touch {submission}/owned')",
    "%%writefile {submission}/owned\nowned",
    "%%javascript\nalert(1)",
    "%%html\n<script>alert(1)</script>",
    "%%time\nopen('{submission}/owned', 'w')",
    "%%capture found\nopen('{submission}/owned', 'w')",
]
ANSWER = "def flatten_filters(filters):\n    return ['lo' + 'ot: ' + str(globals().get('found'))]\n"


def submit(submitted, targets):
    hand_in(submitted, with_code(*(cell.format(**targets) for cell in CELLS), source=ANSWER))
