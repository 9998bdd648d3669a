"""Telling clients what changed, in windows they choose (MSC4186)."""

from holdfast.kit.http import Route

routes: list[Route] = []
