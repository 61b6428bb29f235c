"""Conditional and ranged requests (RFC 9110): which version is meant, who has it already, which bytes are wanted."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from litestar.types import HTTPScope

from domain.errors import Malformed
from entrypoints.http.exchange import header
from entrypoints.http.problems import RangeNotSatisfiable

_VERSION = re.compile(rb'"(\d{1,9})"')
_RANGE = re.compile(rb"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)
_NEVER = 0
"""Versions count from 1, so nothing is at this one."""


class Span(NamedTuple):
    """Bytes from `start` up to but not including `stop`."""

    start: int
    stop: int


def expected_version(scope: HTTPScope) -> int | None:
    """The version that If-Match names; None without one or for `*`. A tag that is not ours fits no version."""
    sent = header(scope, b"if-match")
    if sent is None or sent.strip() == b"*":
        return None
    if b"," in sent:
        raise Malformed("If-Match takes one version")
    version = _VERSION.fullmatch(sent.strip())
    return int(version.group(1)) if version else _NEVER


def has_it(scope: HTTPScope, etag: str, changed: datetime) -> bool:
    """Whether the client's copy is the current one; tags go before dates."""
    tags = header(scope, b"if-none-match")
    if tags is not None:
        known = [tag.strip(" \t").removeprefix("W/") for tag in tags.decode("latin-1").split(",")]
        return "*" in known or etag in known
    since = _date(header(scope, b"if-modified-since"))
    return since is not None and changed.replace(microsecond=0) <= since


def wanted_span(scope: HTTPScope, size: int, etag: str, changed: datetime) -> Span | None:
    """The one range asked for, None for all of it: also for several ranges, or if If-Range names another version.

    Raises `RangeNotSatisfiable`.
    """
    sent = header(scope, b"range")
    if sent is None or scope["method"] != "GET" or not _is_current(header(scope, b"if-range"), etag, changed):
        return None
    match = _RANGE.fullmatch(sent.strip())
    if match is None or match.groups() == (b"", b""):
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= stop:
        raise RangeNotSatisfiable(size)
    return Span(start, stop)


def _is_current(condition: bytes | None, etag: str, changed: datetime) -> bool:
    if condition is None:
        return True
    if condition.strip().startswith((b'"', b"W/")):
        return condition.strip().decode("latin-1") == etag
    return _date(condition) == changed.replace(microsecond=0)


@lru_cache(maxsize=1024)
def http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _date(value: bytes | None) -> datetime | None:
    if value is None:
        return None
    try:
        said = parsedate_to_datetime(value.decode("latin-1"))
    except (ValueError, TypeError, OverflowError):
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)
