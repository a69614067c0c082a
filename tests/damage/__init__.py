"""Submissions of every kind that goes wrong: `contents` makes files that are odd, `folders` makes folders that are."""
