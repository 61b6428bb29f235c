"""What every unit of work promises: whole or not at all, and nobody's change lost."""

import asyncio
from datetime import timedelta

import pytest

from application.ports.audit_trail import AuditCriteria
from application.ports.paging import PageRequest
from application.ports.unit_of_work import UnitOfWork
from domain.documents import Revision, revise, trash
from domain.errors import NotFound, StaleVersion
from domain.events import DocumentMoved, DocumentRevised, PairCreated, PatientRegistered
from domain.ids import PairingId, PatientId, UserId
from domain.pairings import Pairing
from tests.installations import Installation
from tests.races import RACERS, committed, race
from tests.samples import ANA, CLINIC, NOON, VISIT, attachment, document, pairing, photo, staff

pytestmark = pytest.mark.anyio

STAFF = staff()


# --- whole or not at all ----------------------------------------------------------------------------------------------


async def test_what_is_committed_is_there_for_everybody(installation: Installation) -> None:
    report = document()
    await installation.keep(report)
    assert (await installation.documents.get(STAFF, report.id)).title == report.title
    async with installation.unit_of_work(STAFF) as uow:
        assert await uow.documents.get(report.id) == report


async def test_a_transaction_sees_its_own_changes_and_nobody_else_does(installation: Installation) -> None:
    report = document()
    async with installation.unit_of_work(STAFF) as uow:
        await uow.documents.add(report)
        assert await uow.documents.get(report.id) == report
        with pytest.raises(NotFound):
            await installation.documents.get(STAFF, report.id)
        await uow.commit()


async def test_leaving_without_commit_discards_everything(installation: Installation) -> None:
    kept, dropped = document(), document()
    await installation.keep(kept)
    async with installation.unit_of_work(STAFF) as uow:
        changed, happened = trash(kept, UserId("u"), NOON)
        await uow.documents.add(dropped)
        await uow.documents.save(changed)
        uow.record(*happened)
    await expect_untouched(installation, kept.id, dropped.id)


async def test_an_error_in_the_block_discards_everything_and_is_passed_on(installation: Installation) -> None:
    kept, dropped = document(), document()
    await installation.keep(kept)

    async def fails() -> None:
        async with installation.unit_of_work(STAFF) as uow:
            changed, happened = trash(kept, UserId("u"), NOON)
            await uow.documents.add(dropped)
            await uow.documents.save(changed)
            uow.record(*happened)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    await expect_untouched(installation, kept.id, dropped.id)


async def test_a_transaction_that_is_cancelled_changes_nothing_and_blocks_nobody(installation: Installation) -> None:
    kept, dropped = document(), document()
    await installation.keep(kept)

    async def endless() -> None:
        async with installation.unit_of_work(STAFF) as uow:
            await uow.documents.add(dropped)
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await endless()
    await expect_untouched(installation, kept.id, dropped.id)


async def expect_untouched(installation: Installation, kept: str, dropped: str) -> None:
    async with installation.unit_of_work(STAFF) as uow:
        documents = await uow.documents.of_patient(ANA)
    assert {found.id: found.version for found in documents} == {kept: 1}
    assert dropped not in {found.id for found in documents}
    assert await installation.outbox.waiting() == 0
    assert (await installation.audit.page(STAFF, AuditCriteria(), PageRequest())).total == 0


async def test_events_are_committed_with_the_change_in_the_order_recorded(installation: Installation) -> None:
    one, two = photo(), photo()
    moved = DocumentMoved(patient_id=ANA, document_id=one.id, from_patient_id=PatientId("luis"))
    renamed = DocumentRevised(patient_id=ANA, document_id=two.id, changed=("title", "tags"))
    async with installation.unit_of_work(STAFF) as uow:
        uow.record(moved)
        uow.record(renamed, PatientRegistered(patient_id=ANA))
        await uow.commit()
    async with installation.outbox.claim(10) as batch:
        messages = list(batch.messages)
    assert [message.type for message in messages] == ["document.moved", "document.revised", "patient.registered"]
    assert [message.subject for message in messages] == [one.id, two.id, ANA]
    assert {message.key for message in messages} == {ANA}
    assert {(message.clinic_id, message.actor_id) for message in messages} == {(CLINIC, STAFF.user_id)}
    assert dict(messages[0].data) == {"patient_id": ANA, "document_id": one.id, "from_patient_id": "luis"}
    assert dict(messages[1].data) == {"patient_id": ANA, "document_id": two.id, "changed": ["title", "tags"]}
    assert len({message.id for message in messages}) == 3
    assert all(NOON - timedelta(days=1) < message.occurred_at <= installation.clock.now for message in messages)


