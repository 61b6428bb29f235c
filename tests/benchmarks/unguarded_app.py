"""The application with nobody at the gate and nothing entered in the audit log: what both cost is the difference."""

from litestar.types import HTTPScope

from domain.access import Principal, Role
from domain.ids import ClinicId, UserId
from entrypoints.http import app as application
from entrypoints.http.exchange import exchange_of
from entrypoints.http.gate import Gate
from tests.benchmarks.clinics import CLINIC

_ANYBODY = Principal(clinic_id=ClinicId(CLINIC), user_id=UserId("dentist-1"), roles=frozenset({Role.ADMIN}))


class OpenGate(Gate):
    async def admit(self, scope: HTTPScope) -> None:
        scope["user"] = exchange_of(scope).actor = _ANYBODY


application.Gate = OpenGate  # type: ignore[attr-defined]

from entrypoints.asgi import app as app  # noqa: E402 - made with what is there when it is imported
