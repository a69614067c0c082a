"""The kit's main job on eight sample students, from release to feedback."""
