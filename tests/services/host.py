"""A host that keeps visits and is asked whose they are."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from tests.services.listening import listening

RECORDS = {"7": "ana", "8": "luis"}
"""Of the clinic marina."""


class Host(BaseHTTPRequestHandler):
    """Keeps visits; what it was asked stands in `asked`."""

    records: dict[str, str]
    asked: list[tuple[str, dict[str, str]]]
    instead: Callable[["Host"], None] | None

    def do_GET(self) -> None:
        self.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        (type(self).instead or type(self).tell)(self)

    def tell(self) -> None:
        path, _, query = self.path.partition("?")
        patient = self.records.get(path.rpartition("/")[2]) if query == "clinic_id=marina" else None
        self.say(200 if patient else 404, json.dumps({"patient_id": patient}).encode())

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@contextmanager
def hosting() -> Iterator[tuple[str, type[Host]]]:
    kind = cast("type[Host]", type("Hosting", (Host,), {"records": dict(RECORDS), "asked": [], "instead": None}))
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    with listening(server) as url:
        yield f"{url}/owners", kind
