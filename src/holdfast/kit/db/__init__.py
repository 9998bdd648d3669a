"""One database behind one small interface, whichever engine it is.

Rules are plain functions that take a `Tx`. `Database.read` and `Database.write` run them in a
transaction on a worker thread, so that nothing in a rule holds up the event loop.
"""

from holdfast.kit.db.open import open_database
from holdfast.kit.db.tx import Database, DatabaseUnavailable, Tx

__all__ = ["Database", "DatabaseUnavailable", "Tx", "open_database"]
