"""Python's and NumPy's errors in plain words, for people who meet them for the first time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONGEST_MESSAGE = 1000  # characters of an error's message that are searched: it may be a student's own


@dataclass(frozen=True)
class Trouble:
    """An error, and what is known about where it came up.

    Attributes:
        error: the type's name.
        message: its text.
        line: the student's own line that was running; "" where it is not known.
        function: the function that is checked; "" where it is not known.
    """

    error: str
    message: str
    line: str = ""
    function: str = ""


@dataclass(frozen=True)
class Hint:
    """What an error usually means.

    Attributes:
        error: the type's name, as a pattern that fits all of it.
        pattern: what stands somewhere in its message.
        sentence: one for people, or a function that gives it ("" where it has nothing to say, then other hints are
            asked). It must hold for every error that fits, and repeats nothing of the message: that may hold what
            students are not to see.
        line: what stands somewhere in the student's line.
    """

    error: str
    pattern: str
    sentence: str | Callable[[Trouble], str]
    line: str = ""

    def explain(self, trouble: Trouble) -> str:
        """The sentence, or "" where the hint does not fit."""
        fits = (
            re.fullmatch(self.error, trouble.error)
            and re.search(self.pattern, trouble.message[:LONGEST_MESSAGE])
            and re.search(self.line, trouble.line)
        )
        if not fits:
            return ""
        return self.sentence if isinstance(self.sentence, str) else self.sentence(trouble)


def shapes_in(message: str) -> list[tuple[int, ...]]:
    """The shapes that a message of NumPy's names, in its order: "(2,3) (4,)" are (2, 3) and (4,)."""
    found = re.findall(r"\((\d*(?:, ?\d*)*)\)", message[:LONGEST_MESSAGE])
    return [tuple(int(size[:9]) for size in re.findall(r"\d+", shape)) for shape in found]


def _unfit_assignment(trouble: Trouble) -> str:
    """What does not fit where numbers are put into a part of an array."""
    right, left = (*shapes_in(trouble.message), (), ())[:2]
    if 0 in left and 0 not in right:
        return (
            "The place left of `=` is empty: does its slice end where it starts, as [p:-p] does where p is 0?"
        )
    if len(left) != len(right):
        return "What stands right of `=` has another number of axes than the place left of it: print both shapes."
    return "What stands right of `=` has another shape than the place left of it that it should fill."


def _not_imported(trouble: Trouble) -> str:
    module = next((name for name in MODULES if f"'{name}'" in trouble.message), "")
    return (
        f"A module must be imported: write `import {MODULES[module]}` at the top of this cell."
        if module
        else ""
    )


