"""The recogniser's model of one menu version and language: made once, kept in a folder named by its content."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from restaurants.menu import Menu
from voice.engines.embedded.decoder import DICTIONARY, LANGUAGE_MODEL
from voice.engines.embedded.general import general_model
from voice.engines.embedded.lexicon import Lexicon, dictionary_lines
from voice.engines.embedded.phrases import OrderSampler
from voice.engines.embedded.trigram import END, witten_bell, write_arpa
from voice.engines.embedded.wheel import wheel_version

SENTENCES: Final = 20_000
GENERAL_WEIGHT: Final = 0.1
MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1  # raise it when the same menu must give another model


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
    parts = repr((menu, language, _FORMAT, SENTENCES, GENERAL_WEIGHT, wheel_version()))
    return hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()


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
    """The cached model, or makes it (seconds of CPU). Two processes may build at once: the first to finish wins."""
    if found := find_recogniser_model(menu, language, cache_dir):
        return found
    path = cache_dir / model_digest(menu, language)
    temporary = cache_dir / f".{path.name}.{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        words = write_model(menu, language, temporary, cache_dir)
        _move_into_place(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return RecogniserModel(path, language, words)


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
    lexicon = Lexicon(menu.pronunciations, language=language)
    words = [word for word in model[0][()] if word != END]
    pronunciations = {word: lexicon.phones(word) for word in words}
    (folder / LANGUAGE_MODEL).write_text("\n".join(write_arpa(model)) + "\n", encoding="utf-8")
    (folder / DICTIONARY).write_text("\n".join(dictionary_lines(pronunciations)) + "\n", encoding="utf-8")
    files = {name: _digest(folder / name) for name in (LANGUAGE_MODEL, DICTIONARY)}
    (folder / MANIFEST).write_bytes(msgspec.json.encode(Manifest(language, len(words), files)))
    return len(words)


def _move_into_place(temporary: Path, path: Path) -> None:
    """Renames, which is atomic; a whole folder already there is as good, a broken one is replaced."""
    for _ in range(3):
        try:
            temporary.rename(path)
        except OSError:
            try:
                check_model(path)
            except ModelError:
                shutil.rmtree(path, ignore_errors=True)
            else:
                return
        else:
            return
    raise ModelError(f"{path.name} cannot be put in place")


def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
