"""What happened with a patient, newest first (Cronología)."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from application.ports.views import TimelineEntry
from application.timeline import ShowTimeline
from domain.access import Permission
from domain.ids import PatientId
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Cursor, Listing, PageNumber, Pager, Size40
from entrypoints.http.requests import MediaRequest

Types = Annotated[
    list[str] | None,
    QueryParameter(max_items=8, description="upload, note, pairing, visit; repeated or with commas between them"),
]


class TimelineEntryOut(msgspec.Struct):
    """`type` is upload, note, pairing or visit; `id` is of the document, note, pairing or record."""

    type: str
    at: datetime
    id: str
    title: str
    document_id: str | None
    other_document_id: str | None
    owner_type: str | None
    owner_id: str | None


def timeline_entry_out(entry: TimelineEntry) -> TimelineEntryOut:
    return TimelineEntryOut(*entry)


class Timeline(Controller):
    path = "/patients/{patient_id:str}/timeline"
    tags = ("timeline",)

    show_timeline: ShowTimeline
    pager: Pager

    @get(
        operation_id="showTimeline",
        summary="What happened with a patient",
        description="Uploads, notes, pairings and visits, newest first; notes only for those who may read them.",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses=refusals(404, 422),
    )
    async def show(
        self,
        request: MediaRequest,
        patient_id: FromPath[str],
        types: Types = None,
        cursor: Cursor = None,
        page: PageNumber = 1,
        page_size: Size40 = 40,
    ) -> Listing[TimelineEntryOut]:
        asked = self.pager.asked(request, cursor, page, page_size)
        kinds = [kind for text in types or () for kind in text.split(",") if kind]
        found = await self.show_timeline(request.user, PatientId(patient_id), kinds, asked)
        return self.pager.listing(request, asked, found, timeline_entry_out)
