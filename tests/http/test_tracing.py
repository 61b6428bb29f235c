"""Traces, as a collector gets them: what one request was spent on, as one tree without anybody's data."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.tracing.none import NoTracing
from entrypoints.settings import Events, OwnerTypeRules, Tracing
from tests.http.places import ON_A_DISK
from tests.http.service import Clinic, Person, Service, jpeg, serving, settings_for
from tests.services.collector import Collector, Taken, collecting
from tests.services.endpoint import endpoint
from tests.services.host import hosting

pytestmark = pytest.mark.anyio

SERVER, CLIENT, PRODUCER = 2, 3, 4
FAILED = 2
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEADERS = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
PHOTOS = "POST /api/v1/media/patients/{patient_id}/photos"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as running:
        yield running


@asynccontextmanager
async def traced(folder: Path, collector: Collector, **settings: Any) -> AsyncIterator[Service]:
    """At the end of the block all has arrived."""
    tracing = Tracing(enabled=True, endpoint=collector.url)
    async with serving(settings_for(folder, tracing=tracing, **settings)) as service:
        yield service


def root_of(collector: Collector, name: str) -> Taken:
    (found,) = [span for span in collector.spans if span.name == name and span.kind == SERVER]
    return found


def named(tree: Any, name: str) -> Taken:
    found: Taken = next(span for span in tree if span.name == name)
    return found


async def test_an_upload_is_one_tree_from_the_request_to_the_disk(tmp_path: Path, collector: Collector) -> None:
    async with traced(tmp_path, collector) as service:
        clinic = Clinic(service, "c")
        await clinic.patient("ana")
        await Person(service, clinic.dentist.bearer, headers=HEADERS | {"X-Request-ID": "r-7"}).photo("ana")
    root = root_of(collector, PHOTOS)
    assert (root.trace, root.parent) == (TRACE, PARENT), "it goes on with the caller's trace"
    assert root.attributes == {
        "http.request.method": "POST",
        "http.route": "/api/v1/media/patients/{patient_id}/photos",
        "http.response.status_code": 201,
        "url.scheme": "http",
        "clinic_media.request_id": "r-7",
    }
    assert {span.name for span in collector.below(root)} >= {"BeginUpload", "StorePhoto"}
    use_case = named(collector.below(root), "StorePhoto")
    below = collector.tree(use_case)
    assert {span.name for span in below} >= {
        "FileInspector.inspect", "transaction", "INSERT documents", "COMMIT", "StagedBlob.keep", "Blobs.promote",
    }  # fmt: skip
    inserted = named(below, "INSERT documents")
    assert inserted.kind == CLIENT
    assert inserted.attributes == {
        "db.system.name": service.settings.database_kind,
        "db.operation.name": "INSERT",
        "db.collection.name": "documents",
        "db.query.summary": "INSERT documents",
    }
    assert [span.name for span in below if span.id == inserted.parent] == ["transaction"]
    assert collector.resource["service.name"] == "clinic-media"
    of_this = [span for span in collector.spans if span.trace == TRACE]
    assert sorted(span.id for span in collector.tree(root)) == sorted(span.id for span in of_this)


async def test_nothing_that_somebody_wrote_is_told(tmp_path: Path, collector: Collector) -> None:
    async with traced(tmp_path, collector) as service:
        clinic = Clinic(service, "c")
        await clinic.patient("ana", "Canario Pérez")
        photo = await clinic.dentist.photo("ana", title="Canario", file=("canario.jpg", jpeg(), "image/jpeg"))
        await clinic.dentist.get("/media/patients/ana/photos?q=canario")
        await clinic.dentist.get("/media/patients/canario perez/photos")
        await clinic.dentist.get("/canario")
        await service.client.get(photo["thumb_url"])
        await service.client.get(photo["thumb_url"] + "0")
        note = {"note_type": "administrative", "owner_type": "patient", "owner_id": "ana", "body": "Canario"}
        await clinic.dentist.post("/clinical_notes/notes", note)
        await clinic.dentist.post("/clinical_notes/notes", {**note, "canario": "canario"})
    sent = b"".join(collector.bodies)
    assert len(collector.spans) > 40
    assert b"canario" not in sent.lower()
    assert b"sig=" not in sent
    assert clinic.dentist.token.encode() not in sent
    assert not any(span.events for span in collector.spans)


async def test_a_refusal_is_told_by_its_code(tmp_path: Path, collector: Collector) -> None:
    async with traced(tmp_path, collector, storage=ON_A_DISK) as service:
        clinic = Clinic(service, "c")
        await clinic.dentist.get("/media/patients/nobody/photos", headers=HEADERS)
        await service.client.get("/api/v1/media/taxonomy")
        (tmp_path / "files").rename(tmp_path / "unplugged")
        await clinic.patient("ana")
        await clinic.dentist.send_photo("ana")
    root = root_of(collector, "GET /api/v1/media/patients/{patient_id}/photos")
    assert (root.attributes["http.response.status_code"], root.status) == (404, 0)
    assert named(collector.below(root), "ListPhotos").attributes["error.type"] == "not_found"
    assert root_of(collector, "GET /api/v1/media/taxonomy").attributes["http.response.status_code"] == 401
    away = root_of(collector, PHOTOS)
    assert (away.attributes["http.response.status_code"], away.status) == (503, FAILED)
    assert named(collector.tree(away), "Blobs.stage").attributes["error.type"] == "unavailable"


async def test_health_and_the_worker_s_looking_about_are_no_traces(tmp_path: Path, collector: Collector) -> None:
    async with traced(tmp_path, collector) as service:
        await service.client.get("/health/ready")
        await service.client.get("/metrics")
        await service.container.recover()()
        await service.container.relay_events()(10)
    assert collector.spans == []


async def test_the_host_and_the_webhook_can_go_on_with_the_trace(tmp_path: Path, collector: Collector) -> None:
    with hosting() as (url, host), endpoint() as webhook:
        secret = "whsec_" + "c2VjcmV0IG9mIHRoZSB0ZXN0cywgbG9uZw=="
        events = Events(bus="webhook", url=webhook.url, secret=secret)
        visits = {"visit": OwnerTypeRules(resolver="http", url=url, cache_seconds=0)}
        async with traced(tmp_path, collector, events=events, owner_types=visits) as service:
            person = Clinic(service, "marina").dentist
            await person.get("/visit/7/files", headers={**HEADERS, "tracestate": "host=1"})
            await Clinic(service, "marina").patient("ana")
            await service.container.relay_events()(10)
        asked = named(collector.spans, "OwnerResolver.patient_of")
        assert host.asked[0][1]["traceparent"] == f"00-{TRACE}-{asked.id}-01"
        assert host.asked[0][1]["tracestate"] == "host=1"
        published = named(collector.spans, "EventBus.publish")
        assert (published.kind, published.parent) == (PRODUCER, "")
        assert webhook.requests[0].headers["traceparent"].startswith(f"00-{published.trace}-{published.id}-")


async def test_a_traceparent_that_is_none_begins_a_new_trace(tmp_path: Path, collector: Collector) -> None:
    async with traced(tmp_path, collector) as service:
        for wrong in ("", "x", f"00-{'0' * 32}-{PARENT}-01", "00-" + "é" * 40, HEADERS["traceparent"] * 50):
            answer = await service.client.get("/schema", headers=[(b"traceparent", wrong.encode("latin-1"))])
            assert answer.status_code == 200
    assert [span.parent for span in collector.spans] == [""] * 5


async def test_a_collector_that_is_away_keeps_nobody_waiting(tmp_path: Path, collector: Collector) -> None:
    tracing = Tracing(enabled=True, endpoint="http://127.0.0.1:9")
    async with serving(settings_for(tmp_path, tracing=tracing)) as service:
        assert (await Clinic(service, "c").dentist.get("/media/taxonomy")).status_code == 200


async def test_without_tracing_everything_is_what_it_was(service: Service) -> None:
    tracing, part = service.container.tracing(), object()
    assert type(tracing) is NoTracing
    app: Any = object()
    assert tracing.served(app, str) is app
    assert tracing.use_case(part) is tracing.port(object, part) is tracing.database(part, "") is part
    assert (tracing.carried(), tracing.trace_id()) == ({}, "")
