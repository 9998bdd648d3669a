"""Room keys that clients leave with the server, encrypted ("Server-side key backups")."""
