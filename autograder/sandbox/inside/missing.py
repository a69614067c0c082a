"""A name whose import failed: it may be named, hinted at and compared with, but what is done with it raises the import's error."""

from typing import NoReturn


class Missing:
    """Stands for a module, or something from one, that is not here.

    Attributes of it are missing alike, since `scipy.signal` in a type hint does nothing; nothing is an instance of it; a class
    may derive from it. Calling it, calculating with it, asking for its items one by one or for its truth raises.
    """

    def __init__(self, error: ImportError):
        self.__dict__["_error"] = error

    def __getattr__(self, name: str) -> "Missing":
        if name.startswith("__") and name.endswith("__") and name != "__version__":
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> "Missing":
        return self

    def __or__(self, other: object) -> "Missing":
        return self

    __ror__ = __or__

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, subclass: type[object]) -> bool:
        return False

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[()]:
        return ()

    def __repr__(self) -> str:
        return "something that could not be imported"

    def _raise(self, *arguments: object, **keywords: object) -> NoReturn:
        error: ImportError = self.__dict__["_error"]
        raise type(error)(*error.args, name=error.name) from None


BINARY = (
    "add",
    "sub",
    "mul",
    "matmul",
    "truediv",
    "floordiv",
    "mod",
    "divmod",
    "pow",
    "lshift",
    "rshift",
    "and",
    "xor",
)
COMPARING = ("lt", "le", "gt", "ge")
USES = (
    *(
        "call",
        "iter",
        "next",
        "len",
        "bool",
        "int",
        "float",
        "complex",
        "index",
        "contains",
        "reversed",
        "round",
    ),
    *(
        "enter",
        "exit",
        "await",
        "aenter",
        "aexit",
        "aiter",
        "setitem",
        "delitem",
        "setattr",
        "array",
        "fspath",
    ),
    *("neg", "pos", "abs", "invert"),
    *COMPARING,
    *(side + name for name in BINARY for side in ("", "r", "i")),
)
for _name in USES:
    setattr(Missing, f"__{_name}__", Missing._raise)
