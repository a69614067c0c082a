"""Where the notebook deals with what: the sections that a named mistake points to."""

ONE_WINDOW = "1. One window"
OUTPUT_SIZE = "2. How large is the output?"
SLIDE = "3. Slide the kernel"
SAME = "4.1 How many zeros does SAME add?"
ADD_ZEROS = "4.2 Add the zeros"
WHOLE = "5. The whole operation: conv2d"
COLUMNS = "6.1 Filters as columns"
ROWS = "6.2 Windows as rows"
MULTIPLY = "6.3 Multiply"
GRADIENTS = "7. How a network learns its kernels"

# Functions that often have a mistake in common.
BATCH = ("conv2d", "conv2d_matmul")
SLIDING = ("convolve", *BATCH)
SUMS = ("apply_kernel", *SLIDING)
WINDOWS = (*BATCH, "extract_patches", "conv2d_gradients")
