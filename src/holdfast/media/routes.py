"""Files that people send each other (Client-Server API, "Content Repository")."""

from holdfast.kit.http import Route

routes: list[Route] = []
