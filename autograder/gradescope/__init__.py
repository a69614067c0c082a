"""An autograder for Gradescope: the zip that an instructor uploads, and what runs there, once for each submission.

What Gradescope expects of it is told at https://gradescope-autograders.readthedocs.io/en/latest/specs/: the zip lies in
`/autograder/source`, `setup.sh` runs once as root when the image is built, `run_autograder` for each submission, which lies
in `/autograder/submission`; what it found is in `/autograder/results/results.json`.
"""
