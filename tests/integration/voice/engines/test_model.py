"""Models on disk: made once, checked before they are loaded, never half."""

from __future__ import annotations

import shutil
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from restaurants.menu import Menu
from tests.unit.voice.engines.small_menu import MENU
from voice.engines.embedded import general
from voice.engines.embedded.decoder import DICTIONARY, LANGUAGE_MODEL
from voice.engines.embedded.model import (
    MANIFEST,
    ModelError,
    build_recogniser_model,
    check_model,
    find_recogniser_model,
    model_digest,
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the everyday model and one menu's."""
    folder = tmp_path_factory.mktemp("recogniser")
    general.general_model(folder)
    build_recogniser_model(MENU, "en", folder)
    return folder


def test_the_second_time_it_is_only_found(cache: Path) -> None:
    before = (cache / model_digest(MENU, "en") / MANIFEST).stat().st_mtime_ns
    model = build_recogniser_model(MENU, "en", cache)
    assert (model.path / MANIFEST).stat().st_mtime_ns == before
    assert model == find_recogniser_model(MENU, "en", cache)
    assert model.word_count > 500


def test_words_of_the_menu_are_in_its_dictionary(cache: Path) -> None:
    lines = (cache / model_digest(MENU, "en") / DICTIONARY).read_text().splitlines()
    words = {line.split()[0] for line in lines}
    assert {"pepperoni", "horchata", "jalapenos", "coca", "cola", "bbq", "total", "yes", "the"} <= words
    assert "refresco" not in words


def test_another_menu_is_another_model() -> None:
    other = replace(MENU, items=MENU.items[:1])
    assert len({model_digest(MENU, "en"), model_digest(other, "en"), model_digest(MENU, "es")}) == 3


@pytest.mark.parametrize(
    ("name", "damage"), [(LANGUAGE_MODEL, "cut"), (DICTIONARY, "gone"), (MANIFEST, "gone"), (MANIFEST, "garbage")]
)
def test_a_damaged_model_is_noticed_and_made_again(cache: Path, tmp_path: Path, name: str, damage: str) -> None:
    shutil.copytree(cache, tmp_path, dirs_exist_ok=True)
    file = tmp_path / model_digest(MENU, "en") / name
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(b"\x00garbage" if damage == "garbage" else file.read_bytes()[:-20])
    with pytest.raises(ModelError):
        check_model(file.parent)
    assert find_recogniser_model(MENU, "en", tmp_path) is None
    check_model(build_recogniser_model(MENU, "en", tmp_path).path)


def test_a_builder_that_was_killed_leaves_nothing_in_the_way(cache: Path, tmp_path: Path) -> None:
    shutil.copytree(cache, tmp_path, dirs_exist_ok=True)
    digest = model_digest(MENU, "en")
    (tmp_path / digest).rename(tmp_path / f".{digest}")
    (tmp_path / f".{digest}" / MANIFEST).unlink()
    check_model(build_recogniser_model(MENU, "en", tmp_path).path)
    assert not (tmp_path / f".{digest}").exists()


def _build(menu: Menu, cache: Path) -> None:
    build_recogniser_model(menu, "en", cache)


def test_two_builders_at_once_make_one_whole_model(cache: Path, tmp_path: Path) -> None:
    shutil.copytree(cache, tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / model_digest(MENU, "en"))
    context = get_context("spawn")
    builders = [context.Process(target=_build, args=(MENU, tmp_path)) for _ in range(2)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(60)
    assert [builder.exitcode for builder in builders] == [0, 0]
    check_model(tmp_path / model_digest(MENU, "en"))
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_the_same_menu_gives_the_same_bytes(cache: Path, tmp_path: Path) -> None:
    shutil.copytree(cache, tmp_path, dirs_exist_ok=True)
    made = cache / model_digest(MENU, "en")
    shutil.rmtree(tmp_path / made.name)
    again = build_recogniser_model(MENU, "en", tmp_path).path
    assert (again / MANIFEST).read_bytes() == (made / MANIFEST).read_bytes()
