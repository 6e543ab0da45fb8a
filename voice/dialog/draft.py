"""A reply in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from voice.dialog.call import Call
from voice.dialog.phrases import Sentence
from voice.dialog.state import Question


@dataclass(slots=True)
class Draft:
    """What will be said: the news, then answers, then one question. `question` None: the policy finds the next one."""

    call: Call
    sentences: list[Sentence] = field(default_factory=list)
    question: Question | None = None
    is_interruptible: bool = True
    is_readback: bool = False
    is_silent: bool = False  # the customer wants a moment: nothing is asked
    is_understood: bool = False
    tells_changes: bool = True
    source: str = "voice"

    def add(self, key: str, **values: object) -> None:
        self.sentences.append(self.call.sentence(key, **values))
        self.is_understood = True
