"""Notifications on their way to devices (Client-Server API, "Push Notifications")."""
