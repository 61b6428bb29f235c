"""Asking whose a record is."""

from abc import abstractmethod
from typing import Protocol

from domain.attachments import OwnerRef
from domain.ids import ClinicId, PatientId


class OwnerResolver(Protocol):
    @abstractmethod
    async def patient_of(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        """The patient whose record `owner` is, None where the clinic has no such record.

        Raises `Unavailable` when nobody can tell now. The answer is checked against the document by the caller.
        """
