"""The adapters of what lies outside: storage, brokers, helpers that look into files, scanner."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dependency_injector.providers import Callable as Call
from dependency_injector.providers import Provider, Selector, Singleton

from adapters.events.log import LogBus
from adapters.events.none import NoSource
from adapters.events.opening import open_bus, open_source, open_webhook
from adapters.files.journal import FileJournal
from adapters.files.opening import open_blobs
from adapters.imaging.inspector import PillowInspector
from adapters.memory.blobs import MemoryBlobs
from adapters.metrics.inspecting import MeasuredInspector
from adapters.scanning.clamd import ClamdScanner
from adapters.scanning.none import NoScanner
from adapters.sealing.plain import PlainCiphers
from application.ports.blobs import Blobs
from application.ports.event_bus import EventBus
from application.ports.event_source import EventSource
from application.ports.inspecting import FileInspector
from application.ports.moving import Journal
from application.ports.scanning import Scanner
from application.ports.sealing import Ciphers
from application.ports.stripping import MetadataStripper
from entrypoints.container.basics import Basics
from entrypoints.container.opening import Opened, told

basics = Basics


def _opened_storage(opened: Opened, scratch: Path, url: str, options: Mapping[str, Any]) -> Blobs:
    return opened.keep(open_blobs, url, options, scratch)


def _ciphers(passphrase: str | None) -> Ciphers:
    if passphrase is None:
        return PlainCiphers()
    from adapters.sealing.aes_gcm import AesGcmCiphers  # noqa: PLC0415 - only backups are sealed

    return AesGcmCiphers(passphrase)


def _journal(opened: Opened, folder: Path, source: str, target: str) -> Journal:
    return opened.keep(FileJournal, folder / "moves", source, target)


class Outside(Basics):
    blobs: Provider[Blobs] = Selector(
        basics.settings.provided.storage_kind,
        memory=Singleton(basics._traced.call(Blobs, Singleton(MemoryBlobs))),
        files=Singleton(
            basics._traced.call(
                Blobs,
                basics._keep.call(
                    told("storage", open_blobs),
                    basics.settings.provided.storage_url,
                    basics.settings.provided.storage.options,
                    basics.settings.provided.scratch,
                ),
            )
        ),
    )
    _broker = Singleton(
        basics._traced.call(
            EventBus,
            basics._keep.call(
                told("events.bus", open_bus),
                basics.settings.provided.events.bus,
                basics.settings.provided.events.url,
                basics.settings.provided.events.topic,
            ),
        )
    )
    _heard = Singleton(
        basics._keep.call(
            told("events.consume", open_source),
            basics.settings.provided.events.bus,
            basics.settings.provided.events.url,
            basics.settings.provided.events.consume,
        )
    )
    bus: Provider[EventBus] = Selector(
        basics.settings.provided.events.bus,
        log=Singleton(basics._keep.call(LogBus)),
        webhook=Singleton(
            basics._traced.call(
                EventBus,
                basics._keep.call(
                    told("events.secret", open_webhook),
                    basics.settings.provided.events.url,
                    basics.settings.provided.events.secret,
                    carried=basics.tracing.provided.carried,
                ),
            )
        ),
        nats=_broker,
        kafka=_broker,
        redis=_broker,
        rabbitmq=_broker,
    )
    event_source: Provider[EventSource] = Selector(
        basics.settings.provided.events.source, none=Singleton(NoSource), nats=_heard, redis=_heard
    )
    stripper: Provider[MetadataStripper] = Singleton(
        basics._traced.call(
            MetadataStripper,
            basics._keep.call(
                PillowInspector,
                workers=basics.settings.provided.images.processes,
                thumb_px=basics.settings.provided.images.thumb_px,
                medium_px=basics.settings.provided.images.medium_px,
                max_pixels=basics.settings.provided.images.max_pixels,
                timezone=Singleton(ZoneInfo, basics.settings.provided.images.timezone),
            ),
        )
    )
    inspector: Provider[FileInspector] = Singleton(
        basics._traced.call(FileInspector, Singleton(MeasuredInspector, stripper))
    )
    scanner: Provider[Scanner] = Selector(
        basics.settings.provided.scanning.scanner,
        none=Singleton(NoScanner),
        clamd=Singleton(
            basics._traced.call(
                Scanner,
                Singleton(
                    told("scanning.url", ClamdScanner),
                    basics.settings.provided.scanning.url,
                    max_bytes=basics.settings.provided.scanning.max_bytes,
                ),
            )
        ),
    )
    _needed_scanner: Provider[Scanner] = Selector(
        basics.settings.provided.scanning.on_failure, reject=scanner, accept_and_mark=Singleton(NoScanner)
    )
    """The one that uploads are refused without."""
    other_storage: Provider[Blobs] = Call(_opened_storage, basics.resources, basics.settings.provided.scratch)
    """Of a URL and its client's options; raises `ValueError` for what is none."""
    ciphers: Provider[Ciphers] = Call(_ciphers)
    """For a passphrase; without one nothing is encrypted."""
    move_journal: Provider[Journal] = Call(_journal, basics.resources, basics.settings.provided.folder)
    """Of a move from one URL to another."""
