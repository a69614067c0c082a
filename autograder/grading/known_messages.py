"""The messages of Python and NumPy that a report may repeat: each is made anew from the few things in it that vary.

A program could raise an error whose message *is* a hidden input. So nothing of a worker's text is repeated. A text that has the
form of a known message is read into typed parts (a small number, a shape, a name that the student wrote …), and the sentence
is made of these. The price of every part is in `judge.facts`.
"""

import builtins
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from autograder.grading.source import Source, names_in
from autograder.judge.facts import NEVER, Fact, choice, number, shape

FORMS = 256  # of sentences that there are at most, these and all others of a report
TYPE_NAMES = (
    *(name for name, value in vars(builtins).items() if isinstance(value, type) and not issubclass(value, BaseException)),
    "NoneType", "function", "method", "module", "builtin_function_or_method", "generator", "ellipsis",
    "dict_keys", "dict_values", "numpy", "numpy.ndarray", "numpy.ufunc", "numpy.flatiter", "numpy.bool", "numpy.bool_",
    *(f"numpy.{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)),
    *(f"numpy.float{bits}" for bits in (16, 32, 64)),
    *(f"numpy.{name}" for name in ("complex128", "str_", "matrix", "dtype")),
)  # fmt: skip
OPERATORS = (
    "+", "-", "*", "/", "//", "%", "**", "** or pow()", "@", "&", "|", "^", "<<", ">>", "<", ">", "<=", ">=",
    "+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "&=", "|=", "^=", "unary +", "unary -", "unary ~", "divmod()",
)  # fmt: skip
ARITHMETIC = ("integer division or modulo", "integer modulo", "division", "float division", "float floor division",
              "float modulo", "float divmod()", "modulo")  # fmt: skip
UFUNCS = (
    "add", "subtract", "multiply", "divide", "true_divide", "floor_divide", "power", "remainder", "matmul", "maximum", "minimum",
    "bitwise_and", "bitwise_or", "bitwise_xor", "invert", "floor", "ceil", "sqrt", "exp", "isnan", "isfinite",
    "less", "greater", "equal", "clip",
)  # fmt: skip
DTYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
    "complex64", "complex128", "O",
)  # fmt: skip
RULES = ("same_kind", "safe", "no", "equiv", "unsafe")
SIGNATURES = ("(n?,k),(k,m?)->(n?,m?)", "(n),(n)->()", "(m,n),(n)->(m)", "(n),(n,m)->(m)")
SEQUENCES = ("list", "tuple", "string", "byte", "range object", "array")

