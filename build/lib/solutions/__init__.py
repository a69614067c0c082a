"""The instructor's side of the assignment: its source with the answers, and the reference that grades it."""
