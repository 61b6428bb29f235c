"""What an installation can be made of: a database, and a storage beside it."""

DATABASES = ("sqlite", "postgresql")
STORAGES = ("local", "s3", "memory")
COMBINATIONS = tuple(f"{database}+{storage}" for database in DATABASES for storage in STORAGES)
