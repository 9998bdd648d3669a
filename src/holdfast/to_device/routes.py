"""Messages between devices over HTTP."""

from holdfast.kit.http import Route

routes: list[Route] = []
