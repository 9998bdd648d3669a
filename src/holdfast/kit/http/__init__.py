"""HTTP as Matrix uses it: routes, requests, answers."""

from holdfast.kit.http.request import Request
from holdfast.kit.http.requester import Requester
from holdfast.kit.http.routing import Auth, Route, client, extra, page

__all__ = ["Auth", "Request", "Requester", "Route", "client", "extra", "page"]
