"""The bytes of a document: the file itself, or the pictures made of it."""

from typing import Any, Literal
from uuid import UUID

from litestar import Controller, route
from litestar.params import FromPath, FromQuery

from application.downloads import FULL, OpenDownload
from application.stripping import OpenStripped
from domain.access import Permission
from domain.ids import DocumentId
from entrypoints.http.documentation import FORWARDED, answered, refusals
from entrypoints.http.forwarding import Forwarding
from entrypoints.http.requests import MediaRequest
from entrypoints.http.sending import SentBytes, sent


def _operation_id(_: Any, method: Any, __: Any) -> str:
    return "headDownload" if method == "HEAD" else "downloadDocument"


class Downloads(Controller):
    path = "/documents/{document_id:uuid}/download"
    tags = ("documents",)

    open_stripped: OpenStripped
    open_download: OpenDownload
    forwarding: Forwarding

    @route(
        http_method=["GET", "HEAD"],
        operation_id=_operation_id,
        summary="The file, or a picture of it",
        description="Ranges, conditions and names by RFC 9110 and 6266. A picture that a document has none of is 404. "
        "`disposition=inline` counts for types that cannot run script. With a signed link no token is needed. "
        "`metadata=strip` gives a copy of the original with the same pixels that does not tell position, names, serial "
        "numbers, comments or previews; orientation, colour profile and the date it was taken stay. For JPEG, PNG, "
        "WebP, GIF, TIFF, HEIC and BMP; other types are 422, DICOM among them.",
        opt={
            "permission": Permission.DOCUMENTS_READ,
            "signed": True,
            "unrecorded": True,
            "action": "downloadDocument",
        },
        responses={
            200: answered(bytes, "All of it", "*/*"),
            206: answered(bytes, "The range that was asked for", "*/*"),
            302: FORWARDED,
            304: answered(None, "The client has it"),
            **refusals(404, 416, 422),
        },
    )
    async def download(
        self,
        request: MediaRequest,
        document_id: FromPath[UUID],
        variant: FromQuery[Literal["full", "medium", "thumb"]] = "full",
        disposition: FromQuery[Literal["attachment", "inline"] | None] = None,
        metadata: FromQuery[Literal["keep", "strip"]] = "keep",
    ) -> SentBytes:
        opener = self.open_stripped if metadata == "strip" else self.open_download
        download = await opener(request.user, DocumentId(str(document_id)), variant)
        inline = disposition == "inline" if disposition else variant != FULL
        return await sent(request.scope, download, inline=inline, opener=opener, forward=self.forwarding)
