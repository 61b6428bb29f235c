"""Requests as spans, which go on with the trace of whoever asks."""

from collections.abc import Callable
from typing import Any

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from application.ports.tracing import Application, Scope

_CONTEXT = (b"traceparent", b"tracestate")
_UNTOLD = ("/health/", "/metrics")


class Served:
    """An ASGI application around another. The name of a span has the route's template, never the path itself."""

    def __init__(
        self,
        app: Application,
        tracer: Tracer,
        propagator: TraceContextTextMapPropagator,
        request_id: Callable[[Scope], str],
    ) -> None:
        self._app = app
        self._tracer = tracer
        self._propagator = propagator
        self._request_id = request_id

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_UNTOLD):
            await self._app(scope, receive, send)
            return
        status = 0

        async def noting(message: Any) -> None:
            nonlocal status
            await send(message)
            # What is sent may be exchanged for something else on its way.
            status = message.get("status", status)

        with self._tracer.start_as_current_span(
            scope["method"],
            context=self._before(scope),
            kind=SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                await self._app(scope, receive, noting)
            finally:
                self._tell(span, scope, status)

    def _before(self, scope: Scope) -> Context:
        given = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _CONTEXT}
        return self._propagator.extract(given, Context())

    def _tell(self, span: Span, scope: Scope, status: int) -> None:
        route = scope.get("path_template")
        span.set_attribute("http.request.method", scope["method"])
        span.set_attribute("url.scheme", scope["scheme"])
        span.set_attribute("clinic_media.request_id", self._request_id(scope))
        if route:
            span.update_name(f"{scope['method']} {route}")
            span.set_attribute("http.route", route)
        if status:
            span.set_attribute("http.response.status_code", status)
        if status >= 500 or not status:
            span.set_attribute("error.type", str(status or "disconnected"))
            span.set_status(StatusCode.ERROR)
