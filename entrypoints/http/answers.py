"""The answer that most routes give: one document, with its version as ETag."""

from litestar import Response

from application.ports.views import DocumentView
from entrypoints.http.document_out import DocumentOut, document_out
from entrypoints.http.envelopes import Envelope
from entrypoints.http.exchange import exchange_of
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.requests import MediaRequest


def document_answer(
    request: MediaRequest, view: DocumentView, links: Links, status: int | None = None
) -> Response[Envelope[DocumentOut]]:
    exchange_of(request.scope).patient = view.patient_id
    out = document_out(view, DocumentLinks(links, request.user))
    headers = {"ETag": f'"{view.version}"'}
    if status == 201:
        headers["Location"] = f"/api/v1/media/documents/{view.id}"
    return Response(Envelope(out), headers=headers, status_code=status)
