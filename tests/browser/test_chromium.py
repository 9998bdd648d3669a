"""The browser that the portal's tests stand on."""

from playwright.sync_api import Page, expect

AXE = "axe.run().then((found) => found.violations.map((violation) => violation.id))"


def test_it_shows_a_page_and_runs_its_script(page: Page) -> None:
    page.set_content("<p>old</p><script>document.querySelector('p').textContent = 'new'</script>")
    expect(page.locator("p")).to_have_text("new")


def test_axe_finds_what_a_page_withholds(page: Page, axe_script: str) -> None:
    page.set_content("<html lang='en'><title>A</title><main><h1>A</h1><img src='x'></main></html>")
    page.evaluate(axe_script)
    assert page.evaluate(AXE) == ["image-alt"]
