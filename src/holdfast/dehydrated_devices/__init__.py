"""A device that waits on the server while its user has none (MSC3814)."""
