"""The operators' commands, with real rows: what they print, what they refuse, and that restaurants stay apart."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from restaurants.models import Restaurant
from restaurants.scoping import for_restaurant
from voice import selectors
from voice.management.arguments import since_of
from voice.models import Call, Turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_redis")]


FAST = {"endpointing_ms": 500, "recognition_ms": 200, "understanding_ms": 10, "speaking_ms": 20, "network_ms": 70}
SLOW = FAST | {"recognition_ms": 1_400}


def call(
    restaurant: Restaurant, mode: str = "streaming", waits: tuple[dict[str, int], ...] = (), **fields: Any
) -> Call:
    ended: dict[str, Any] = {"outcome": "completed", "ended_at": timezone.now()}
    with for_restaurant(restaurant.pk):
        one = Call.objects.create(
            restaurant=restaurant,
            language="en",
            engine="embedded",
            menu_version="v",
            **{
                "started_at": timezone.now() - timedelta(minutes=5),
                "assigned_mode": mode,
                "assigned_reason": "percent",
                "mode": mode,
                **ended,
                **fields,
            },
        )
        for number, parts in enumerate(waits, start=1):
            Turn.objects.create(restaurant=restaurant, call=one, number=number, source="voice", mode=one.mode, **parts)
    return one


def run(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def figures(*command: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(*command, "--json"))
    return document


@pytest.fixture
def calls(osteria: Restaurant, diner: Restaurant) -> None:
    call(osteria, waits=(FAST, FAST), first_audio_ms=800)
    call(osteria, "batch", waits=(SLOW,), first_audio_ms=2_000)
    call(
        osteria, mode="batch", assigned_mode="streaming", fallbacks=1, fallback_reason="overloaded", outcome="abandoned"
    )
    call(diner, waits=(SLOW,))
    call(osteria, assigned_reason="test")  # a measurement is no customer
    call(osteria, started_at=timezone.now() - timedelta(days=30))
    call(osteria, ended_at=None, outcome="")  # still going on


@pytest.mark.usefixtures("calls")
def test_analyze_streaming_compares_the_calls_of_its_time() -> None:
    found = figures("analyze_streaming")
    assert found["calls"] == 4
    assert found["modes"]["streaming"]["success"]["hits"] == 2
    assert found["modes"]["streaming"]["success"]["count"] == 3
    assert found["turns"]["streaming"]["count"] == 3
    assert found["turns"]["batch"]["p50_ms"] == 2_000
    assert found["fallback_reasons"] == {"overloaded": 1}
    assert set(found["restaurants"]) == {"osteria", "diner"}
    assert figures("analyze_streaming", "--since", "60d")["calls"] == 5


@pytest.mark.usefixtures("calls")
def test_one_restaurant_s_report_holds_nothing_of_another() -> None:
    found = figures("analyze_streaming", "--restaurant", "osteria")
    assert found["calls"] == 3
    assert set(found["restaurants"]) == {"osteria"}
    assert found["turns"]["streaming"]["count"] == 2, "the other's slow turn is not in it"


@pytest.mark.usefixtures("calls")
def test_selectors_keep_a_stranger_out(osteria: Restaurant, diner: Restaurant) -> None:
    span = {"since": timezone.now() - timedelta(days=1), "until": timezone.now()}
    assert {row.restaurant for row in selectors.call_rows(**span, restaurants=[diner.pk])} == {"diner"}
    assert selectors.live_calls([diner.pk]) == {}
    assert selectors.live_calls([osteria.pk]) == {"streaming": 1}


@pytest.mark.usefixtures("calls")
def test_the_report_is_a_page_of_its_own(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    text = run("analyze_streaming", "--html", str(page))
    html = page.read_text(encoding="utf-8")
    assert "4 calls: 3 streaming and 1 batch." in text
    assert "4 calls: 3 streaming and 1 batch." in html
    assert html.count("<svg") == 7
    assert "the server had too much to do" in html
    assert "http" not in html.replace("http://www.w3.org", ""), "it needs nothing else"


def test_the_report_of_nothing_says_so(osteria: Restaurant) -> None:
    assert "No calls ended in this time." in run("analyze_streaming")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--since", "yesterday"), '--since yesterday: say "24h"'),
        (("--since", "2999-01-01"), "in the future"),
        (("--restaurant", "nowhere"), "There is no restaurant nowhere."),
        (("--html", "/nowhere/report.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(osteria: Restaurant, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run("analyze_streaming", *arguments)


def test_since_reads_days_hours_and_dates() -> None:
    now = timezone.now()
    assert since_of("7d", now) == now - timedelta(days=7)
    assert since_of("90m", now) == now - timedelta(minutes=90)
    assert since_of("2026-01-02", now).isoformat() == "2026-01-02T00:00:00+00:00"


@pytest.mark.usefixtures("calls")
def test_monitor_streaming_shows_what_goes_on() -> None:
    text = run("monitor_streaming", "--once")
    lines = {line[:32].strip(): line[32:].split() for line in text.splitlines()}
    assert lines["Calls going on"] == ["1", "0"]
    assert lines["Calls"] == ["3", "1"]
    assert "the server had too much to do" in text
    found = json.loads(run("monitor_streaming", "--once", "--json"))
    assert found["calls_now"] == {"streaming": 1, "batch": 0}
    assert found["ended"]["calls"] == 4
    other = json.loads(run("monitor_streaming", "--once", "--json", "--restaurant", "diner"))
    assert (other["calls_now"]["streaming"], other["ended"]["calls"]) == (0, 1)


def test_monitor_streaming_says_when_streaming_is_stopped(osteria: Restaurant) -> None:
    from flags import services as rollout
    from flags.declared import VOICE_STREAMING

    rollout.kill(VOICE_STREAMING, actor="a test", reason="provider outage")
    assert "STOPPED for everybody: provider outage" in run("monitor_streaming", "--once")


@pytest.mark.parametrize("arguments", [("--minutes", "0"), ("--every", "0.01")])
def test_monitor_streaming_refuses_what_makes_no_sense(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="at least"):
        run("monitor_streaming", "--once", *arguments)


def test_benchmark_voice_refuses_what_it_cannot_do(osteria: Restaurant) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        run("benchmark_voice", "--orders", "0")
    with pytest.raises(CommandError, match="no restaurant nowhere"):
        run("benchmark_voice", "--restaurant", "nowhere")


def test_probe_provider_says_no_go_when_no_worker_answers(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("probe_provider", "--json", stdout=out)
    assert ended.value.code == 1
    document = json.loads(out.getvalue())
    checks = {check["name"]: check for check in document["checks"]}
    assert document["go"] is False
    assert checks["Database"]["is_ok"]
    assert checks["Redis"]["is_ok"]
    assert "no Celery worker answers" in checks["Batch worker"]["detail"]
