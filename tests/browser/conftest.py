"""A browser, and real servers for it: started when a test first asks, and kept for all of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.serving import LiveServer, Person
from tests.browser.steps import NewContext, PageOf, as_before
from tests.browser.watching import Watch

expect.set_options(timeout=10_000)


def _serve(tmp_path_factory: pytest.TempPathFactory, **environ: str) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("server"), **environ) as server:
        yield server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The server of most tests: open to everybody, without rate limits."""
    yield from _serve(tmp_path_factory, HOLDFAST_SERVER_NAME="example.org")


@pytest.fixture(scope="session")
def other_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Another homeserver, with accounts of its own."""
    yield from _serve(tmp_path_factory, HOLDFAST_SERVER_NAME="other.example")


@pytest.fixture(scope="session")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that soon has enough of wrong passwords, and wants a registration token."""
    yield from _serve(
        tmp_path_factory,
        HOLDFAST_RATE_LIMITS="on",
        HOLDFAST_FAILED_LOGIN_LIMIT="2 per 60s",
        HOLDFAST_REGISTRATION="token",
    )


@pytest.fixture(scope="session")
def closed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that takes no new accounts."""
    yield from _serve(tmp_path_factory, HOLDFAST_REGISTRATION="closed")


@pytest.fixture(scope="session")
def base_url(server: LiveServer) -> str:
    """Where `page.goto("/signin")` leads."""
    return server.url


@pytest.fixture
def watch(server: LiveServer) -> Iterator[Watch]:
    """Fails the test if anything happened that never may."""
    watch = Watch(server.url)
    yield watch
    assert watch.problems == []


@pytest.fixture
def new_context(new_context: NewContext, watch: Watch) -> NewContext:
    """Makes browser contexts: each is a browser of its own, with a storage of its own."""

    def make(**kwargs: Any) -> BrowserContext:
        context = new_context(**kwargs)
        watch.over(context)
        return context

    return make


@pytest.fixture
def page_of(new_context: NewContext) -> PageOf:
    """Opens a settings page in the browser of somebody who signed in there before."""

    def open_it(person: Person, path: str = "/settings/account", **kwargs: Any) -> Page:
        storage = as_before(person, server=person.server)
        page = new_context(storage_state=storage, **kwargs).new_page()
        page.goto(path)
        return page

    return open_it


@pytest.fixture
def second_page(new_context: NewContext) -> Page:
    """The same person at another machine."""
    return new_context().new_page()
