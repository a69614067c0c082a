"""Tries every control of a process that the kernel has: name, tracer, dumps, keys, speculation, memory map."""

HONEST = 0.0
PRCTL, ARCH_PRCTL, PERSONALITY, SECCOMP = 157, 158, 135, 317


def flatten_filters(filters):
    return break_out(
        *(
            lambda option=option: native(PRCTL, option, 1, 0, 0, 0)
            for option in [*range(1, 80), 0x59616D61, 0x53564D41]
        ),
        *(lambda code=code: native(ARCH_PRCTL, code, 0) for code in (0x1001, 0x1004, 0x1011, 0x3001, 0x5001)),
        lambda: native(PERSONALITY, 0x0040000),
        *(lambda operation=operation: native(SECCOMP, operation, 0, None) for operation in range(4)),
    )
