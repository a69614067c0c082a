"""Runs what stands behind a cell's `await`, with an event loop that needs no sockets: the sandbox has none."""

import asyncio
import threading
from collections.abc import Coroutine


class Loop(asyncio.BaseEventLoop):
    """Enough for coroutines, sleeping and threads; nothing else can wake it."""

    def __init__(self) -> None:
        super().__init__()
        self._woken = threading.Event()
        self._selector = self

    def select(self, seconds: float | None) -> list[object]:
        """Waits for those seconds, or until another thread has something to do."""
        self._woken.wait(seconds)
        self._woken.clear()
        return []

    def _process_events(self, events: list[object]) -> None:
        pass

    def _write_to_self(self) -> None:
        self._woken.set()


def awaited(coroutine: Coroutine[object, None, object]) -> object:
    """What the coroutine gives. Raises what it raises."""
    return Loop().run_until_complete(coroutine)
