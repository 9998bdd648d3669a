"""Key backups over HTTP (Client-Server API, "Server-side key backups")."""

from holdfast.kit.http import Route

routes: list[Route] = []
