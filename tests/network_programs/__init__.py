"""Programs for the assignment `network`: right ones in other styles, attacks, and mutants of the sample student's."""
