"""How long files take to be looked into, and how it ends."""

import time
from datetime import datetime

from prometheus_client import Gauge, Histogram

from application.ports.inspecting import FileInspector, Inspected, Source
from domain.errors import DomainError

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SECONDS = Histogram(
    "clinic_media_inspection_seconds", "Sniffing, decoding and deriving of a file", ("outcome",), buckets=_BUCKETS
)
_UNDER_WAY = Gauge(
    "clinic_media_inspections_under_way", "Files that are looked into or wait for it", multiprocess_mode="livesum"
)


class MeasuredInspector(FileInspector):
    """`outcome` is ok, the code of the refusal, or fault where a helper failed at a sound file."""

    def __init__(self, measured: FileInspector) -> None:
        self._measured = measured

    async def inspect(self, source: Source, *, filename: str, now: datetime) -> Inspected:
        outcome, began = "failed", time.perf_counter()
        with _UNDER_WAY.track_inprogress():
            try:
                inspected = await self._measured.inspect(source, filename=filename, now=now)
                outcome = "ok" if inspected.fault is None else "fault"
                return inspected
            except DomainError as refusal:
                outcome = refusal.code
                raise
            finally:
                _SECONDS.labels(outcome).observe(time.perf_counter() - began)

    async def close(self) -> None:
        await self._measured.close()
