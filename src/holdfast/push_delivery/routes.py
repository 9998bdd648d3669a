"""Notifications on their way to devices (Client-Server API, "Push Notifications")."""

from holdfast.kit.http import Route

routes: list[Route] = []
