"""The database's tables: numbered migrations, one sequence, the same files for both engines."""

from holdfast.schema.migrate import NewerDatabase, migrate, pending

__all__ = ["NewerDatabase", "migrate", "pending"]
