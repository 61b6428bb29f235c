"""An OTLP collector: takes traces over HTTP and keeps them."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.services.listening import listening


@dataclass(frozen=True, slots=True)
class Taken:
    """A span as it arrived; ids in hexadecimal, `parent` empty at a root."""

    name: str
    trace: str
    id: str
    parent: str
    kind: int
    status: int
    attributes: dict[str, Any]
    events: int


@dataclass(slots=True)
class Collector:
    url: str
    spans: list[Taken] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    resource: dict[str, Any] = field(default_factory=dict)

    def take(self, body: bytes) -> None:
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.resource |= _read(resource.resource.attributes)
            self.spans += [_taken(span) for scope in resource.scope_spans for span in scope.spans]

    def below(self, parent: Taken) -> Sequence[Taken]:
        return [span for span in self.spans if span.parent == parent.id and span.trace == parent.trace]

    def tree(self, root: Taken) -> Sequence[Taken]:
        """The span and all below it."""
        return [root, *(each for child in self.below(root) for each in self.tree(child))]


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken = self.path == "/v1/traces"
            if taken:
                collector.take(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200 if taken else 404)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: Any) -> None: ...

    with listening(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        collector = Collector(url)
        yield collector


def _taken(span: Any) -> Taken:
    return Taken(
        name=span.name,
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        kind=span.kind,
        status=span.status.code,
        attributes=_read(span.attributes),
        events=len(span.events),
    )


def _read(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}
