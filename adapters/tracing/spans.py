"""Calls as spans."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from typing import Any

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, get_current_span

from domain.errors import DomainError


class Spans:
    """What runs outside of a trace (the worker looks every half second whether there is work) is none by itself."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def within(
        self,
        name: str,
        attributes: Mapping[str, str] | None = None,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        begins: bool = False,
    ) -> AbstractContextManager[Span | None]:
        """A span of the current trace; with `begins` also of a new one, where there is none."""
        if not begins and not get_current_span().get_span_context().is_valid:
            return nullcontext()
        return self._begun(name, attributes, kind)

    @contextmanager
    def _begun(self, name: str, attributes: Mapping[str, str] | None, kind: SpanKind) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                fail(span, error)
                raise

    def around(
        self,
        call: Callable[..., Awaitable[Any]],
        name: str,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        begins: bool = False,
        given: Callable[[Any], Any] | None = None,
    ) -> Callable[..., Awaitable[Any]]:
        """`call` in a span; `given` changes what it gives."""

        @wraps(call)
        async def traced(*args: Any, **options: Any) -> Any:
            with self.within(name, kind=kind, begins=begins):
                result = await call(*args, **options)
            return given(result) if given else result

        return traced


def fail(span: Span, error: Exception) -> None:
    """Say how it failed, by type or code alone."""
    span.set_attribute("error.type", error.code if isinstance(error, DomainError) else type(error).__name__)
    span.set_status(StatusCode.ERROR)
