"""Column types that both databases have, each in its own way."""

from sqlalchemy import Boolean, Date, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import BIGINT, JSONB, TEXT, UUID

OUR_ID = Text().with_variant(UUID(as_uuid=False), "postgresql")

HOST_ID = Text().with_variant(TEXT(collation="C"), "postgresql")
"""Also for whatever must sort by code point in both."""

INSTANT = Text().with_variant(DateTime(timezone=True), "postgresql")
DAY = Text().with_variant(Date(), "postgresql")
JSON = Text().with_variant(JSONB(), "postgresql")
FLAG = Integer().with_variant(Boolean(), "postgresql")
COUNT = Integer().with_variant(BIGINT(), "postgresql")
