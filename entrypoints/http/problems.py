"""Everything that goes wrong, in one shape: problem+json (RFC 9457) that clients of either older front end can read."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, ValidationException
from litestar.types import ExceptionHandlersMap, HTTPScope

from application.ports.resumable import Locked
from application.resumable.pieces import ChecksumMismatch
from domain import errors
from domain.errors import DomainError
from entrypoints.http.exchange import exchange_of, header
from entrypoints.http.faults import Fault, Invalid, fault_of
from entrypoints.http.limiting import WINDOW, OverLimit

AnyRequest: TypeAlias = Request[Any, Any, Any]

MEDIA_TYPE = "application/problem+json"
CHECKSUM_MISMATCH = 460
"""A status of tus's own."""


class TooSlow(DomainError):
    """The body did not arrive in time."""

    code = "too_slow"


class UnsupportedVersion(DomainError):
    """The request speaks no version of tus that is spoken here."""

    code = "unsupported_version"


class NotReady(errors.Unavailable):
    """`faults` names the parts that are away."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("Away now: " + ", ".join(fault.field for fault in faults))
        self.faults = faults


class RangeNotSatisfiable(DomainError):
    """The range lies outside of the `size` bytes there are."""

    code = "range_not_satisfiable"

    def __init__(self, size: int) -> None:
        super().__init__(f"There are {size} bytes")
        self.size = size


STATUS: Mapping[type[DomainError], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    TooSlow: 408,
    errors.Conflict: 409,
    errors.StaleVersion: 412,
    UnsupportedVersion: 412,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    RangeNotSatisfiable: 416,
    errors.RuleViolated: 422,
    Locked: 423,
    errors.Unreadable: 422,
    errors.TooManyRequests: 429,
    ChecksumMismatch: CHECKSUM_MISMATCH,
    errors.Unavailable: 503,
}

# What Litestar refuses by itself, in our words.
_REFUSED_BY_LITESTAR: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "The request is not well formed"),
    404: ("not_found", "There is nothing here"),
    405: ("method_not_allowed", "This method is not supported here"),
    413: ("too_large", "The request body is too large"),
}

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_INVALID = ', error="invalid_token"'
_LATER = 5
_log = logging.getLogger("clinic_media.http")


class FieldError(msgspec.Struct):
    field: str
    message: str


class Problem(msgspec.Struct, kw_only=True):
    """`code` is stable; `message` repeats `detail` and `data` is null for clients that look for those."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[FieldError]
    message: str
    data: None = None


def problem(
    request: AnyRequest,
    status: int,
    code: str,
    detail: str,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    body = problem_body(request.scope, status, code, detail, faults)
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def problem_body(scope: HTTPScope, status: int, code: str, detail: str, faults: Sequence[Fault] = ()) -> bytes:
    """The problem as JSON, empty for HEAD; noted as the outcome of the exchange."""
    exchange_of(scope).outcome = code
    content = Problem(
        type=f"urn:clinic-media:problem:{code}",
        title=phrase(status),
        status=status,
        detail=detail,
        instance=scope["path"],
        code=code,
        errors=[FieldError(fault.field, fault.message) for fault in faults if fault.field],
        message=detail,
    )
    return b"" if scope["method"] == "HEAD" else msgspec.json.encode(content)


def phrase(status: int) -> str:
    return "Checksum Mismatch" if status == CHECKSUM_MISMATCH else HTTPStatus(status).phrase


def _on_domain_error(request: AnyRequest, error: DomainError) -> Response[bytes]:
    if isinstance(error, Invalid):
        return problem(request, 422 if error.is_rule else 400, error.code, error.detail, error.faults)
    status = _status(error)
    faults = error.faults if isinstance(error, NotReady) else (Fault(error.field, error.detail),) if error.field else ()
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        _log.warning("unavailable: %s request=%s", error.detail, exchange_of(request.scope).request_id, exc_info=error)
    return problem(request, status, error.code, error.detail, faults, _headers(request, error))


def _status(error: DomainError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _headers(request: AnyRequest, error: DomainError) -> Mapping[str, str]:
    if isinstance(error, errors.Unauthenticated):
        given = header(request.scope, b"authorization") is not None
        return {"WWW-Authenticate": f'Bearer realm="clinic-media"{_INVALID if given else ""}'}
    if isinstance(error, OverLimit):
        return {
            "Retry-After": str(error.seconds),
            "RateLimit-Policy": f'"{error.name}";q={error.most};w={WINDOW}',
            "RateLimit": f'"{error.name}";r=0;t={error.seconds}',
        }
    if isinstance(error, errors.TooManyRequests):
        return {"Retry-After": str(_LATER)}
    if isinstance(error, errors.Unavailable):
        return {"Retry-After": str(error.retry_after_seconds)}
    if isinstance(error, RangeNotSatisfiable):
        return {"Content-Range": f"bytes */{error.size}", "Accept-Ranges": "bytes"}
    return {}


def on_http_exception(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    if isinstance(error, ValidationException):
        return _on_domain_error(request, Invalid(_faults(request, error)))
    if error.status_code not in _REFUSED_BY_LITESTAR:
        return _on_bug(request, error)
    code, detail = _REFUSED_BY_LITESTAR[error.status_code]
    headers = {"Allow": _allowed(request)} if isinstance(error, MethodNotAllowedException) else {}
    return problem(request, error.status_code, code, detail, headers=headers)


def _faults(request: AnyRequest, error: ValidationException) -> list[Fault]:
    """What Litestar tells of wrong parameters; one that is missing it tells only by its name in the sentence."""
    types = {field.name: field.annotation for field in request.route_handler.parsed_fn_signature.parameters.values()}
    if isinstance(error.extra, list):
        return [_fault(told["message"], told.get("key", ""), types) for told in error.extra]
    name = error.detail.partition("'")[2].partition("'")[0]
    return [Fault(name, "is required", is_rule=True)]


def _fault(message: str, key: str, types: Mapping[str, Any]) -> Fault:
    if key == "data":
        return Fault("", "A JSON body is needed")
    return fault_of(message, key, types.get(key))


def _allowed(request: AnyRequest) -> str:
    """The methods that the path does have."""

    def has(method: Any) -> bool:
        try:
            request.app.asgi_router.handle_routing(path=request.scope["path"].rstrip("/") or "/", method=method)
        except HTTPException:
            return False
        return True

    return ", ".join(method for method in _METHODS if has(method))


def _on_bug(request: AnyRequest, error: Exception) -> Response[bytes]:
    request_id = exchange_of(request.scope).request_id
    _log.error("unexpected error request=%s", request_id, exc_info=error)
    return problem(
        request, 500, "internal", f"Something went wrong here; tell the operator the request id {request_id}"
    )


HANDLERS: ExceptionHandlersMap = {
    DomainError: _on_domain_error,
    HTTPException: on_http_exception,
    Exception: _on_bug,
}
