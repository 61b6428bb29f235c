"""What the OpenAPI document says of every route besides its own words."""

from collections.abc import Mapping
from typing import Any

from litestar.openapi import ResponseSpec

from entrypoints.http.problems import CHECKSUM_MISMATCH, MEDIA_TYPE, Problem, phrase

_TOLD = {
    400: "Not well formed, or a word outside of the vocabulary",
    401: "No token, or none that counts",
    403: "The caller lacks the permission",
    404: "Not there, or not the caller's to see",
    408: "The body arrived too slowly",
    409: "Contradicts what is stored",
    412: "Changed since the version that If-Match names",
    413: "Larger than what is accepted here",
    415: "A type that is not accepted here, or bytes that are not what they claim",
    416: "The range lies outside of the file",
    422: "Breaks a rule, or bytes that cannot be read",
    423: "Another request is sending bytes of this upload",
    429: "More within a minute, or at once, than is allowed; try again after Retry-After",
    CHECKSUM_MISMATCH: "The bytes are not those that the checksum is of",
    503: "Storage, database or malware scanner are away; try again after Retry-After",
}


def refusals(*statuses: int) -> Mapping[int, ResponseSpec]:
    """The problems a route can answer with: these, and those that every protected route has."""
    return {status: _problem(status) for status in sorted({400, 401, 403, 429, 503, *statuses})}


def _problem(status: int) -> ResponseSpec:
    return ResponseSpec(
        Problem,
        description=_TOLD.get(status) or phrase(status),
        media_type=MEDIA_TYPE,
        generate_examples=False,
    )


FORWARDED = ResponseSpec(
    None, description="Where the installation is set so: the bucket sends it, by a link", generate_examples=False
)


def answered(kind: Any, description: str, media_type: str = "application/json") -> ResponseSpec:
    """A second way for a route to succeed."""
    return ResponseSpec(kind, description=description, media_type=media_type, generate_examples=False)
