"""Telling clients what changed (Client-Server API, "Syncing")."""
