"""What one transaction may see and change: the clinic of its principal, and the patients that one may see."""

from collections.abc import Sequence
from typing import Any

from adapters.sql.connections import Transaction
from adapters.sql.prepared import Row, Statement, Values
from domain.access import Principal
from domain.errors import NotFound
from domain.ids import ClinicId, PatientId


class Scope:
    """Every statement that goes through here is bound to the principal's clinic, as `clinic`."""

    def __init__(self, actor: Principal, transaction: Transaction) -> None:
        self.actor = actor
        self._transaction = transaction

    def sees(self, patient: PatientId) -> bool:
        return self.actor.sees(patient)

    def require(self, clinic: ClinicId, *patients: PatientId) -> None:
        """Raise `NotFound` for something of another clinic, or of a patient that the principal may not see."""
        if clinic != self.actor.clinic_id or not all(map(self.sees, patients)):
            raise NotFound("There is no such record here")

    async def fetch(self, statement: Statement, **values: Any) -> Sequence[Row]:
        return await self._transaction.fetch(statement, {**values, "clinic": self.actor.clinic_id})

    async def execute(self, statement: Statement, **values: Any) -> int:
        return await self._transaction.execute(statement, {**values, "clinic": self.actor.clinic_id})

    async def execute_many(self, statement: Statement, values: Sequence[Values]) -> None:
        clinic = self.actor.clinic_id
        await self._transaction.execute_many(statement, [{**each, "clinic": clinic} for each in values])

    async def lock(self, name: str) -> None:
        """Keep apart, until their end, the transactions of this clinic that lock the same name."""
        await self._transaction.lock(f"{self.actor.clinic_id}/{name}")
