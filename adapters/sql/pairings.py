"""Pairings of a clinic: two rows each, which only stand together."""

from sqlalchemy import bindparam, case, delete, select
from sqlalchemy.dialects.postgresql import insert

from adapters.sql import rows
from adapters.sql.scope import Scope
from adapters.sql.tables import documents, pairing_members
from application.ports.unit_of_work import Pairings
from domain.errors import NotFound
from domain.ids import DocumentId
from domain.pairings import Pairing, PairRole

_IN_CLINIC = pairing_members.c.clinic_id == bindparam("clinic")
_OF = select(*pairing_members.c).where(pairing_members.c.document_id == bindparam("document"), _IN_CLINIC)
_REMOVE = delete(pairing_members).where(pairing_members.c.pairing_id == bindparam("pairing_id"), _IN_CLINIC)

_kind = pairing_members.c
_before = documents.c.id == bindparam("before", type_=documents.c.id.type)
# From the documents themselves, so that nothing is paired that is not there, in the clinic and of the patient.
_MEMBERS = select(
    documents.c.id,
    case(
        (_before, bindparam("after", type_=_kind.partner_id.type)),
        else_=bindparam("before", type_=_kind.partner_id.type),
    ),
    case((_before, PairRole.BEFORE.value), else_=PairRole.AFTER.value),
    bindparam("pairing_id", type_=_kind.pairing_id.type),
    documents.c.clinic_id,
    documents.c.patient_id,
    bindparam("created_at", type_=_kind.created_at.type),
).where(
    documents.c.id.in_([bindparam("before", type_=documents.c.id.type), bindparam("after", type_=documents.c.id.type)]),
    documents.c.clinic_id == bindparam("clinic"),
    documents.c.patient_id == bindparam("patient_id"),
)
_ADD = insert(pairing_members).from_select([column.name for column in pairing_members.c], _MEMBERS).inline()


class SqlPairings(Pairings):
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def of(self, document: DocumentId) -> Pairing | None:
        for row in await self._scope.fetch(_OF, document=document):
            pairing = rows.pairing(row)
            if self._scope.sees(pairing.patient_id):
                return pairing
        return None

    async def add(self, pairing: Pairing) -> None:
        self._scope.require(pairing.clinic_id, pairing.patient_id)
        if await self._scope.execute(_ADD, **rows.pairing_values(pairing)) != len(pairing.members):
            raise NotFound("There is no such document here")

    async def remove(self, pairing: Pairing) -> bool:
        self._scope.require(pairing.clinic_id, pairing.patient_id)
        return bool(await self._scope.execute(_REMOVE, pairing_id=pairing.id))