MODULES = {
    "np": "numpy as np", "numpy": "numpy", "math": "math", "itertools": "itertools", "functools": "functools",
    "operator": "operator", "sys": "sys", "random": "random", "time": "time",
}  # fmt: skip
_NUMPYS = (
    "zeros|ones|array|empty|sum|pad|dot|floor|ceil|arange|ndarray|ndim|shape|reshape|zeros_like|ones_like|mean|"
    "multiply|tensordot|einsum|stack|concatenate|float32|float64|uint8|matmul|transpose|asarray"
)
_NONE = "Something here is None: probably a function that it came from lacks its `return`."
_WHOLE = (
    "A size or a position must be a whole number: `/`, np.floor and np.ceil give floats, `//` a whole number "
    "that is rounded down."
)
_TUPLE = "A tuple, numbers in brackets such as a shape or a pair, stands where one number is needed: take one, a[0]."
_LIST = "Lists do no arithmetic: take one number of it, a[0], or make an array of it, np.array(a)."
_METHOD = "The brackets are missing behind the name of a function here: x.sum() and not x.sum."
_TEXT = "A text and a number meet here, and Python does not mix them."
_NOT_WITH = r"unsupported operand|not supported between|bad operand"
# The first that fits is told, so what is particular stands above what is general.
# fmt: off
_HINTS = (
    Hint(".*", "", "Your own `raise` refused this call, which is a sound one: is its condition too strict, or was it reached "
         "with wrong numbers?", line=r"^raise\b"),
    Hint(".*Error", "NoneType", _NONE),
    # Sizes and shapes
    Hint("ValueError", "remapped shapes.*requested shape",
         "np.pad wants one pair (before, after) for each axis of the array, (0, 0) where nothing is added."),
    Hint("ValueError", "shape-mismatch for sum",
         "np.tensordot sums over pairs of axes of equal length: print both shapes, and compare the axes that you name."),
    Hint("ValueError", "einstein sum|remapped shapes",
         "In np.einsum every letter stands for one axis, and means the same length wherever it stands."),
    Hint("ValueError", "non-broadcastable output",
         "`+=` cannot make the array left of it larger: what stands right of it has a shape that does not fit."),
    Hint("ValueError", "operands could not be broadcast",
         "Two arrays whose shapes do not fit were combined: print both shapes."),
    Hint("ValueError", "could not broadcast input", _unfit_assignment),
    Hint("ValueError", "not have enough dimensions",
         "`@` multiplies matrices, and one of these is a single number: `*` multiplies numbers."),
    Hint("ValueError", "matmul|not aligned",
         "In a matrix product the left matrix needs as many columns as the right one has rows: print both shapes."),
    Hint("ValueError", "cannot reshape",
         "reshape keeps every number: the sizes must multiply to the same total."),
    Hint("ValueError", "axes don't match", "transpose names every axis of the array once: print its shape."),
    Hint("ValueError", "negative dimensions", "A size of this shape is negative: print the numbers it is made of."),
    Hint("ValueError", "contain negative values", "A number of zeros to add is negative here: print it."),
    Hint("ValueError", "must provide window_shape|window_shape and axis",
         "Say which axes the window slides over: sliding_window_view(x, (rows, columns), axis=(1, 2))."),
    Hint("ValueError", "window shape cannot be larger", "The window is larger than the array that it slides over."),
    Hint("ValueError", "at least one array", "The list of arrays is empty: does the loop run at all?"),
    Hint("ValueError", "must have the same shape|dimensions.*must match exactly",
         "The arrays to be joined have different shapes: print them."),
    Hint("ValueError", "inhomogeneous", "The rows of this list have different lengths, so that it is no array."),
    Hint("ValueError", "object too deep", "This function takes arrays of one axis, and was given one of more."),
    Hint("ValueError", "zero-size array", "This array is empty: does a slice end where it starts?"),
    Hint("ValueError", "element with a sequence",
         "One place of an array takes one number, and an array or a list was put into it: is a sum missing?"),
    Hint("TypeError", "converted to Python scalars|converted to a scalar index",
         "One number is needed here, and this is an array of several: is a sum or a place [i, j] missing?"),
    Hint("ValueError", "not enough values to unpack.*got 0", "There are names to fill and no values."),
    Hint("ValueError", "to unpack", "A shape gives one number for each axis: print it, and count the names.",
         line=r"shape"),
    Hint("ValueError", "to unpack", "There are more or fewer values than names."),
    Hint("ValueError", "truth value of an array",
         "`if` needs one answer: compare shapes or single numbers, not arrays."),
    Hint("ValueError", "read-only", "This array is a view that may not be written into: work on a copy, x.copy()."),
    Hint("ValueError", r"range\(\) arg 3|slice step cannot be zero", "The step is 0 here: is the stride checked first?"),
    Hint("(ValueError|OverflowError)", "cannot convert float",
         "This number is nan or infinite: was something divided by zero, or np.empty not filled?"),
    Hint("OverflowError", "out of bounds for",
         "This number does not fit into the array's dtype: compute in floats, x.astype(float)."),
    # Places
    Hint("IndexError", "out of bounds",
         "Positions run from 0 to size − 1: does a loop run too far, or are rows and columns swapped?"),
    Hint(".*AxisError|ValueError|IndexError", "axis .* out of bounds",
         "The array has fewer axes than this one needs, which are counted from 0: print its shape."),
    Hint("IndexError", "too many indices",
         "The array has fewer axes than the indices you use: print its shape."),
    Hint("IndexError", "invalid index to scalar", "This is a single number already: it has no places to take it from."),
    Hint("IndexError", "(list|tuple) (assignment )?index out of range",
         "It has fewer numbers than that, and they are counted from 0: print it."),
    Hint("IndexError", "only integers",
         "A place is a whole number, and something else stands in these brackets: `/` gives a float, `//` a whole number."),
    Hint("TypeError", "list indices must be integers or slices, not tuple",
         "A list of lists takes [i][j]; np.array(...) makes an array of it, which takes [i, j]."),
    # What is called, and how
    Hint("TypeError", "as a data type", "This function takes the shape in brackets of its own: np.zeros((rows, columns)).",
         line=r"(zeros|ones|empty|full)\("),
    Hint("TypeError", "as a data type", "What should be a dtype, such as float, is something else."),
    Hint("TypeError", "positional arg", "The shape stands in brackets of its own: np.zeros((rows, columns)).",
         line=r"np\.(zeros|ones|empty)\("),
    Hint("TypeError", "positional arg", "np.array takes one list: np.array([1, 2]).", line=r"np\.array\("),
    Hint("TypeError", "positional arg|keyword arg|exactly one argument|multiple values for",
         "This call gives other arguments than the function takes: compare it with the line of its `def`."),
    Hint("TypeError", "object is not callable",
         "A shape is a tuple, and a number of it is taken with square brackets: x.shape[0].", line=r"\.shape\("),
    Hint("TypeError", "object is not callable", "size and ndim are numbers of an array and no functions: no brackets follow them.",
         line=r"\.(size|ndim)\("),
    Hint("TypeError", "ndarray' object is not callable",
         "An array is called like a function here: square brackets take numbers out of it, image[i, j]. Or was the "
         "array given the name of a function?"),
    Hint("TypeError", "'(int|float|numpy.\\w+)' object is not callable",
         "A number is called like a function here: is a `*` missing before a bracket, or was a number given the name of a "
         "function?"),
    Hint("TypeError", "module' object is not callable",
         "This is the name of a module: its functions are called with a point, such as math.ceil(x)."),
    Hint("TypeError", "not callable",
         "What stands before these round brackets is no function: do you mean square brackets, or was its name reused?"),
    Hint("TypeError", "'(builtin_function_or_method|method|function|type)' object is not subscriptable|type .* not subscr",
         "A function is called with round brackets: range(n), not range[n]."),
    Hint("TypeError", rf"({_NOT_WITH}).*'(method|builtin_function_or_method|function)'", _METHOD),
    Hint("TypeError", "'(int|float|numpy.\\w*(int|float)\\d+)' object is not subscriptable",
         "This is one number already: there is nothing in it to take with square brackets."),
    Hint("TypeError", "has no len|unsized object", "One number has no length: len(...) is for lists, tuples and arrays."),
    Hint("TypeError", "'(int|float|numpy.\\w*(int|float)\\d+)' object is not iterable",
         "A number cannot be gone through: `for i in range(n)` counts from 0 to n − 1.", line=r"\bfor\b"),
    Hint("TypeError", "cannot unpack non-iterable (int|float|numpy)",
         "This is one number, and cannot be taken apart into several names."),
    Hint("TypeError", "object is not iterable", "Several values are needed here, and this is one."),
    Hint("TypeError", "'tuple' object does not support item", "A tuple does not change: make a list of it, or a new one."),
    Hint("TypeError", "does not support item assignment",
         "This is a single number and no array, so there is no place in it: np.zeros(shape) makes an array."),
    # What cannot be calculated with
    Hint(".*TypeError", r"for \^|bitwise_xor", "`^` is no power in Python: x ** 2."),
    Hint("TypeError", r"for [&|]:|bitwise_", "Between conditions Python has the words `and` and `or`."),
    Hint("TypeError", rf"({_NOT_WITH}|concatenate|real number).*'?str\b", _TEXT),
    Hint("TypeError", rf"({_NOT_WITH}|concatenate|real number|must be|sequence).*'?tuple|'tuple' object cannot", _TUPLE),
    Hint("TypeError", rf"({_NOT_WITH}|concatenate|real number|must be|sequence).*'?list|'list' object cannot", _LIST),
    Hint("TypeError", "multiply sequence", "A list or a tuple stands where one number is needed."),
    Hint("TypeError", "'str' object cannot", _TEXT),
    Hint("TypeError", "as an integer|must be integers|integer scalar", _WHOLE),
    Hint(".*CastingError|.*TypeError", "Cannot cast ufunc",
         "`+=`, `*=` and their like write into the array itself, and one of whole numbers takes no fractions. If it is what "
         "your function was given, it must not be changed at all: write x = x * 2. If it is your own, np.zeros(shape) makes "
         "one of floats."),
    Hint(".*TypeError", "not supported for the input types", "This is no array of numbers: print it."),
    Hint("ZeroDivisionError", "", "Something was divided by zero: which number is 0 here?"),
    # Names
    Hint("UnboundLocalError", "",
         "The function uses this name before it gives it a value: is it spelled the same everywhere, and set before the loop?"),
    Hint("NameError", f"name '({'|'.join(MODULES)})' is not", _not_imported),
    Hint("NameError", f"name '({_NUMPYS})' is not", "NumPy's names need `np.` before them, such as np.zeros."),
    Hint("NameError", "name '(true|false)' is not", "Python writes True and False with a capital."),
    Hint("NameError", "name '(null|none|NULL|nil)' is not", "Python writes None."),
    Hint("NameError", "",
         "Python does not know this name: check its spelling, and run the cell that defines it."),
    Hint("AttributeError", "'numpy.ndarray' object has no attribute '(append|extend|push)'",
         "An array does not grow: make it large enough first, np.zeros(shape), or collect in a list."),
    Hint("AttributeError", "'tuple' object has no attribute '(shape|ndim|size)'",
         "A tuple has no shape: it is a few numbers in brackets, such as a pair (rows, columns)."),
    Hint("AttributeError", "'list' object has no attribute '(shape|ndim|size)'",
         "A list has no shape: np.array(...) makes an array of it."),
    Hint("AttributeError", "'(int|float)' object has no attribute '(shape|ndim|size)'", "One number has no shape."),
    Hint("AttributeError", "module 'numpy' has no attribute",
         "NumPy has no such name: check its spelling; older versions had some that are gone, such as np.int."),
    Hint("AttributeError", "", "There is no such name behind the point: check its spelling, capitals too."),
    # The rest
    Hint("AssertionError", "", "An `assert` did not hold. To refuse arguments: if …: raise ValueError(…)."),
    Hint("RecursionError", "", "The function calls itself without an end."),
    Hint("(ModuleNotFound|Import)Error", "",
         "Only NumPy is needed, and only NumPy is there when the work is graded."),
)
# fmt: on


def explain_exception(
    type_name: str, message: str, own: Sequence[Hint] = (), *, line: str = "", function: str = ""
) -> str:
    """One plain sentence on a common error, or "" when there is nothing to add.

    Args:
        own: the assignment's hints: they know its subject, so they are asked first.
        line, function: as a `Trouble` has them.
    """
    trouble = Trouble(type_name, message, line, function)
    return next(filter(None, (hint.explain(trouble) for hint in (*own, *_HINTS))), "")