# By the built-in class of the error. What stands in braces varies; see `_SLOTS`.
MESSAGES = {
    "ValueError": (
        "operands could not be broadcast together with shapes {shapes}",
        "operands could not be broadcast together with remapped shapes [original->remapped]: {shape} and requested shape {shape}",
        "non-broadcastable output operand with shape {shape} doesn't match the broadcast shape {shape}",
        "could not broadcast input array from shape {shape} into shape {shape}",
        "cannot broadcast a non-scalar to a scalar array",
        "shape mismatch: value array of shape {shape} could not be broadcast to indexing result of shape {shape}",
        "shape mismatch: objects cannot be broadcast to a single shape",
        "shapes {shape} and {shape} not aligned: {n} (dim {n}) != {n} (dim {n})",
        "shape-mismatch for sum",
        "matmul: Input operand {n} has a mismatch in its core dimension {n}, with gufunc signature {signature} (size {n} is "
        "different from {n})",
        "matmul: Input operand {n} does not have enough dimensions (has {n}, gufunc core with signature {signature} requires {n})",
        "axis {n} is out of bounds for array of dimension {n}",
        "axes don't match array",
        "repeated axis in transpose",
        "duplicate value in 'axis'",
        "cannot reshape array of size {n} into shape {shape}",
        "can only specify one unknown dimension",
        "negative dimensions are not allowed",
        "index can't contain negative values",
        "all the input array dimensions except for the concatenation axis must match exactly, but along dimension {n}, the array "
        "at index {n} has size {n} and the array at index {n} has size {n}",
        "all the input arrays must have same number of dimensions, but the array at index {n} has {n} dimension(s) and the array "
        "at index {n} has {n} dimension(s)",
        "all input arrays must have the same shape",
        "`pad_width` must be of integral type.",
        "need at least one array to concatenate",
        "need at least one array to stack",
        "zero-dimensional arrays cannot be concatenated",
        "zero-size array to reduction operation {ufunc} which has no identity",
        "attempt to get argmax of an empty sequence",
        "setting an array element with a sequence.",
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after {n} dimensions. The "
        "detected shape was {shape} + inhomogeneous part.",
        "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
        "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.",
        "Since axis is `None`, must provide window_shape for all dimensions of `x`; got {n} window_shape elements and `x.ndim` "
        "is {n}.",
        "window shape cannot be larger than input array shape",
        "einstein sum subscripts string contains too many subscripts for operand {n}",
        "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to broadcast the "
        "extra dimensions.",
        "operands could not be broadcast together with remapped shapes [original->remapped]: {shape}->{shape} {shape}->{shape}",
        "object too deep for desired array",
        "assignment destination is read-only",
        "output array is read-only",
        "diag requires an array of at least two dimensions",
        "maximum supported dimension for an ndarray is {n}, found {n}",
        "not enough values to unpack (expected {n}, got {n})",
        "not enough values to unpack (expected at least {n}, got {n})",
        "too many values to unpack (expected {n})",
        "too many values to unpack (expected {n}, got {n})",
        "cannot convert float NaN to integer",
        "slice step cannot be zero",
        "range() arg 3 must not be zero",
        "attempt to assign sequence of size {n} to extended slice of size {n}",
        "min() arg is an empty sequence",
        "max() arg is an empty sequence",
        "min() iterable argument is empty",
        "max() iterable argument is empty",
        "math domain error",
        "negative shift count",
        "list.remove(x): x not in list",
        "Integers to negative integer powers are not allowed.",
        "can't extend empty axis {n} using modes other than 'constant' or 'empty'",
        "operands could not be broadcast together with shape {shape} {shape}",
        "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.",
        "step must be greater than zero",
    ),
    "IndexError": (
        "index {n} is out of bounds for axis {n} with size {n}",
        "index {n} is out of bounds for size {n}",
        "axis {n} is out of bounds for array of dimension {n}",
        "too many indices for array: array is {n}-dimensional, but {n} were indexed",
        "{sequence} index out of range",
        "{sequence} assignment index out of range",
        "pop index out of range",
        "pop from empty list",
        "tuple index out of range",
        "invalid index to scalar variable.",
        "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices",
        "arrays used as indices must be of integer (or boolean) type",
        "shape mismatch: indexing arrays could not be broadcast together with shapes {shapes}",
        "boolean index did not match indexed array along axis {n}; size of axis is {n} but size of corresponding boolean axis "
        "is {n}",
        "an index can only have a single ellipsis ('...')",
    ),
    "TypeError": (
        "{type} object is not subscriptable",
        "{type} object is not iterable",
        "{type} object is not callable",
        "{type} object is not an iterator",
        "{type} object cannot be interpreted as an integer",
        "{type} object does not support item assignment",
        "{type} object does not support item deletion",
        "type {type} is not subscriptable",
        "object of type {type} has no len()",
        "len() of unsized object",
        "iteration over a 0-d array",
        "cannot unpack non-iterable {bare type} object",
        "unsupported operand type(s) for {operator}: {type} and {type}",
        "bad operand type for {operator}: {type}",
        "{quoted operator} not supported between instances of {type} and {type}",
        "can only concatenate {bare type} (not {double type}) to {bare type}",
        "can't multiply sequence by non-int of type {type}",
        "must be real number, not {bare type}",
        "order must be str, not {bare type}",
        "slice indices must be integers or None or have an __index__ method",
        "{sequence} indices must be integers or slices, not {bare type}",
        "string indices must be integers, not {type}",
        "only integer scalar arrays can be converted to a scalar index",
        "only length-1 arrays can be converted to Python scalars",
        "only 0-dimensional arrays can be converted to Python scalars",
        "Cannot interpret {quoted n} as a data type",
        "data type not understood",
        "`pad_width` must be of integral type.",
        "array() takes from 1 to 2 positional arguments but {n} were given",
        "expected a sequence of integers or a single integer, got {quoted n}",
        "Cannot cast ufunc {ufunc} output from dtype({dtype}) to dtype({dtype}) with casting rule {rule}",
        "ufunc {ufunc} output (typecode 'd') could not be coerced to provided output parameter (typecode 'l') according to the "
        "casting rule '{rule}'",
        "ufunc {ufunc} not supported for the input types, and the inputs could not be safely coerced to any supported types "
        "according to the casting rule '{rule}'",
        "ufunc {ufunc} did not contain a loop with signature matching types (dtype({dtype}), dtype({dtype})) -> None",
        "unhashable type: {type}",
        "float() argument must be a string or a real number, not {type}",
        "int() argument must be a string, a bytes-like object or a real number, not {type}",
        "round() argument must be a number, not {type}",
        "type {bare type} doesn't define __round__ method",
        "exceptions must derive from BaseException",
        "expected str instance, {bare type} found",
        "{call}() missing {n} required positional argument: {name}",
        "{call}() missing {n} required positional arguments: {names}",
        "{call}() missing {n} required keyword-only argument: {name}",
        "{call}() missing {n} required keyword-only arguments: {names}",
        "{call}() missing required argument {name} (pos {n})",
        "{call}() takes {n} positional argument but {n} were given",
        "{call}() takes {n} positional arguments but {n} was given",
        "{call}() takes {n} positional arguments but {n} were given",
        "{call}() takes from {n} to {n} positional arguments but {n} were given",
        "{call}() takes exactly one argument ({n} given)",
        "{call}() takes no arguments",
        "{call}() takes no keyword arguments",
        "{call}() got an unexpected keyword argument {name}",
        "{call}() got multiple values for argument {name}",
        "{call} expected at most {n} arguments, got {n}",
        "{call} expected at least {n} argument, got {n}",
    ),
    "NameError": ("name {name} is not defined",),
    "UnboundLocalError": (
        "cannot access local variable {name} where it is not associated with a value",
        "local variable {name} referenced before assignment",
    ),
    "AttributeError": (
        "{type} object has no attribute {name}",
        "module {type} has no attribute {name}",
        "type object {type} has no attribute {name}",
        "property {name} of {type} object has no setter",
        "{type} object attribute {name} is read-only",
    ),
    "ModuleNotFoundError": ("No module named {name}",),
    "ImportError": ("cannot import name {name} from {name}",),
    "KeyError": ("{name}", "{n}"),
    "ZeroDivisionError": ("{arithmetic} by zero", "division by zero", "integer division by zero"),
    "OverflowError": (
        "cannot convert float infinity to integer",
        "Python integer {n} out of bounds for {bare dtype}",
        "math range error",
        "int too large to convert to float",
    ),
    "RecursionError": ("maximum recursion depth exceeded{stack}",),
    "FileNotFoundError": ("[Errno 2] No such file or directory",),
}


