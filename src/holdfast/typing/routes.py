"""Who is writing just now (Client-Server API, "Typing Notifications")."""

from holdfast.kit.http import Route

routes: list[Route] = []
