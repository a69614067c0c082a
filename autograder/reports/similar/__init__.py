"""Which solutions are more alike than chance has it, function by function. It says "alike", and never "copied".

`solutions` takes the students' own code out of notebooks, as text; `tokens` and `prints` leave out what is easily changed;
`likeness` counts what two programs have in common that few others have; `chance` says how often that comes by itself;
`mistakes` finds rare named mistakes that several share; `comparison` puts it together, and `page` shows it. Nothing is compiled or run, and nothing leaves the machine.
"""

from autograder.reports.similar.comparison import Comparison, compare
from autograder.reports.similar.mistakes import mistakes_of, shared_mistakes
from autograder.reports.similar.page import similarity_page
from autograder.reports.similar.solutions import ELSEWHERE, solutions_of

__all__ = [
    "ELSEWHERE",
    "Comparison",
    "compare",
    "mistakes_of",
    "shared_mistakes",
    "similarity_page",
    "solutions_of",
]
