#!/usr/bin/env bash
# Gradescope runs this for each submission.
cd / && exec /autograder/kit/bin/python -m autograder.gradescope
