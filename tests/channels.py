"""Ways in which a program may try to tell a secret in its report, each with the way in which its author would read it there.

A way gets the secret's bits (`secret`, a number of `width` bits) and raises or returns something; `read` finds the number in the
message, or nothing. What the program's text holds is known to the author, so a table in it is as good as any other code.
"""

import builtins
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from autograder.grading.known_messages import MESSAGES

EXPECTED = np.arange(1.0, 121.0).reshape(2, 3, 4, 5)  # what is due where a way returns something
LINES = 4096
LITERALS = 64


@dataclass(frozen=True)
class Way:
    """One way.

    Attributes:
        code: the body of a function of `secret` and `width`.
        read: the number in a message, given the width.
        calls: how many calls a test makes; the shape that is due is then another one for each.
        later: the body of another function, which is called afterwards, without the secret. It has the test's message.
    """

    code: str
    read: Callable[[str, int], int | None]
    calls: int = 1
    later: str = ""

    @property
    def is_word(self) -> bool:
        return self.read is _hex


def _hex(message: str, width: int) -> int | None:
    """The secret in hexadecimal digits after a letter that no message has before such digits."""
    found = re.search(rf"q([0-9a-f]{{{(width + 3) // 4}}})", message)
    return int(found[1], 16) if found else None


def _numbers(base: int, places: slice = slice(None)) -> Callable[[str, int], int | None]:
    def read(message: str, _: int) -> int | None:
        first = message.partition("\n")[0]
        found = [int(number) for number in re.findall(r"\d+", first)][places]
        return sum(number * base**place for place, number in enumerate(found)) if found else None

    return read


def _marked(pattern: str) -> Callable[[str, int], int | None]:
    def read(message: str, _: int) -> int | None:
        found = re.search(pattern, message)
        return int(found[1]) if found else None

    return read


def _word(code: str) -> Way:
    """One that has the secret as a word."""
    return Way(f"word = f'q{{secret:0{{(width + 3) // 4}}x}}'\n{code}", _hex)