async def test_events_are_committed_to_the_audit_log_with_who_and_from_where(installation: Installation) -> None:
    one, two = photo(), photo()
    event = PairCreated(
        patient_id=ANA, document_id=one.id, after_document_id=two.id, pairing_id=PairingId(pairing(one, two).id)
    )
    async with installation.unit_of_work(STAFF) as uow:
        uow.record(event, PatientRegistered(patient_id=ANA))
        await uow.commit()
    registered, paired = (await installation.audit.page(STAFF, AuditCriteria(), PageRequest())).items
    assert (paired.seq, paired.entry.action, paired.entry.outcome) == (1, "media.pair_created", "ok")
    assert (paired.entry.document_id, paired.entry.patient_id, paired.entry.subject) == (one.id, ANA, one.id)
    assert (paired.entry.user_id, paired.entry.address, paired.entry.request_id) == ("u-staff", "192.0.2.7", "r-1")
    assert two.id in (paired.entry.detail or "")
    assert (registered.seq, registered.entry.document_id, registered.entry.subject) == (2, None, ANA)


# --- nobody's change lost ---------------------------------------------------------------------------------------------


async def test_a_change_of_something_changed_meanwhile_is_refused(installation: Installation) -> None:
    report = document()
    await installation.keep(report)
    mine, _ = revise(report, Revision(title="Mine"), NOON)
    yours, _ = revise(report, Revision(title="Yours"), NOON)
    await committed(installation, lambda uow: uow.documents.save(mine))
    with pytest.raises(StaleVersion):
        await committed(installation, lambda uow: uow.documents.save(yours))
    assert (await installation.documents.get(STAFF, report.id)).title == "Mine"


async def test_a_version_that_leaves_one_out_is_refused(installation: Installation) -> None:
    report = document()
    await installation.keep(report)
    once, _ = revise(report, Revision(title="Once"), NOON)
    twice, _ = revise(once, Revision(title="Twice"), NOON)
    with pytest.raises(StaleVersion):
        await committed(installation, lambda uow: uow.documents.save(twice))


async def test_changes_at_once_that_read_first_all_come_about(installation: Installation) -> None:
    report = document()
    await installation.keep(report)

    async def count(uow: UnitOfWork, _: int) -> None:
        read = await uow.documents.get(report.id)
        await asyncio.sleep(0)
        counted, _events = revise(read, Revision(title=f"{read.title}+"), NOON)
        await uow.documents.save(counted)

    assert await race(installation, count) == [None] * RACERS
    view = await installation.documents.get(STAFF, report.id)
    assert (view.title, view.version) == (report.title + "+" * RACERS, 1 + RACERS)


async def test_a_photo_that_many_want_to_pair_at_once_ends_in_one_pair(installation: Installation) -> None:
    wanted, others = photo(), [photo() for _ in range(RACERS)]
    await installation.keep(wanted, *others)

    async def pair(uow: UnitOfWork, number: int) -> None:
        await uow.pairings.add(pairing(wanted, others[number]))

    outcomes = await race(installation, pair)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * (RACERS - 1) + ["NoneType"]
    async with installation.unit_of_work(STAFF) as uow:
        found: list[Pairing | None] = [await uow.pairings.of(other.id) for other in (wanted, *others)]
    assert len([each for each in found if each]) == 2


async def test_photos_that_are_paired_crosswise_at_once_block_nobody_for_ever(installation: Installation) -> None:
    one, two = photo(), photo()
    await installation.keep(one, two)

    async def pair(uow: UnitOfWork, number: int) -> None:
        first, second = (one, two) if number % 2 else (two, one)
        first, second = await uow.documents.pair(first.id, second.id)
        await asyncio.sleep(0)
        if await uow.pairings.of(first.id) is None:
            await uow.pairings.add(pairing(first, second))

    async with asyncio.timeout(10):
        assert await race(installation, pair) == [None] * RACERS


async def test_the_same_link_made_many_times_at_once_is_one_link(installation: Installation) -> None:
    report = document()
    await installation.keep(report)
    answers = []

    async def link(uow: UnitOfWork, _: int) -> None:
        answers.append(await uow.attachments.add(attachment(report)))

    assert await race(installation, link) == [None] * RACERS
    async with installation.unit_of_work(STAFF) as uow:
        links = await uow.attachments.of_owner(VISIT)
    assert answers == [links[0]] * RACERS
    assert len(links) == 1


async def test_a_locked_owner_never_gets_more_files_than_it_may(installation: Installation) -> None:
    reports = [document() for _ in range(RACERS)]
    await installation.keep(*reports)

    async def link(uow: UnitOfWork, number: int) -> None:
        await uow.directory.lock_owner(VISIT)
        if len(await uow.attachments.of_owner(VISIT)) < 2:
            await asyncio.sleep(0)
            await uow.attachments.add(attachment(reports[number]))

    assert await race(installation, link) == [None] * RACERS
    async with installation.unit_of_work(STAFF) as uow:
        assert len(await uow.attachments.of_owner(VISIT)) == 2
