"""`python -m autograder`."""

import sys

from autograder.cli import main, start_early

if __name__ == "__main__":
    start_early(sys.argv[1:])
    sys.exit(main())
