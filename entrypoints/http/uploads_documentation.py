"""What the OpenAPI document says of uploads in pieces: their headers, which the routes' signatures do not show."""

from dataclasses import dataclass

from litestar.datastructures import ResponseHeader
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

from entrypoints.http.tus import ALGORITHMS, BYTES, VERSION

METADATA = """`Upload-Metadata` says what it is to become, as tus has it: keys with their values in Base64.

| key | |
|---|---|
| `target` | `photo`, `document` or `file`: which of the uploads that come whole this is |
| `filename`, `filetype` | of the file, as a browser tells them |
| `patient_id` | of a photo or a document |
| `media_kind`, `media_category`, `media_subtype`, `title`, `description`, `captured_at`, `tags`, \
`paired_document_id`, `owner_type`, `owner_id` | of a photo, as in uploadPhoto; `tags` has a line for each |
| `document_type`, `title`, `description` | of a document, as in uploadDocument |
| `entity_type`, `entity_id`, `description`, `category` | of a file, as in uploadFile |

`name`, `type` and `relativePath`, which some clients add, say nothing here. OPTIONS tells what of tus is spoken."""

_ASKED = {
    "Tus-Resumable": f"The version of the protocol, {VERSION}",
    "Upload-Length": "Bytes of the whole file",
    "Upload-Metadata": "What it is to become",
    "Upload-Offset": "Where these bytes go on, which must be where those that are there end",
    "Upload-Checksum": f"Of these bytes: one of {', '.join(ALGORITHMS)}, a space, the digest in Base64",
}
_OPTIONAL = ("Upload-Checksum",)
_TOLD = {
    "Upload-Offset": "Bytes that are there, and stay there whatever happens",
    "Upload-Length": "Bytes of the whole file",
    "Upload-Metadata": "As it was said at the beginning",
    "Upload-Expires": "When an unfinished upload is dropped; it moves on with each piece",
    "Upload-Document": "The id of the document, once it is there",
    "Content-Location": "Where the document is, once it is there",
}


def told(*names: str) -> list[ResponseHeader]:
    return [ResponseHeader(name=name, description=_TOLD[name], documentation_only=True) for name in names]


def spoken(*names: str, body: bool = False) -> type[Operation]:
    """With these headers of the request, and if `body` with bytes of the file."""
    parameters = [
        Parameter(
            name=name,
            param_in="header",
            description=_ASKED[name],
            required=name not in _OPTIONAL,
            schema=Schema(type=OpenAPIType.STRING),
        )
        for name in ("Tus-Resumable", *names)
    ]
    content = {BYTES: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))}

    @dataclass
    class Spoken(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or ()), *parameters]
            if body:
                self.request_body = RequestBody(content=content)

    return Spoken
