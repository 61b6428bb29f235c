"""G10 to G16 and G27, as far as they are the inspector's: 918 real and hostile files, each with its expected outcome.

What only a server or a scanner can answer (raw request bodies, infected files, tokens) is tried elsewhere.
"""

import io
import json
import resource
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from adapters.imaging.inspector import PillowInspector
from application.ports.inspecting import Derivatives, Inspected
from domain import filetypes
from domain.errors import Unreadable, Unsupported
from tests import made_files

pytestmark = pytest.mark.anyio

NOW = datetime(2100, 1, 1, tzinfo=UTC)
"""After every date that the corpus takes for one, so that no run depends on its day."""

PHOTO_KINDS = {"jpeg_exif", "orientation", "png", "gif", "webp", "tiff", "heic"}
ACCEPTED, REFUSED_TYPE, REFUSED_CONTENT = "accept", "reject-with-415", "reject-with-422"
SLOWEST_SECONDS, LARGEST_BYTES = 10.0, 800_000_000
ONE_IN = 12
"""Of the files, for the run that is part of every test run."""

# Start, JFIF header, tables, one baseline frame, its scan, end: nothing that could carry anything else.
PLAIN_JPEG = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}


@dataclass(slots=True)
class Findings:
    """What was found over many files; each list names those that were not as they should be."""

    outcomes: Counter[str] = field(default_factory=Counter)
    not_preferred: list[str] = field(default_factory=list)
    not_expected: list[str] = field(default_factory=list)
    wrong_dates: list[str] = field(default_factory=list)
    wrong_corners: list[str] = field(default_factory=list)
    carriers: list[str] = field(default_factory=list)
    without_picture: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """In processor time."""
    largest: int = 0

    @property
    def files(self) -> int:
        return sum(self.outcomes.values())


@pytest.fixture(scope="module")
def entries(corpus: Path) -> list[dict[str, Any]]:
    manifest = json.loads((corpus / "MANIFEST.json").read_text())
    return [entry for entry in manifest["files"] if _is_ours(entry)]


@pytest.fixture(scope="module")
async def inspector() -> AsyncIterator[PillowInspector]:
    inspector = PillowInspector(workers=1)
    yield inspector
    await inspector.close()


async def test_a_sample_of_the_corpus_comes_out_as_expected(
    corpus: Path, entries: list[dict[str, Any]], inspector: PillowInspector
) -> None:
    _assert_sound(await _find(corpus, entries[::ONE_IN], inspector))


@pytest.mark.proof
async def test_the_whole_corpus_comes_out_as_expected(
    corpus: Path, entries: list[dict[str, Any]], inspector: PillowInspector
) -> None:
    found = await _find(corpus, entries, inspector)

    print(
        f"\n{found.files} files: {dict(found.outcomes)}; as preferred {1 - len(found.not_preferred) / found.files:.1%};"
        f" slowest {found.slowest:.1f} s; largest helper {found.largest / 1e6:.0f} MB;"
        f" accepted without a picture {len(found.without_picture)}"
    )
    _assert_sound(found)
    assert len(found.not_preferred) <= 0.05 * found.files, found.not_preferred


def _assert_sound(found: Findings) -> None:
    assert found.not_expected == []
    assert found.wrong_dates == []
    assert found.wrong_corners == []
    assert found.carriers == []
    assert found.slowest <= SLOWEST_SECONDS
    assert found.largest <= LARGEST_BYTES


def _is_ours(entry: dict[str, Any]) -> bool:
    facts = entry.get("facts", {})
    needs_more = "raw_request_body" in facts or "encoding" in facts or entry["expected"] == "reject-with-401"
    return not needs_more


async def _find(corpus: Path, entries: list[dict[str, Any]], inspector: PillowInspector) -> Findings:
    found = Findings()
    for entry in entries:
        before = _computed()
        outcome, inspected = await _outcome(corpus / entry["file"], entry, inspector)
        found.slowest = max(found.slowest, _computed() - before)
        found.largest = max([found.largest, *_helper_peaks()])
        _note(found, entry, outcome, inspected)
    return found


