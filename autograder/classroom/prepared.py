"""Importing this makes a process ready to grade: what every grading process needs is found out once, and inherited.

An import with effects, since the server from which grading processes are forked can be told nothing but which modules to
import (`pool.start_server`). Nobody else should import it.
"""

import contextlib
import gc

import autograder.classroom.run  # noqa: F401 -- so that nobody waits for it later
from autograder.classroom.version import common
from autograder.sandbox import SandboxUnavailable
from autograder.sandbox.probe import require

# The results of both are kept in the process (`functools.cache`), and so in every one that is forked from it.
common()
with contextlib.suppress(SandboxUnavailable):  # whoever is to grade tries again, and can say so
    require()
gc.collect()
gc.freeze()  # what is imported stays: a collection in a grading process passes it over
