"""When something may be destroyed. The default answer is: never."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.documents import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """`trash_days` after which the trash may be purged (None: never); photos and x-rays only if `photos_purgeable`."""

    trash_days: int | None = None
    photos_purgeable: bool = False


def purgeable(document: Document, policy: RetentionPolicy, *, held: bool, now: datetime) -> bool:
    """Whether `document` may be destroyed at `now`; `held` tells of a legal hold on its patient."""
    if held or document.hold or document.trashed_at is None or policy.trash_days is None:
        return False
    if document.is_picture and not policy.photos_purgeable:
        return False
    return now - document.trashed_at >= timedelta(days=policy.trash_days)
