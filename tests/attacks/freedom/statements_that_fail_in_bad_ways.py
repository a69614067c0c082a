"""Fails in every statement, with exceptions whose names, texts and classes are made to break whoever tells of them."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"
CELL = """
import sys
class Text(Exception):
    def __str__(self): raise self
class Name(Exception): pass
Name.__name__ = "<script>alert(1)</script>\\x1b[31m" * 100
class Meta(type):
    def __getattribute__(cls, name): raise SystemExit
class Class(Exception, metaclass=Meta): pass
class Deep(Exception):
    def __str__(self): return str(self)
sys.excepthook = sys.settrace = sys.unraisablehook = lambda *arguments: 1 / 0
raise Text
raise Name("<img src=x onerror=alert(1)>\\n\\n# heading\\x00\\ud800")
raise Class
raise Deep
raise type("E", (ValueError,), {{"__traceback__": 5, "__module__": "builtins"}})("x" * 10**7)
raise MemoryError
raise GeneratorExit
raise KeyboardInterrupt
raise StopIteration
raise BaseExceptionGroup("many", [SystemExit() for _ in range(10**5)])
raise SyntaxError("invalid", ("cell 1", 10**9, -5, None))
raise ImportError(name=5, path=[])
import sys; sys.exit("{home}")
"""


def submit(submitted, targets):
    hand_in(submitted, with_code(CELL.format(**targets), source=FUNCTION))
