"""Serves the pages of marking on this machine alone, to whoever has their address.

Other programs and other accounts of the machine can reach 127.0.0.1 too, and so can any page in the browser. So the path
begins with a random token; `Host` must be ours (a name that somebody's DNS points to 127.0.0.1 is not); and what writes
must come from our own page (`Origin`), as JSON, which no form of another site can send.
"""

import json
import secrets
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

HOST = "127.0.0.1"
LONGEST_BODY = 200_000  # bytes
PATIENCE = 30.0  # seconds for a request to arrive

Show = Callable[[str], str | None]
Save = Callable[[Any], tuple[int, dict[str, Any]]]


class MarkingServer(ThreadingHTTPServer):
    """One class's pages.

    Args:
        show: the page of a name, "" for the first one; None where there is none.
        save: takes what a page sends, as JSON says it; gives status and answer. Both are called one at a time.
        port: 0 for any that is free.
    """

    daemon_threads = True

    def __init__(self, show: Show, save: Save, port: int = 0):
        super().__init__((HOST, port), _Handler)
        self.show, self.save, self.alone = show, save, Lock()
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}
        self.token = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: MarkingServer
    timeout = PATIENCE
    server_version, sys_version = "marking", ""

    def do_GET(self) -> None:
        name = self._name()
        if name is None:
            return
        with self.server.alone:
            page = self.server.show(name)
        if page is None:
            self._say(404, "There is no such page.")
        else:
            self._answer(200, "text/html", page)

    def do_POST(self) -> None:
        if self._name() is None:
            return
        body = self._body()
        if body is None:
            return
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError):
            self._say(400, "This is not JSON.")
            return
        with self.server.alone:
            status, answer = self.server.save(sent)
        self._answer(status, "application/json", json.dumps(answer))

    def _name(self) -> str | None:
        """What the path names behind the token; None, and the answer is given, for a request that is not our page's."""
        _, token, *rest = [*self.path.split("/", 2), ""]
        if self.headers.get("Host") not in self.server.hosts:
            self._say(403, "This server is called 127.0.0.1.")
        elif not secrets.compare_digest(token.encode(), self.server.token.encode()):
            self._say(404, "There is no such page.")
        elif self.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            self._say(403, "Another site asks.")
        else:
            return rest[0]
        return None

    def _body(self) -> bytes | None:
        """What was sent; None, and the answer is given, for what our page would not send."""
        origin = self.headers.get("Origin", "").removeprefix("http://")
        length = self.headers.get("Content-Length", "")
        if origin not in self.server.hosts or self.headers.get_content_type() != "application/json":
            self._say(403, "Only this server's own page may write.")
        elif not length.isdecimal() or int(length) > LONGEST_BODY:
            self._say(413, "This is too long.")
        else:
            return self.rfile.read(int(length))
        return None

    def _say(self, status: int, words: str) -> None:
        self._answer(status, "application/json", json.dumps({"error": words}))

    def _answer(self, status: int, kind: str, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(content)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the address, which is a secret, would stand in it."""
