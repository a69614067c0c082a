"""Grades what appears in a folder while it appears, and tells students as much of it as their instructor chose.

`desk` decides what is next, `hours` when; `book` writes down what must not be forgotten; `feedback` puts pages where students
find them; `service` is the loop around `classroom.run`.
"""
