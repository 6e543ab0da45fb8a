"""What a call in this process starts from: nothing, the basket of an older call, or where another process left it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from voice.checkpoints import Checkpoint
from voice.dialog.context import CallContext
from voice.dialog.session import CallSession
from voice.dialog.state import DialogState, load_state


@dataclass(frozen=True, slots=True)
class Beginning:
    """`is_rebuilt`: the checkpoint was put together from the database, and there was none to claim."""

    first_seq: int = 0
    state: DialogState | None = None
    checkpoint: Checkpoint | None = None
    is_rebuilt: bool = False

    @property
    def next_seq(self) -> int:
        return self.checkpoint.next_seq if self.checkpoint else self.first_seq

    @property
    def opened_at_ms(self) -> int:
        """Wall clock, milliseconds since 1970."""
        return self.checkpoint.opened_at_ms if self.checkpoint else round(time.time() * 1000)

    @property
    def screen(self) -> tuple[bytes, ...]:
        return self.checkpoint.screen if self.checkpoint else ()

    def session(self, context: CallContext) -> CallSession:
        if self.checkpoint is not None:
            return CallSession.restore(context, load_state(self.checkpoint.state))
        return CallSession(context, self.state)
