"""Rooms over HTTP, one module for each group of endpoints."""

from holdfast.kit.http import Route
from holdfast.rooms.routes.directory import routes as directory
from holdfast.rooms.routes.members import routes as members
from holdfast.rooms.routes.reading import routes as reading
from holdfast.rooms.routes.relations import routes as relations
from holdfast.rooms.routes.writing import routes as writing

routes: list[Route] = [*writing, *members, *reading, *relations, *directory]
