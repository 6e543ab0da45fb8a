"""What a page may send that no page should: text as (text, error code, field), frames as (bytes, error code, limit)."""

import json

from voice.audio_ledger import MAX_GAP_FRAMES
from voice.protocol import CALLER_HEADER, MAX_FRAME_BYTES, MAX_TEXT_MESSAGE_BYTES

SILENCE = bytes(640)

BAD_TEXT: list[tuple[str, str, str]] = [
    ("{", "bad_json", ""),
    ("\ud800", "bad_json", ""),
    ("[" * 5_000, "bad_message", ""),
    ('{"type": "text", "text": "\\ud800"}', "bad_json", ""),
    ("[]", "bad_message", ""),
    ("{}", "unknown_type", "type"),
    ('{"type": "order.free"}', "unknown_type", "type"),
    ('{"type": "text"}', "bad_message", ""),
    ('{"type": "text", "text": ""}', "bad_message", "text"),
    ('{"type": "text", "text": 7}', "bad_message", "text"),
    ('{"type": "text", "text": "x", "price": 1}', "bad_message", ""),
    (json.dumps({"type": "text", "text": "x" * 501}), "bad_message", "text"),
    (json.dumps({"type": "text", "text": "x" * MAX_TEXT_MESSAGE_BYTES}), "text_too_large", ""),
    ('{"type": "order.confirm", "revision": -1}', "bad_message", "revision"),
    ('{"type": "cart.edit", "revision": 0, "edits": []}', "bad_message", "edits"),
    ('{"type": "cart.edit", "revision": 0, "edits": [{"edit": "discount"}]}', "bad_message", "edits[0].edit"),
    ('{"type": "audio.start", "audio": {"sample_rate_hz": 11025}}', "bad_sample_rate", "audio.sample_rate_hz"),
    (
        '{"type": "audio.start", "audio": {"sample_rate_hz": 16000, "encoding": "mp3"}}',
        "bad_encoding",
        "audio.encoding",
    ),
    ('{"type": "session.start", "token": "again"}', "already_started", "type"),
]
BAD_FRAMES: list[tuple[bytes, str, str]] = [
    (b"hello, I am text", "not_audio", "1"),
    (b'{"type": "text", "text": "x"}', "not_audio", "1"),
    (CALLER_HEADER.pack(2, 0, 0, 0) + SILENCE, "not_audio", "1"),
    (CALLER_HEADER.pack(3, 0, 0, 0) + SILENCE, "bad_encoding", "pcm16"),
    (CALLER_HEADER.pack(1, 2, 0, 0) + SILENCE, "not_audio", "1"),
    (CALLER_HEADER.pack(1, 0, 7, 0) + SILENCE, "not_audio", "1"),
    (CALLER_HEADER.pack(1, 0, 0, 0)[:5], "frame_truncated", "10"),
    (CALLER_HEADER.pack(1, 0, 0, 0), "frame_truncated", "10"),
    (CALLER_HEADER.pack(1, 0, 0, 0) + SILENCE + b"\0", "frame_truncated", "whole 16-bit samples"),
    (CALLER_HEADER.pack(1, 0, 0, 0) + bytes(MAX_FRAME_BYTES), "frame_too_large", str(MAX_FRAME_BYTES)),
    (CALLER_HEADER.pack(1, 0, 0, 0) + bytes(10_000_000), "frame_too_large", str(MAX_FRAME_BYTES)),
    (CALLER_HEADER.pack(1, 0, 0, MAX_GAP_FRAMES + 1) + SILENCE, "bad_sequence", str(MAX_GAP_FRAMES)),
    (CALLER_HEADER.pack(1, 0, 0, 2**32 - 1) + SILENCE, "bad_sequence", str(MAX_GAP_FRAMES)),
]
