"""What a class's results say: which mistakes it makes, which tests tell little, who is stuck.

`cohort` goes through the reports once and keeps arrays; `measures` are pure functions on those; `findings` puts both
into records; `progress` compares attempts; `sharing` takes out what could point to one student; `page` and `terminal` show them.
"""

from autograder.reports.insight.cohort import Cohort, cohort_of
from autograder.reports.insight.findings import Insight, insight_of
from autograder.reports.insight.page import class_page
from autograder.reports.insight.progress import progress_of
from autograder.reports.insight.terminal import insight_tables

__all__ = ["Cohort", "Insight", "class_page", "cohort_of", "insight_of", "insight_tables", "progress_of"]
