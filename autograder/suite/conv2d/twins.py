"""The visible twins of the hidden tests, by their names: inputs of the same kind, small, and of their own."""

from autograder.judge.twin import Twin

IMAGE = (
    "image = np.array([[3.0, 0, 1, 2, 7], [1, 5, 8, 9, 3], [2, 7, 2, 5, 1], [0, 4, 6, 2, 8]])\n"
    "kernel = np.array([[1.5, 2, -1], [0, -3, 4]])"
)
EVEN = IMAGE.replace("[[1.5, 2, -1], [0, -3, 4]]", "[[1.5, 2, -1, 5], [0, -3, 4, 1]]")
WHOLE = (
    "image = np.array([[200, 100, 30], [90, 250, 7]], dtype=np.uint8)\n"
    "kernel = np.array([[2, 3]], dtype=np.uint8)"
)
BATCH = (
    "inputs = (np.arange(48) ** 3 % 13.0).reshape(2, 3, 4, 2)\n"
    "filters = (np.arange(36) ** 3 % 11.0 - 4.5).reshape(2, 3, 2, 3)"
)
ODD = BATCH.replace(
    "(np.arange(36) ** 3 % 11.0 - 4.5).reshape(2, 3, 2, 3)",
    "(np.arange(54) ** 3 % 11.0 - 4.5).reshape(3, 3, 2, 3)",
)
EVEN_FILTER = BATCH.replace(
    "(np.arange(36) ** 3 % 11.0 - 4.5).reshape(2, 3, 2, 3)",
    "(np.arange(48) ** 3 % 11.0 - 4.5).reshape(4, 2, 2, 3)",
)
LARGE = (
    "inputs = (np.arange(84) ** 3 % 13.0).reshape(1, 6, 7, 2)\n"
    "filters = (np.arange(48) ** 3 % 11.0 - 4.5).reshape(4, 2, 2, 3)"
)
WHOLE_BATCH = (
    "inputs = np.array([[200, 100, 30], [90, 250, 7]], dtype=np.uint8).reshape(1, 2, 3, 1)\n"
    "filters = np.array([[2, 3], [1, 4]], dtype=np.uint8).reshape(2, 2, 1, 1)"
)
WHOLE_GRADIENTS = (
    "inputs = (np.arange(24) ** 3 % 251).astype(np.uint8).reshape(1, 3, 4, 2)\n"
    "filters = (np.arange(24) ** 3 % 11).astype(np.uint8).reshape(4, 1, 2, 3)"
)
UPSTREAM = "\nupstream = (np.arange({0}) ** 3 % 7.0 - 2.75).reshape({1})"
ONE = "[1, 1, 1, 1]"


def _refusals(function: str) -> dict[str, Twin]:
    """The twins of the two tests of what conv2d, and conv2d_matmul with it, refuses.

    The errors of conv2d_matmul count where its results are right: a sound call stands first.
    """
    sound = (f'inputs, filters, {ONE}, "VALID"',) if function == "conv2d_matmul" else ()
    misfits = (
        f'inputs, filters[:, :, :1, :1], {ONE}, "SAME"',
        f'inputs[..., :1], filters, {ONE}, "SAME"',
        f'inputs[0], filters, {ONE}, "SAME"',
        f'inputs, filters[..., 0], {ONE}, "SAME"',
        f'inputs[:, :1], filters, {ONE}, "VALID"',
        f'inputs[:, :, :2], filters, {ONE}, "VALID"',
    )
    settings = (
        f'inputs, filters, {ONE}, "FULL"',
        'inputs, filters, [2, 1, 1, 1], "SAME"',
        'inputs, filters, [1, 1, 1, 2], "SAME"',
        'inputs, filters, [1, 0, 1, 1], "SAME"',
        'inputs, filters, [1, 1, -1, 1], "SAME"',
        'inputs, filters, [1, 1, 1], "SAME"',
        'inputs, filters, [1, 1.5, 1, 1], "VALID"',
    )
    return {
        f"test_{function}_refuses_{name}": Twin(
            BATCH, tuple(f"{function}({each})" for each in (*sound, *calls))
        )
        for name, calls in {"misfits": misfits, "strides_and_padding": settings}.items()
    }


