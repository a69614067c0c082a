"""Becomes another user, takes capabilities and loads programs into the kernel."""

import ctypes
import os

HONEST = 0.0


def flatten_filters(filters):
    def take_all():
        header = ctypes.create_string_buffer(b"\x22\x05\x08\x20\0\0\0\0")
        return native(126, header, ctypes.create_string_buffer(b"\xff" * 24))  # capset

    return break_out(
        lambda: os.setuid(0),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.setgroups([0]),
        take_all,
        lambda: native(321, 0, ctypes.create_string_buffer(128), 128),  # bpf
        lambda: native(298, ctypes.create_string_buffer(128), 0, -1, -1, 0),  # perf_event_open
        lambda: native(175, b"\x7fELF", 4, b""),  # init_module
        lambda: native(250, 0, -3, 0),  # keyctl
        lambda: native(157, 22, 0, 0),  # prctl(PR_SET_SECCOMP)
        lambda: native(135, 0xFFFFFFF),  # personality
        lambda: native(169, 0xFEE1DEAD, 672274793, 0, 0),  # reboot, which only forbids Ctrl-Alt-Del this time
    )
