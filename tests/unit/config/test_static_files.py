"""Static files as browsers get them."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from config.asgi_types import Message, Receive, Scope, Send
from config.static_files import StaticFiles


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"Django's page", "more_body": False})


class Answer:
    def __init__(self, messages: list[Message]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message["body"] for message in messages[1:])
        self.is_complete = not messages[-1]["more_body"]


async def get(application: StaticFiles, path: str, *, method: str = "GET", **headers: str) -> Answer:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await application({"type": "http", "method": method, "path": path, "headers": raw}, receive, send)
    return Answer(sent)


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "page.js").write_text("export const one = 1;\n")
    return tmp_path


async def test_a_module_arrives_typed_and_is_revalidated_each_time(folder: Path) -> None:
    static = StaticFiles(not_found)
    first = await get(static, "/static/js/page.js")
    assert (first.status, first.body) == (200, b"export const one = 1;\n")
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.headers["x-content-type-options"] == "nosniff"
    assert "max-age=0" in first.headers["cache-control"]
    second = await get(static, "/static/js/page.js", if_none_match=first.headers["etag"])
    assert (second.status, second.body) == (304, b"")


async def test_an_edited_file_is_sent_whole_without_a_restart(folder: Path) -> None:
    static = StaticFiles(not_found)
    await get(static, "/static/js/page.js")
    (folder / "js" / "page.js").write_text("export const much = 'longer than before';\n")
    answer = await get(static, "/static/js/page.js")
    assert answer.body == b"export const much = 'longer than before';\n"
    assert answer.headers["content-length"] == str(len(answer.body))


async def test_a_player_may_ask_for_a_part_of_a_recording(folder: Path) -> None:
    (folder / "sample.wav").write_bytes(bytes(range(200)))
    answer = await get(StaticFiles(not_found), "/static/sample.wav", range="bytes=10-19")
    assert (answer.status, answer.body) == (206, bytes(range(10, 20)))
    assert answer.headers["content-range"] == "bytes 10-19/200"


async def test_a_long_file_arrives_in_pieces_and_complete(folder: Path) -> None:
    content = bytes(700_000)
    (folder / "long.bin").write_bytes(content)
    answer = await get(StaticFiles(not_found), "/static/long.bin")
    assert answer.body == content
    assert answer.is_complete


async def test_head_and_other_methods(folder: Path) -> None:
    static = StaticFiles(not_found)
    assert (await get(static, "/static/js/page.js", method="HEAD")).body == b""
    assert (await get(static, "/static/js/page.js", method="POST")).status == 405


@pytest.mark.parametrize(
    "path", ["/static/js/none.js", "/static/../config/settings.py", "/static//etc/passwd", "/static/js", "/static/"]
)
async def test_nothing_else_is_reachable(folder: Path, path: str) -> None:
    answer = await get(StaticFiles(not_found), path)
    assert (answer.status, answer.body) == (404, b"Django's page")


async def test_a_file_deleted_since_the_start_is_not_found(folder: Path) -> None:
    static = StaticFiles(not_found)
    (folder / "js" / "page.js").unlink()
    assert (await get(static, "/static/js/page.js")).status == 404
