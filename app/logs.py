"""Structured logs on standard error: one line of JSON for each event, without visitor ids and personal data."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class OneLine(logging.Formatter):
    """Formats an event as one line of JSON: time, level, logger, event, and the fields of `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        event: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        event |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=str)


def configure() -> None:
    """Send the events of the store, of uvicorn and of Streamlit through one handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "streamlit"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.getLogger("uvicorn.error").addFilter(_names_no_client)
    # An access log contains the addresses of shoppers; a load balancer keeps one anyway.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False


def _names_no_client(record: logging.LogRecord) -> bool:
    """Drop uvicorn's two lines for each websocket: they contain addresses of shoppers."""
    return "WebSocket" not in record.msg and not record.msg.startswith("connection ")
