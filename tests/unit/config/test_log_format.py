"""Log lines a machine can read."""

import json
import logging
import sys

from config.log_format import JsonFormatter, TextFormatter


def record(**facts: object) -> logging.LogRecord:
    logger = logging.getLogger("voice.runner")
    return logger.makeRecord("voice.runner", logging.WARNING, "f.py", 1, "frames dropped: %d", (3,), None, extra=facts)


def test_a_json_line_carries_message_and_facts() -> None:
    line = json.loads(JsonFormatter().format(record(call="c1", waited_ms=12)))
    assert (line["message"], line["level"], line["logger"]) == ("frames dropped: 3", "WARNING", "voice.runner")
    assert (line["call"], line["waited_ms"]) == ("c1", 12)
    assert line["at"].endswith("+00:00")


def test_a_fact_json_cannot_hold_does_not_lose_the_line() -> None:
    assert json.loads(JsonFormatter().format(record(what={1, 2})))["what"] == "{1, 2}"


def test_a_text_line_carries_the_same() -> None:
    assert TextFormatter().format(record(call="c1")).endswith("WARNING voice.runner: frames dropped: 3 call='c1'")


def test_objects_that_libraries_attach_stay_out() -> None:
    assert "secret" not in JsonFormatter().format(record(request="secret", data={"kwargs": "secret"}))


def test_a_traceback_is_kept_in_one_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        failed = record()
        failed.exc_info = sys.exc_info()
    text = JsonFormatter().format(failed)
    assert "\n" not in text
    assert "ValueError: broken" in json.loads(text)["traceback"]
