"""An HTTP endpoint for tests: keeps what is sent to it and answers as it is told."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from tests.services.listening import listening


class Request(NamedTuple):
    path: str
    headers: Mapping[str, str]
    """By names in lower case."""
    body: bytes


class Endpoint(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Request] = []
        self.status = 204
        self.answer: bytes = b""
        self.headers: dict[str, str] = {}
        self.stuck = threading.Event()
        self.stuck.set()
        """Cleared, no request is answered until it is set."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/events"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        named = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(Request(self.path, named, body))
        self.server.stuck.wait(30)
        try:
            self.send_response(self.server.status)
            for name, value in self.server.headers.items():
                self.send_header(name, value)
            if self.server.status != 204:
                self.send_header("content-length", str(len(self.server.answer)))
            self.end_headers()
            self.wfile.write(self.server.answer)
        except OSError:
            self.close_connection = True  # whoever asked did not wait

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so it is called above
        """Tests have a log of their own."""


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    with listening(server):
        try:
            yield server
        finally:
            server.stuck.set()