@dataclass(frozen=True)
class Words:
    """What names a message may repeat: those of the line that was running come first.

    Attributes:
        source: all that the student wrote.
        line: the student's own line that was running; "" where there is none.
    """

    source: Source
    line: str

    def name(self, name: str) -> Fact:
        nearby = names_in(self.line)
        if name in nearby:
            return Fact("name", name, 1 + math.log2(len(nearby)))
        return Fact(
            "name", name, 1 + math.log2(len(self.source.names)) if name in self.source.names else NEVER
        )

    def type(self, name: str) -> Fact:
        if name in TYPE_NAMES:
            return Fact("type", name, 1 + math.log2(len(TYPE_NAMES)))
        return Fact("type", name, 1 + self.name(name).bits)


@dataclass(frozen=True)
class _Slot:
    """Something that varies in a message: how it looks there, and what it is.

    Attributes:
        pattern: bounded, and without a repeat that could take what follows it.
        read: its facts, from the text that the pattern fits, and the facts before it in the message.
        write: the text from the facts' values.
    """

    pattern: str
    read: Callable[[str, Words, Sequence[Fact]], tuple[Fact, ...]]
    write: Callable[..., str] = str


def _one_of(kind: str, values: tuple[str, ...], around: str = "") -> _Slot:
    pattern = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))
    return _Slot(
        f"{around}(?:{pattern}){around}",
        lambda text, *_: (choice(kind, text.strip(around or " "), len(values)),),
        lambda value: f"{around}{value}{around}",
    )


