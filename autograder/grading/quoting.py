"""Which words of a student's program may be repeated in a report on hidden tests.

A program could raise an error whose message *is* the hidden input. So a text is repeated only if it stands word
for word in the program's own source, or if it is one of the well-known messages of Python and NumPy, in which
nothing but small numbers, shapes and names from the source vary.
"""

import builtins
import re

_NUMBER = r"-?\d{1,4}"
_SHAPE = rf"\((?:{_NUMBER}(?:, ?{_NUMBER})*)?,?\)"
_NAME = r"'[^'\s]{1,60}'"
_WORD = r"[A-Za-z_][\w.]{0,60}"

_KNOWN = [
    rf"operands could not be broadcast together with (?:remapped )?shapes (?:{_SHAPE} ?)+",
    rf"could not broadcast input array from shape {_SHAPE} into shape {_SHAPE}",
    rf"shapes {_SHAPE} and {_SHAPE} not aligned: {_NUMBER} \(dim {_NUMBER}\) != {_NUMBER} \(dim {_NUMBER}\)",
    rf"matmul: Input operand {_NUMBER} has a mismatch in its core dimension {_NUMBER}, with gufunc signature "
    rf"[\w?,()>-]+ \(size {_NUMBER} is different from {_NUMBER}\)",
    rf"index {_NUMBER} is out of bounds for axis {_NUMBER} with size {_NUMBER}",
    rf"axis {_NUMBER} is out of bounds for array of dimension {_NUMBER}",
    rf"too many indices for array: array is {_NUMBER}-dimensional, but {_NUMBER} were indexed",
    rf"cannot reshape array of size {_NUMBER} into shape {_SHAPE}",
    rf"all the input array dimensions except for the concatenation axis must match exactly.*{_NUMBER}",
    r"(?:list|tuple|string|pop) (?:assignment )?index out of range",
    rf"name {_NAME} is not defined",
    rf"(?:cannot access local variable {_NAME} where it is not associated with a value|"
    rf"local variable {_NAME} referenced before assignment)",
    rf"(?:module )?{_NAME} (?:object )?has no attribute {_NAME}",
    rf"No module named {_NAME}",
    rf"{_NAME} object (?:is not (?:subscriptable|iterable|callable)|cannot be interpreted as an integer|"
    r"does not support item assignment)",
    r"cannot unpack non-iterable \w{1,30} object",
    rf"unsupported operand type\(s\) for \S{{1,20}}: {_NAME} and {_NAME}",
    rf"{_WORD}\(\) missing {_NUMBER} required (?:positional|keyword-only) arguments?: (?:{_NAME}(?:,? and |, )?)+",
    rf"{_WORD}\(\) takes (?:from {_NUMBER} to )?{_NUMBER} positional arguments? but {_NUMBER} (?:was|were) given",
    rf"{_WORD}\(\) got (?:an unexpected keyword argument|multiple values for argument) {_NAME}",
    r"(?:integer |float )?(?:division or modulo|division|floor division or modulo|modulo) by zero",
    rf"(?:not enough|too many) values to unpack \(expected {_NUMBER}(?:, got {_NUMBER})?\)",
    r"maximum recursion depth exceeded(?: \S+){0,8}",
    r"only (?:integer scalar arrays|length-1 arrays|0-dimensional arrays) can be converted to \w+ ?\w* ?\w* ?\w*",
    r"The truth value of an array with more than one element is ambiguous\. Use a\.any\(\) or a\.all\(\)",
    r"setting an array element with a sequence\..{0,0}",
    r"slice indices must be integers or None or have an __index__ method",
    r"only integers, slices \(`:`\), ellipsis \(`\.\.\.`\), numpy\.newaxis \(`None`\) and integer or boolean arrays "
    r"are valid indices",
    rf"(?:list|tuple|string) indices must be integers or slices, not {_WORD}",
    r"negative dimensions are not allowed",
    r"\[Errno \d{1,3}\] [A-Z][a-z ]{3,40}",
]
_PATTERN = re.compile("|".join(f"(?:{known})" for known in _KNOWN))
_TYPES = {"NoneType", "numpy", "numpy.ndarray", "np", "ufunc", "module", "function", "method"} | {
    name for name in dir(builtins) if not name.startswith("_")
}


def quotable(text: str, source: str) -> bool:
    """Whether a text from the worker may be shown, given the student's own source."""
    if text in _TYPES or (len(text) >= 3 and _squeezed(text) in _squeezed(source)):
        return True
    if not _PATTERN.fullmatch(text):
        return False
    words = re.findall(_NAME, text) + re.findall(rf"^{_WORD}(?=\(\))", text)
    return all(_known_name(word.strip("'"), source) for word in words)


def _known_name(name: str, source: str) -> bool:
    return name in _TYPES or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source) is not None


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)