SHAPES = "({}) ({})".format(*[",".join("{}" for _ in range(4))] * 2)
WORDS = {
    **{
        f"the text of {name}": _word(f"raise errors[{name!r}](word)")
        for name, value in vars(builtins).items()
        if isinstance(value, type) and issubclass(value, Exception) and not name.startswith("Unicode")
    },
    **{
        f"{how} {text[:50]}": _word(f"raise errors[{error!r}]({code})")
        for error, texts in MESSAGES.items()
        for text in texts[::2]
        for how, code in {
            "the words of": repr(re.sub(r"\{[\w ]+\}", "WORD", text)) + ".replace('WORD', word)",
            "what follows": repr(re.sub(r"\{[\w ]+\}", "1", text)) + " + ' ' + word",
        }.items()
    },
    "a note": _word("error = ValueError('no')\nerror.add_note(word)\nraise error"),
    "a cause": _word("raise ValueError('no') from KeyError(word)"),
    "a context": _word("try:\n    {}[word]\nfinally:\n    raise ValueError('no')"),
    "a group of errors": _word("raise ExceptionGroup(word, [ValueError(word)])"),
    "an own class": _word("raise type(word, (ValueError,), {})('no')"),
    "an own class of NumPy's name": _word("raise type('UFuncTypeError', (TypeError,), {})(word)"),
    "a file's name": _word("open(word)"),
    "a module's name": _word("__import__(word)"),
    "a missing name": _word("eval(word)"),
    "a missing attribute": _word("getattr(np, word)"),
    "a key": _word("{}[word]"),
    "a line of another program": _word("exec('\\n' * (secret % 50) + word + '(')"),
    "a warning": _word("warnings.simplefilter('error')\nwarnings.warn(word)"),
    "printed text": _word("print(word)\nos.write(1, word.encode())\nraise ValueError('no')"),
    "an own text that changes": _word("raise ValueError(f'{word} is too small')"),
    "an own text put together": _word("raise ValueError('q' + word[1:])"),
    "the type of what is returned": _word("return type(word, (), {})()"),
    "returned text": _word("return word"),
    "a field's name": _word("return np.zeros(3, dtype=[(word, 'f8')])"),
}  # fmt: skip
FIELDS = {
    "three numbers, decimal": Way(
        "a, b, c = digits(secret, 10000, 3)\nraise IndexError(f'index {a} is out of bounds for axis {b} with size {c}')",
        _numbers(10000),
    ),
    "three numbers, small": Way(
        "a, b, c = digits(secret, 8, 3)\nraise IndexError(f'index {a} is out of bounds for axis {b} with size {c}')",
        _numbers(8),
    ),
    "seven numbers": Way(
        "a = digits(secret, 8, 7)\nraise ValueError('shapes ({},{}) and ({},{}) not aligned: {} (dim {}) != {} (dim 0)'.format(*a))",
        _numbers(8, slice(0, 7)),
    ),
    "two shapes": Way(
        f"raise ValueError('operands could not be broadcast together with shapes ' + {SHAPES!r}.format(*digits(secret, 8, 8)))",
        _numbers(8),
    ),
    "two large shapes": Way(
        f"raise ValueError('operands could not be broadcast together with shapes ' + {SHAPES!r}.format(*digits(secret, 256, 8)))",
        _numbers(256),
    ),
    "the shape of an array": Way(
        "return np.zeros([1 + each for each in digits(secret, 8, 6)] + [1])",
        lambda message, width: (_numbers(8, slice(0, 6))(message, width) or 0) - sum(8**place for place in range(6)),
    ),
    "the shape of an empty array": Way(
        "return np.zeros(digits(secret, 2**13, 4) + [0])", _numbers(2**13, slice(0, 4))
    ),
    "the length of a list": Way("return [0] * (secret % 1500)", _marked(r"of length (\d+)")),
    "a dtype": Way(
        "return np.zeros((2, 3, 4, 5), ['?', 'c8', 'c16', 'i1', 'i2', 'i4', 'u1', 'u2'][secret % 8])",
        lambda message, _: next(
            (place for place, name in enumerate(
                ["bool", "complex64", "complex128", "int8", "int16", "int32", "uint8", "uint16"])
             if f"dtype {name}." in message), None),
    ),
    "which number is wrong": Way(
        f"answer = np.arange(1.0, {EXPECTED.size + 1}).reshape({EXPECTED.shape})\nanswer.flat[secret % 64] = -1\nreturn answer",
        lambda message, _: (
            int(np.ravel_multi_index(tuple(map(int, found[1].split(", "))), EXPECTED.shape))
            if (found := re.search(r"the first is output\[([\d, ]+)\]", message)) else None),
    ),
    "how many numbers are wrong": Way(
        f"answer = np.arange(1.0, {EXPECTED.size + 1}).reshape({EXPECTED.shape})\n"
        "answer.flat[: 1 + secret % 64] = -1\nreturn answer",
        lambda message, _: int(found[1]) - 1 if (found := re.match(r"(\d+) of", message)) else None,
    ),
    "which two types": Way(
        "names = 'int float str list tuple dict set bool'.split()\n"
        "a, b = names[secret % 8], names[secret // 8 % 8]\n"
        "raise TypeError(f\"unsupported operand type(s) for +: '{a}' and '{b}'\")",
        lambda message, _: (
            ["int", "float", "str", "list", "tuple", "dict", "set", "bool"].index(found[1])
            + 8 * ["int", "float", "str", "list", "tuple", "dict", "set", "bool"].index(found[2])
            if (found := re.search(r"for \+: '(\w+)' and '(\w+)'", message)) else None),
    ),
    "how long it takes": Way("time.sleep(secret % 4 / 1000)\nraise ValueError('no')", lambda message, _: None),
}  # fmt: skip
TABLED = {
    "which line": Way(
        f"line(secret % {LINES})", _marked(r"raise error # (\d+)")
    ),
    "which two lines": Way(
        "\n".join(f"if secret % 32 == {first}: line(secret // 32 % {LINES}) # first {first}" for first in range(32)),
        lambda message, _: (
            int(found[1]) + 32 * int(found[2])
            if (found := re.search(r"# first (\d+)\n(?:.|\n)*# (\d+)", message)) else None),
    ),
    "two shapes and a line": Way(
        f"a = digits(secret // {LINES}, 8, 6)\n"
        "text = 'operands could not be broadcast together with shapes ({},{},{}) ({},{},{})'.format(*a)\n"
        f"line(secret % {LINES}, ValueError(text))",
        lambda message, width: (
            _numbers(8)(message, width) * LINES + int(found[1])
            if (found := re.search(r"shapes \((?:.|\n)*raise error # (\d+)", message)) else None),
    ),
    "which own text of one line": Way(
        f"refuse(secret % {LITERALS})", _marked(r"ValueError: text (\d+)")
    ),
    "which name of the text": Way(
        f"raise NameError(f\"name 'name_{{secret % {LINES}}}' is not defined\")", _marked(r"name 'name_(\d+)' is")
    ),
    "which own class of the text": Way(
        "raise type(f'name_{secret % 64}', (ValueError,), {})('no')", _marked(r"raised name_(\d+)")
    ),
}  # fmt: skip
ENDS = {
    "the exit code": Way("os._exit(secret % 256)", _marked(r"exit code (\d+)")),
}  # fmt: skip