async def _outcome(path: Path, entry: dict[str, Any], inspector: PillowInspector) -> tuple[str, Inspected | None]:
    """What a server would answer: photos go to where photos are taken, the rest to where documents are."""
    accepted = filetypes.PHOTO_TYPES if entry["kind"] in PHOTO_KINDS else filetypes.DOCUMENT_TYPES
    try:
        inspected = await inspector.inspect(path, filename=path.name, now=NOW)
        filetypes.decide(inspected.mime, filename=path.name, declared=entry["declare_content_type"], accepted=accepted)
    except Unreadable:
        return REFUSED_CONTENT, None
    except Unsupported:
        return REFUSED_TYPE, None
    return (ACCEPTED if inspected.fault is None else inspected.fault), inspected


def _note(found: Findings, entry: dict[str, Any], outcome: str, inspected: Inspected | None) -> None:
    name, facts = entry["file"], entry.get("facts", {})
    found.outcomes[outcome] += 1
    if outcome != _plain(entry["expected"]):
        found.not_preferred.append(f"{name}: {outcome}")
    if outcome not in map(_plain, entry["expected_any"]):
        found.not_expected.append(f"{name}: {outcome}")
    if inspected is not None:
        _note_accepted(found, name, facts, inspected)


def _note_accepted(found: Findings, name: str, facts: dict[str, Any], inspected: Inspected) -> None:
    if "expected_captured_at" in facts and not _date_is_right(inspected, facts):
        found.wrong_dates.append(f"{name}: {inspected.facts.captured_at}")
    if inspected.derivatives is None:
        if filetypes.BY_MIME[str(inspected.mime)].picture:
            found.without_picture.append(name)
        return
    if not _stands_upright(inspected, inspected.derivatives, facts):
        found.wrong_corners.append(name)
    if any(set(_segments(picture)) - PLAIN_JPEG for picture in _pictures(inspected.derivatives)):
        found.carriers.append(name)


def _plain(outcome: str) -> str:
    """Sanitising is what serving does; for an inspection it is the same as accepting."""
    return ACCEPTED if outcome == "accept-but-sanitize" else str(outcome)


def _date_is_right(inspected: Inspected, facts: dict[str, Any]) -> bool:
    """To the second."""
    stated = facts["expected_captured_at"]
    date = datetime.fromisoformat(stated) if stated else None
    if date is not None and date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    captured = inspected.facts.captured_at
    return (captured and captured.replace(microsecond=0)) == date


def _stands_upright(inspected: Inspected, derivatives: Derivatives, facts: dict[str, Any]) -> bool:
    corners = facts.get("upright_corners") or facts.get("upright_corners_by_pillow")
    if corners is None:
        return True
    size = tuple(facts.get("upright_size") or facts["upright_size_by_pillow"])
    expected = dict(zip(("top left", "top right", "bottom left", "bottom right"), _in_order(corners), strict=True))
    return (inspected.facts.width, inspected.facts.height) == size and all(
        made_files.size(picture) == size and made_files.corners(picture) == expected
        for picture in _pictures(derivatives)
    )


def _in_order(corners: dict[str, str]) -> tuple[str, ...]:
    return corners["tl"], corners["tr"], corners["bl"], corners["br"]


def _pictures(derivatives: Derivatives) -> tuple[bytes, bytes]:
    return derivatives.thumb, derivatives.medium


def _segments(jpeg: bytes) -> Iterator[int]:
    """The markers of a JPEG in order; 0 for bytes that belong to none, such as any behind its end."""
    with Image.open(io.BytesIO(jpeg)) as image:
        image.load()
    at = 0
    while at < len(jpeg):
        if jpeg[at] != 0xFF:
            yield 0
            return
        marker = jpeg[at + 1]
        yield marker
        at += 2
        if marker not in (0xD8, 0xD9):
            at += int.from_bytes(jpeg[at : at + 2], "big")
        if marker == 0xDA:
            at = _end_of_scan(jpeg, at)


def _end_of_scan(jpeg: bytes, at: int) -> int:
    while jpeg[at] != 0xFF or jpeg[at + 1] in (0, *range(0xD0, 0xD8)):
        at = jpeg.index(b"\xff", at + 1)
    return at


def _computed() -> float:
    """Seconds of processor time that helpers have used, those that are gone among them.

    Not the time on the clock, which tells more of who else is on the machine. A helper that hangs is lost, and that is
    an outcome that no file expects.
    """
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    here = [helper.cpu_times() for helper in psutil.Process().children()]
    return gone.ru_utime + gone.ru_stime + sum(times.user + times.system for times in here)


def _helper_peaks() -> list[int]:
    """The most memory each helper has had resident so far, in bytes."""
    peaks = []
    for helper in psutil.Process().children():
        lines = Path(f"/proc/{helper.pid}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")]
    return peaks
