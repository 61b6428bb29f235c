"""RIFF and ISO-BMFF: containers that pictures share with films and sound, told apart by what they declare inside."""

from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.refusal import Refusal
from domain import filetypes

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"}
_NEUTRAL_BRANDS = {b"mif1", b"mif2", b"msf1", b"miaf", b"heif"}
_AVIF_BRANDS = {b"avif", b"avis"}
_RIFF_TYPES = {b"WEBP": filetypes.WEBP.mime, b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_MAX_BOXES = 1000


def container_type(content: Content, head: bytes) -> str | None:
    """Raises `Refusal` for a container whose parts outrun the file, whatever it was meant to hold."""
    if head.startswith(b"RIFF") and len(head) >= 12:
        return _riff(content, head)
    if head[4:8] == b"ftyp" and len(head) >= 12:
        return _iso(content, head)
    return None


def _riff(content: Content, head: bytes) -> str | None:
    mime = _RIFF_TYPES.get(head[8:12])
    if len(head) == 12:
        return None
    # WebP decoders forgive a wrong length and judge the picture by itself
    if mime != filetypes.WEBP.mime and int.from_bytes(head[4:8], "little") + 8 > content.size:
        raise _broken()
    return mime


def _iso(content: Content, head: bytes) -> str | None:
    size = int.from_bytes(head[:4], "big")
    major, others = head[8:12], {head[at : at + 4] for at in range(16, min(size, len(head)) - 3, 4)}
    if size == content.size:
        return None
    if major in _AVIF_BRANDS or (others & _AVIF_BRANDS and major in _NEUTRAL_BRANDS | {b"avio"}):
        return "image/avif"
    if ({major} | others) & _HEIC_BRANDS:
        return filetypes.HEIC.mime
    if not _boxes_fit(content):
        raise _broken()
    return "video/mp4"


def _boxes_fit(content: Content) -> bool:
    """Whether the top-level boxes fill the file exactly."""
    at = 0
    for _ in range(_MAX_BOXES):
        if at == content.size:
            return True
        header = content.read(at, 16)
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:], "big")
        if size == 0:
            return True
        at += size
        if size < 8 or at > content.size:
            return False
    return True


def _broken() -> Refusal:
    return Refusal("The file is a damaged or incomplete media container.")
