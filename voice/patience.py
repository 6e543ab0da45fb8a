"""How long a recogniser is waited for: first words of a voice, any sign of life in it, noticing one at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from voice.dialog.events import SpeechPaused, SpeechResumed, SpeechStarted, TranscriptFinal, TranscriptInterim
from voice.engines.types import TranscriberEvent
from voice.spool import Spool
from voice.unheard import LOOK_EVERY_MS, UnheardVoice

PREROLL_MS = 500  # a voice may have begun this long before it was loud
FINAL_WORDS_MS = 3_000  # before the dialogue makes do with the words on the way, which may be half of them
QUIET_MS = 1_500  # after so much quiet a recogniser has noticed a pause


class Patience:
    """Of one stream. `run_out` is told why, once. `is_voice`: PCM and its rate, looked at with a model of speech."""

    def __init__(
        self,
        spool: Spool,
        *,
        deadline_ms: int,
        is_voice: Callable[[bytes, int], Awaitable[bool]],
        run_out: Callable[[str], None],
    ) -> None:
        self._spool = spool
        self._deadline_ms = deadline_ms
        self._is_voice = is_voice
        self._run_out = run_out
        self._timer: asyncio.TimerHandle | None = None
        self._look: asyncio.Task[None] | None = None
        self._unheard = UnheardVoice(after_ms=deadline_ms)
        self._in_voice = False  # it has noticed a voice and no pause since
        self._in_utterance = False
        self._is_finishing = False
        self._looked_at_ms = 0.0
        self._heard_at_ms = 0.0  # position in the audio when it said something last

    @property
    def unheard_from_ms(self) -> float | None:
        """Where a voice may have begun that the recogniser knows nothing of, in the caller's audio."""
        return None if self._unheard.from_ms is None else self._unheard.from_ms - PREROLL_MS

    def heard(self, event: TranscriberEvent) -> None:
        """The recogniser is alive."""
        self._unheard.forget()
        self._heard_at_ms = self._spool.ended_ms
        match event:
            case SpeechStarted():
                self._in_utterance = self._in_voice = True
                if self._timer is None:
                    self._timer = asyncio.get_running_loop().call_later(self._deadline_ms / 1000, self._late)
            case SpeechResumed():
                self._in_voice = True
            case SpeechPaused():
                self._in_voice = False
            case TranscriptInterim():
                if not self._is_finishing:
                    self._stop_timer()
            case TranscriptFinal():
                self._stop_timer()
                self._in_utterance = self._in_voice = self._is_finishing = False

    def finish_asked(self) -> None:
        """The turn is over; from here on only the final words count."""
        self._stop_timer()
        self._is_finishing = True
        self._timer = asyncio.get_running_loop().call_later(FINAL_WORDS_MS / 1000, self._final_late)

    def audio(self, pcm: bytes, position_ms: float) -> None:
        """`pcm` is in the spool and ends at `position_ms`."""
        if position_ms - self._looked_at_ms < LOOK_EVERY_MS:
            return
        self._looked_at_ms = position_ms
        is_doubtful = self._unheard.push(pcm, position_ms)
        if self._in_voice:
            self._wait_for_sign(position_ms - self._heard_at_ms)
        elif is_doubtful and not self._in_utterance and self._look is None:
            self._look = asyncio.create_task(self._look_at_it(), name="doubt")

    def close(self) -> asyncio.Task[None] | None:
        """Returns what is still to be waited for."""
        self._stop_timer()
        if self._look is not None and self._look is not asyncio.current_task():
            self._look.cancel()
        return self._look

    def _wait_for_sign(self, silent_ms: float) -> None:
        """Whoever hears a voice finds words in it, or its end."""
        has_ended = self._unheard.quiet_ms >= QUIET_MS
        if silent_ms >= self._deadline_ms * (1 if has_ended else 2):
            self._in_voice = False
            self._run_out("nothing more came of an utterance")

    async def _look_at_it(self) -> None:
        """Something was loud, and the recogniser has said nothing: was it a voice?"""
        from_ms = self.unheard_from_ms
        assert from_ms is not None
        is_voice = await self._is_voice(self._spool.between(from_ms), self._spool.sample_rate_hz)
        if is_voice and self._unheard.from_ms is not None:
            self._run_out("the recogniser does not notice a voice")
        else:
            self._unheard.forget()
            self._look = None

    def _late(self) -> None:
        self._timer = None
        self._run_out("no words came of a voice")

    def _final_late(self) -> None:
        self._timer = None
        self._run_out("the final words did not come")

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
