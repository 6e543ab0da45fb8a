"""Houses to start and stop."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import Up


@pytest.fixture(scope="module")
def house_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that outlives single runs, as a real one does; prepared by whichever run comes first."""
    return tmp_path_factory.mktemp("house") / "var"


@pytest.fixture
def up(house_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Up]]:
    """Starts `manage.py up`; whatever a test leaves running is stopped."""
    runs: list[Up] = []

    def start(var_dir: Path = house_dir, **variables: str) -> Up:
        runs.append(Up(var_dir, tmp_path / f"up-{len(runs)}.txt", **variables))
        return runs[-1]

    yield start
    for run in runs:
        run.stop()
