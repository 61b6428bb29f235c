"""How many wait for the database: for a connection, or for their turn to write."""

from prometheus_client import Gauge

WAITING = Gauge("clinic_media_database_waiting", "Waiting for a connection or to write", multiprocess_mode="livesum")
