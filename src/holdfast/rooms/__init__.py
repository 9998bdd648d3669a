"""Rooms and their events (Client-Server API, "Rooms" and "Events")."""
