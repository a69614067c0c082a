"""Options that may be given by name: `activation="relu"`, `kernel_initializer="he_normal"` and so on."""

from reprlib import repr as short


def find(argument, value, choices):
    """Return the object that `value` stands for; None stays None.

    `value` may be a name among `choices` (small or capital letters, with or without underscores: "max_norm"
    and "MaxNorm" are one), a class, which is called without arguments, or any other callable, returned as it
    is. `choices` maps names to objects. ValueError for an unknown name, TypeError for anything else.
    """
    if value is None:
        return None
    if isinstance(value, str):
        value = _by_name(argument, value, choices)
    if isinstance(value, type):
        value = value()
    if not callable(value):
        raise TypeError(
            f"{argument} must be a name, an object or a function, but it is {short(value)} "
            f"({type(value).__name__}); the names are {', '.join(choices)}"
        )
    return value


def gradient_of(role, function):
    """Return the method `gradient` of an activation or a regularizer that somebody wrote themselves."""
    try:
        return function.gradient
    except AttributeError:
        raise TypeError(
            f"{role} {short(function)} has no method `gradient`, so training cannot pass through it; "
            f"see the classes in the module of each for an example"
        ) from None


def _by_name(argument, name, choices):
    plain = {_plain(each): choice for each, choice in choices.items()}
    try:
        return plain[_plain(name)]
    except KeyError:
        raise ValueError(f"{argument} must be one of {', '.join(choices)}, but it is {name!r}") from None


def _plain(name):
    return name.replace("_", "").lower()
