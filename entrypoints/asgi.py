"""The application for a server: granian or uvicorn entrypoints.asgi:app. Settings come from file and environment."""

import os

from entrypoints.loading import loading

with loading():
    from entrypoints.cli.logs import log_to_stderr
    from entrypoints.cli.schema import check_schema
    from entrypoints.configuration import check_servable, read_settings
    from entrypoints.container import Container
    from entrypoints.http.app import create_app
    from entrypoints.worker import working

    settings = read_settings(None, os.environ)
    check_servable(settings)
    container = Container(settings=settings)
    log_to_stderr(settings.logging, container.tracing().trace_id)
    check_schema(container)
    app = create_app(container, beside=working)
