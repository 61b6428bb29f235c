"""The audit log: everything that was done, in a chain that shows what was changed afterwards."""

import asyncio
from datetime import timedelta

import pytest

from application.audit_chain import GENESIS, chained
from application.ports.audit_trail import AuditCriteria, AuditEntry, AuditRow
from application.ports.paging import PageRequest
from domain.errors import Malformed
from domain.events import DocumentTrashed, PatientRegistered
from domain.ids import ClinicId, PatientId
from tests.installations import Installation
from tests.samples import ANA, ANOTHER_CLINIC, CLINIC, LUIS, NOON, account, document, staff
from tests.tampering import Rewrite

pytestmark = pytest.mark.anyio

STAFF = staff()
ALL = PageRequest(size=200)
MINUTE = timedelta(minutes=1)


def entry(number: int = 0, clinic: ClinicId = CLINIC, **changes: object) -> AuditEntry:
    plain = AuditEntry(
        clinic_id=clinic,
        at=NOON + number * MINUTE,
        user_id="u-1",
        action="document.read",
        document_id=document().id,
        patient_id=ANA,
        subject="s",
        detail="thumb",
        address="192.0.2.1",
        request_id=f"r-{number}",
    )
    return plain._replace(**changes)  # type: ignore[arg-type]


async def appended(installation: Installation, *entries: AuditEntry) -> None:
    for each in entries:
        await installation.audit.append(each)
    await installation.audit.flush()


async def rows(installation: Installation, criteria: AuditCriteria = AuditCriteria()) -> list[AuditRow]:  # noqa: B008
    page = await installation.audit.page(STAFF, criteria, ALL)
    assert page.total == len(page.items)
    assert [row async for row in installation.audit.entries(STAFF, criteria)] == page.items
    return list(page.items)


async def test_all_entries_come_however_many_and_none_that_is_added_meanwhile(installation: Installation) -> None:
    await appended(installation, *(entry(number % 60, patient_id=(ANA, LUIS)[number % 2]) for number in range(1_203)))
    seqs: list[int] = []
    async for row in installation.audit.entries(STAFF, AuditCriteria(patient_id=LUIS)):
        if not seqs:
            await appended(installation, entry(patient_id=LUIS))
        seqs.append(row.seq)
    assert seqs == list(range(1_202, 0, -2))


# --- what is kept ---------------------------------------------------------------------------------------------------


async def test_entries_come_back_as_they_were_newest_first(installation: Installation) -> None:
    entries = [entry(number) for number in range(3)]
    bare = AuditEntry(clinic_id=CLINIC, at=NOON, user_id="", action="token.refused", outcome="unauthenticated")
    await appended(installation, *entries, bare)
    found = await rows(installation)
    assert [row.entry for row in found] == [bare, *reversed(entries)]
    assert [row.seq for row in found] == [4, 3, 2, 1]


async def test_an_entry_waited_for_is_there_at_once(installation: Installation) -> None:
    written = entry()
    await installation.audit.append(written, wait=True)
    assert [row.entry for row in await rows(installation)] == [written]


async def test_an_entry_not_waited_for_is_there_within_a_second(installation: Installation) -> None:
    written = entry()
    await installation.audit.append(written)
    await asyncio.sleep(1)
    assert [row.entry for row in await rows(installation)] == [written]


async def test_what_the_log_is_asked_for_is_what_it_shows(installation: Installation) -> None:
    entries = [
        entry(0),
        entry(1, user_id="u-2"),
        entry(2, action="document.downloaded", outcome="forbidden"),
        entry(3, patient_id=LUIS),
    ]
    await appended(installation, *entries)

    async def found(**asked: object) -> list[int]:
        criteria = AuditCriteria(**asked)  # type: ignore[arg-type]
        return [row.seq for row in await rows(installation, criteria)]

    assert await found(document_id=entries[0].document_id) == [1]
    assert await found(patient_id=LUIS) == [4]
    assert await found(user_id="u-1") == [4, 3, 1]
    assert await found(action="document.downloaded", user_id="u-1") == [3]
    assert await found(action="document.downloaded", user_id="u-2") == []
    assert await found(since=NOON + MINUTE, until=NOON + 2 * MINUTE) == [3, 2]


async def test_a_clinic_sees_its_own_log_and_an_account_that_of_its_patients(installation: Installation) -> None:
    await appended(
        installation, entry(0), entry(1, patient_id=LUIS), entry(2, patient_id=None), entry(3, ANOTHER_CLINIC)
    )

    async def seen(actor: object) -> list[int]:
        page = await installation.audit.page(actor, AuditCriteria(), ALL)  # type: ignore[arg-type]
        assert page.total == len(page.items)
        assert [row async for row in installation.audit.entries(actor, AuditCriteria())] == page.items  # type: ignore[arg-type]
        return [row.seq for row in page.items]

    assert await seen(STAFF) == [3, 2, 1]
    assert await seen(staff(ANOTHER_CLINIC)) == [1]
    assert await seen(account(LUIS)) == [2]
    assert await seen(account(ANA, clinic=ANOTHER_CLINIC)) == [1]
    assert await seen(account()) == []


