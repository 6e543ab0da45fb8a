"""Spanish spelling as an English speaker says it in the middle of English: read by rule, not looked up."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from voice.engines.embedded.respelling import parse_rules, read_by_rules
from voice.engines.embedded.wheel import Phones

_NOT_SPANISH: Final = re.compile(r"[wk]|th|sh|ph|ck|oo|ee|gh|([bdfgjmpqtvxz])\1")
_SPANISH_END: Final = re.compile(r"(?:[aeo]s?|on|or|al|ar|il|in)$")
# spelling, what must follow (a regular expression), phones; the first rule that fits is used
_RULES: Final = """
    ch > CH | ll > Y | rr > R | qu (?=[ei]) > K | gu (?=[ei]) > G | gu (?=[ao]) > G W | cu (?=[aeio]) > K W
    hu (?=[ae]) > W | c (?=[ei]) > S | g (?=[ei]) > HH | cc > K | ia (?=s?$) > IY AH | io (?=s?$) > IY OW
    ie > Y EH | ue > W EH | ua > W AA | au > AW | ai > AY | ay > AY | ei > EY | ey > EY | oi > OY | oy > OY
    a (?=s?$) > AH | e (?=s?$) > EY | e (?=[rln]) > EH | n (?=[ckgj]) > NG | y (?=[aeiou]) > Y | y > IY
    nn > N | ss > S | a > AA | b > B | c > K | d > D | e > EY | f > F | g > G | h > | i > IY | j > HH | k > K
    l > L | m > M | n > N | o > OW | p > P | q > K | r > R | s > S | t > T | u > UW | v > V | x > HH | z > S
"""


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[re.Pattern[str], Phones], ...]:
    return parse_rules(_RULES)


def looks_spanish(word: str) -> bool:
    """A guess by spelling: "quesadilla", "elote", "chorizo", and also a good deal of Italian, which reads alike."""
    return len(word) > 3 and not _NOT_SPANISH.search(word) and bool(_SPANISH_END.search(word))


def read_as_spanish(word: str) -> Phones:
    """Letter by letter in the phones of English; letters that are not Spanish are left out."""
    return read_by_rules(word, _rules())
