"""The part of the sandbox that is mounted into it: a worker reads these files, so nothing here is secret."""
