"""The reference: the assignment's ten functions, in NumPy alone.

Images are NHWC, `[batch, height, width, channels]`; filters are HWIO, `[height, width, in_channels,
out_channels]`, as in `tf.nn.conv2d`. Axis 0 of a plane holds the rows. The operation is
cross-correlation: the kernel is not rotated.

In every function:

- arrays may be integer (up to int64 and uint32), float32 or float64, of any memory layout. Integers alone are
  summed in int64, so uint8 does not wrap around; all else in NumPy's common type: float32 stays float32;
- inputs are never changed, and a result never shares memory with an input;
- a wrong value raises ValueError, a wrong type TypeError; the message names the argument, its value
  and what is allowed.

Beyond the assignment, `conv2d` and `conv2d_gradients` take explicit padding, dilations, groups, NCHW and several threads.
`textbook` has the plain versions that others are timed against, `winograd` a faster and less accurate one, `engine` what
makes `conv2d` fast, and `docs/performance.md` says how fast.
"""

from solutions.reference.convolution import apply_kernel, conv2d, convolve
from solutions.reference.gradients import conv2d_gradients
from solutions.reference.patches import conv2d_matmul, extract_patches, flatten_filters
from solutions.reference.sizes import output_size, same_padding
from solutions.reference.windows import pad

__all__ = [
    "apply_kernel",
    "conv2d",
    "conv2d_gradients",
    "conv2d_matmul",
    "convolve",
    "extract_patches",
    "flatten_filters",
    "output_size",
    "pad",
    "same_padding",
]
