"""Commands of the command line, a module each: its arguments, what it calls, what it prints; `autograder.cli` adds them."""
