"""The fault points are complete: whatever an act does through a port or to the disk, it can be stopped there."""

import inspect
from pathlib import Path

import pytest

from adapters.files.disk import Disk
from adapters.sql.connections import Database, Transaction
from application.ports import audit_trail, blobs, event_bus, inspecting, outbox, owners, unit_of_work, upkeep, views
from tests.proof.taps import GIVES, HOLDS, PORTS
from tests.proof.template import prepared
from tests.proof.worlds import DiskWorld

pytestmark = [pytest.mark.anyio, pytest.mark.proof]

MODULES = (audit_trail, blobs, event_bus, inspecting, outbox, owners, unit_of_work, upkeep, views)
PROTOCOLS: dict[str, type] = {
    name: member for module in MODULES for name, member in vars(module).items() if inspect.isclass(member)
}
TAPPED = {*PORTS.values(), *GIVES.values(), *(name for held in HOLDS.values() for name in held.values())}

NOT_IN_AN_ACT = {
    "AuditTrail.broken_links": "only verify asks",
    "AuditTrail.entries": "only the audit log as a table asks",
    "Documents.mark_scanned": "only scanning later does; tests/unit/test_quarantine stops it",
    "Upkeep.scans_due": "only scanning later asks",
    "Blobs.check": "only the health check asks",
    "Database.check": "only the health check asks",
    "Upkeep.contradictions": "only verify asks",
    "Upkeep.clinics": "only verify asks",
    "Outbox.waiting": "only metrics and tests ask",
    "Outbox.oldest": "only metrics and the health check ask",
    "Directory.remove_patient": "only undoing an import does; tests/imports stops it anywhere",
    "ImportedRows.forget": "only undoing an import does; tests/imports stops it anywhere",
    "ImportedRows.remember": "only an import does; tests/imports stops it anywhere",
    "Batch.failed": "takes a bus that fails, which a fault makes",
    "Disk.cut": "only an upload in pieces does; tests/proof/tus kills the server in it",
    "Disk.lock": "only an upload in pieces does; tests/proof/tus kills the server in it",
}


def _methods(protocol: type) -> set[str]:
    """Those that somebody waits for; closing is left to whoever ends."""
    names: frozenset[str] = getattr(protocol, "__abstractmethods__", frozenset())
    return {name for name in names if name != "close" and _is_waited_for(getattr(protocol, name))}


def _is_waited_for(method: object) -> bool:
    if inspect.iscoroutinefunction(method):
        return True
    returned = str(inspect.signature(method).return_annotation) if inspect.isfunction(method) else ""
    return "AsyncIterator" in returned or "AbstractAsyncContextManager" in returned


async def test_every_method_of_every_port_is_a_fault_point_of_some_act(tmp_path: Path) -> None:
    template = await prepared(DiskWorld(tmp_path / "template"), tmp_path)
    places = {place for course in template.courses.values() for place in course.places}
    wanted = {
        f"{name}.{method}"
        for name, protocol in {**PROTOCOLS, "Database": Database, "Transaction": Transaction}.items()
        if name in TAPPED | {"Database"}
        for method in _methods(protocol)
    }
    wanted |= {f"Disk.{name}" for name, member in vars(Disk).items() if inspect.isfunction(member)}
    missing = {point for point in wanted if not {f"{point}:before", f"{point}:after"} <= places}
    assert missing == NOT_IN_AN_ACT.keys()
