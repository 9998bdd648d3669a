"""Device keys, one-time keys and cross-signing keys over HTTP."""

from holdfast.kit.http import Route

routes: list[Route] = []
