"""Figures for Prometheus."""

import re
from pathlib import Path

import pytest

from entrypoints.settings import Metrics
from tests.http.service import Clinic, Service, jpeg, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio


async def figures(service: Service) -> dict[str, float]:
    answer = await service.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    samples = re.findall(r"^(\w+(?:\{.*\})?) (\S+)$", answer.text, re.MULTILINE)
    return {name: float(value) for name, value in samples}


async def test_requests_are_counted_by_route_and_not_by_what_was_asked(service: Service, clinic: Clinic) -> None:
    route = "/api/v1/media/patients/{patient_id}/photos"
    taken = f'clinic_media_http_requests_total{{method="POST",route="{route}",status="201"}}'
    timed = f'clinic_media_http_request_seconds_count{{method="POST",route="{route}"}}'
    inspected = 'clinic_media_inspection_seconds_count{outcome="ok"}'
    before = await figures(service)
    await clinic.patient("ana")
    await clinic.dentist.photo("ana")
    after = await figures(service)
    for name in (taken, timed, inspected):
        assert after[name] == before.get(name, 0) + 1
    assert not [name for name in after if "ana" in name or clinic.id in name]


async def test_methods_that_a_client_makes_up_are_counted_as_one(service: Service) -> None:
    for number in range(3):
        assert (await service.client.request(f"MADEUP{number}", "/health/live")).status_code == 405
        assert (await service.client.request(f"MADEUP{number}", "/nowhere")).status_code in (404, 405)
    assert not [name for name in await figures(service) if "MADEUP" in name]


async def test_uploads_and_their_bytes_are_counted_by_how_they_ended(service: Service, clinic: Clinic) -> None:
    await clinic.patient("ana")
    before = await figures(service)
    picture = jpeg()
    await clinic.dentist.photo("ana", file=("a.jpg", picture, "image/jpeg"))
    nothing = await clinic.dentist.send_photo("ana", file=("a.jpg", b"no picture" * 100, "image/jpeg"))
    problem_of(nothing, 415, "unsupported_type")
    after = await figures(service)
    for outcome, size in (("ok", len(picture)), ("unsupported_type", 1000)):
        uploads, arrived = (f'clinic_media_upload{name}_total{{outcome="{outcome}"}}' for name in ("s", "_bytes"))
        assert after[uploads] == before.get(uploads, 0) + 1
        assert size <= after[arrived] - before.get(arrived, 0) < size + 2000


async def test_refusals_are_counted_by_their_code(service: Service, clinic: Clinic) -> None:
    code = 'clinic_media_problems_total{code="not_found"}'
    before = (await figures(service)).get(code, 0)
    await clinic.dentist.get("/media/patients/nobody/photos")
    await service.client.get("/nowhere")
    assert (await figures(service))[code] == before + 2


async def test_what_waits_to_be_published_is_told(service: Service, clinic: Clinic) -> None:
    before = (await figures(service))["clinic_media_outbox_messages"]
    await clinic.patient("ana")
    await clinic.dentist.photo("ana")
    after = await figures(service)
    assert after["clinic_media_outbox_messages"] > before
    assert after["clinic_media_outbox_lag_seconds"] > 0
    while await service.container.relay_events()():
        pass
    after = await figures(service)
    assert (after["clinic_media_outbox_messages"], after["clinic_media_outbox_lag_seconds"]) == (0, 0)
    assert after["clinic_media_database_waiting"] == 0


async def test_the_figures_can_be_kept_for_who_has_their_token(tmp_path: Path) -> None:
    async with serving(settings_for(tmp_path, metrics=Metrics(token="only for the watch tower"))) as service:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "only for the watch tower"}):
            problem_of(await service.client.get("/metrics", headers=headers), 401, "unauthenticated")
        right = {"Authorization": "Bearer only for the watch tower"}
        assert (await service.client.get("/metrics", headers=right)).status_code == 200
