"""Raises errors whose texts are endless, raise errors themselves or steer a terminal."""

HONEST = 0.0


class Endless(Exception):
    def __str__(self):
        return "x" * 100_000_000


class Nasty(Exception):
    def __str__(self):
        raise Nasty

    __repr__ = __str__


class Steering(Exception):
    def __str__(self):
        return "\x1b[2J\x1b]0;owned\x07\u202e\ud800\0\r\n::error::owned" * 1000


def flatten_filters(filters):
    raise Endless


def pad(image, rows, columns):
    raise Nasty


def same_padding(input_size, filter_size, stride=1):
    raise Steering


def convolve(image, kernel, stride=1):
    error = ValueError("round")
    error.__cause__ = error.__context__ = error
    raise error


def apply_kernel(image, kernel, x, y):
    raise ExceptionGroup("many", [ValueError(number) for number in range(100_000)])
