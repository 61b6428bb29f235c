"""What is kept of an event: a message for whoever listens, and a line of the audit log."""

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from application.ports.audit_trail import AuditEntry
from application.ports.event_bus import Message
from domain.access import Principal
from domain.events import DocumentEvent, Event

# They have columns of their own in the audit log.
_NAMED = frozenset({"patient_id", "document_id"})


def message_of(event: Event, actor: Principal, at: datetime, id: str) -> Message:
    """The message `id` that tells of `event`; its data is ready for JSON."""
    return Message(
        id=id,
        type=event.type,
        clinic_id=actor.clinic_id,
        actor_id=actor.user_id,
        subject=event.subject,
        key=event.patient_id,
        occurred_at=at,
        data=_data(event),
    )


def entry_of(event: Event, actor: Principal, at: datetime) -> AuditEntry:
    """The audit entry of `event`. Its detail is what else the event says, as JSON, None where that is nothing."""
    told = {name: value for name, value in _data(event).items() if name not in _NAMED}
    return AuditEntry.by(
        actor,
        at,
        event.type,
        document_id=event.document_id if isinstance(event, DocumentEvent) else None,
        patient_id=event.patient_id,
        subject=event.subject,
        detail=json.dumps(told, sort_keys=True, separators=(",", ":")) if told else None,
    )


def _data(event: Event) -> dict[str, Any]:
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
