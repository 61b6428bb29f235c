"""Times as clients write them."""

from datetime import UTC, date, datetime, time

from domain.errors import Malformed


def moment(text: str, field: str) -> datetime:
    """RFC 3339, or a date alone for its first moment; without a zone it is UTC."""
    try:
        said = datetime.fromisoformat(text)
        return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed(f"{field} must be a time such as 2026-03-01T09:30:00Z or a date", field=field) from error


def until(text: str, field: str) -> datetime:
    """As a bound that is included: a date alone means its last moment."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return moment(text, field)
    return datetime.combine(day, time.max, UTC)
