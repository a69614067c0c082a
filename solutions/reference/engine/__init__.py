"""The convolution and its gradients at full speed, block by block, in a megabyte of memory or a few.

A matrix of all windows, as in `textbook.conv2d_im2col`, is filter_height · filter_width times as large as the
images, and main memory is slow. Three quarters of a megabyte stay in a core's own cache. So here some windows
are laid into a small buffer, multiplied where they lie, and forgotten:

- `blocks` cuts the output into blocks;
- `gather` lays the windows of one block into the buffer, long runs of pixels at a time;
- `scatter` goes the other way: it adds what belongs to windows to the pixels that they met;
- `products` multiplies in pieces that suit OpenBLAS;
- `pairs` lets one wider window serve two neighbours where there are few filters;
- `small` takes all windows at once where there are but a few;
- `passes` puts these together: forward, and the two gradients;
- `threads` spreads them over cores;
- `memory` keeps what the C library would give back;
- `tuning` has the numbers that were measured, and how to measure them again.

All arrays are NHWC and HWIO here, of one group, checked, and of any memory layout.
"""

from solutions.reference.engine.passes import forward, gradient_of_filters, gradient_of_inputs

__all__ = ["forward", "gradient_of_filters", "gradient_of_inputs"]
