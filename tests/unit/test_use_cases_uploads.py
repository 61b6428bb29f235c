"""Uploads: in which order things become durable, and what is left of those that come to nothing."""

from collections.abc import Callable

import pytest

from application.ports.blobs import MEDIUM, ORIGINAL, THUMB
from application.ports.unit_of_work import Once
from domain.documents import Derived
from domain.errors import Conflict, DomainError, NotFound, RuleViolated, TooLarge, Unavailable, Unreadable, Unsupported
from domain.ids import DocumentId
from domain.media import CaptureSource
from tests.proof import samples
from tests.proof.scene import OTHERS, VISIT
from tests.proof.small_clinic import ME, SmallClinic, small_clinic
from tests.proof.use_cases import MAX_FILES
from tests.samples import LUIS, account

pytestmark = pytest.mark.anyio

PHOTO = samples.photo(1)


@pytest.fixture
async def clinic() -> SmallClinic:
    return await small_clinic()


def away_at(place: str) -> Callable[[str], None]:
    def tap(reached: str) -> None:
        if reached == place:
            raise Unavailable("on purpose")

    return tap


async def test_an_upload_is_stored_with_its_pictures_and_what_the_bytes_say(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    assert await clinic.stored() == {f"{view.prefix}/{name}" for name in (ORIGINAL, MEDIUM, THUMB)}
    assert await clinic.staged() == set()
    assert await clinic.bytes_of(f"{view.prefix}/{ORIGINAL}") == PHOTO
    assert (view.width, view.height, view.derived) == (49, 36, Derived.READY)
    assert view.captured_at is not None
    assert (view.captured_at.isoformat(), view.captured_at_source) == ("2024-03-02T10:11:12+00:00", CaptureSource.EXIF)
    assert view.title == "foto 1"


async def test_a_given_capture_date_goes_before_that_of_the_file(clinic: SmallClinic) -> None:
    said = clinic.ports.clock()
    view = await clinic.photo(1, captured_at=said)
    assert (view.captured_at, view.captured_at_source) == (said, CaptureSource.USER)


async def test_bytes_are_durable_before_the_row_and_promoted_after_it(clinic: SmallClinic) -> None:
    places: list[str] = []
    clinic.tap.listener, clinic.tap.is_on = places.append, True
    await clinic.store(PHOTO, "foto.jpg", does=clinic.failing, category="other")
    order = ["StagedBlob.keep:after", "UnitOfWork.commit:before", "UnitOfWork.commit:after", "Blobs.promote:before"]
    assert [place for place in places if place in order] == order


async def test_the_same_bytes_of_the_same_patient_are_pointed_out(clinic: SmallClinic) -> None:
    first = await clinic.photo(1)
    assert (await clinic.photo(1)).duplicate_of == first.id
    assert (await clinic.photo(1, LUIS)).duplicate_of is None


async def test_a_picture_whose_helper_was_lost_is_kept_and_pending(clinic: SmallClinic) -> None:
    clinic.inspector.faults = 1
    view = await clinic.photo(1)
    assert (view.derived, view.recipe) == (Derived.PENDING, 0)
    assert await clinic.stored() == {f"{view.prefix}/{ORIGINAL}"}


REFUSED: list[tuple[bytes, str, str | None, type[DomainError]]] = [
    (b"", "foto.jpg", None, Unreadable),
    (PHOTO[:300], "foto.jpg", None, Unreadable),
    (b"MZ\x90\x00 a program", "foto.jpg", None, Unsupported),
    (b"a text", "informe.txt", None, Unsupported),
    (PHOTO, "foto.png", None, Unsupported),
    (PHOTO, "foto.jpg", "image/png", Unsupported),
]


@pytest.mark.parametrize(("data", "filename", "declared", "error"), REFUSED)
async def test_a_refused_upload_leaves_no_file_and_no_row(
    clinic: SmallClinic, data: bytes, filename: str, declared: str | None, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        await clinic.store(data, filename, declared=declared, category="other")
    assert await clinic.documents() == []
    assert await clinic.staged() == await clinic.stored() == set()


async def test_more_bytes_than_the_installation_takes_are_refused(clinic: SmallClinic) -> None:
    with pytest.raises(TooLarge):
        await clinic.store(bytes(100 * 2**20 + 1), "foto.jpg", category="other")
    assert await clinic.staged() == set()


async def test_what_belongs_to_the_upload_is_refused_with_it(clinic: SmallClinic) -> None:
    """Another patient's photo or record, a photo in another pair, a full record: the upload is not half done."""
    others, one, two = await clinic.photo(5, LUIS), await clinic.photo(6), await clinic.photo(7)
    await clinic.does.pair(ME, one.id, two.id)
    for number in range(MAX_FILES):
        await clinic.photo(number, owner=VISIT)
    before = await clinic.stored()
    for words, error in (
        ({"paired_document_id": others.id}, RuleViolated),
        ({"paired_document_id": DocumentId("01960000-0000-7000-8000-00000000ffff")}, NotFound),
        ({"paired_document_id": one.id}, Conflict),
        ({"owner": OTHERS}, RuleViolated),
        ({"owner": VISIT}, RuleViolated),
    ):
        with pytest.raises(error):
            await clinic.photo(8, **words)
    assert await clinic.stored() == before
    assert await clinic.staged() == set()


async def test_an_upload_for_a_patient_out_of_sight_is_refused_before_the_first_byte(clinic: SmallClinic) -> None:
    with pytest.raises(NotFound):
        await clinic.arrived(PHOTO, "foto.jpg", LUIS, actor=account())
    assert await clinic.staged() == set()


async def test_an_upload_is_acknowledged_although_its_bytes_cannot_be_promoted_yet(clinic: SmallClinic) -> None:
    clinic.tap.listener, clinic.tap.is_on = away_at("Blobs.promote:before"), True
    view = await clinic.store(PHOTO, "foto.jpg", does=clinic.failing, category="other")
    assert await clinic.staged() == {view.id}
    assert (await clinic.does.recover()).promoted == 1
    assert await clinic.bytes_of(f"{view.prefix}/{ORIGINAL}") == PHOTO


async def test_bytes_stay_when_nobody_knows_whether_the_row_was_committed(clinic: SmallClinic) -> None:
    clinic.tap.listener, clinic.tap.is_on = away_at("UnitOfWork.commit:after"), True
    with pytest.raises(Unavailable):
        await clinic.store(PHOTO, "foto.jpg", does=clinic.failing, category="other")
    (view,) = await clinic.documents()
    assert (await clinic.does.recover()).promoted == 1
    assert await clinic.bytes_of(f"{view.prefix}/{ORIGINAL}") == PHOTO


async def test_the_same_request_again_gives_the_same_document_once(clinic: SmallClinic) -> None:
    once = Once(key="k", fingerprint="f")
    first = await clinic.store(PHOTO, "foto.jpg", once=once, category="other")
    again = await clinic.store(PHOTO, "foto.jpg", once=once, category="other")
    assert again.id == first.id
    assert len(await clinic.documents()) == 1
    assert await clinic.staged() == set()


async def test_an_upload_that_was_cut_off_after_the_commit_can_be_repeated(clinic: SmallClinic) -> None:
    once = Once(key="k", fingerprint="f")
    clinic.tap.listener, clinic.tap.is_on = away_at("UnitOfWork.commit:after"), True
    with pytest.raises(Unavailable):
        await clinic.store(PHOTO, "foto.jpg", does=clinic.failing, once=once, category="other")
    again = await clinic.store(PHOTO, "foto.jpg", once=once, category="other")
    assert [view.id for view in await clinic.documents()] == [again.id]
