"""The visible twins of the hidden tests, by their names: inputs of the same kind, small, and of their own."""

from autograder.judge.twin import Twin

IMAGES = "images = (np.arange(120) ** 3 % 13.0 - 6).reshape(2, 6, 5, 2)"
TIED = "images = np.array([[0.0, 2, 2, 0, 1], [2, 0, 1, 2, 2], [0, 0, 3, 3, 0]]).reshape(1, 3, 5, 1)"
POOLED = TIED + "\nupstream = (np.arange(1, 9) * 10.0)[:{}].reshape(1, {}, {}, 1)"
PIXELS = "images = np.array([[200, 100, 30, 7], [90, 250, 7, 8]], dtype=np.uint8).reshape(1, 2, 4, 1)"
LINE = "inputs = np.array([[1.0, 2, 0], [3, -1, 2]])\nweights = np.array([[1.0, -1], [0, 2], [4, 1]])"
UPSTREAM = LINE + "\nupstream = np.array([[1.0, 0], [2, -3]])"
LOGITS = "logits = np.array([[1.0, 2, 0], [0, -1, 3]])\nlabels = np.array([2, 0])"
LARGE = "logits = np.array([[1000.0, 1002, 1001], [-2000, -2300, -1000]])\nlabels = np.array([2, 0])"
WHOLE = "logits = np.array([[1, 2, 0], [0, -1, 3]])\nlabels = np.array([0, 2])"
CONVOLVED = "inputs = (np.arange(12) ** 3 % 7.0).reshape(1, 3, 4, 1)\nfilters = np.array([1.0, 2, 0, -1]).reshape(2, 2, 1, 1)"

TWINS = {
    "test_conv2d_brought": Twin(CONVOLVED, ('conv2d(inputs, filters, [1, 1, 1, 1], "VALID")[0, :, :, 0]',)),
    "test_conv2d_gradients_brought": Twin(
        CONVOLVED + "\nupstream = np.arange(6.0).reshape(1, 2, 3, 1)",
        ('conv2d_gradients(inputs, filters, [1, 1, 1, 1], "VALID", upstream)[0][0, :, :, 0]',),
    ),
    "test_relu_values": Twin("", ("relu(np.array([[-2.0, 0.5], [3, -1]]))",)),
    "test_relu_kinds_of_numbers": Twin("", ("relu(np.array([-2, 5]))",)),
    "test_relu_gradient_values": Twin("", ("relu_gradient(np.array([-2.0, 0, 3]), np.array([5.0, 6, 7]))",)),
    "test_relu_gradient_leaves_its_inputs": Twin(
        "values, upstream = np.array([-2.0, 0, 3]), np.array([5.0, 6, 7])",
        ("relu_gradient(values, upstream)", "values", "upstream"),
    ),
    "test_max_pool_size": Twin(
        IMAGES, ("max_pool(images, 2)[1, :, :, 0]", "max_pool(images, 3)[0, :, :, 1]")
    ),
    "test_max_pool_strides": Twin(
        IMAGES,
        (
            "max_pool(images, (3, 2))[0, :, :, 0]",
            "max_pool(images, 2, 1)[0, :, :, 0]",
            "max_pool(images, (1, 2), (3, 1))[0, :, :, 1]",
        ),
    ),
    "test_max_pool_kinds_of_numbers": Twin(PIXELS, ("max_pool(images, (1, 2))[0, :, :, 0]",)),
    "test_max_pool_gradient_values": Twin(
        IMAGES + "\nupstream = np.arange(1.0, 25).reshape(2, 3, 2, 2)",
        ("max_pool_gradient(images, 2, None, upstream)[0, :, :, 0]",),
    ),
    "test_max_pool_gradient_ties": Twin(
        POOLED.format(2, 1, 2), ("max_pool_gradient(images, 2, None, upstream)[0, :, :, 0]",)
    ),
    "test_max_pool_gradient_strides": Twin(
        POOLED.format(8, 2, 4), ("max_pool_gradient(images, 2, 1, upstream)[0, :, :, 0]",)
    ),
    "test_max_pool_gradient_kinds_of_numbers": Twin(
        PIXELS + "\nupstream = np.array([10.0, 20]).reshape(1, 1, 2, 1)",
        ("max_pool_gradient(images, 2, None, upstream)[0, :, :, 0]",),
    ),
    "test_dense_values": Twin(LINE, ("dense(inputs, weights, np.array([10.0, 20]))",)),
    "test_dense_kinds_of_numbers": Twin(LINE, ("dense(inputs.astype(int), weights, np.array([10.0, 20]))",)),
    "test_dense_gradients_values": Twin(UPSTREAM, ("dense_gradients(inputs, weights, upstream)",)),
    "test_dense_gradients_sizes": Twin(UPSTREAM, ("dense_gradients(inputs[:1], weights, upstream[:1])",)),
    "test_dense_gradients_leave_their_inputs": Twin(
        UPSTREAM, ("dense_gradients(inputs, weights, upstream)[0]", "upstream")
    ),
    "test_softmax_values": Twin(LOGITS, ("softmax(logits)",)),
    "test_softmax_large": Twin(LARGE, ("softmax(logits)",)),
    "test_softmax_kinds_of_numbers": Twin(WHOLE, ("softmax(logits)", "logits")),
    "test_cross_entropy_values": Twin(LOGITS, ("cross_entropy(logits, labels)",)),
    "test_cross_entropy_large": Twin(LARGE, ("cross_entropy(logits, labels)",)),
    "test_cross_entropy_kinds_of_numbers": Twin(WHOLE, ("cross_entropy(logits, labels)", "logits")),
    "test_cross_entropy_gradient_values": Twin(LOGITS, ("cross_entropy_gradient(logits, labels)",)),
    "test_cross_entropy_gradient_large": Twin(LARGE, ("cross_entropy_gradient(logits, labels)",)),
    "test_cross_entropy_gradient_kinds_of_numbers": Twin(
        WHOLE, ("cross_entropy_gradient(logits, labels)", "logits")
    ),
    "test_sgd_step_values": Twin("", ("sgd_step([np.array([1.0, 2])], [np.array([4.0, -6])], 0.5)[0]",)),
    "test_sgd_step_leaves_its_inputs": Twin(
        "weights = np.array([1.0, 2])", ("sgd_step([weights], [np.array([4.0, -6])], 0.5)[0]", "weights")
    ),
}
