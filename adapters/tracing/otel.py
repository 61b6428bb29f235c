"""Traces for an OpenTelemetry collector.

What is said where follows the semantic conventions for HTTP servers and databases. Exceptions are told by their type
or code: their texts may quote what somebody wrote.
"""

import asyncio
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, Tracer, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from adapters.tracing.http import Served
from adapters.tracing.spans import Spans
from adapters.tracing.statements import with_statements
from adapters.tracing.wrapping import changed
from application.ports.blobs import Blobs, StagedBlob
from application.ports.event_bus import EventBus
from application.ports.tracing import Application, Scope, Tracing

P = TypeVar("P")

_NAME = "clinic-media"
_LAST_SECONDS = 2.0
"""For which whoever ends waits for a collector."""
_UNTOLD = frozenset({"close", "check", "write"})
"""Methods that say nothing of a request, or are called for each piece of a file."""
_GIVES: Mapping[tuple[type[Any], str], type[Any]] = {(Blobs, "stage"): StagedBlob}
"""Methods that give another port."""


class OtelTracing(Tracing):
    def __init__(self, provider: TracerProvider, exporter: SpanExporter) -> None:
        provider.add_span_processor(BatchSpanProcessor(exporter))
        self._provider = provider
        self._exporter = exporter
        tracer: Tracer = provider.get_tracer(_NAME)
        self._spans = Spans(tracer)
        self._tracer = tracer
        self._propagator = TraceContextTextMapPropagator()

    @classmethod
    def over_http(cls, endpoint: str) -> "OtelTracing":
        """To an OTLP collector. Sampling, headers, batches and further names come from the OTEL_… variables."""
        named = Resource({"service.name": _NAME}).merge(OTELResourceDetector().detect())
        provider = TracerProvider(resource=Resource.create().merge(named), shutdown_on_exit=False)
        url = f"{endpoint.rstrip('/')}/v1/traces" if endpoint else None
        return cls(provider, OTLPSpanExporter(endpoint=url))

    def served(self, app: Application, request_id: Callable[[Scope], str]) -> Application:
        return Served(app, self._tracer, self._propagator, request_id)

    def use_case(self, part: P) -> P:
        call = getattr(type(part), "__call__", None)  # noqa: B004 - whether it is one, not whether it could be called
        if not inspect.iscoroutinefunction(call):
            return part
        return changed(part, {"__call__": self._spans.around(call, type(part).__name__)})

    def port(self, kind: type[Any], part: P) -> P:
        return changed(part, {name: self._method(kind, name, part) for name in _methods(kind)})

    def _method(self, kind: type[Any], name: str, part: Any) -> Callable[..., Any]:
        is_publishing = kind is EventBus
        gives = _GIVES.get((kind, name))
        return self._spans.around(
            getattr(type(part), name),
            f"{kind.__name__}.{name}",
            kind=SpanKind.PRODUCER if is_publishing else SpanKind.INTERNAL,
            begins=is_publishing,
            given=(lambda other: self.port(gives, other)) if gives else None,
        )

    def database(self, part: P, system: str) -> P:
        return with_statements(part, self._spans, system)

    def carried(self) -> Mapping[str, str]:
        headers: dict[str, str] = {}
        self._propagator.inject(headers)
        return headers

    def trace_id(self) -> str:
        context = get_current_span().get_span_context()
        return f"{context.trace_id:032x}" if context.is_valid else ""

    async def close(self) -> None:
        stopping = asyncio.create_task(asyncio.to_thread(self._provider.shutdown))
        await asyncio.wait({stopping}, timeout=_LAST_SECONDS)
        if not stopping.done():  # the collector is away, and it goes on trying
            self._exporter.shutdown()
        await stopping


def _methods(kind: type[Any]) -> list[str]:
    """The methods of a port that are waited for."""
    return sorted(
        name for name in kind.__abstractmethods__ - _UNTOLD if inspect.iscoroutinefunction(getattr(kind, name))
    )
