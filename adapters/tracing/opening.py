"""Whether anything is traced."""

from adapters.tracing.none import NoTracing
from application.ports.tracing import Tracing


def open_tracing(enabled: bool, endpoint: str) -> Tracing:
    """Raises `ImportError`, a sentence for operators, where the packages are missing.

    `endpoint` is the base URL of an OTLP collector; empty leaves it to the OTEL_EXPORTER_OTLP_… variables.
    """
    if not enabled:
        return NoTracing()
    try:
        from adapters.tracing.otel import OtelTracing  # noqa: PLC0415 - installed only where it is used
    except ModuleNotFoundError as missing:
        raise ImportError(f"the package {missing.name} is missing: install clinic-media[otel]") from missing
    return OtelTracing.over_http(endpoint)
