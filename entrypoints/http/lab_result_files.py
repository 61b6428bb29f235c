"""The download route that lab results had before all records had files."""

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from application.downloads import FULL, OpenDownload
from domain.access import Permission
from domain.ids import DocumentId
from entrypoints.http.documentation import FORWARDED, answered, refusals
from entrypoints.http.forwarding import Forwarding
from entrypoints.http.record_files import AGED
from entrypoints.http.requests import MediaRequest
from entrypoints.http.sending import SentBytes, sent


class LabResultFiles(Controller):
    path = "/lab-result-files/{file_id:uuid}/download"
    tags = ("files",)

    open_download: OpenDownload
    forwarding: Forwarding

    @get(
        operation_id="downloadLabResultFile",
        summary="The file of a lab result",
        description="Use downloadFile.",
        deprecated=True,
        opt={"permission": Permission.DOCUMENTS_READ, "unrecorded": True},
        responses={
            200: answered(bytes, "All of it", "*/*"),
            302: FORWARDED,
            **refusals(404, 416),
        },
    )
    async def download(self, request: MediaRequest, file_id: FromPath[UUID]) -> SentBytes:
        download = await self.open_download(request.user, DocumentId(str(file_id)), FULL)
        return await sent(
            request.scope, download, inline=False, opener=self.open_download, forward=self.forwarding, more=AGED
        )
