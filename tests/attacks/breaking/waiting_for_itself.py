"""Waits for a lock that it holds itself, and for input that never comes."""

import sys
import threading

HONEST = 0.0

sys.stdin.read()
lock = threading.Lock()
lock.acquire()
lock.acquire()
