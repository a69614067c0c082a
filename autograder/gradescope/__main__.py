"""`python -m autograder.gradescope`: grades the submission in /autograder."""

import sys

from autograder.gradescope.run import main

sys.exit(main())