async def test_the_log_is_read_a_page_at_a_time(installation: Installation) -> None:
    await appended(installation, *map(entry, range(7)))
    whole = await rows(installation)
    after, collected = None, list[AuditRow]()
    for number in (1, 2, 3):
        request = PageRequest(size=3, after=after)
        page = await installation.audit.page(STAFF, AuditCriteria(), request)
        assert page == await installation.audit.page(STAFF, AuditCriteria(), PageRequest(size=3, page=number))
        collected += page.items
        after = page.next
    assert after is None
    assert collected == whole


async def test_reading_on_neither_skips_nor_repeats_while_entries_come(installation: Installation) -> None:
    await appended(installation, *map(entry, range(5)))
    first = await installation.audit.page(STAFF, AuditCriteria(), PageRequest(size=3))
    await appended(installation, entry(9), entry(10))
    second = await installation.audit.page(STAFF, AuditCriteria(), PageRequest(size=3, after=first.next))
    assert [row.seq for row in (*first.items, *second.items)] == [5, 4, 3, 2, 1]
    assert second.total == 7


async def test_a_position_of_another_list_is_malformed(installation: Installation) -> None:
    await appended(installation, entry())
    with pytest.raises(Malformed):
        await installation.audit.page(STAFF, AuditCriteria(), PageRequest(after=("2026-01-01T00:00:00Z", "x")))


# --- the chain ------------------------------------------------------------------------------------------------------


async def busy(installation: Installation) -> None:
    """Changes and reads in two clinics, mixed and many of them at once."""

    async def change(number: int) -> None:
        async with installation.unit_of_work(STAFF) as uow:
            uow.record(
                DocumentTrashed(patient_id=ANA, document_id=document().id),
                PatientRegistered(patient_id=PatientId(f"p{number}")),
            )
            await uow.commit()

    async def read(number: int) -> None:
        await installation.audit.append(entry(number, CLINIC if number % 2 else ANOTHER_CLINIC), wait=number % 3 == 0)

    await asyncio.gather(*map(change, range(5)), *map(read, range(10)))
    await installation.audit.flush()


async def test_changes_and_reads_are_chained_without_gaps_however_they_mix(installation: Installation) -> None:
    await busy(installation)
    found = (await rows(installation))[::-1]
    assert [row.seq for row in found] == list(range(1, 16))
    previous = GENESIS
    for row in found:
        assert row.hash == chained(previous, row.entry, row.seq)
        previous = row.hash
    for clinic in (CLINIC, ANOTHER_CLINIC, ClinicId("unknown")):
        assert await installation.audit.broken_links(clinic) == []


def edited(row: AuditRow, **changes: object) -> AuditRow:
    return row._replace(entry=row.entry._replace(**changes))  # type: ignore[arg-type]


def rechained(kept: list[AuditRow]) -> list[AuditRow]:
    """As somebody would write the log anew who knows how it is chained."""
    chain: list[AuditRow] = []
    for seq, row in enumerate(kept, 1):
        previous = chain[-1].hash if chain else GENESIS
        chain.append(AuditRow(seq, chained(previous, row.entry, seq), row.entry))
    return chain


TAMPERING: dict[str, tuple[Rewrite, list[int]]] = {
    "another user": (lambda log: [*log[:4], edited(log[4], user_id="u-9"), *log[5:]], [5]),
    "another action": (lambda log: [edited(log[0], action="document.nothing"), *log[1:]], [1]),
    "another time": (lambda log: [*log[:-1], edited(log[-1], at=NOON - MINUTE)], [15]),
    "another time by a microsecond": (
        lambda log: [*log[:7], edited(log[7], at=log[7].entry.at + timedelta(microseconds=1)), *log[8:]],
        [8],
    ),
    "a document left out": (lambda log: [edited(log[0], document_id=None), *log[1:]], [1]),
    "two edited": (lambda log: [edited(row, detail="?") if row.seq in (3, 9) else row for row in log], [3, 9]),
    "one edited with a hash to fit": (
        lambda log: [
            *log[:4],
            (new := edited(log[4], user_id="u-9"))._replace(hash=chained(log[3].hash, new.entry, 5)),
            *log[5:],
        ],
        [6],
    ),
    "the last edited with a hash to fit": (
        lambda log: [
            *log[:-1],
            (new := edited(log[-1], user_id="u-9"))._replace(hash=chained(log[-2].hash, new.entry, 15)),
        ],
        [15],
    ),
    "one taken out": (lambda log: [*log[:4], *log[5:]], [5]),
    "the first taken out": (lambda log: log[1:], [1]),
    "the last taken out": (lambda log: log[:-1], [15]),
    "everything taken out": (lambda log: [], [1]),
    "the end taken out and the rest numbered anew": (lambda log: rechained(log[:10]), [11]),
    "one taken out and all numbered and chained anew": (lambda log: rechained([*log[:4], *log[5:]]), [15]),
    "one added at the end": (lambda log: rechained([*log, edited(log[0], user_id="u-9")]), [16]),
}


@pytest.mark.parametrize("tampering", TAMPERING)
async def test_what_was_changed_behind_the_log_s_back_is_found(installation: Installation, tampering: str) -> None:
    await busy(installation)
    rewrite, broken = TAMPERING[tampering]
    await installation.tamper(CLINIC, rewrite)
    found = await installation.audit.broken_links(CLINIC)
    assert found == broken
    assert await installation.audit.broken_links(ANOTHER_CLINIC) == []
