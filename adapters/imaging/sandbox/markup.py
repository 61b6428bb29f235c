"""Text, and what only looks like it: pages and drawings that browsers run."""

import codecs
import re

import msgspec

from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.refusal import Refusal, damaged
from domain import filetypes

_CHUNK = 1 << 20
_MAX_CHECKED_JSON = 64 << 20
_TELLING_BYTES = 512

# Tabs, line ends, form feed and escape are what terminals and printers left in text; other controls are binary.
_CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27}) + b"\x7f"

_SKIPPED = re.compile(r"\s+|<!--.*?-->|<\?(?!php).*?\?>", re.DOTALL)
_PAGE = re.compile(
    r"<(?:head|body|script|iframe|frame|object|embed|link|meta|style|title|base|form|table|img|"
    r"video|audio|div|font|h1|h2|h3|p|a|b|br|center|marquee)(?=[\s/>])",
    re.IGNORECASE,
)
_DRAWING = re.compile(r"<(?:!doctype\s+svg|(?:\w+:)?svg(?=[\s/>]))", re.IGNORECASE)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|(?:\w+:)?html)(?=[\s/>])", re.IGNORECASE)
_ANYWHERE = re.compile(r"<(?:script|svg|iframe|html)(?=[\s/>])|<!doctype\s+html", re.IGNORECASE)
_PROGRAM = re.compile(r"<\?php|<\?=|#!\s*/", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)


def markup_type(head: bytes, extension: str) -> str | None:
    """Of a page, a drawing or a program in text form, however it is encoded and whatever it is called."""
    text = _decoded(head)
    if _PROGRAM.match(text.lstrip()):
        return "text/x-script"
    start = _after_prolog(text)
    root = _DOCTYPE.sub("", start, count=1).lstrip() if start[:9].upper() == "<!DOCTYPE" else start
    root = _after_prolog(root)
    if _DRAWING.match(start) or _DRAWING.match(root):
        return "image/svg+xml"
    if _HTML_ROOT.match(start) or _HTML_ROOT.match(root):
        return "text/html"
    # Elements and JSON have their own names for things, and those names mean nothing to a browser
    if extension in ("xml", "json"):
        return None
    return "text/html" if _PAGE.match(start) else None


def text_type(content: Content, extension: str) -> str | None:
    """A member of the text family, by the extension where it names one; None for bytes that are not text."""
    if not _is_text(content):
        return None
    named = filetypes.BY_EXTENSION.get(extension)
    start = _decoded(content.head).lstrip()
    if named is filetypes.XML or start.startswith("<?xml"):
        return _xml(content, start)
    if named is filetypes.JSON:
        return _json(content)
    if _ANYWHERE.search(start[:1024]):
        return "text/html"
    return filetypes.CSV.mime if named is filetypes.CSV else filetypes.TXT.mime


def _xml(content: Content, start: str) -> str:
    if not start.startswith("<"):
        raise damaged("XML document")
    if _ENTITY.search(_decoded(content.read(0, _CHUNK))):
        raise Refusal("The XML document declares entities.")
    return filetypes.XML.mime


def _json(content: Content) -> str:
    if content.size > _MAX_CHECKED_JSON:
        return filetypes.JSON.mime
    try:
        msgspec.json.decode(content.read(0, content.size).removeprefix(codecs.BOM_UTF8), type=msgspec.Raw)
    except RecursionError:
        raise
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise damaged("JSON document") from error
    return filetypes.JSON.mime


def _is_text(content: Content) -> bool:
    """UTF-8, UTF-16 with a byte order mark, or an older code page: without control characters."""
    encoding = _encoding(content.head)
    if encoding is not None:
        return _decodes(content, encoding)
    return _free_of_controls(content) and (_decodes(content, "utf-8") or _reads_as_text(content.head))


def _encoding(head: bytes) -> str | None:
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _decodes(content: Content, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with content.open() as file:
            while chunk := file.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _free_of_controls(content: Content) -> bool:
    with content.open() as file:
        return all(
            len(chunk.translate(None, _CONTROLS)) == len(chunk) for chunk in iter(lambda: file.read(_CHUNK), b"")
        )


def _reads_as_text(head: bytes) -> bool:
    """Of bytes without a control character: a long run is text of some code page, a short one if it is mostly ASCII."""
    return len(head) >= _TELLING_BYTES or sum(byte < 128 for byte in head) > 0.7 * len(head)


def _decoded(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    if head[:2] in (b"<\0", b"\0<"):
        return head.decode("utf-16-le" if head[1] == 0 else "utf-16-be", "ignore")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _after_prolog(text: str) -> str:
    """Without leading white space, comments and processing instructions."""
    at = 0
    while skipped := _SKIPPED.match(text, at):
        at = skipped.end()
    return text[at:]
