"""The worker process: `python -m voice.engines.embedded.worker recognise|speak`, messages on stdin and stdout.

One thread, messages in order. Ends when its input ends, so it never outlives the server that started it.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections import deque
from typing import Final, Protocol

from voice.engines.embedded.messages import FrameBuffer, Message, Ready, Request, decode_request, encode

READ_BYTES: Final = 256 * 1024
MESSAGES_BEFORE_WORK: Final = 16  # of ~0.1 ms each, before a round of what can wait


class Channel:
    """Messages over two file descriptors, blocking."""

    def __init__(self, input_fd: int, output_fd: int) -> None:
        self._input_fd = input_fd
        self._output_fd = output_fd
        self._frames = FrameBuffer()
        self._waiting: deque[Request] = deque()
        self._is_open = True

    def send(self, message: Message) -> None:
        """raises: BrokenPipeError when nobody listens any more."""
        data = memoryview(encode(message))
        while data:
            data = data[os.write(self._output_fd, data) :]

    def receive(self) -> Request | None:
        """The next message, waited for; None at the end of input."""
        while not self._waiting and self._is_open:
            self._read()
        return self._waiting.popleft() if self._waiting else None

    def has_message(self) -> bool:
        """True if `receive` will not wait."""
        return bool(self.peek()) or not self._is_open

    def peek(self) -> tuple[Request, ...]:
        """Messages that are already there, left in place for `receive`."""
        while self._is_open and select.select([self._input_fd], [], [], 0)[0]:
            self._read()
        return tuple(self._waiting)

    def _read(self) -> None:
        data = os.read(self._input_fd, READ_BYTES)
        self._is_open = bool(data)
        self._waiting.extend(decode_request(body) for body in self._frames.feed(data))


class Role(Protocol):
    detail: str

    def handle(self, request: Request) -> None: ...

    def work(self) -> bool:
        """Does a little of what can wait; False if there is nothing."""
        ...


def make_role(name: str, channel: Channel) -> Role:
    """raises: SystemExit on an unknown name."""
    if name == "speak":
        from voice.engines.embedded.speaking import SpeakingRole

        return SpeakingRole(channel)
    if name == "recognise":
        from voice.engines.embedded.recognising import RecognisingRole

        return RecognisingRole(channel)
    raise SystemExit(f"no such worker role: {name}")


def main(arguments: list[str]) -> int:
    # Ctrl-C reaches the whole process group; the server decides when we end, by closing our input
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    output_fd = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not end up among our messages
    channel = Channel(0, output_fd)
    try:
        role = make_role(arguments[0] if arguments else "", channel)
        channel.send(Ready(role.detail))
        handled = 0
        while (request := channel.receive()) is not None:
            role.handle(request)
            handled += 1
            if handled < MESSAGES_BEFORE_WORK and channel.has_message():
                continue
            handled = 0
            while role.work() and not channel.has_message():
                pass
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
