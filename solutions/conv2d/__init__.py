"""The author's side of the assignment `conv2d`: its text with the answers, its visible cases, the choice of its inputs."""
