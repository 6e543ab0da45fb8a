"""How much of a reply was heard: only that counts as said. Under-credits when in doubt."""

from __future__ import annotations

from voice.dialog.phrases import Sentence
from voice.dialog.state import Mouth, Speaking

MS_PER_CHARACTER = 80  # slow speech: an unknown length is over-estimated, so that less counts as heard
LAG_MS = 60  # what was reported as played may not have left the loudspeaker yet
CREDIT_MS = 1_000  # at most so much is believed to have been played since the last report


def estimated_ms(sentences: tuple[Sentence, ...]) -> int:
    return sum(len(one.said) + 2 for one in sentences) * MS_PER_CHARACTER


def heard_ms(speaking: Speaking, now_ms: int) -> int:
    """Reported plus elapsed since, at most what there is."""
    heard = speaking.acked_ms
    if speaking.mouth is Mouth.SPEAKING and speaking.acked_at_ms is not None:
        heard += min(max(0, now_ms - speaking.acked_at_ms), CREDIT_MS)
    if speaking.total_ms is not None:
        heard = min(heard, speaking.total_ms)
    return heard


def heard_part(speaking: Speaking, heard: int) -> tuple[str, int]:
    """(the words that count as said, how many whole sentences), trimmed to a word boundary."""
    sentences = speaking.speech.sentences
    total = speaking.total_ms or estimated_ms(sentences)
    if speaking.total_ms is not None and heard >= total > 0:
        return " ".join(one.text for one in sentences), len(sentences)
    lengths = [len(one.said) + 2 for one in sentences]
    left = sum(lengths) * max(0, heard - LAG_MS) / max(1, total)
    whole: list[str] = []
    for one, length in zip(sentences, lengths, strict=True):
        if left < length:
            words = one.text[: int(len(one.text) * left / length)].rpartition(" ")[0]
            return " ".join([*whole, words] if words else whole), len(whole)
        left -= length
        whole.append(one.text)
    return " ".join(whole), len(whole)
