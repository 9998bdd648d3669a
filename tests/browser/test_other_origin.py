"""A client that lives on another origin than the server, as every web client does.

The browser lets it read only what the server allows it to: refusals too.
"""

import json
import subprocess
import threading
import uuid
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.node import CLIENTS
from tests.fixtures.running_server import RunningServer

pytestmark = pytest.mark.sqlite_only("what a page may read does not depend on the database")

OLD = "wandering ember stadium"
NEW = "another fine lighthouse"
FORBIDDEN = [403, "M_FORBIDDEN"]
PAGE = "<!doctype html><title>An app</title><script type='module' src='app.js'></script>"

SIGN_IN = """async (given) => {
  const signIn = (password) => sdk.createClient({ baseUrl: given.url }).loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user: given.user },
    password,
  });
  const clientOf = (answer) => sdk.createClient({
    baseUrl: given.url,
    userId: answer.user_id,
    deviceId: answer.device_id,
    accessToken: answer.access_token,
  });
  const answer = await signIn(given.password);
  window.client = clientOf(answer);
  window.told = new Promise((resolve) => {
    client.on("Session.logged_out", (error) => resolve({
      errcode: error.errcode, softLogout: error.data.soft_logout, status: error.httpStatus,
    }));
  });
  const prepared = new Promise((resolve) => {
    client.on("sync", (state) => state === "PREPARED" && resolve());
  });
  await client.startClient();
  await prepared;
  return answer;
}"""

SIGN_IN_AGAIN = """async (given) => {
  client.stopClient();
  const answer = await sdk.createClient({ baseUrl: given.url }).loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user: given.user },
    password: given.password,
    device_id: client.getDeviceId(),
  });
  return answer.device_id;
}"""

ASK = """async ([method, url, body, token]) => {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(url, { method, body, headers });
    return [answer.status, (await answer.json()).errcode ?? null];
  } catch (error) {
    return [String(error), null];
  }
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def app_origin(node: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an app that holds matrix-js-sdk is served from."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "index.html").write_text(PAGE)
    bundle(node, folder / "app.js")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def bundle(node: str, to: Path) -> None:
    command = [node, "node_modules/esbuild/bin/esbuild", "in_page.mjs", "--bundle", "--format=esm"]
    subprocess.run(
        [*command, "--log-level=error", f"--outfile={to}"],
        cwd=CLIENTS,
        check=True,
    )


@pytest.fixture
def app(app_origin: str, browser: Browser) -> Iterator[Page]:
    """The app in a browser of its own, as refusals are what it is here for."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(app_origin)
        page.wait_for_function("() => window.sdk")
        yield page


def register(server: RunningServer) -> dict[str, Any]:
    body = {"username": f"web-{uuid.uuid4().hex[:12]}", "password": OLD}
    answer = httpx.post(
        f"{server.url}/_matrix/client/v3/register",
        json={**body, "auth": {"type": "m.login.dummy"}},
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def change_password(server: RunningServer, account: dict[str, Any]) -> None:
    identifier = {"type": "m.id.user", "user": account["user_id"]}
    auth = {"type": "m.login.password", "identifier": identifier, "password": OLD}
    answer = httpx.post(
        f"{server.url}/_matrix/client/v3/account/password",
        json={"auth": auth, "new_password": NEW},
        headers={"authorization": f"Bearer {account['access_token']}"},
    )
    assert answer.status_code == 200, answer.text


def test_an_app_is_told_that_it_was_locked(app: Page, homeserver: RunningServer) -> None:
    account = register(homeserver)
    given = {"url": homeserver.url, "user": account["user_id"], "password": OLD}
    signed_in = app.evaluate(SIGN_IN, given)
    change_password(homeserver, account)
    told = app.evaluate("() => told")
    assert told == {"errcode": "M_UNKNOWN_TOKEN", "softLogout": True, "status": 401}
    again = app.evaluate(SIGN_IN_AGAIN, {**given, "password": NEW})
    assert again == signed_in["device_id"]


def test_an_app_reads_every_refusal(app: Page, homeserver: RunningServer) -> None:
    token = register(homeserver)["access_token"]
    base = f"{homeserver.url}/_matrix/client"
    big = json.dumps({"padding": "x" * (2 << 20)})
    wrong = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "nobody"}}
    asked = [
        (["GET", f"{base}/versions", None, token], [200, None]),
        (["GET", f"{base}/versions", None, "unknown"], [401, "M_UNKNOWN_TOKEN"]),
        (["GET", f"{base}/v3/account/whoami", None, None], [401, "M_MISSING_TOKEN"]),
        (["GET", f"{base}/v3/account/whoami", None, "unknown"], [401, "M_UNKNOWN_TOKEN"]),
        (["POST", f"{base}/v3/login", json.dumps({**wrong, "password": "no"}), None], FORBIDDEN),
        (["POST", f"{base}/v3/login", "{", None], [400, "M_NOT_JSON"]),
        (["POST", f"{base}/v3/login", big, None], [413, "M_TOO_LARGE"]),
        (["PUT", f"{base}/v3/login", "{}", token], [405, "M_UNRECOGNIZED"]),
        (["GET", f"{base}/v9/nothing", None, token], [404, "M_UNRECOGNIZED"]),
        (["GET", f"{homeserver.url}/.well-known/matrix/client", None, None], [200, None]),
    ]
    for request, expected in asked:
        assert app.evaluate(ASK, request) == expected, request[:2]
