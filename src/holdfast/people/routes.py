"""What users see of each other: profiles told in rooms, and the user directory."""

from holdfast.kit.http import Route

routes: list[Route] = []
