"""Submissions that attack their grader, one file each, and the runner that tells which of them gave way to it.

A folder is a family. In the families `notebooks` and `folder` a file's `submit` makes a submission; in the others a file is
what a student wrote, and nobody but the sandbox ever runs it.
"""
