"""A folder on a free loopback port, as any web server has it, and a record of what a browser asks for."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Request


class _Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".wasm": "application/wasm",
        ".mjs": "text/javascript",
    }

    def log_message(self, *_: object) -> None:
        """Nothing: the browser's own record says more."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the folder is served until the context ends."""
    handler = functools.partial(_Files, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def asked_elsewhere(context: BrowserContext, address: str, found: list[str]) -> None:
    """Put into `found` every request of the context, from now on and its workers' too, that goes to another server."""

    def note(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            found.append(request.url)

    context.on("request", note)
