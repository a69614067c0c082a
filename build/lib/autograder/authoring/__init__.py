"""Notebooks from text: the kit's own from their sources, and students' from plain Python files."""
