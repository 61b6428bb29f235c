"""Older installations by their kind. Most installations bring none over, so each is loaded when it is asked for."""

from typing import Any

from application.ports.legacy import LegacySource


def open_medikeep(*place: Any, **parts: Any) -> LegacySource:
    """As `MediKeep` is made."""
    from adapters.legacy.medikeep.installation import MediKeep  # noqa: PLC0415 - see above

    return MediKeep(*place, **parts)


def open_dentalpin(*place: Any, **parts: Any) -> LegacySource:
    """As `DentalPin` is made."""
    from adapters.legacy.dentalpin.installation import DentalPin  # noqa: PLC0415 - see above

    return DentalPin(*place, **parts)
