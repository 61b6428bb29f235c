"""The application as each process of clinic-media serve runs it: it does not outlive the one that started it.

Left behind by a main process that was killed, it would keep the port and serve on, beside whatever is started next.
"""

import multiprocessing
import os
import signal
import threading
import time

from entrypoints.asgi import app as app
from entrypoints.cli.serve import FINISH_SECONDS

_LOOKS_EVERY = 0.2


def _watch() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """As the main process would have asked for it."""
    parent = multiprocessing.parent_process()
    # The pipe that multiprocessing watches a parent by is held open by the other workers too.
    while parent is not None and os.getppid() == parent.pid:
        time.sleep(_LOOKS_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(FINISH_SECONDS)
    os._exit(1)


# Not before: until the server has put up its own handlers, a signal means what it means to the main process.
app.on_startup.append(_watch)
