"""What was said in a call, as its page shows it: for a page that lost its connection, or was loaded again."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from voice.protocol import Caption, FromServer, OrderIsPlaced, ServerMessage, encoder

CAPTIONS_KEPT = 40

_decoder: msgspec.json.Decoder[FromServer] = msgspec.json.Decoder(FromServer)


class Screen:
    """Watches what is sent: final captions and the order number. Everything else the call core shows again itself."""

    def __init__(self, shown: Iterable[bytes] = ()) -> None:
        self._captions: dict[tuple[str, int], Caption] = {}
        self._order: OrderIsPlaced | None = None
        for data in shown:
            self.saw(_decoder.decode(data))

    def saw(self, message: ServerMessage) -> None:
        if isinstance(message, OrderIsPlaced):
            self._order = message
        elif isinstance(message, Caption) and message.final:
            self._saw_final(message)

    def messages(self) -> list[ServerMessage]:
        return [*self._captions.values(), *([self._order] if self._order else [])]

    def dump(self) -> tuple[bytes, ...]:
        return tuple(encoder.encode(message) for message in self.messages())

    def _saw_final(self, caption: Caption) -> None:
        key = (caption.speaker, caption.turn)
        if not caption.text:
            self._captions.pop(key, None)
            return
        self._captions[key] = caption
        if len(self._captions) > CAPTIONS_KEPT:
            del self._captions[next(iter(self._captions))]
