"""How a message looks outside: CloudEvents 1.0 in JSON, in structured mode wherever it goes."""

import json
from datetime import UTC
from typing import Any

import msgspec

from application.ports.event_bus import Message
from application.ports.event_source import Received
from domain.errors import Malformed
from domain.ids import ClinicId, host_id

CONTENT_TYPE = "application/cloudevents+json"
LARGEST = 256 * 1024
"""Bytes of an event that is taken from others."""


class _Envelope(msgspec.Struct):
    """What we read of somebody else's event."""

    specversion: str
    id: str
    source: str
    type: str
    clinicid: str
    subject: str = ""
    data: dict[str, Any] = {}


_read = msgspec.json.Decoder(_Envelope).decode


def cloud_event(message: Message) -> dict[str, Any]:
    """The attributes and data of a structured-mode event, ready for JSON.

    `clinicid` and `actorid` are extensions of ours; `partitionkey` is the registered one, and whoever spreads events
    over partitions by it keeps them in order for each patient.
    """
    return {
        "specversion": "1.0",
        "id": message.id,
        "source": _source(message.clinic_id),
        "type": message.type,
        "subject": message.subject,
        "time": message.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "clinicid": message.clinic_id,
        "actorid": message.actor_id,
        "partitionkey": message.key,
        "data": dict(message.data),
    }


def written(message: Message) -> bytes:
    """The same bytes at each delivery, so that signatures and digests of them agree."""
    return json.dumps(cloud_event(message), separators=(",", ":")).encode()


def received(body: bytes) -> Received:
    """Somebody's event. Raises `Malformed` for what is none, or tells of no clinic."""
    if len(body) > LARGEST:
        raise Malformed(f"An event has at most {LARGEST} bytes")
    try:
        envelope = _read(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed("This is no CloudEvent in JSON with id, source, type and clinicid") from error
    if envelope.specversion != "1.0":
        raise Malformed("Only CloudEvents of version 1.0 are understood")
    clinic = ClinicId(host_id(envelope.clinicid, "clinicid"))
    return Received(
        id=envelope.id,
        type=envelope.type,
        clinic_id=clinic,
        subject=envelope.subject,
        data=envelope.data,
        is_ours=envelope.source == _source(clinic),
    )


def _source(clinic: ClinicId) -> str:
    return f"/clinics/{clinic}"
