"""The instructor's side: the hidden suite, the sandbox, grading one submission and a whole class."""
