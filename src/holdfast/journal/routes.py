"""The account journal over HTTP."""

from holdfast.kit.http import Route

routes: list[Route] = []
