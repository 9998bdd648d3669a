"""Who is there (Client-Server API, "Presence")."""

from holdfast.kit.http import Route

routes: list[Route] = []
