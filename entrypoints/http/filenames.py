"""Names of files in headers: read from whatever clients send, written so that every client can read them."""

import binascii
import re
from email.errors import HeaderParseError
from email.header import decode_header
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

# A parameter: its name, and a quoted text (with backslash escapes) or a bare word.
_PARAMETER = re.compile(r';\s*([A-Za-z0-9_\-!#$&+.^`|~]+\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))', re.DOTALL)
_EXTENDED = re.compile(r"(utf-8|iso-8859-1)'[A-Za-z0-9-]*'(.*)", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_FORM_ESCAPES = {"%22": '"', "%0D": "\r", "%0A": "\n", "%0d": "\r", "%0a": "\n"}
_FORM_ESCAPE = re.compile("|".join(_FORM_ESCAPES))
_UNSAFE = re.compile(r'[^\x20-\x7e]|["\\%]')
_SAFE_IN_EXTENDED = "!#$&+-.^_`|~"


class Disposition(NamedTuple):
    """A part of a form: the field's name, and the file's as it was sent, None for a part that is no file."""

    name: str
    filename: str | None


def disposition_of(value: str) -> Disposition:
    """Read the Content-Disposition of a part, whose bytes come as latin-1 text.

    RFC 8187's `filename*` goes before `filename`; that may be UTF-8 or latin-1, an RFC 2047 word, or percent-encoded.
    """
    given: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(value):
        given.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) if quoted else bare.strip())
    extended = _extended(given["filename*"]) if "filename*" in given else None
    plain = _plain(given["filename"]) if "filename" in given else None
    return Disposition(_form(_text(given.get("name", ""))), plain if extended is None else extended)


def _extended(value: str) -> str | None:
    match = _EXTENDED.fullmatch(value)
    if match is None:
        return None
    try:
        return unquote_to_bytes(match.group(2)).decode(match.group(1))
    except UnicodeDecodeError:
        return None


def _plain(value: str) -> str:
    text = _text(value)
    return _percent_decoded(_form(_words(text)))


def _text(value: str) -> str:
    """The header's bytes as the text they are."""
    sent = value.encode("latin-1", errors="replace")
    try:
        return sent.decode("utf-8")
    except UnicodeDecodeError:
        return sent.decode("cp1252", errors="replace")


def _words(text: str) -> str:
    """RFC 2047, as mail programs and some libraries write names."""
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
        said = "".join(part if isinstance(part, str) else part.decode(charset or "ascii") for part, charset in parts)
        return said or text
    except (HeaderParseError, UnicodeDecodeError, LookupError, binascii.Error, ValueError):
        return text


def _form(text: str) -> str:
    """Browsers write quotes and line breaks in these three escapes, and nothing else."""
    return _FORM_ESCAPE.sub(lambda match: _FORM_ESCAPES[match.group()], text)


def _percent_decoded(text: str) -> str:
    """A name that was percent-encoded as a whole; "100%25.jpg" is more likely what a person typed, and stays."""
    if _PERCENT.search(text) is None or not text.isascii():
        return text
    try:
        decoded = unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return text
    return text if decoded.isascii() else decoded


@lru_cache(maxsize=1024)
def attachment_header(filename: str, *, inline: bool) -> str:
    """A Content-Disposition by RFC 6266: an ASCII name for old clients, the real one by RFC 8187 where it differs."""
    kind = "inline" if inline else "attachment"
    plain = _UNSAFE.sub("_", filename)
    if plain == filename:
        return f'{kind}; filename="{filename}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe=_SAFE_IN_EXTENDED)}"
