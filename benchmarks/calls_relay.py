"""The peer of `benchmarks.calls --relay`: a bare ASGI application that does nothing but take frames and send frames.

It answers the same callers in the same run: half of the time it sends a 40 ms frame for every two of theirs, about as
much as the product's replies come to. What the product costs beyond it is hearing, understanding and speaking.
"""

from __future__ import annotations

import json
import os
from typing import Any

from voice.protocol import CALLER_HEADER, REPLY_AUDIO, REPLY_HEADER, REPLY_RATE_HZ

REPLY = bytes(REPLY_RATE_HZ * 2 * 40 // 1000)
READY = json.dumps({"type": "session.ready"})
PERIOD_FRAMES = 200  # four seconds: the first half listening, the second half speaking


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    await receive()  # session.start
    await send({"type": "websocket.send", "text": READY})
    frames = response = 0
    while (message := await receive())["type"] == "websocket.receive":
        data = message.get("bytes")
        if data is None:
            if '"hangup"' in message["text"]:
                await send({"type": "websocket.close", "code": 1000})
                return
            continue
        frames += 1
        if frames % 10 == 0:
            seq = CALLER_HEADER.unpack_from(data)[3]
            ack = json.dumps({"type": "audio.ack", "next_seq": 0, "received_seq": seq + 1})
            await send({"type": "websocket.send", "text": ack})
        place = frames % PERIOD_FRAMES
        if place == PERIOD_FRAMES // 2:
            response += 1
            await send({"type": "websocket.send", "text": json.dumps({"type": "speech.start", "response": response})})
        elif place > PERIOD_FRAMES // 2 and place % 2 == 0:
            header = REPLY_HEADER.pack(REPLY_AUDIO, 0, 0, response, place)
            await send({"type": "websocket.send", "bytes": header + REPLY})


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        application, port=int(os.environ["PORT"]), lifespan="off", ws_per_message_deflate=False, log_level="error"
    )
