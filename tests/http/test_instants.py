"""Times as clients send them, wherever they may: of any year, with any offset. None breaks anything or sorts wrong."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.http.service import Clinic, data_of, fields_of

pytestmark = pytest.mark.anyio

_OFFSETS = st.timedeltas(timedelta(hours=-23, minutes=-59), timedelta(hours=23, minutes=59)).map(timezone)
moments = st.datetimes(timezones=st.none() | st.just(UTC) | _OFFSETS)
said = st.one_of(
    moments.map(datetime.isoformat),
    moments.map(lambda moment: moment.date().isoformat()),
    st.from_regex(
        r"[0-9]{4,5}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
    ),
    st.text(max_size=20).filter(bool),
)
EDGES = (
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00-14:00",
)

ASKED = (
    ("/media/patients/ana/photos", "captured_from"),
    ("/media/patients/ana/photos", "captured_to"),
    ("/patient/ana/files", "uploaded_from"),
    ("/patient/ana/files", "uploaded_to"),
    ("/files/trash", "date"),
    ("/audit", "from"),
    ("/audit", "to"),
)
calmly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@calmly
@given(said)
@example(EDGES[0])
@example(EDGES[1])
@example(EDGES[2])
@example(EDGES[3])
async def test_whatever_time_is_asked_for_is_understood_or_refused_by_name(clinic: Clinic, ana: str, text: str) -> None:
    for path, name in ASKED:
        answer = await clinic.admin.get(path, params={name: text})
        assert answer.status_code in (200, 400, 422), (path, name, answer.text)
        if answer.status_code >= 400:
            assert fields_of(answer.json()) == {name}


@calmly
@given(said)
@example(EDGES[0])
@example(EDGES[3])
async def test_whatever_time_is_told_is_taken_or_refused_by_name(clinic: Clinic, ana: str, text: str) -> None:
    photo = await clinic.dentist.photo(ana)
    told = (
        await clinic.dentist.patch(f"/media/documents/{photo['id']}/photo-metadata", {"captured_at": text}),
        await clinic.dentist.send_photo(ana, captured_at=text),
        await clinic.admin.put("/directory/owners/visit/v1", {"patient_id": ana, "title": "V", "occurred_at": text}),
        await clinic.admin.put(f"/directory/patients/{ana}", {"display_name": "Luz", "birth_date": text}),
    )
    for answer, name in zip(told, ("captured_at", "captured_at", "occurred_at", "birth_date"), strict=True):
        assert answer.status_code in (200, 201, 400, 422), answer.text
        if answer.status_code >= 400:
            assert fields_of(answer.json()) == {name}


@calmly
@given(st.lists(moments, min_size=2, max_size=4))
@example([datetime.fromisoformat(EDGES[4]), datetime(2024, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
async def test_records_come_by_when_they_took_place_wherever_on_earth(clinic: Clinic, times: list[datetime]) -> None:
    patient = f"p-{abs(hash(tuple(times)))}"
    await clinic.admin.put(f"/directory/patients/{patient}", {"display_name": "Luz"})
    taken: dict[str, datetime] = {}
    for number, moment in enumerate(times):
        body = {"patient_id": patient, "title": "V", "occurred_at": moment.isoformat()}
        answer = await clinic.admin.put(f"/directory/owners/visit/{patient}-{number}", body)
        if answer.status_code == 400:
            continue  # before the year 1 or after 9999 where time is counted
        taken[f"{patient}-{number}"] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        assert datetime.fromisoformat(answer.json()["data"]["occurred_at"]) == taken[f"{patient}-{number}"]
    owners = data_of(await clinic.admin.get("/directory/owners", params={"patient_id": patient}))
    listed = [taken[owner["owner_id"]] for owner in owners]
    assert listed == sorted(taken.values(), reverse=True)
    shown = data_of(await clinic.admin.get(f"/media/patients/{patient}/timeline", params={"types": "visit"}))
    assert [taken[entry["owner_id"]] for entry in shown] == listed