def _sides(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", text)))


def _shapes(text: str, _: object = None, before: Sequence[Fact] = ()) -> tuple[Fact, ...]:
    """The shapes in a text, each but the message's first told by where it differs from the one before it."""
    told = [fact.value for fact in before if fact.kind == "shape" and isinstance(fact.value, tuple)]
    found = [_sides(each) for each in re.findall(_SHAPE, text)]
    likes = (told[-1] if told else None, *found)
    return tuple(shape(sides, like) for sides, like in zip(found, likes, strict=False))


def _written(sides: tuple[int, ...]) -> str:
    """A shape as NumPy's messages have it."""
    return f"({','.join(map(str, sides))}{',' if len(sides) == 1 else ''})"


def _named(kind: str, around: str, pattern: str) -> _Slot:
    def read(text: str, words: Words, _: Sequence[Fact]) -> tuple[Fact, ...]:
        return (getattr(words, kind)(text.strip(around or " ")),)

    return _Slot(f"{around}{pattern}{around}", read, lambda value: f"{around}{value}{around}")


def _listed(names: tuple[str, ...]) -> str:
    """Python's way: 'a' and 'b'; 'a', 'b', and 'c'."""
    quoted = [f"'{name}'" for name in names]
    return " and ".join(quoted) if len(quoted) < 3 else f"{', '.join(quoted[:-1])}, and {quoted[-1]}"


_N, _SHAPE, _NAME, _TYPE = r"-?\d{1,4}", r"\((?:\d{1,4}(?:, ?\d{1,4}){0,6},?)?\)", r"\w{1,60}", r"[\w.]{1,60}"
_SLOTS = {
    "n": _Slot(_N, lambda text, *_: (number(int(text)),)),
    "quoted n": _Slot(f"'{_N}'", lambda text, *_: (number(int(text.strip("'"))),), lambda n: f"'{n}'"),
    "shape": _Slot(_SHAPE, _shapes, _written),
    "shapes": _Slot(
        f"{_SHAPE}(?: {_SHAPE}){{0,3}}",
        lambda text, *_: (Fact("shapes", text.count("("), 1 if text.count("(") == 2 else 3), *_shapes(text)),
        lambda _, *shapes: " ".join(map(_written, shapes)),
    ),
    "name": _named("name", "'", _NAME),
    "call": _named("name", "", _TYPE),
    "names": _Slot(
        rf"'{_NAME}'(?:, '{_NAME}'){{0,6}},? and '{_NAME}'",
        lambda text, words, _: (choice("names", text.count("'") // 2, 8), *(words.name(name) for name in re.findall(r"'(\w+)'", text))),
        lambda _, *names: _listed(names),
    ),
    "type": _named("type", "'", _TYPE),
    "double type": _named("type", '"', _TYPE),
    "bare type": _named("type", "", _TYPE),
    "operator": _one_of("operator", OPERATORS),
    "quoted operator": _one_of("operator", OPERATORS, "'"),
    "arithmetic": _one_of("arithmetic", ARITHMETIC),
    "ufunc": _one_of("ufunc", UFUNCS, "'"),
    "dtype": _one_of("dtype", DTYPES, "'"),
    "bare dtype": _one_of("dtype", DTYPES),
    "rule": _one_of("rule", RULES, "'"),
    "signature": _one_of("signature", SIGNATURES),
    "sequence": _one_of("sequence", SEQUENCES),
    # Not told: what Python was about to do depends on how full the stack was before.
    "stack": _Slot("(?: in comparison| while calling a Python object)?", lambda *_: (), lambda: ""),
}  # fmt: skip


@dataclass(frozen=True)
class Form:
    """A known message of a built-in error."""

    error: str
    text: str

    def read(self, text: str, words: Words) -> tuple[str, tuple[Fact, ...]] | None:
        """The message made anew and what it repeats; None for a text of another form."""
        found = _pattern(self.text).fullmatch(text)
        if found is None:
            return None
        first, *pieces = _pieces(self.text)
        said, facts = [first], [choice("form", f"{self.error}: {self.text}", FORMS)]
        for place, (name, after) in enumerate(zip(pieces[::2], pieces[1::2], strict=True), 1):
            slot = _SLOTS[name]
            repeated = slot.read(found[place], words, facts)
            said += [slot.write(*(fact.value for fact in repeated)), after]
            facts += repeated
        return "".join(said), tuple(facts)


def _pieces(text: str) -> list[str]:
    """What stands between the slots of a message, and the slots' names, in turn."""
    return re.split(r"\{([\w ]+)\}", text)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    pieces = _pieces(text)
    pieces[::2] = map(re.escape, pieces[::2])
    pieces[1::2] = (f"({_SLOTS[name].pattern})" for name in pieces[1::2])
    return re.compile("".join(pieces))


def read(error: str, text: str, words: Words) -> tuple[str, tuple[Fact, ...]] | None:
    """A known message of this built-in error, made anew, and what it repeats; None for any other text."""
    return next(_readings(error, text, words), None)


def _readings(error: str, text: str, words: Words) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    for message in MESSAGES.get(error, ()):
        if found := Form(error, message).read(text, words):
            yield found