TWINS = {
    "test_apply_kernel_everywhere": Twin(
        IMAGE, ("apply_kernel(image, kernel, 0, 0)", "apply_kernel(image, kernel, 2, 1)")
    ),
    "test_apply_kernel_even_kernel": Twin(
        EVEN, ("apply_kernel(image, kernel, 0, 0)", "apply_kernel(image, kernel, 1, 1)")
    ),
    "test_apply_kernel_integers": Twin(
        WHOLE,
        (
            "apply_kernel(image, kernel, 0, 0)",
            "apply_kernel(image, kernel + 0.5, 1, 1)",
            "apply_kernel(image * np.int32(10000), kernel * np.int32(5000), 0, 0)",
            "image",
        ),
    ),
    "test_output_size_formula": Twin(
        "",
        ("output_size(9, 4)", "output_size(10, 3, 2)", "output_size(6, 4, 3, 2)", "output_size(4, 6, 1, 1)"),
    ),
    "test_output_size_defaults": Twin(
        "", ("output_size(10, 4)", "output_size(11, 4, 2)", "output_size(7, 3)")
    ),
    "test_output_size_refuses": Twin(
        "",
        (
            "output_size(5, 10, 1, 2)",
            "output_size(4, 5)",
            "output_size(8, 3, 0)",
            "output_size(8, 3, -1)",
            "output_size(0, 1, 1, 2)",
            "output_size(8, 0)",
            "output_size(-2, 1, 1, 3)",
            "output_size(8, -1)",
        ),
    ),
    "test_convolve_valid": Twin(
        IMAGE,
        ("convolve(image, kernel)", "convolve(image[:2, :3], kernel)", "convolve(image, kernel[:1, :2])"),
    ),
    "test_convolve_stride": Twin(
        IMAGE, ("convolve(image, kernel, 2)", "convolve(image[:3], kernel[:, :2], 3)")
    ),
    "test_convolve_unequal_strides": Twin(
        IMAGE, ("convolve(image, kernel[:, :2], (2, 1))", "convolve(image, kernel[:, :2], (1, 3))")
    ),
    "test_convolve_integer_image": Twin(
        WHOLE,
        (
            "convolve(image, kernel)",
            "convolve(image, kernel + 0.5)",
            "convolve(image * np.int32(10000), kernel * np.int32(5000))",
            "convolve(np.asfortranarray(image, dtype=np.float32), kernel)",
            "image",
        ),
    ),
    "test_same_padding_odd_filter": Twin(
        "", ("same_padding(10, 3)", "same_padding(12, 5)", "same_padding(6, 1)")
    ),
    "test_same_padding_odd_total": Twin(
        "", ("same_padding(10, 2)", "same_padding(11, 4)", "same_padding(14, 5, 2)")
    ),
    "test_same_padding_strides": Twin(
        "",
        (
            "same_padding(10, 4, 3)",
            "same_padding(9, 2, 4)",
            "same_padding(12, 3, 2)",
            "same_padding(6, 1, 5)",
        ),
    ),
    "test_pad_four_sides": Twin(IMAGE, ("pad(image, (1, 2), (3, 0))", "pad(image[:2], (2, 1), (0, 1))")),
    "test_pad_nothing": Twin(IMAGE, ("pad(image, (0, 0), (0, 0))",)),
    "test_pad_leaves_its_input": Twin(
        "image = np.array([[-300, 4, 500], [6, -7, 8]])", ("pad(image, (2, 1), (0, 1))", "image")
    ),
    "test_conv2d_valid": Twin(
        BATCH,
        (
            f'conv2d(inputs, filters, {ONE}, "VALID")',
            f'conv2d(inputs[:1, :2, :3], filters, {ONE}, "VALID")',
        ),
    ),
    "test_conv2d_same_odd_kernel": Twin(ODD, (f'conv2d(inputs, filters, {ONE}, "SAME")',)),
    "test_conv2d_same_even_kernel": Twin(EVEN_FILTER, (f'conv2d(inputs, filters, {ONE}, "SAME")',)),
    "test_conv2d_strides": Twin(
        LARGE,
        (
            'conv2d(inputs, filters, [1, 3, 3, 1], "VALID")',
            'conv2d(inputs, filters, [1, 2, 2, 1], "SAME")',
            'conv2d(inputs, filters, [1, 2, 3, 1], "VALID")',
            'conv2d(inputs, filters, [1, 3, 2, 1], "SAME")',
            'conv2d(inputs, filters, [1, 2, 3, 1], "SAME")',
        ),
    ),
    "test_conv2d_any_case": Twin(
        LARGE,
        ('conv2d(inputs, filters, [1, 2, 2, 1], "same")', 'conv2d(inputs, filters, [1, 2, 2, 1], "Valid")'),
    ),
    "test_conv2d_kinds_of_numbers": Twin(
        WHOLE_BATCH,
        (
            f'conv2d(inputs, filters, {ONE}, "VALID")',
            f'conv2d(inputs, filters + 0.5, {ONE}, "SAME")',
            f'conv2d(inputs * np.int32(10000), filters * np.int32(5000), {ONE}, "VALID")',
            f'conv2d(np.asfortranarray(inputs, dtype=np.float32), filters, {ONE}, "SAME")',
            "inputs",
        ),
    ),
    **_refusals("conv2d"),
    "test_flatten_filters_order": Twin(
        BATCH, ("flatten_filters(filters)", "flatten_filters(np.asfortranarray(filters, dtype=np.float32))")
    ),
    "test_flatten_filters_single": Twin(
        "filters = np.array([[3.0, 1], [4, 1], [5, 9]]).reshape(3, 2, 1, 1)",
        ("flatten_filters(filters)", "filters"),
    ),
    "test_extract_patches_valid": Twin(
        BATCH,
        (
            f'extract_patches(inputs, (2, 3), {ONE}, "VALID")',
            'extract_patches(inputs, (2, 1), [1, 1, 3, 1], "VALID")',
        ),
    ),
    "test_extract_patches_same": Twin(
        LARGE,
        (
            'extract_patches(inputs, (4, 2), [1, 2, 3, 1], "SAME")',
            'extract_patches(inputs[:, :2, :3], (2, 2), [1, 1, 1, 1], "SAME")',
        ),
    ),
    "test_extract_patches_leaves_its_input": Twin(
        LARGE.splitlines()[0],
        (
            'extract_patches(inputs[:, :2, :3], (2, 2), [1, 1, 1, 1], "same")',
            'extract_patches(np.asfortranarray(inputs[:, :3, :4]), (2, 3), [1, 1, 1, 1], "valid")',
            'extract_patches(inputs, (2, 2), [1, 3, 3, 1], "same")',
            "inputs[0, :, :, 0]",
        ),
    ),
    "test_conv2d_matmul_valid": Twin(
        BATCH,
        (
            f'conv2d_matmul(inputs, filters, {ONE}, "VALID")',
            'conv2d_matmul(inputs, filters[:1, :1], [1, 2, 3, 1], "VALID")',
        ),
    ),
    "test_conv2d_matmul_same": Twin(
        LARGE,
        (
            'conv2d_matmul(inputs, filters, [1, 2, 3, 1], "SAME")',
            'conv2d_matmul(inputs, filters, [1, 3, 2, 1], "SAME")',
        ),
    ),
    "test_conv2d_matmul_same_even_kernel": Twin(
        EVEN_FILTER, (f'conv2d_matmul(inputs, filters, {ONE}, "same")',)
    ),
    "test_conv2d_matmul_kinds_of_numbers": Twin(
        WHOLE_BATCH,
        (
            f'conv2d_matmul(inputs, filters, {ONE}, "valid")',
            f'conv2d_matmul(inputs, filters + 0.5, {ONE}, "valid")',
            f'conv2d_matmul(inputs * np.int32(10000), filters * np.int32(5000), {ONE}, "VALID")',
            f'conv2d_matmul(np.asfortranarray(inputs, dtype=np.float32), filters, {ONE}, "VALID")',
            "inputs",
        ),
    ),
    **_refusals("conv2d_matmul"),
    "test_conv2d_gradients_valid": Twin(
        BATCH + UPSTREAM.format(24, "2, 2, 2, 3"),
        (f'conv2d_gradients(inputs, filters, {ONE}, "VALID", upstream)',),
    ),
    "test_conv2d_gradients_same": Twin(
        EVEN_FILTER + UPSTREAM.format(72, "2, 3, 4, 3"),
        (
            f'conv2d_gradients(inputs, filters, {ONE}, "SAME", upstream)',
            'conv2d_gradients(inputs, filters, [1, 3, 2, 1], "SAME", upstream[:, :1, :2])',
        ),
    ),
    "test_conv2d_gradients_leave_their_inputs": Twin(
        WHOLE_GRADIENTS + UPSTREAM.format(36, "1, 3, 4, 3"),
        (
            f'conv2d_gradients(inputs, filters, {ONE}, "same", upstream)',
            'conv2d_gradients(inputs, filters[:2], [1, 1, 2, 1], "valid", upstream[:, :2, :2])',
            "inputs[0, :, :, 0]",
            "filters[0, 0]",
            "upstream[0, :, :, 0]",
        ),
    ),
}
