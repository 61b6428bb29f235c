"""What the bytes of an old installation's files are, and what about them is not as their rows say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from application.ports.inspecting import FileInspector, Inspected, Source
from application.ports.legacy import Anomaly, FileLost, LegacyFile
from domain import filetypes, wording
from domain.errors import Unreadable, Unsupported
from domain.media import MediaKind

OPAQUE = "application/octet-stream"
_PICTURES = (MediaKind.PHOTO, MediaKind.XRAY)


class Seen(NamedTuple):
    inspected: Inspected
    mime: str
    anomalies: tuple[Anomaly, ...]


async def look_into(inspector: FileInspector, source: Source, size: int, file: LegacyFile, now: datetime) -> Seen:
    """Never refuses: what cannot be told is opaque."""
    found: list[Anomaly] = []
    if file.size is not None and file.size != size:
        found.append(about("size_contradicted", file, f"its row says {file.size} bytes, the file has {size}"))
    if size == 0:
        return Seen(Inspected(None), OPAQUE, (*found, about("empty", file, "the file is empty; kept as it is")))
    filename = wording.clean_filename(file.filename)
    try:
        inspected = await inspector.inspect(source, filename=filename, now=now)
    except Unreadable as error:
        return Seen(Inspected(None), OPAQUE, (*found, about("unreadable", file, f"kept as it is: {error.detail}")))
    try:
        mime = filetypes.decide(
            inspected.mime, filename=filename, declared=file.declared, accepted=filetypes.ALL_TYPES
        ).mime
    except Unsupported as error:
        mime = inspected.mime if inspected.mime in filetypes.BY_MIME else OPAQUE
        found.append(about("type_contradicted", file, f"kept as {mime}: {error.detail}"))
    return Seen(*_as_filed(file, inspected, mime or OPAQUE, found))


def _as_filed(
    file: LegacyFile, inspected: Inspected, mime: str, found: list[Anomaly]
) -> tuple[Inspected, str, tuple[Anomaly, ...]]:
    if file.media.kind not in _PICTURES:
        return inspected, mime, tuple(found)
    if mime == filetypes.PDF.mime:
        # A gallery must not show the first page of a paper as if it were somebody's photo.
        inspected = Inspected(inspected.mime, inspected.facts)
    at = inspected.facts.captured_at
    if file.captured_at is None and at is not None:
        reason = f"no row says when it was taken; the file itself says {at:%Y-%m-%d %H:%M:%S} UTC, and that is kept"
        found.append(about("exif_datetime_not_in_db", file, reason))
    return inspected, mime, tuple(found)


def about(code: str, file: LegacyFile, reason: str, *, lost: bool = False) -> Anomaly:
    return Anomaly(code, file.rows[0], file.filename, reason, lost)


def lost(file: LegacyFile, error: FileLost) -> Anomaly:
    return about("unreadable_on_disk", file, str(error), lost=True)


def same_bytes(files: Iterable[tuple[LegacyFile, str]]) -> Iterator[Anomaly]:
    """Files with the same bytes, by their sha256 ("" where it is not known), under different patients."""
    by_sha: dict[str, list[LegacyFile]] = defaultdict(list)
    for file, sha256 in files:
        if sha256:
            by_sha[sha256].append(file)
    for alike in by_sha.values():
        patients = dict.fromkeys(file.patient for file in alike)
        for file in alike if len(patients) > 1 and alike[0].size != 0 else ():
            others = [other for other in alike if other.patient != file.patient]
            reason = f"has the same bytes as {others[0].rows[0].id} of patient {others[0].patient}; both are kept apart"
            yield about("same_bytes_other_patient", file, reason)
