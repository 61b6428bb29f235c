"""What is hashed of an entry is JSON, always the same: logs that were written years ago must still verify."""

import json
from datetime import UTC
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from application.audit_chain import GENESIS, chained
from application.ports.audit_trail import AuditEntry
from domain.ids import ClinicId
from tests import strategies
from tests.samples import NOON

texts = st.none() | strategies.written | st.text()
entries = st.builds(
    AuditEntry,
    clinic_id=strategies.host_ids.map(ClinicId),
    at=strategies.instants,
    user_id=strategies.host_ids,
    action=strategies.written,
    outcome=strategies.written,
    document_id=texts,
    patient_id=texts,
    subject=texts,
    detail=texts,
    address=strategies.written,
    request_id=strategies.written,
)


@given(entries, st.integers(1, 2**60))
def test_an_entry_is_hashed_as_json_with_sorted_keys(entry: AuditEntry, seq: int) -> None:
    told = entry._asdict() | {"at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    assert chained(GENESIS, entry, seq) == sha256(f"{GENESIS}\n{seq}\n{text}".encode()).hexdigest()


def test_the_hash_of_an_entry_is_the_one_it_has_always_had() -> None:
    entry = AuditEntry(ClinicId("c"), NOON, "u-1", "document.read", document_id="d", patient_id="ana", detail="thumb")
    assert chained(GENESIS, entry, 1) == "4e77304d271d2eb98a9c2650cab3f2b1e7529dcb2b18ea60770b70bda5ba3da0"
