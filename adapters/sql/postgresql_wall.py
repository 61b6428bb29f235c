"""The wall between clinics: what a PostgreSQL session says of itself, by which the policies of the tables decide."""

import asyncpg

from application.reach import EVERY_CLINIC
from domain.ids import ClinicId

SETTING = "clinic_media.clinic"
EVERYWHERE = {SETTING: str(EVERY_CLINIC)}
"""What a connection says of itself that is only ever used over every clinic."""

GOES_ROUND = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


class WalledConnection(asyncpg.Connection):
    """Knows which clinic its session stands in, so that staying there costs no round trip.

    A session never stands in all clinics: work over them says so for one transaction, which ends it.
    """

    __slots__ = ("_clinic",)

    def __init__(self, *of_driver: object) -> None:
        super().__init__(*of_driver)  # type: ignore[arg-type]
        self._clinic = ClinicId("")

    async def stand_in(self, clinic: ClinicId) -> None:
        """Outside of a transaction."""
        if self._clinic != clinic:
            # Whether it took hold is unknown if this is cancelled
            self._clinic = ClinicId("")
            await self.fetchval("SELECT set_config($1, $2, false)", SETTING, clinic)
            self._clinic = clinic

    def begin(self, clinic: ClinicId) -> str:
        """What begins a transaction in `clinic`: one round trip, and its end takes back what it says."""
        if self._clinic == clinic:
            return "BEGIN"
        quoted = clinic.replace("'", "''")
        return f"BEGIN; SET LOCAL {SETTING} = '{quoted}'"
