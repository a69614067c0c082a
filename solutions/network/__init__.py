"""The author's side of the assignment `network`: its text with the answers, its visible cases."""
