"""Sounds written the way staff write them: "or CHAH ta", "kay-so", "HEER-oh"; read by the usual respelling rules."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from voice.engines.embedded.wheel import Phones

# spelling, what must follow (a regular expression), phones; the first rule that fits is used
_RULES: Final = """
    tch > CH | ch > CH | sh > SH | zh > ZH | th > TH | ph > F | kh > K | gh > G | wh > W | ng (?=$|[^aeiou]) > NG
    nk > NG K | ck > K | qu > K W | gw > G W | hw > W
    air > EH R | ayr > EH R | are (?=$) > EH R | eer > IH R | ear (?=$) > IH R | oor > UH R | ore > AO R | ahr > AA R
    ohr > AO R | uhr > ER | ehr > EH R | ar > AA R | er > ER | ir > ER | or > AO R | ur > ER
    eye > AY | igh > AY | ie (?=$) > AY | y (?=$) > IY | ay > EY | ai > EY | ey > EY | ee > IY | ea > IY | oy > OY
    oi > OY | ow > AW | ou > AW | oo > UW | ew > UW | aw > AO | au > AO | ah > AA | eh > EH | ih > IH | oh > OW
    uh > AH | oe > OW | oa > OW | aa > AA | ii > IY | uu > UH
    a (?=[^aeiouy]e$) > EY | i (?=[^aeiouy]e$) > AY | o (?=[^aeiouy]e$) > OW | u (?=[^aeiouy]e$) > UW
    a (?=$) > AH | e (?=$) > | i (?=$) > IY | o (?=$) > OW | u (?=$) > UW
    a > AE | e > EH | i > IH | o > AA | u > AH | y (?=[aeiou]) > Y | y > AY
    bb > B | cc > K | dd > D | ff > F | gg > G | ll > L | mm > M | nn > N | pp > P | rr > R | ss > S | tt > T | zz > Z
    b > B | c (?=[ei]) > S | c > K | d > D | f > F | g > G | h > HH | j > JH | k > K | l > L | m > M | n > N | p > P
    q > K | r > R | s > S | t > T | v > V | w > W | x > K S | z > Z
"""


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[re.Pattern[str], Phones], ...]:
    return parse_rules(_RULES)


def parse_rules(text: str) -> tuple[tuple[re.Pattern[str], Phones], ...]:
    """ "qu (?=[ei]) > K | ..." as patterns and phones, in order."""
    rules = []
    for line in text.split("\n"):
        for rule in filter(str.strip, line.split(" | ")):
            spelling, _, phones = rule.partition(">")
            rules.append((re.compile(spelling.replace(" ", "")), tuple(phones.split())))
    return tuple(rules)


def read_by_rules(word: str, rules: tuple[tuple[re.Pattern[str], Phones], ...]) -> Phones:
    """From left to right; a letter no rule knows is left out."""
    phones: list[str] = []
    at = 0
    while at < len(word):
        for pattern, sounds in rules:
            if match := pattern.match(word, at):
                phones += sounds
                at = match.end()
                break
        else:
            at += 1
    return tuple(phones)


def read_respelling(piece: str) -> Phones:
    """One syllable or more in respelling letters, lower case."""
    return read_by_rules(piece, _rules())
