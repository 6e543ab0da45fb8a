"""Recordings on their way: the upload of `static/js/order/upload.js`, and ways in which it goes wrong."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

from benchmarks.faults_page import Page
from benchmarks.faults_sound import recording_of

ANSWER_S: Final = 8.0
PIECES: Final = 3
BASE_S, CAP_S = 1.0, 30.0
ASK_AFTER_S: Final = 5.0  # without news from the socket
ASK_EVERY_S: Final = 1.0
RUBBISH: Final = bytes(range(256)) * 40


def spoiled(audio: bytes, kind: int) -> bytes:
    """A recording nobody can play: empty, noise that says WebM, a WAV of no known codec, its head alone."""
    kinds = (b"", b"\x1aE\xdf\xa3" + RUBBISH, audio[:20] + b"\xfe\x7f" + audio[22:], audio[:30])
    return kinds[kind % len(kinds)]


class Refused(Exception):
    """Sending the same once more is no use."""


class Uploads:
    """`is_twice`: every request is sent two times. `spoils`: the first recording is corrupt, in this way."""

    def __init__(self, page: Page, note: Callable[[str], None]) -> None:
        self._page = page
        self._note = note
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_twice = False
        self.spoils: int | None = None
        self.on_half: Callable[[], None] = lambda: None  # half of a recording is there
        self.failures = 0
        self.always = False  # also when the call fell back: frames would do, too

    @property
    def is_wanted(self) -> bool:
        """The call was assigned to batch, or the page records since it is."""
        return self._page.mode == "batch" and self.always

    @property
    def is_busy(self) -> bool:
        return bool(self._tasks)

    def send(self, phrase: str) -> None:
        audio = recording_of(phrase)
        if self.spoils is not None:
            audio, self.spoils = spoiled(audio, self.spoils), None
        task = asyncio.create_task(self._send(audio))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, audio: bytes) -> None:
        key = f"{random.getrandbits(64):016x}"
        try:
            recording = await self._upload(key, audio)
            await self._follow(recording)
        except Refused as refusal:
            self._failed(f"refused: {refusal}")

    async def _upload(self, key: str, audio: bytes) -> str:
        wish = json.dumps({"key": key, "content_type": "audio/wav"}).encode()
        begun = await self._insist("POST", "", wish)
        recording, offset = str(begun["id"]), int(begun["offset"])
        step = -(-len(audio) // PIECES)
        while True:
            while offset < len(audio):
                if offset >= step:
                    self.on_half()
                piece = audio[offset : offset + step]
                offset = int((await self._insist("PATCH", f"/{recording}?offset={offset}", piece))["offset"])
            answer = await self._insist("POST", f"/{recording}/finish", json.dumps({"bytes": len(audio)}).encode())
            if answer.get("offset", len(audio)) >= len(audio):
                return recording
            offset = int(answer["offset"])

    async def _follow(self, recording: str) -> None:
        """The socket tells how far it is; who hears nothing from it, asks."""
        stage, silent_s = "", 0.0
        while stage not in ("done", "failed") and self._page.link != "ended":
            await asyncio.sleep(ASK_EVERY_S / 10)
            told = self._page.stages.get(recording, stage)
            silent_s = 0.0 if told != stage else silent_s + ASK_EVERY_S / 10
            stage = told
            if silent_s >= ASK_AFTER_S or self._page.link != "live":
                stage = str((await self._insist("GET", f"/{recording}", b""))["stage"])
                silent_s = ASK_AFTER_S - ASK_EVERY_S
        if stage == "failed":
            answer = await self._insist("GET", f"/{recording}", b"")
            self._failed(f"recording failed: {answer['failure']}")

    def _failed(self, why: str) -> None:
        self._note(why)
        self.failures += 1
        self._page.changed.set()

    async def _insist(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        """As long as the answer may become another one."""
        attempt = 0
        while True:
            try:
                for _ in range(1 + self.is_twice):
                    status, answer = await asyncio.to_thread(self._ask, method, path, body)
            except (OSError, HTTPException, ValueError) as error:
                status, answer = 0, {}
                self._note(f"upload: {type(error).__name__}")
            if 200 <= status < 300 or (status == 409 and "offset" in answer):
                return answer
            if 400 <= status < 500 and status not in (408, 425, 429):
                raise Refused(f"{method} {path}: {status} {answer}")
            whole = min(CAP_S, BASE_S * 2.0**attempt)
            attempt += 1
            await asyncio.sleep(whole / 2 * (1 + random.random()))

    def _ask(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        url = self._page.base_url.removeprefix("http://")
        host, _, folder = url.partition("/")
        connection = HTTPConnection(host, timeout=ANSWER_S)
        headers = {"Authorization": f"Bearer {self._page.session}", "Content-Type": "application/octet-stream"}
        if method == "POST":
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, f"/{folder}/recordings{path}", body or None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()
