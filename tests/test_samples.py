"""The sample students of the demo are what their first line says they are.

Nothing here runs the cheat, the endless loop or the crash: those belong into the sandbox.
"""

import ast
import importlib.util
import itertools
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.authoring.fill import fill
from solutions import reference

SAMPLES = Path(__file__).parents[1] / "demo" / "samples"
NAMES = [
    "cheat",
    "crash",
    "endless_loop",
    "flipped_kernel",
    "loops_only",
    "perfect",
    "same_mistake",
    "stub_left",
]


def sample(name):
    """The sample as a module; never for the cheat, which acts when it is loaded."""
    assert name != "cheat"
    spec = importlib.util.spec_from_file_location(f"sample_{name}", SAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numbers(shape, seed=0, dtype="float64"):
    random = np.random.default_rng(seed)
    return random.normal(size=shape) if dtype == "float64" else random.integers(-9, 9, shape).astype(dtype)


# Small, oblong, uneven: each mistake shows.
BATCHES = [
    (numbers(image, 1, dtype), numbers(filters, 2, dtype), [1, *strides, 1], padding)
    for dtype, (image, filters, strides), padding in itertools.product(
        ["float64", "int64", "uint8"],
        [
            ((2, 5, 7, 3), (3, 2, 3, 4), (2, 3)),
            ((1, 6, 5, 2), (3, 5, 2, 3), (1, 1)),
            ((2, 4, 6, 1), (1, 1, 1, 2), (1, 2)),
        ],
        ["SAME", "VALID", "same"],
    )
]
PLANES = [
    (numbers((5, 7), 3), numbers((3, 2), 4)),
    (numbers((4, 6), 5, "uint8"), numbers((2, 2), 6, "uint8")),
    (numbers((3, 3), 5, "int64"), numbers((3, 3), 6)),
]
SIZES = [(4, 3), (4, 2), (7, 4, 3), (28, 5, 2), (5, 2, 4), (6, 3, 3), (9, 2, 1), (3, 3, 2)]
CALLS = {
    "apply_kernel": [(*plane, x, y) for plane in PLANES for x, y in [(0, 0)]] + [(*PLANES[0], 2, 4)],
    "output_size": [*SIZES, (4, 3, 1, 1), (3, 7, 2, 2)],
    "convolve": [(*plane, stride) for plane in PLANES for stride in (1, 2, (2, 1), [1, 3])],
    "same_padding": SIZES,
    "pad": [(plane, (1, 0), [2, 3]) for plane, _ in PLANES] + [(PLANES[0][0], (0, 0), (0, 0))],
    "conv2d": BATCHES,
    "flatten_filters": [(filters,) for _, filters, _, _ in BATCHES],
    "extract_patches": [(inputs, k.shape[:2], strides, padding) for inputs, k, strides, padding in BATCHES],
    "conv2d_matmul": BATCHES,
    "conv2d_gradients": [(*batch, numbers(reference.conv2d(*batch).shape, 7)) for batch in BATCHES],
}
IMAGES, FILTERS = np.ones((1, 3, 4, 2)), np.ones((2, 2, 2, 3))
REFUSED_BATCHES = [
    (IMAGES, FILTERS, [1, 1, 1, 1], "FULL"),
    (IMAGES, FILTERS, [2, 1, 1, 1], "VALID"),
    (IMAGES, FILTERS, [1, 1, 1, 2], "VALID"),
    (IMAGES, FILTERS, [1, 0, 1, 1], "VALID"),
    (IMAGES, FILTERS, [1, 1, 1], "VALID"),
    (IMAGES[:, :1], FILTERS, [1, 1, 1, 1], "VALID"),
    (IMAGES[:, :, :1], FILTERS, [1, 1, 1, 1], "VALID"),
]
REFUSED_FILTERS = [
    (IMAGES, FILTERS[:, :, :1], [1, 1, 1, 1], "SAME"),
    (IMAGES[0], FILTERS, [1, 1, 1, 1], "SAME"),
    (IMAGES, FILTERS[0], [1, 1, 1, 1], "SAME"),
]
REFUSED = {
    "output_size": [(2, 3), (3, 6, 1, 1), (0, 1), (3, 0), (3, 1, 0), (3, 1, -1)],
    "conv2d": REFUSED_BATCHES + REFUSED_FILTERS,
    "extract_patches": [(inputs, (2, 2), *rest) for inputs, _, *rest in REFUSED_BATCHES],
    "conv2d_matmul": REFUSED_BATCHES + REFUSED_FILTERS,
    "conv2d_gradients": [(*call, np.ones((1, 2, 3, 3))) for call in REFUSED_BATCHES + REFUSED_FILTERS],
}
UNWRITTEN = {
    "crash": {"conv2d_gradients"},
    "stub_left": {"extract_patches", "conv2d_gradients"},
}


def agrees(module, name, arguments):
    """Whether a sample's function gives the reference's values and leaves its arguments as they were."""
    before = [np.copy(each) for each in arguments]
    actual = getattr(module, name)(*arguments)
    expected = getattr(reference, name)(*arguments)
    several = name == "conv2d_gradients"
    pairs = list(zip(actual, expected, strict=True)) if several else [(actual, expected)]
    unchanged = all(np.array_equal(*pair) for pair in zip(before, arguments, strict=True))
    apart = not any(np.shares_memory(part, each) for part, _ in pairs for each in arguments)
    return unchanged and apart and all(np.shape(a) == np.shape(e) and np.allclose(a, e) for a, e in pairs)


def wrong_functions(module, left_out=()):
    """The functions that differ from the reference in some call; `left_out` are not called."""
    names = [name for name in CALLS if name not in left_out]
    return {name for name in names if not all(agrees(module, name, call) for call in CALLS[name])}


def odd_total(arguments):
    """Whether SAME adds an odd number of zeros on an axis: the one thing that `same_mistake` gets wrong."""
    inputs, filters, strides, padding = arguments[:4]
    size = filters if isinstance(filters, tuple) else filters.shape[:2]
    zeros = map(reference.same_padding, inputs.shape[1:3], size, strides[1:3])
    return padding.upper() == "SAME" and any(sum(each) % 2 for each in zeros)


def accepts(function, arguments):
    try:
        function(*arguments)
    except ValueError:
        return False
    return True


def test_there_are_eight_samples_and_each_says_what_it_is():
    assert sorted(path.stem for path in SAMPLES.glob("*.py")) == NAMES
    for name in NAMES:
        text = (SAMPLES / f"{name}.py").read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text)).startswith("Sample student: ")


