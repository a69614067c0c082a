"""Writes `messages.txt` and `reports.txt` anew: python -m tests.beginners --update. Read what changed: no sentence may be false."""

import sys

from .reading import MESSAGES, all_messages
from .reporting import REPORTS, all_reports

if sys.argv[1:] != ["--update"]:
    sys.exit(__doc__)
MESSAGES.write_text(all_messages(), encoding="utf-8")
REPORTS.write_text("".join(all_reports()), encoding="utf-8")
