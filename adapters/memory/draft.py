"""What one transaction sees and changes."""

from adapters.memory.store import Tables
from domain.access import Principal
from domain.errors import NotFound
from domain.ids import ClinicId, PatientId


class Draft:
    """A copy of the tables of the principal's clinic, seen with its eyes."""

    def __init__(self, actor: Principal, tables: Tables) -> None:
        self.actor = actor
        self._tables: Tables | None = tables

    @property
    def tables(self) -> Tables:
        if self._tables is None:
            raise RuntimeError("this transaction is over; open another one")
        return self._tables

    def close(self) -> None:
        self._tables = None

    def sees(self, patient: PatientId) -> bool:
        return self.actor.sees(patient)

    def require(self, clinic: ClinicId, *patients: PatientId) -> None:
        """Raise `NotFound` for something of another clinic, or of a patient that the principal may not see."""
        if clinic != self.actor.clinic_id or not all(map(self.sees, patients)):
            raise NotFound("There is no such record here")