@pytest.mark.parametrize("name", ["perfect", "loops_only"])
def test_a_right_sample_agrees_with_the_reference_everywhere(name):
    assert wrong_functions(sample(name)) == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cheat"])
def test_every_sample_refuses_what_the_assignment_says_it_must(name):
    module = sample(name)
    for function, calls in REFUSED.items():
        if function in UNWRITTEN.get(name, ()):
            continue
        if (name, function) == ("endless_loop", "output_size"):
            calls = calls[:4]  # a stride below 1 is where it never ends
        assert [call for call in calls if accepts(getattr(module, function), call)] == []


def test_the_loops_are_written_without_vectorized_numpy():
    text = (SAMPLES / "loops_only.py").read_text(encoding="utf-8")
    assert set(re.findall(r"np\.\w+", text)) == {"np.zeros"}
    assert " @ " not in text


def test_the_same_mistake_is_wrong_only_where_same_adds_an_odd_number_of_zeros():
    module = sample("same_mistake")
    using = {"conv2d", "extract_patches", "conv2d_matmul", "conv2d_gradients"}
    assert wrong_functions(module) == {"same_padding", *using}
    for call in SIZES:
        assert agrees(module, "same_padding", call) == (sum(reference.same_padding(*call)) % 2 == 0)
    for name in using:
        assert [agrees(module, name, call) for call in CALLS[name]] == [
            not odd_total(call) for call in CALLS[name]
        ]


def test_the_flipped_kernel_is_the_reference_with_rotated_kernels():
    module = sample("flipped_kernel")
    flipped = {"apply_kernel", "convolve", "conv2d", "conv2d_matmul", "conv2d_gradients"}
    assert wrong_functions(module) == flipped
    for name in flipped:
        for first, kernel, *rest in CALLS[name]:
            actual = getattr(module, name)(first, kernel, *rest)
            expected = getattr(reference, name)(first, kernel[::-1, ::-1], *rest)
            if name == "conv2d_gradients":
                expected = expected[0], expected[1][::-1, ::-1]
                assert all(np.allclose(*pair) for pair in zip(actual, expected, strict=True))
            else:
                assert np.allclose(actual, expected)


