"""What a learning platform's files look like: its download of submissions, its table of grades, its feedback zip.

This room alone knows it. One module for each platform; it knows no notebook format, no score and no gradebook.
"""
