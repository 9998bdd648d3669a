"""What administrators do over HTTP, and what users report to them."""

from holdfast.kit.http import Route

routes: list[Route] = []
