"""User-interactive authentication: proving who is asking (Client-Server API, same title)."""
