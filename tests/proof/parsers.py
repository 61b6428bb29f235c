"""The parsers of our own that read what clients send, each as a function of bytes that raises where it is wrong."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any, TypeAlias, cast
from urllib.parse import unquote, urlsplit

from adapters.imaging.inspector import capture_date
from adapters.imaging.sandbox.exif import exif_of
from domain import wording
from domain.access import Principal, Role
from domain.errors import DomainError, Malformed, RuleViolated, Unauthenticated
from domain.ids import ClinicId, UserId
from entrypoints.http.conditions import expected_version, has_it, wanted_span
from entrypoints.http.cursors import Cursors
from entrypoints.http.faults import Invalid
from entrypoints.http.filenames import attachment_header, disposition_of
from entrypoints.http.keys import keys_of
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.moments import moment, until
from entrypoints.http.problems import RangeNotSatisfiable
from entrypoints.http.proxies import Proxies
from entrypoints.http.receiving import Limits, receive_form
from entrypoints.http.tokens import Tokens
from entrypoints.http.tus import checksum_of, length_of, offset_of, parsed
from entrypoints.http.upload_words import sent_by
from entrypoints.owner_types import owner_registry
from entrypoints.settings import Auth
from tests.made_files import exif as exif_made
from tests.staging import Kept

Parser: TypeAlias = Callable[[bytes], None]

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ETAG = '"1-2"'
_LIMITS = Limits(file=4096, field=256, fields=512, parts=8, header=512)
_LINKS = Links(b"a secret of the parsers", 3600, lambda: NOW)
_DENTIST = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.DENTIST}))
_URLS = DocumentLinks(_LINKS, _DENTIST).urls("ana", "d-1", inline=True, pictures=True)
GENUINE = {urlsplit(url or "").query for url in _URLS}
_CURSORS = Cursors(b"a secret of the parsers")
CURSOR = _CURSORS.seal("c", "/list", ("2026-03-01", 7)) or ""
_REGISTRY = owner_registry({})
_AUTH = Auth(secret="a secret of the parsers, long enough to sign")


def scope_of(**headers: bytes) -> Any:
    return {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(name.replace("_", "-").encode(), value) for name, value in headers.items()],
    }


def ranges(data: bytes) -> None:
    """The size in two bytes, then Range and If-Range on lines of their own."""
    size, (wanted, condition) = int.from_bytes(data[:2]), _lines(data[2:], 2)
    asked = scope_of(range=wanted, if_range=condition) if condition else scope_of(range=wanted)
    try:
        span = wanted_span(asked, size, ETAG, NOW)
    except RangeNotSatisfiable:
        return
    if span is not None:
        assert 0 <= span.start < span.stop <= size, span
        assert wanted.strip().lower().startswith(b"bytes"), wanted
        assert b"," not in wanted, wanted
        assert not condition.strip().startswith(b"W/"), condition


def conditions(data: bytes) -> None:
    """If-Match, If-None-Match and If-Modified-Since on lines of their own."""
    match, none, since = _lines(data, 3)
    try:
        version = expected_version(scope_of(if_match=match))
        assert version is None or 0 <= version < 10**9
        assert (version is None) == (match.strip() == b"*")
    except Malformed:
        pass
    known = has_it(scope_of(if_none_match=none), ETAG, NOW)
    tags = {tag.strip(b" \t").removeprefix(b"W/") for tag in none.split(b",")}
    assert known == bool(tags & {b"*", ETAG.encode()}), none
    has_it(scope_of(if_modified_since=since), ETAG, NOW)


def cursors(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    try:
        position = _CURSORS.open("c", "/list", text)
    except Malformed:
        return
    assert _CURSORS.seal("c", "/list", position) == CURSOR, "made up"


def filenames(data: bytes) -> None:
    """A Content-Disposition; what it names is written as one and read again."""
    read = disposition_of(data.decode("latin-1"))
    name = wording.clean_filename(read.filename or "")
    assert wording.clean_filename(name) == name
    assert not re.search(r"[/\\\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", name), name
    header = attachment_header(name, inline=False)
    assert re.fullmatch(r"[\x20-\x7e]+", header), header
    assert header.count('"') == 2
    _, _, extended = header.partition("filename*=UTF-8''")
    assert (unquote(extended) if extended else header[22:-1]) == name


def exif(data: bytes) -> None:
    found = exif_of(data)
    assert found.orientation in range(1, 9)
    capture_date(found.taken, UTC, NOW)


def links(data: bytes) -> None:
    try:
        bearer = _LINKS.opened("d-1", data, _DENTIST.origin).actor
    except Unauthenticated:
        return
    assert (bearer.clinic_id, bearer.user_id, bearer.is_admin) == ("c", "u", False)
    written = unquote(data.decode("ascii"))
    assert any(sorted(written.split("&")) == sorted(each.split("&")) or _same(written, each) for each in GENUINE), data


def _same(written: str, genuine: str) -> bool:
    """A number may be written in another way."""
    one, other = (dict(pair.split("=", 1) for pair in text.split("&")) for text in (written, genuine))
    return int(one.pop("exp")) == int(other.pop("exp")) and one == other


def metadata(data: bytes) -> None:
    """Upload-Metadata; Upload-Length and Upload-Checksum on lines of their own."""
    told, length, checksum = _lines(data, 3)
    for read in (length_of, offset_of, checksum_of):
        with suppress(Malformed):
            read(scope_of(upload_length=length, upload_offset=length, upload_checksum=checksum))
    try:
        words = parsed(told.decode("latin-1"))
        assert all(re.fullmatch(r"[\x21-\x7e]+", name) and "," not in name for name in words)
        sent_by(told.decode("latin-1"), _REGISTRY)
    except (Malformed, RuleViolated, Invalid):
        pass


def proxies(data: bytes) -> None:
    """X-Forwarded-For and Forwarded: what comes before a stranger changes nothing."""
    for name, made_up in {"x-forwarded-for": b"192.0.2.7", "forwarded": b"for=192.0.2.7"}.items():
        behind = Proxies(["10.0.0.0/8"], cast("Any", name))
        senders = []
        for value in (data, made_up + b", " + data):
            scope = scope_of(**{name: value}) | {"client": ("10.0.0.1", 1), "scheme": "http"}
            behind.correct(scope)
            senders.append(ip_address(scope["client"][0]))
            assert scope["scheme"] in ("http", "https")
        assert senders[0] == senders[1] or senders[0] in ip_network("10.0.0.0/8"), senders


def moments(data: bytes) -> None:
    for read in (moment, until):
        with suppress(Malformed):
            assert read(data.decode("utf-8", "replace"), "at").utcoffset() is not None


def tokens(data: bytes) -> None:
    async def read() -> None:
        await Tokens(_AUTH, keys_of(_AUTH), lambda: NOW).identity(data.decode("latin-1"))
        raise AssertionError("taken")

    with suppress(Unauthenticated):
        asyncio.run(read())


def forms(data: bytes) -> None:
    """The rest of the Content-Type on a line of its own, then the body, which comes in pieces."""
    rest, _, body = data.partition(b"\n")
    pieces = [body[at : at + 61] for at in range(0, len(body), 61)] or [b""]
    messages = iter([{"type": "http.request", "body": piece, "more_body": True} for piece in pieces])
    blob = Kept()

    async def receive() -> Any:
        return next(messages, {"type": "http.request", "body": b"", "more_body": False})

    try:
        form = asyncio.run(receive_form(scope_of(content_type=b"multipart/form-data" + rest), receive, blob, _LIMITS))
    except DomainError:
        return
    assert form.has_file
    assert form.size == len(blob.content) <= _LIMITS.file
    assert sum(len(text.encode()) for texts in form.fields.values() for text in texts) <= _LIMITS.fields
    assert blob.content in body


def _lines(data: bytes, number: int) -> list[bytes]:
    lines = data.split(b"\n", number - 1)
    return lines + [b""] * (number - len(lines))


PARSERS: dict[str, Parser] = {
    "range": ranges,
    "conditions": conditions,
    "cursor": cursors,
    "filename": filenames,
    "exif": exif,
    "link": links,
    "metadata": metadata,
    "proxies": proxies,
    "moment": moments,
    "token": tokens,
    "form": forms,
}

SEEDS: dict[str, list[bytes]] = {
    "range": [b"\x01\x00bytes=0-99", b"\x01\x00bytes=-5\n" + ETAG.encode(), b"\x01\x00Bytes = 7-", b"\x00\x00bytes=0-"],
    "conditions": [
        b'"3"\n"1-2", W/"x"\nSun, 01 Mar 2026 12:00:00 GMT',
        b"*\n*\nSunday, 01-Mar-26 12:00:00 GMT",
        b'W/"3"\n\nSun Mar  1 12:00:00 2026',
    ],
    "cursor": [CURSOR.encode(), CURSOR.replace("-", "+").encode(), b"e30="],
    "filename": [
        b'form-data; name="file"; filename="a.jpg"',
        b'form-data; name=file; filename="a\\"b.jpg"; filename*=utf-8\'\'a%C3%B1o.jpg',
        b'form-data; filename="=?UTF-8?B?YcOxby5qcGc=?="',
        b'form-data; filename="..\\..\\\xe2\x80\xaegnp.exe"',
    ],
    "exif": [
        bytes(exif_made(original="2024:05:01 10:00:00", x9011="+02:00", x9291="12").tobytes()),
        bytes(exif_made(orientation=6).tobytes()),
    ],
    "link": sorted(query.encode() for query in GENUINE),
    "metadata": [
        b"target cGhvdG8=,patient_id YW5h,media_category aW50cmFvcmFs,filename YS5qcGc=\n9\n"
        b"sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        b"target ZmlsZQ==,entity_type dmlzaXQ=,entity_id djE=,name,type\n0\nmd5 x",
    ],
    "proxies": [
        b"198.51.100.4, 10.0.0.9:80",
        b'for="[2001:db8::1]:4711";proto=https, for=10.0.0.2',
        b"::ffff:198.51.100.4",
    ],
    "moment": [b"2026-03-01T09:30:00Z", b"2026-03-01", b"20260301T0930+0530", b"2026-W09-1"],
    "token": [b"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.AAAA", b"a.b.c"],
    "form": [
        b'; boundary=B\n--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
        b'Content-Type: text/plain\r\n\r\nx\r\n--B\r\nContent-Disposition: form-data; name="t"\r\n\r\ny\r\n--B--\r\n',
        b'; boundary="a b"\n--a b\r\n\r\n--a b--',
    ],
}
