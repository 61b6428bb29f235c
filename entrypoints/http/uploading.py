"""What every upload route does first: check, receive, and read the form beside the file."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_origin

import msgspec
from litestar.openapi.spec import Operation, RequestBody

from application.ports.blobs import StagedBlob
from application.ports.unit_of_work import Once
from application.uploads import BeginUpload, Incoming
from domain.access import Principal
from domain.errors import Malformed, TooManyRequests
from domain.ids import ClinicId, DocumentId, PatientId, UserId
from entrypoints.http.receiving import FILE, Form, Limits, receive_form
from entrypoints.http.repeating import once
from entrypoints.http.requests import MediaRequest, converted

F = TypeVar("F", bound=msgspec.Struct)


AT_ONCE = 64
"""Uploads of one person that may be under way in one process; a browser has six."""


class Receiver:
    """Whatever goes wrong before all has arrived and makes sense, nothing of it stays."""

    def __init__(self, begin: BeginUpload, limits: Limits) -> None:
        self._begin = begin
        self._limits = limits
        self._under_way: Counter[tuple[ClinicId, UserId]] = Counter()

    async def __call__(
        self, request: MediaRequest, patient: PatientId, kind: type[F]
    ) -> tuple[Incoming, F, Once | None]:
        id, blob = await self._begin(request.user, patient)
        return await self.into(request, id, blob, kind)

    async def into(
        self, request: MediaRequest, id: DocumentId, blob: StagedBlob, kind: type[F], max_bytes: int | None = None
    ) -> tuple[Incoming, F, Once | None]:
        """Receive into a place that is made already; `max_bytes` is of the file, where less is allowed than usual."""
        limits = replace(self._limits, file=min(self._limits.file, max_bytes)) if max_bytes else self._limits
        try:
            with self._turn(request.user):
                form = await receive_form(request.scope, request.receive, blob, limits)
            said = words(form, kind)
            repeated = once(request.scope, msgspec.json.encode((form.fields, form.filename, form.size, form.crc32)))
        except BaseException:
            await blob.discard()
            raise
        return Incoming(id=id, blob=blob, filename=form.filename, declared=form.declared), said, repeated

    @contextmanager
    def _turn(self, actor: Principal) -> Iterator[None]:
        who = actor.clinic_id, actor.user_id
        if self._under_way[who] >= AT_ONCE:
            raise TooManyRequests(f"At most {AT_ONCE} uploads at once; send this one when others are through")
        self._under_way[who] += 1
        try:
            yield
        finally:
            self._under_way[who] -= 1
            self._under_way += Counter()  # forgets those who have none


def words(form: Form, kind: type[F]) -> F:
    """The form's texts as `kind`; what was left empty was not said. Raises `Invalid` or `Malformed`."""
    lists = {field.name for field in msgspec.structs.fields(kind) if get_origin(field.type) is list}
    said: dict[str, Any] = {}
    for name, texts in form.fields.items():
        filled = [text for text in texts if text]
        if name in lists:
            said[name] = filled
        elif len(texts) > 1:
            raise Malformed(f"{name} can be given once", field=name)
        elif filled:
            said[name] = filled[0]
        elif name not in kind.__struct_fields__:
            said[name] = ""
    read: F = converted(said, kind)
    return read


def multipart(kind: type[msgspec.Struct]) -> type[Operation]:
    """For the OpenAPI document: a form of `kind` with the file."""
    schema = _schema(kind)
    schema["properties"] = {FILE: {"type": "string", "format": "binary"}, **schema["properties"]}
    schema["required"] = [FILE, *schema.get("required", ())]
    return _taking({"multipart/form-data": {"schema": schema}})


def json_or_form(kind: type[msgspec.Struct]) -> type[Operation]:
    """For the OpenAPI document: a body of `kind`, however it is written."""
    schema = _schema(kind)
    written = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
    return _taking({media_type: {"schema": schema} for media_type in written})


def _taking(content: Any) -> type[Operation]:
    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            self.request_body = RequestBody(content=content, required=True)

    return Taking


def _schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    (reference,), parts = msgspec.json.schema_components((kind,), ref_template="{name}")
    inlined: dict[str, Any] = _inlined(parts[reference["$ref"]], parts)
    return inlined


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(item, parts) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"]], parts)
    return {key: _inlined(value, parts) for key, value in schema.items()}
