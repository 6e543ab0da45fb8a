"""Every error code of the browser socket: the one list that the messages, `docs/protocol.md` and its test share."""

from __future__ import annotations

from dataclasses import dataclass

from voice.protocol import CloseCode, Failure


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """`close`: the code that follows, None when the session goes on."""

    text: str
    close: int | None = None


ERRORS: dict[str, ErrorKind] = {
    # before the session
    "start_timeout": ErrorKind("No session.start came in time.", CloseCode.START_TIMEOUT),
    "not_started": ErrorKind("The first message must be session.start.", CloseCode.BAD_MESSAGE),
    "token_invalid": ErrorKind("This page's token is not valid. Load the page again.", CloseCode.BAD_TOKEN),
    "token_other_restaurant": ErrorKind("This token belongs to another restaurant's page.", CloseCode.BAD_TOKEN),
    "token_expired": ErrorKind("This page's token is too old. Ask for a fresh one.", CloseCode.TOKEN_EXPIRED),
    "restaurant_unknown": ErrorKind("There is no such restaurant, or it has no menu.", CloseCode.NO_RESTAURANT),
    "busy": ErrorKind("There is no room for another call just now.", CloseCode.BUSY),
    "too_many_calls": ErrorKind("There are too many calls from this address.", CloseCode.BUSY),
    "resume_refused": ErrorKind("What was sent as resume is not of this restaurant's calls; this is a new one."),
    # text messages
    "bad_json": ErrorKind("This is not JSON."),
    "unknown_type": ErrorKind("There is no message of this type."),
    "bad_message": ErrorKind("A field of this message is wrong."),
    "text_too_large": ErrorKind("This text message is too large."),
    "already_started": ErrorKind("The session has started already."),
    # audio
    "not_audio": ErrorKind("This binary message is not an audio frame."),
    "audio_not_started": ErrorKind("Audio came before its format was announced."),
    "bad_sample_rate": ErrorKind("This sample rate is not taken."),
    "bad_encoding": ErrorKind("This audio encoding is not taken."),
    "frame_truncated": ErrorKind("This audio frame is cut short."),
    "frame_too_large": ErrorKind("This audio frame is too large."),
    "bad_packet": ErrorKind("This Opus packet cannot be decoded."),
    "frame_gap": ErrorKind("Audio frames are missing."),
    "bad_sequence": ErrorKind("This sequence number is too far ahead."),
    # limits
    "rate_limited": ErrorKind("Too many messages; this one was ignored."),
    "too_many_messages": ErrorKind("Too many messages.", CloseCode.RATE),
    "too_many_errors": ErrorKind("Too many messages could not be read.", CloseCode.BAD_MESSAGE),
    "too_large": ErrorKind("Too many messages were too large.", CloseCode.TOO_LARGE),
    "idle": ErrorKind("Nothing was said for a long time.", CloseCode.IDLE),
    "call_too_long": ErrorKind("The call has reached its longest time.", CloseCode.TOO_LONG),
    # the rest
    "taken_over": ErrorKind("The call goes on in another window.", CloseCode.TAKEN_OVER),
    "internal": ErrorKind("Something went wrong on our side.", CloseCode.FAILED),
}


def failure(code: str, text: str = "", *, field: str = "", limit: str | int = "", ref: str = "") -> Failure:
    kind = ERRORS[code]
    return Failure(
        code=code, text=text or kind.text, field=field, limit=str(limit), ref=ref, fatal=kind.close is not None
    )