TELL = "raise ValueError(f'operands could not be broadcast together with shapes ({read},) (2,)')"
DIES = "\nos._exit(1)"
SEVERAL = {
    "which call is wrong": Way(
        "global turn\nturn += 1\nif turn - 1 == secret % 8:\n    turn = 0\n    return np.zeros(1)\nreturn np.ones((turn, 2))",
        lambda message, _: int(found[1]) - 1 if (found := re.search(r"\((\d+), 2\)", message)) else None,
        calls=8,
    ),
    "the time between two calls": Way(
        "global since\nif since is None:\n    since = time.monotonic()\n    time.sleep(secret % 8 * 0.03)\n    return np.ones((1, 2))\n"
        f"read, since = int((time.monotonic() - since) / 0.03), None\n{TELL}",
        _numbers(1 << 64, slice(0, 1)),
        calls=2,
    ),
    "the clock of a later worker": Way(
        "time.sleep((secret % 8 * 0.1 - time.time()) % 0.8)" + DIES,
        _numbers(1 << 64, slice(0, 1)),
        later=f"read = int(time.time() % 0.8 / 0.1)\n{TELL}",
    ),
    "files beside the notebook": Way(
        "for name in ('beside.txt', 'secret.txt', '/tmp/secret.txt', os.path.expanduser('~/secret.txt')):\n"
        "    with contextlib.suppress(OSError), open(name, 'w') as file:\n        file.write(str(secret))" + DIES,
        _numbers(1 << 64, slice(0, 1)),
        later="read = ''\nfor name in ('beside.txt', 'secret.txt', '/tmp/secret.txt', os.path.expanduser('~/secret.txt')):\n"
        "    with contextlib.suppress(OSError), open(name) as file:\n"
        "        read = file.read()\n"
        f"    if read.isdigit():\n        {TELL}\nraise ValueError('nothing there')",
    ),
    "names of files beside the notebook": Way(
        "with contextlib.suppress(OSError):\n    open(f'{secret}.txt', 'w').close()" + DIES,
        _numbers(1 << 64, slice(0, 1)),
        later="for name in os.listdir():\n    if name[:1].isdigit():\n"
        f"        read = int(name.partition('.')[0])\n        {TELL}\nraise ValueError('nothing there')",
    ),
}  # fmt: skip


START = [
    "import builtins, contextlib, os, time, warnings\nimport numpy as np\nerrors, turn, since = vars(builtins), 0, None",
    "def digits(secret, base, count):\n    return [secret // base ** place % base for place in range(count)]",
]
TABLES = [
    "def line(number, error=ValueError):\n"
    + "".join(f"    if number == {number}: raise error # {number}\n" for number in range(LINES)),
    f"def refuse(number):\n    raise ValueError({[f'text {number}' for number in range(LITERALS)]}[number])",
    f"'{' '.join(f'name_{number}' for number in range(LINES))}'",
]
# The ways of one line share a notebook: the fewer lines and names it has, the more a report may say of others.
NOTEBOOKS: tuple[tuple[Mapping[str, Way], list[str]], ...] = (
    (WORDS, START),
    (FIELDS, START),
    (TABLED, START + TABLES),
    (ENDS, START),
    (SEVERAL, START),
)


def notebook(ways: Mapping[str, Way], above: list[str]) -> list[str]:
    """The cells of one notebook that has these ways as functions `way_0` …"""
    return above + [
        f"def {name}_{number}(secret, width):\n    " + code.replace("\n", "\n    ")
        for number, way in enumerate(ways.values())
        for name, code in (("way", way.code), ("later", way.later))
        if code
    ]
