"""Adding to the audit log: every row hashed over the one before it, numbered without gaps, one chain per clinic."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import bindparam, select

from adapters.sql import rows
from adapters.sql.connections import Head, Reads, Transaction
from adapters.sql.logs import audit, audit_heads
from adapters.sql.writing import inserted
from application.audit_chain import GENESIS, chained
from application.ports.audit_trail import AuditEntry, AuditRow
from domain.ids import ClinicId

_HEAD = select(audit_heads.c.seq, audit_heads.c.hash).where(audit_heads.c.clinic_id == bindparam("clinic"))

_LAST = (
    select(audit.c.seq, audit.c.hash)
    .where(audit.c.clinic_id == bindparam("clinic"))
    .order_by(audit.c.seq.desc())
    .limit(1)
)
_ADD = inserted(audit)
_ADD_NEXT = _ADD.on_conflict_do_nothing(index_elements=["clinic_id", "seq"])


async def chain(
    transaction: Transaction, heads: Mapping[ClinicId, Head], entries: Iterable[AuditEntry]
) -> dict[ClinicId, Head]:
    """Where the chains end now, to be remembered once the transaction is committed.

    `heads` may be out of date. Of two transactions that chain on to the same row the second waits for the first, finds
    its number taken and begins again after it: so everything that a clinic's transactions write after this is in the
    order in which they are committed.
    """
    by_clinic: defaultdict[ClinicId, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        by_clinic[entry.clinic_id].append(entry)
    # In one order everywhere, so that two that write for the same clinics cannot block each other.
    return {
        clinic: await _chain_one(transaction, clinic, heads.get(clinic), by_clinic[clinic])
        for clinic in sorted(by_clinic)
    }


async def _chain_one(
    transaction: Transaction, clinic: ClinicId, head: Head | None, entries: Sequence[AuditEntry]
) -> Head:
    head = head or await stored_head(transaction, clinic)
    while True:
        first, *others = _following(head, entries)
        if await transaction.execute(_ADD_NEXT, rows.audit_values(first)):
            break
        head = await _later_head(transaction, clinic, head)
    if others:
        await transaction.execute_many(_ADD, [rows.audit_values(row) for row in others])
    last = others[-1] if others else first
    return Head(last.seq, last.hash)


async def stored_head(reads: Reads, clinic: ClinicId) -> Head:
    found = await reads.fetch(_HEAD, {"clinic": clinic})
    return Head(*found[0]) if found else Head(0, GENESIS)


async def _later_head(transaction: Transaction, clinic: ClinicId, head: Head) -> Head:
    """Where to go on, after `head` turned out to have a successor."""
    later = await stored_head(transaction, clinic)
    if later != head:
        return later
    # Somebody put a row there by hand. The check of the log tells of it; the clinic's work goes on.
    return Head(*(await transaction.fetch(_LAST, {"clinic": clinic}))[0])


def _following(head: Head, entries: Iterable[AuditEntry]) -> Iterator[AuditRow]:
    seq, previous = head
    for entry in entries:
        seq, previous = seq + 1, chained(previous, entry, seq + 1)
        yield AuditRow(seq, previous, entry)
