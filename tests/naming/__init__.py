"""Which names wrong programs get, and whether they are true: programs with known deviations, and pairs of mistakes."""
