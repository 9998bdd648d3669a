"""The browser that the portal's tests stand on."""

from playwright.sync_api import Page, expect


def test_it_shows_a_page_and_runs_its_script(page: Page) -> None:
    page.set_content("<p>old</p><script>document.querySelector('p').textContent = 'new'</script>")
    expect(page.locator("p")).to_have_text("new")
