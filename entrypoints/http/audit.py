"""Who did what to which document, when, from where; reads and refusals too."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Response, get
from litestar.params import FromQuery, QueryParameter
from litestar.response import Stream

from application.ports.audit_trail import AuditCriteria, AuditRow
from application.timeline import ExportAudit, ReadAudit
from domain.access import Permission
from entrypoints.http.audit_csv import MEDIA_TYPE, AlsoCsv, csv_of
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Cursor, Listing, PageNumber, Pager, Size40, host
from entrypoints.http.exchange import exchange_of
from entrypoints.http.filenames import attachment_header
from entrypoints.http.moments import moment, until
from entrypoints.http.requests import MediaRequest

From = Annotated[str | None, QueryParameter(name="from")]
To = Annotated[str | None, QueryParameter(name="to", description="included; a date counts whole")]
Action = Annotated[
    str | None,
    QueryParameter(max_length=64, description="an event type such as document.trashed, or an operation id"),
]

Form = Annotated[Literal["json", "csv"], QueryParameter(name="format", description="csv: all of it, not a page")]


class AuditOut(msgspec.Struct):
    """`action` of a change is its event type, of a read or refusal the operation id. `outcome` is ok or a code.
    `hash` chains over the entry before, `seq` counts without gaps."""

    seq: int
    at: datetime
    user_id: str
    action: str
    outcome: str
    document_id: str | None
    patient_id: str | None
    subject: str | None
    detail: str | None
    address: str
    request_id: str
    hash: str


def audit_out(row: AuditRow) -> AuditOut:
    entry = row.entry
    return AuditOut(
        seq=row.seq,
        at=entry.at,
        user_id=entry.user_id,
        action=entry.action,
        outcome=entry.outcome,
        document_id=entry.document_id,
        patient_id=entry.patient_id,
        subject=entry.subject,
        detail=entry.detail,
        address=entry.address,
        request_id=entry.request_id,
        hash=row.hash,
    )


class Audit(Controller):
    path = "/audit"
    tags = ("audit",)

    read_audit: ReadAudit
    export_audit: ExportAudit
    pager: Pager

    @get(
        operation_id="readAudit",
        summary="The audit log, newest first",
        description="Who saw or changed what of a patient: patient_id, and `from` and `to`. With format=csv everything "
        "that is found comes as one table, without pages; a cell that a spreadsheet would take for a formula has an "
        "apostrophe before it.",
        opt={"permission": Permission.AUDIT_READ},
        operation_class=AlsoCsv,
        responses=refusals(422),
    )
    async def listing(  # noqa: PLR0913, PLR0917 - query parameters come as arguments
        self,
        request: MediaRequest,
        document_id: FromQuery[str | None] = None,
        patient_id: FromQuery[str | None] = None,
        user_id: FromQuery[str | None] = None,
        action: Action = None,
        since: From = None,
        to: To = None,
        form: Form = "json",
        cursor: Cursor = None,
        page: PageNumber = 1,
        page_size: Size40 = 40,
    ) -> Response[Listing[AuditOut]]:
        asked = self.pager.asked(request, cursor, page, page_size)
        criteria = AuditCriteria(
            document_id=_id(document_id, "document_id"),
            patient_id=_id(patient_id, "patient_id"),
            user_id=_id(user_id, "user_id"),
            action=action or None,
            since=moment(since, "from") if since else None,
            until=until(to, "to") if to else None,
        )
        exchange_of(request.scope).patient = criteria.patient_id
        if form == "csv":
            return await self._table(request, criteria)
        found = await self.read_audit(request.user, criteria, asked)
        return Response(self.pager.listing(request, asked, found, audit_out))

    async def _table(self, request: MediaRequest, criteria: AuditCriteria) -> Response[Any]:
        rows = await self.export_audit(request.user, criteria)
        name = f"audit-{criteria.patient_id}.csv" if criteria.patient_id else "audit.csv"
        headers = {"Content-Disposition": attachment_header(name, inline=False)}
        return Stream(csv_of(rows), media_type=MEDIA_TYPE, headers=headers)


def _id(value: str | None, field: str) -> str | None:
    return host(value, field) if value else None
