"""Nothing is traced, and everything stays as it is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from application.ports.tracing import Application, Scope, Tracing

P = TypeVar("P")


class NoTracing(Tracing):
    def served(self, app: Application, request_id: Callable[[Scope], str]) -> Application:
        return app

    def use_case(self, part: P) -> P:
        return part

    def port(self, kind: type[Any], part: P) -> P:
        return part

    def database(self, part: P, system: str) -> P:
        return part

    def carried(self) -> Mapping[str, str]:
        return {}

    def trace_id(self) -> str:
        return ""

    async def close(self) -> None: ...
