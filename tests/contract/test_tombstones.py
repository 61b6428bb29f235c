"""What was purged is known, of every clinic, to whoever moves the bytes."""

import pytest

from tests.installations import Installation
from tests.samples import ANOTHER_CLINIC, document, staff

pytestmark = pytest.mark.anyio


async def test_of_the_documents_asked_for_those_that_were_purged_are_told(installation: Installation) -> None:
    gone, unasked, elsewhere = document(), document(), document(clinic=ANOTHER_CLINIC)
    active, unknown = document(), document()
    await installation.keep(gone, unasked, active)
    await installation.keep(elsewhere, clinic=ANOTHER_CLINIC)
    for each in (gone, unasked, elsewhere):
        async with installation.unit_of_work(staff(each.clinic_id)) as uow:
            await uow.documents.remove(each)
            await uow.commit()
    asked = [each.id for each in (gone, elsewhere, active, unknown)]
    assert await installation.tombstones.purged(asked) == {gone.id, elsewhere.id}
    assert await installation.tombstones.purged([]) == set()


async def test_a_removal_that_was_not_committed_leaves_none(installation: Installation) -> None:
    kept = document()
    await installation.keep(kept)
    async with installation.unit_of_work(staff()) as uow:
        await uow.documents.remove(kept)
    assert await installation.tombstones.purged([kept.id]) == set()
