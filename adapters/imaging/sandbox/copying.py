"""The pieces that a copy is put together of."""

from typing import TypeAlias

from adapters.imaging.wire import Piece

Pieces: TypeAlias = list[Piece]


class Unsure(Exception):
    """The structure of a file is not what it should be, so that no copy can be vouched for."""


def kept(start: int, stop: int) -> Piece:
    """Bytes of the original, from `start` up to but not including `stop`."""
    if not 0 <= start <= stop:
        raise Unsure
    return Piece(start=start, stop=stop)


def put(data: bytes) -> Piece:
    return Piece(data=data)


def blank(count: int) -> Piece:
    return Piece(zeros=count)


def woven(size: int, spans: list[tuple[int, int]], texts: list[tuple[int, bytes]]) -> Pieces:
    """A copy as long as the original: `spans` as they are, `texts` where they begin, zeros elsewhere.

    Raises `Unsure` where something rewritten lies inside of something kept, or outside of the file.
    """
    parts: list[tuple[int, int, bytes]] = [(start, stop, b"") for start, stop in united(spans)]
    parts += [(start, start + len(text), text) for start, text in set(texts) if text]
    pieces: Pieces = []
    at = 0
    for start, stop, text in sorted(parts):
        if start < at or stop > size:
            raise Unsure
        if start > at:
            pieces.append(blank(start - at))
        pieces.append(put(text) if text else kept(start, stop))
        at = stop
    return [*pieces, blank(size - at)] if at < size else pieces


def united(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same bytes in order, each once."""
    found: list[tuple[int, int]] = []
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def without(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of `spans` lies outside of `holes`."""
    left = united(spans)
    for begin, end in holes:
        left = [
            part
            for start, stop in left
            for part in ((start, min(stop, begin)), (max(start, end), stop))
            if part[0] < part[1]
        ]
    return left
