"""The product, running; browsers with the microphone a test wants; and what is needed to understand a failure."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, WebSocket, expect, sync_playwright

from tests.browser import obtain_browser
from tests.e2e.house import House
from tests.e2e.pages import SPOKEN_WITHIN_MS, OrderPage
from tests.e2e.speech import Part, write_speech

LAUNCH = (
    "--no-sandbox",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
)
ALLOWS_MICROPHONE = "--use-fake-ui-for-media-stream"
WARM_UP_TRIES = 4
# The browser itself reports these on the console; what a page makes of them is what the tests look at.
EXPECTED = ("Failed to load resource", "WebSocket connection to")
MESSAGE_CHARS = 300
DESKTOP = {"width": 1280, "height": 900}

NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    try:
        house.start()
        yield house
    finally:
        house.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """For whoever needs no particular sound from the microphone."""
    browser = playwright.chromium.launch(executable_path=obtain_browser(), args=[*LAUNCH, ALLOWS_MICROPHONE])
    yield browser
    browser.close()


class Microphone:
    """A microphone that says what it is given, each time it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.will_say([1.0])

    def will_say(self, parts: Sequence[Part], *, language: str = "en") -> None:
        write_speech(self.path, parts, language=language)


@pytest.fixture
def microphone(tmp_path: Path) -> Microphone:
    return Microphone(tmp_path / "microphone.wav")


@pytest.fixture
def talking_browser(playwright: Playwright, microphone: Microphone, hearing_house: House) -> Iterator[Browser]:
    """Its microphone is the file of `microphone`."""
    with _browser_with_microphone(playwright, microphone) as browser:
        yield browser


@pytest.fixture(scope="session")
def hearing_house(playwright: Playwright, house: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house that has just started makes the language models of its menus first; until then callers type."""
    microphone = Microphone(tmp_path_factory.mktemp("warm-up") / "microphone.wav")
    microphone.will_say([1.0, "two large pepperoni pizzas", 10.0])
    for _ in range(WARM_UP_TRIES):
        with _browser_with_microphone(playwright, microphone) as browser:
            order = OrderPage(browser.new_page(), house.url, "bella-napoli").open()
            order.microphone.click()
            with suppress(AssertionError):
                expect(order.customer_words).not_to_have_count(0, timeout=SPOKEN_WITHIN_MS)
                return house
    raise RuntimeError(f"Nobody is heard:\n{house.logs()}")


@contextmanager
def _browser_with_microphone(playwright: Playwright, microphone: Microphone) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=obtain_browser(),
        args=[*LAUNCH, ALLOWS_MICROPHONE, f"--use-file-for-fake-audio-capture={microphone.path}%noloop"],
    )
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture
def new_page(request: pytest.FixtureRequest, house: House, tmp_path: Path) -> Iterator[NewPage]:
    """Pages in contexts of their own. When the test fails, what they showed and said is left in its folder."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def make(browser: Browser, **options: object) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("websocket", lambda socket: _note_messages(socket, said))
        return page

    yield make
    if getattr(request.node, "has_failed", False):
        _leave_evidence(tmp_path, [page for context in contexts for page in context.pages], said, house)
    for context in contexts:
        context.close()
    broken = [line for line in said if line.startswith("error: ") and not any(words in line for words in EXPECTED)]
    assert not broken, broken


def _note_messages(socket: WebSocket, said: list[str]) -> None:
    def note(arrow: str, frame: str | bytes) -> None:
        if isinstance(frame, str):
            said.append(f"{arrow} {frame[:MESSAGE_CHARS]}")

    socket.on("framereceived", lambda frame: note("<-", frame))
    socket.on("framesent", lambda frame: note("->", frame))


def _leave_evidence(folder: Path, pages: list[Page], said: list[str], house: House) -> None:
    for number, page in enumerate(pages):
        page.screenshot(path=folder / f"page-{number}.png")
    (folder / "console.txt").write_text("\n".join(said))
    (folder / "house.log").write_text(house.logs())
    print(f"Screenshots, console and logs of the failure: {folder}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        item.has_failed = True  # type: ignore[attr-defined]
    return report
