"""Uploads that come in pieces."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from adapters.sql.connections import Database, Transaction
from adapters.sql.prepared import Row, Statement
from adapters.sql.upload_tables import uploads
from adapters.sql.values import instant
from adapters.sql.writing import inserted
from application.ports.resumable import Upload, Uploads
from application.ports.unit_of_work import Once
from domain.access import Principal
from domain.errors import NotFound, RuleViolated, TooManyRequests
from domain.ids import ClinicId, DocumentId, PatientId, UserId

_ONE = uploads.c.id == bindparam("of_id")
_OF_USER = (uploads.c.clinic_id == bindparam("clinic"), uploads.c.user_id == bindparam("user_id"))

_ADD = inserted(uploads)
_GET = select(uploads).where(_ONE, *_OF_USER)
_FIRST = select(uploads).where(*_OF_USER, uploads.c.key == bindparam("key"))
_COUNT = select(func.count()).select_from(uploads).where(*_OF_USER, uploads.c.document_id.is_(None))
_ADVANCE = update(uploads).where(_ONE).values(received=bindparam("received"), expires_at=bindparam("expires_at"))
_FINISH = (
    update(uploads)
    .where(_ONE)
    .values(received=uploads.c.length, document_id=bindparam("document_id"), expires_at=bindparam("expires_at"))
)
_REMOVE = delete(uploads).where(_ONE)
_EXPIRED = (
    select(uploads)
    .where(uploads.c.expires_at < bindparam("now"))
    .order_by(uploads.c.expires_at, uploads.c.id)
    .limit(bindparam("limit"))
)


class SqlUploads(Uploads):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, upload: Upload, at_most: int) -> Upload:
        async with self._database.transaction() as transaction:
            # One after the other, or two could both be the last one that is allowed.
            await transaction.lock(f"uploads of {upload.clinic_id}/{upload.user_id}")
            earlier = await _earlier(transaction, upload)
            if earlier is not None:
                return earlier
            whose = {"clinic": upload.clinic_id, "user_id": upload.user_id}
            if (await transaction.fetch(_COUNT, whose))[0][0] >= at_most:
                raise TooManyRequests(f"At most {at_most} unfinished uploads; finish or delete one first")
            await transaction.execute(_ADD, _row(upload))
            await transaction.commit()
        return upload

    async def get(self, actor: Principal, id: DocumentId) -> Upload:
        found = await self._database.fetch(_GET, {"of_id": id, "clinic": actor.clinic_id, "user_id": actor.user_id})
        if not found:
            raise NotFound("There is no upload with this id here")
        return _upload(found[0])

    async def advance(self, id: DocumentId, received: int, expires_at: datetime) -> None:
        await self._execute(_ADVANCE, of_id=id, received=received, expires_at=expires_at)

    async def finish(self, id: DocumentId, document: DocumentId, expires_at: datetime) -> None:
        await self._execute(_FINISH, of_id=id, document_id=document, expires_at=expires_at)

    async def remove(self, id: DocumentId) -> None:
        await self._execute(_REMOVE, of_id=id)

    async def expired(self, now: datetime, limit: int) -> Sequence[Upload]:
        return [_upload(row) for row in await self._database.fetch(_EXPIRED, {"now": now, "limit": limit})]

    async def _execute(self, statement: Statement, **values: Any) -> None:
        async with self._database.transaction() as transaction:
            await transaction.execute(statement, values)
            await transaction.commit()


async def _earlier(transaction: Transaction, upload: Upload) -> Upload | None:
    """What the same key began; raises `RuleViolated` where it began something else."""
    if upload.once is None:
        return None
    key = {"clinic": upload.clinic_id, "user_id": upload.user_id, "key": upload.once.key}
    for row in await transaction.fetch(_FIRST, key):
        earlier = _upload(row)
        if earlier.once != upload.once:
            raise RuleViolated("This Idempotency-Key was used for another request", field="Idempotency-Key")
        return earlier
    return None


def _row(upload: Upload) -> dict[str, Any]:
    row: dict[str, Any] = {column.name: getattr(upload, column.name, None) for column in uploads.c}
    if upload.once is not None:
        row |= {"key": upload.once.key, "fingerprint": upload.once.fingerprint}
    return row


def _upload(row: Row) -> Upload:
    said = dict(zip(uploads.c.keys(), row, strict=True))
    key, fingerprint = said.pop("key"), said.pop("fingerprint")
    return Upload(
        id=DocumentId(said["id"]),
        clinic_id=ClinicId(said["clinic_id"]),
        user_id=UserId(said["user_id"]),
        patient_id=PatientId(said["patient_id"]),
        length=said["length"],
        received=said["received"],
        metadata=said["metadata"],
        place=said["place"],
        once=Once(key=key, fingerprint=fingerprint) if key is not None else None,
        created_at=instant(said["created_at"]),
        expires_at=instant(said["expires_at"]),
        document_id=DocumentId(said["document_id"]) if said["document_id"] is not None else None,
    )
