"""Telling a collector what a request was spent on."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeAlias, TypeVar

P = TypeVar("P")

Scope: TypeAlias = Any
Application: TypeAlias = Callable[[Scope, Any, Any], Awaitable[None]]
"""An ASGI application."""


class Tracing(Protocol):
    """Spans carry names of routes, use cases, ports and tables, and codes of refusals: nothing that somebody wrote, no
    path and no query, no value of a statement."""

    @abstractmethod
    def served(self, app: Application, request_id: Callable[[Scope], str]) -> Application:
        """`app`, each of whose requests is a span that goes on with the trace of its traceparent header."""

    @abstractmethod
    def use_case(self, part: P) -> P:
        """`part`, whose calls are spans; itself where it cannot be called or does not wait for anything."""

    @abstractmethod
    def port(self, kind: type[Any], part: P) -> P:
        """`part`, whose calls of the methods of the port `kind` are spans."""

    @abstractmethod
    def database(self, part: P, system: str) -> P:
        """`part`, whose statements and transactions are spans."""

    @abstractmethod
    def carried(self) -> Mapping[str, str]:
        """The headers with which whoever is asked now goes on with the trace."""

    @abstractmethod
    def trace_id(self) -> str:
        """Of what runs now, in hexadecimal; empty outside of a trace."""

    @abstractmethod
    async def close(self) -> None:
        """Send what has not been sent."""
