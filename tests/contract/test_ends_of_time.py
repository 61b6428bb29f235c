"""The first and the last moment that there is: a driver may take them for minus and plus infinity."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.installations import Installation
from tests.samples import ANA, VISIT, patient, record, staff

pytestmark = pytest.mark.anyio

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("moment", [_FIRST, _LAST])
async def test_the_ends_of_time_come_back_as_they_were_told(installation: Installation, moment: datetime) -> None:
    day: date = moment.date()
    await installation.keep(replace(patient(), birth_date=day), replace(record(), occurred_at=moment))
    found = await installation.directory.owner(staff(), VISIT)
    assert (found.occurred_at, found.occurred_at and found.occurred_at.tzinfo) == (moment, UTC)
    assert (await installation.directory.patient(staff(), ANA)).birth_date == day
