"""What must never happen in any flow: a breach of the security policy, an error in a script, a
request to somebody else."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy breached: ${event.violatedDirective} by ${event.blockedURI}`));
"""
# Chromium logs each answer of 400 and above; wrong passwords and the like are part of the flows.
EXPECTED = "Failed to load resource:"


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Watch:
    """Looks over the shoulder of every browser context of a test."""

    def __init__(self, *origins: str) -> None:
        self.problems: list[str] = []
        self._allowed = set(origins)

    def allow(self, *origins: str) -> None:
        """Let the pages of this test talk to these servers too."""
        self._allowed.update(origins)

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_BREACHES)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.problems.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("data", "blob", "about"):
            return
        if origin_of(request.url) not in self._allowed:
            self.problems.append(f"request: {request.method} {request.url}")
