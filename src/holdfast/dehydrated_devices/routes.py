"""Dehydrated devices over HTTP (MSC3814)."""

from holdfast.kit.http import Route

routes: list[Route] = []
