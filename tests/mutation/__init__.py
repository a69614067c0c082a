"""Mutation testing of the hidden suite: each small fault put into a right solution must cost it points."""
