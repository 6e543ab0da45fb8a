"""Log lines a machine can read: the message, and the facts given by `logger.info("...", extra={...})`.

Facts are ids, counts and durations. What a customer said never goes into a log.
"""

import logging
from datetime import UTC, datetime
from typing import Any

import orjson

STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
UNPRINTABLE_FACTS = frozenset({"request", "response", "data"})  # objects Django and Celery attach, not facts


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    ignored = STANDARD_ATTRIBUTES | UNPRINTABLE_FACTS
    return {name: value for name, value in vars(record).items() if name not in ignored}


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": _instant(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
            **facts_of(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()


class TextFormatter(logging.Formatter):
    """The same facts for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={value!r}" for name, value in facts_of(record).items())
        line = f"{_instant(record)} {record.levelname:<7} {record.name}: {record.getMessage()}{facts}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line