def test_the_stubs_left_raise_and_the_rest_is_right():
    module, stubs = sample("stub_left"), UNWRITTEN["stub_left"]
    assert wrong_functions(module, left_out=stubs) == set()
    for name in stubs:
        with pytest.raises(NotImplementedError):
            getattr(module, name)(*CALLS[name][0])


def test_the_crash_is_in_same_patches_and_the_error_in_the_gradients():
    module = sample("crash")
    assert wrong_functions(module, left_out={"extract_patches", "conv2d_gradients"}) == set()
    valid = [call for call in CALLS["extract_patches"] if call[3] == "VALID"]
    assert all(agrees(module, "extract_patches", call) for call in valid)
    for call in CALLS["conv2d_gradients"][:3]:
        with pytest.raises(IndexError):
            module.conv2d_gradients(*call)


def test_the_crash_ends_the_process(monkeypatch):
    def ended(code):
        raise SystemExit(f"process ended with {code}")

    module = sample("crash")
    monkeypatch.setattr(module.os, "_exit", ended)
    with pytest.raises(SystemExit, match="process ended with 1"):
        module.extract_patches(np.ones((1, 3, 3, 1)), (2, 2), [1, 1, 1, 1], "same")


def test_the_endless_loop_is_right_wherever_it_ends():
    assert wrong_functions(sample("endless_loop")) == set()


def test_the_endless_loop_never_ends_for_a_stride_below_1():
    class Steps(int):
        """A filter size that counts how often the loop's condition is asked."""

        asked = 0

        def __radd__(self, other):
            Steps.asked += 1
            if Steps.asked == 1000:
                raise TimeoutError
            return other + int(self)

    with pytest.raises(TimeoutError):
        sample("endless_loop").output_size(5, Steps(3), 0)


def test_the_other_functions_do_not_need_the_one_that_hangs_or_crashes():
    for name, function in [("endless_loop", "output_size"), ("crash", "extract_patches")]:
        text = (SAMPLES / f"{name}.py").read_text(encoding="utf-8")
        calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        assert function not in map(ast.unparse, calls)


def test_the_cheat_changes_nothing_outside_the_temporary_folder():
    tree = ast.parse((SAMPLES / "cheat.py").read_text(encoding="utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    forbidden = {
        "remove",
        "unlink",
        "rmtree",
        "rename",
        "replace",
        "kill",
        "system",
        "truncate",
        "chmod",
        "send",
    }
    assert not attributes & (
        forbidden | {"sendall", "write_text", "write_bytes", "rmdir", "symlink", "Popen", "run"}
    )
    opened = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open"
    ]
    assert sorted(ast.unparse(node) for node in opened) == [
        "open(path, 'rb')",
        "open(path, 'w', encoding='utf-8')",
    ]
    source = ast.unparse(tree)
    assert "path = os.path.join(tempfile.gettempdir(), 'forged-results.jsonl')" in source


def test_the_cheat_tries_every_kind_of_trick():
    text = (SAMPLES / "cheat.py").read_text(encoding="utf-8")
    for trick in ["_getframe", "gc.get_objects", "/etc/passwd", "gradebook.db", "create_connection", "PASSED",
                  "solutions/reference", "__eq__", "np.ndarray", "np.allclose = "]:  # fmt: skip
        assert trick in text


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_fills_the_ten_cells_of_a_released_notebook(name):
    cells = [
        nbformat.v4.new_code_cell(
            "raise NotImplementedError",
            metadata={"nbgrader": {"grade_id": function, "solution": True, "grade": False}},
            id=function,
        )
        for function in reference.__all__
    ]
    filled = fill(nbformat.v4.new_notebook(cells=cells), (SAMPLES / f"{name}.py").read_text(encoding="utf-8"))
    assert [cell.id for cell in filled.cells] == ["before-the-functions", *reference.__all__]
    for cell in filled.cells[1:]:
        assert cell.source.startswith(f"def {cell.id}(")
    assert filled.cells[0].source.startswith('"""Sample student: ')
