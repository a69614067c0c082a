"""Starts what is nearly a thread: of its own memory, its own files, its own names, or with its own signals."""

HONEST = 0.0
CLONE, CLONE3, VFORK, FORK = 56, 435, 58, 57
THREAD = 0x3D0F00
FLAGS = (0x100, 0x200, 0x400, 0x800, 0x10000, 0x40000, 0x80000, 0x100000, 0x200000)


def flatten_filters(filters):
    stack = ctypes.create_string_buffer(1 << 16)
    top = ctypes.c_void_p(ctypes.addressof(stack) + (1 << 15))
    variations = [THREAD & ~flag for flag in FLAGS] + [
        THREAD | flag for flag in (17, 0x1000, 0x2000, 0x4000, 0x8000, 0x20000, 0x10000000)
    ]
    return break_out(
        *(lambda flags=flags: native(CLONE, flags, top, None, None, 0) for flags in variations),
        lambda: native(CLONE3, bytes(88), 88),
        lambda: native(VFORK),
        lambda: native(FORK),
    )
