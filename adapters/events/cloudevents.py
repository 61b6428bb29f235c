"""How a message looks outside: CloudEvents 1.0 in JSON."""

from datetime import UTC
from typing import Any

from application.ports.event_bus import Message


def cloud_event(message: Message) -> dict[str, Any]:
    """The attributes and data of a structured-mode event, ready for JSON.

    `clinicid` and `actorid` are extensions of ours; `partitionkey` is the registered one, and whoever spreads events
    over partitions by it keeps them in order for each patient.
    """
    return {
        "specversion": "1.0",
        "id": message.id,
        "source": f"/clinics/{message.clinic_id}",
        "type": message.type,
        "subject": message.subject,
        "time": message.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "clinicid": message.clinic_id,
        "actorid": message.actor_id,
        "partitionkey": message.key,
        "data": dict(message.data),
    }
