"""How far everybody has read (Client-Server API, "Receipts" and "Fully read markers")."""

from holdfast.kit.http import Route

routes: list[Route] = []
