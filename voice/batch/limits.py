"""How much of what a recording may be, and the errors that say so: code, text, and the limit that was passed."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 25_000_000
MAX_SECONDS: Final = 600
CHUNK_BYTES: Final = 1_000_000
RECORDINGS_PER_CALL: Final = 300
BYTES_PER_CALL: Final = 100_000_000
PCM_TYPES: Final = frozenset({"audio/pcm", "audio/l16"})
TYPES: Final = PCM_TYPES | {
    "audio/webm", "video/webm", "audio/ogg", "application/ogg", "audio/mp4", "video/mp4", "audio/x-m4a", "audio/aac",
    "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave",
}  # fmt: skip
PCM_RATES_HZ: Final = range(8_000, 48_001)
REQUESTS_PER_MINUTE: Final = 600  # of one call: chunks, and asking how far it is

ERRORS: Final[dict[str, str]] = {
    # the audio
    "recording_empty": "The recording is empty.",
    "recording_too_long": "The recording is too long.",
    "recording_too_large": "The recording is too large.",
    "recording_undecodable": "This recording cannot be played.",
    "recording_without_audio": "There is no sound in this recording.",
    "language_unknown": "The recogniser does not know this call's language.",
    "content_type_unknown": "Recordings of this kind are not taken.",
    "bad_sample_rate": "This sample rate is not taken.",
    # the upload
    "chunk_too_large": "This piece is too large.",
    "chunk_empty": "This piece is empty.",
    "chunk_gap": "A piece before this one is missing.",
    "incomplete": "Some of the recording has not arrived.",
    "already_finished": "The recording is finished; nothing can be added.",
    "too_many_recordings": "This call has as many recordings as it may.",
    "call_over": "The call it belongs to has ended.",
    # our side
    "engine_unavailable": "The recogniser was not there, again and again.",
    "worker_lost": "Whoever worked on it ended each time.",
    "storage_failed": "The audio could not be read.",
    "internal": "Something went wrong on our side.",
}


class RecordingError(Exception):
    """`code` is of ERRORS; `field` and `limit` say what was wrong."""

    def __init__(self, code: str, *, field: str = "", limit: str | int = "", detail: str = "") -> None:
        super().__init__(detail or ERRORS[code])
        self.code = code
        self.field = field
        self.limit = str(limit)
