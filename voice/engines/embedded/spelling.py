"""Written menu text as the words a person says: digits, units and signs spelled out, accents dropped."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNOS: Final = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidos",
    "veintitres", "veinticuatro", "veinticinco", "veintiseis", "veintisiete", "veintiocho", "veintinueve",
)  # fmt: skip
_DECENAS: Final = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_SIGNS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "en": (("&", " and "), ("+", " plus "), ("w/", " with "), ("½", " half "), ("1/2", " half "), ("¼", " quarter "),
           ("1/4", " quarter "), ("%", " percent "), ("#", " number "), ('"', " inch "), ("”", " inch ")),
    "es": (("&", " y "), ("+", " mas "), ("½", " medio "), ("1/2", " medio "), ("¼", " cuarto "), ("1/4", " cuarto "),
           ("%", " por ciento "), ("#", " numero ")),
}  # fmt: skip
_UNITS: Final[dict[str, dict[str, str]]] = {
    "en": {"oz": "ounce", "lb": "pound", "lbs": "pound", "pc": "piece", "pcs": "piece", "in": "inch",
           "ml": "milliliter", "cl": "centiliter", "l": "liter", "g": "gram", "pk": "pack", "ct": "count"},
    "es": {"ml": "mililitros", "cl": "centilitros", "l": "litros", "g": "gramos", "kg": "kilos", "uds": "unidades"},
}  # fmt: skip
_FRACTIONS: Final = frozenset(("half", "quarter", "medio", "cuarto"))
_TOKEN: Final = re.compile(r"\d+|[a-z]+(?:'[a-z]+)*")
_VOWEL_START: Final = re.compile(r"[aeio]|u(?!ni|se|ti)")


def number_words(number: int, language: str = "en") -> tuple[str, ...]:
    """0 to 999 as words; larger numbers digit by digit, as people read them out."""
    if number > 999:
        return tuple(word for digit in str(number) for word in number_words(int(digit), language))
    return _spanish(number) if language == "es" else _english(number)


def spoken_words(text: str, language: str = "en") -> tuple[str, ...]:
    """ "Jalapeño & 12oz Coke®" → jalapeno and twelve ounce coke. Words are lower-case a–z with inner apostrophes."""
    lowered = text.lower().replace("’", "'")
    for sign, words in _SIGNS.get(language, _SIGNS["en"]):
        lowered = lowered.replace(sign, words)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    tokens = _TOKEN.findall(plain)
    units = _UNITS.get(language, {})
    found: list[str] = []
    for index, token in enumerate(tokens):
        if token.isdigit():
            found.extend(number_words(int(token[:9]), language))
        elif index and (tokens[index - 1].isdigit() or tokens[index - 1] in _FRACTIONS):
            found.append(units.get(token, token))
        else:
            found.append(token)
    return tuple(found)


def plural(word: str, language: str = "en") -> str:
    """The regular plural of a noun; a word that ends in s stays."""
    if word.endswith("s") and not word.endswith("ss"):
        return word
    if language == "es":
        return word + ("s" if word[-1] in "aeiou" else "es")
    if word.endswith(("ch", "sh", "x", "z", "ss")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + "s"


def singular(word: str) -> str:
    """Undoes a regular English or Spanish plural of a category name."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def starts_with_vowel_sound(word: str) -> bool:
    return bool(_VOWEL_START.match(word))


def _english(number: int) -> tuple[str, ...]:
    if number >= 100:
        rest = _english(number % 100) if number % 100 else ()
        return (_ONES[number // 100], "hundred", *rest)
    if number < 20:
        return (_ONES[number],)
    return (_TENS[number // 10 - 2], _ONES[number % 10]) if number % 10 else (_TENS[number // 10 - 2],)


def _spanish(number: int) -> tuple[str, ...]:
    hundreds = ("ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
                "ochocientos", "novecientos")  # fmt: skip
    if number == 100:
        return ("cien",)
    if number > 100:
        return (hundreds[number // 100 - 1], *(_spanish(number % 100) if number % 100 else ()))
    if number < 30:
        return (_UNOS[number],)
    tens = _DECENAS[number // 10 - 3]
    return (tens, "y", _UNOS[number % 10]) if number % 10 else (tens,)
