"""How many wait for the database, for a connection or for their turn to write, and how full the pool is."""

from prometheus_client import Gauge

WAITING = Gauge("clinic_media_database_waiting", "Waiting for a connection or to write", multiprocess_mode="livesum")
IN_USE = Gauge("clinic_media_database_connections_in_use", "Of PostgreSQL, of the pool's", multiprocess_mode="livesum")
POOL = Gauge("clinic_media_database_connections_most", "That the pools may open", multiprocess_mode="livesum")
