"""A second wall between clinics: PostgreSQL itself lets a session see and write the rows of one clinic alone.

Which one the session says (`SET clinic_media.clinic`); `*` is every clinic, and a session that says nothing has none.
Also for the owner of the tables; a superuser, or a role with BYPASSRLS, goes round it.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = (
    *("documents", "pairing_members", "attachments", "notes", "patients", "owners", "grants"),
    *("outbox", "dead_letters", "audit", "audit_heads", "repetitions", "tombstones", "uploads"),
    *("import_runs", "import_rows"),
)
_SAID = "current_setting('clinic_media.clinic', true)"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _TABLES:
        op.execute(f"CREATE POLICY clinic ON {table} USING (clinic_id = {_SAID} OR {_SAID} = '*')")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
        op.execute(f"DROP POLICY clinic ON {table}")
