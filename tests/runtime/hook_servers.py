"""HTTP servers for the hooks of runs: real ones, on free ports of this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG, CLOSE, DRIBBLE = -1, -2, -3


class Server(ThreadingHTTPServer):
    """Keeps what it gets; answers with the statuses in their order, the last one for ever."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, statuses: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses = list(statuses)
        self.requests: list[tuple[str, str, str]] = []  # method, path, body
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests]

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        return

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        server = self.server
        server.requests.append((self.command, self.path, body))
        status = server.statuses.pop(0) if server.statuses[1:] else server.statuses[0]
        if status == HANG:
            server.released.wait(60)
        elif status == DRIBBLE:
            self._dribble()
        elif status == CLOSE:
            self.close_connection = True
        else:
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", f"{server.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _dribble(self) -> None:
        """A byte now and then, so that no single wait of the client is long."""
        while not self.server.released.wait(0.1):
            self.wfile.write(b"H")
            self.wfile.flush()


@contextmanager
def serving(*statuses: int) -> Iterator[Server]:
    server = Server(statuses or (200,))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
        time.sleep(0)
