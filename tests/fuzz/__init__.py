"""Seeded fuzzing of everything that reads what others wrote: frames, notebooks, results; and how long it takes."""
