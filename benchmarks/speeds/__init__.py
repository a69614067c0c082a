"""`conv2d_matmul` in the ways in which people write it: without a loop over windows, with one, and in plain loops."""
