"""The recogniser's model of one menu version and language: made once, kept in a folder named by its content."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from restaurants.menu import Menu, Named
from voice.engines.embedded.decoder import DICTIONARY, LANGUAGE_MODEL
from voice.engines.embedded.general import general_model
from voice.engines.embedded.lexicon import Lexicon, dictionary_lines
from voice.engines.embedded.phrases import OrderSampler
from voice.engines.embedded.spelling import spoken_words
from voice.engines.embedded.spelling_sounds import SpellingSounds, spelling_sounds
from voice.engines.embedded.trigram import END, witten_bell, write_arpa
from voice.engines.embedded.wheel import wheel_version

SENTENCES: Final = 20_000
GENERAL_WEIGHT: Final = 0.1
MANIFEST: Final = "manifest.json"
_FORMAT: Final = 4


class ModelError(Exception):
    """The folder is no whole model."""


class Manifest(msgspec.Struct, frozen=True):
    """Written last: a folder that has it is whole. `files`: name → BLAKE2 digest."""

    language: str
    words: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class RecogniserModel:
    path: Path
    language: str
    word_count: int


def model_digest(menu: Menu, language: str) -> str:
    """Names the model: everything it is made of."""
    parts = repr((menu, language, _FORMAT, SENTENCES, GENERAL_WEIGHT, wheel_version(), _texts_digest()))
    return hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def _texts_digest() -> str:
    """Of the wording and the lists that ship with this package."""
    texts = sorted(path for path in Path(__file__).parent.iterdir() if path.suffix == ".txt")
    return hashlib.blake2b(b"".join(path.read_bytes() for path in texts), digest_size=8).hexdigest()


def find_recogniser_model(menu: Menu, language: str, cache_dir: Path) -> RecogniserModel | None:
    """The cached model, if it is there and whole."""
    path = cache_dir / model_digest(menu, language)
    try:
        manifest = check_model(path)
    except ModelError:
        return None
    return RecogniserModel(path, manifest.language, manifest.words)


def check_model(path: Path) -> Manifest:
    """Compares every file with the manifest: a damaged model would kill the process that loads it.

    raises: ModelError
    """
    try:
        manifest = msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest)
        for name, digest in manifest.files.items():
            if _digest(path / name) != digest:
                raise ModelError(f"{name} of the recogniser's model is damaged")
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(f"no whole recogniser model: {error}") from error
    return manifest


def build_recogniser_model(menu: Menu, language: str, cache_dir: Path) -> RecogniserModel:
    """The cached model, or makes it: ~2 s of CPU, and ~10 s more the first time on a machine.

    Two processes may ask at once: one makes it, the other waits and finds it.
    """
    if found := find_recogniser_model(menu, language, cache_dir):
        return found
    with _only_one(cache_dir):
        if found := find_recogniser_model(menu, language, cache_dir):
            return found
        path = cache_dir / model_digest(menu, language)
        temporary = cache_dir / f".{path.name}"
        for leftover in (temporary, path):  # a builder that was killed, a model that was damaged
            shutil.rmtree(leftover, ignore_errors=True)
        temporary.mkdir(parents=True)
        words = write_model(menu, language, temporary, cache_dir)
        temporary.rename(path)  # atomic: a folder by that name is whole
    return RecogniserModel(path, language, words)


@contextmanager
def _only_one(cache_dir: Path) -> Iterator[None]:
    """One builder at a time in this cache, in all processes; the lock goes with the process that holds it."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    with (cache_dir / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_model(
    menu: Menu,
    language: str,
    folder: Path,
    cache_dir: Path,
    *,
    sentences: int = SENTENCES,
    general_weight: float = GENERAL_WEIGHT,
) -> int:
    """Writes dictionary, language model and manifest; returns the number of words."""
    sampled = OrderSampler(menu, language).sentences(sentences)
    general = general_model(cache_dir)
    model = witten_bell(((sentence, 1.0) for sentence in sampled), general=general, general_weight=general_weight)
    words = [word for word in model[0][()] if word != END]
    lexicon = Lexicon(
        menu.pronunciations,
        language=language,
        sounds=lambda: _spelling_sounds(cache_dir),
        foreign_words=_words_of_names(menu) if "es" in menu.languages else (),
    )
    pronunciations = {word: lexicon.phones(word) for word in words}
    (folder / LANGUAGE_MODEL).write_text("\n".join(write_arpa(model)) + "\n", encoding="utf-8")
    (folder / DICTIONARY).write_text("\n".join(dictionary_lines(pronunciations)) + "\n", encoding="utf-8")
    files = {name: _digest(folder / name) for name in (LANGUAGE_MODEL, DICTIONARY)}
    (folder / MANIFEST).write_bytes(msgspec.json.encode(Manifest(language, len(words), files)))
    return len(words)


@lru_cache(maxsize=1)
def _spelling_sounds(cache_dir: Path) -> SpellingSounds:
    return spelling_sounds(cache_dir)


def _words_of_names(menu: Menu) -> set[str]:
    named: list[Named] = [*menu.items, *(option for group in menu.modifier_groups for option in group.options)]
    return {word for entry in named for word in spoken_words(entry.name)}


def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
