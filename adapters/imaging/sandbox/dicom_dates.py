"""When a DICOM object was made, as its header states it."""

import re
from datetime import datetime
from typing import Any

from adapters.imaging.wire import Taken

_MOMENT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,6}))?)?)?)?([+-]\d{4})?")
_OLD_DATE = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})")


def taken(header: Any) -> tuple[Taken, ...]:
    """AcquisitionDateTime, ContentDate with its time, StudyDate with its time: those that are there and make sense."""
    offset = _text(header, "TimezoneOffsetFromUTC")
    stated = (
        _text(header, "AcquisitionDateTime"),
        _joined(header, "Content"),
        _joined(header, "Study"),
    )
    dates = (_taken(text, offset) for text in stated)
    return tuple(date for date in dates if date is not None)


def _joined(header: Any, what: str) -> str:
    date = _OLD_DATE.sub(r"\1\2\3", _text(header, f"{what}Date"))
    time = _text(header, f"{what}Time").replace(":", "")
    return date + time if len(date) == 8 and re.fullmatch(r"[\d.]*", time) else date


def _text(header: Any, keyword: str) -> str:
    value = header.get(keyword)
    return str(value).strip("\0 ") if value is not None else ""


def _taken(text: str, offset: str) -> Taken | None:
    found = _MOMENT.fullmatch(text)
    if found is None or not text.isascii():
        return None
    *parts, fraction, own_offset = found.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    clock = (hour, minute, min(second, 59), int((fraction or "0").ljust(6, "0")))
    try:
        at = datetime(year, month, day, *clock)  # noqa: DTZ001 - the offset is elsewhere, or nowhere
    except ValueError:
        return None
    return Taken(at, _minutes(own_offset or offset))


def _minutes(offset: str) -> int | None:
    found = re.fullmatch(r"([+-])(\d{2})([0-5]\d)", offset)
    if found is None or int(found[2]) > 14:
        return None
    return int(found[1] + "1") * (int(found[2]) * 60 + int(found[3]))
