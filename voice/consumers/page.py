"""What a customer's page sends, passed on to its call. Runs in the receive path: nothing here waits."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from voice.client_events import client_event
from voice.consumers.live_call import LiveCall
from voice.errors import ERRORS, failure
from voice.fallback import Reason
from voice.protocol import AudioAck, AudioStart, AudioStop, Failure, FromClient, Ping, Pong, RequestMode, SessionStart
from voice.wire import Wire, check_audio

ACK_EVERY_FRAMES, ACK_EVERY_MS = 10, 200  # whichever comes first


class Page:
    """One connection of a call, from session.start on. `fatal` is the error that ends it, once there is one."""

    def __init__(self, call: LiveCall, start: SessionStart) -> None:
        self._call = call
        self._runner = call.runner
        self._wire = Wire(call.ledger)
        self._frames_until_ack = ACK_EVERY_FRAMES
        self._acked_ms = 0.0
        self.fatal: Failure | None = None
        problem = check_audio(start.audio)
        if problem is not None:
            self._report(problem)
        elif start.audio is not None:
            self._wire.announce(start.audio)

    def take(self, message: Mapping[str, Any]) -> None:
        """One websocket.receive."""
        data = message.get("bytes")
        if data is not None:
            self._take_frame(data, time.perf_counter())
        else:
            self._take_text(message["text"])

    def _take_frame(self, data: bytes, received_s: float) -> None:
        frame = self._wire.binary(data, received_s)
        if frame is None:
            self._acknowledge()
            return
        if isinstance(frame, Failure):
            self._report(frame)
            return
        self._runner.push_audio(frame.pcm, received_s, frame.wire_bytes)
        self._call.ledger.mark(self._runner.ears.received_ms)
        self._call.keeper.heard(self._runner.ears.received_ms)
        if frame.missing and (notice := self._wire.gap_notice(frame.missing, received_s)) is not None:
            self._report(notice)
        self._acknowledge()

    def _acknowledge(self) -> None:
        self._frames_until_ack -= 1
        heard_ms = self._runner.ears.received_ms
        if self._frames_until_ack > 0 and heard_ms - self._acked_ms < ACK_EVERY_MS:
            return
        self._frames_until_ack, self._acked_ms = ACK_EVERY_FRAMES, heard_ms
        ledger, counters = self._call.ledger, self._runner.metrics.counters
        self._runner.send(
            AudioAck(
                next_seq=self._call.keeper.next_seq,
                received_seq=ledger.next_seq,
                dropped_frames=counters.get("dropped_frames", 0) + counters.get("frames_without_ears", 0),
                missing_frames=ledger.missing,
                replayed_frames=ledger.replayed,
            )
        )

    def _take_text(self, text: str) -> None:
        message = self._wire.text(text, time.perf_counter())
        if message is None:
            return
        if isinstance(message, Failure):
            self._report(message)
        else:
            self._follow(message)

    def _follow(self, message: FromClient) -> None:
        match message:
            case SessionStart():
                self._report(failure("already_started", field="type"))
            case Ping():
                self._runner.send(Pong(t=message.t, server_ms=self._call.clock()))
            case AudioStart():
                self._start_audio(message)
            case RequestMode():
                self._call.leave_streaming(Reason.CONNECTION, at_once=False)
            case AudioStop():
                self._runner.ears.stopped()
            case _:
                cart = self._call.session.state.ordering.cart
                event = client_event(message, at_ms=self._call.clock(), cart=cart)
                if event is not None:
                    self._runner.push(event)

    def _start_audio(self, message: AudioStart) -> None:
        problem = check_audio(message.audio)
        if problem is not None:
            self._report(problem)
            return
        self._wire.announce(message.audio)
        self._call.hear(message.audio.sample_rate_hz)

    def _report(self, problem: Failure) -> None:
        if ERRORS[problem.code].close is None:
            self._runner.send(problem)
        else:
            self.fatal = problem
