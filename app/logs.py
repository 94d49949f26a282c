"""Structured logs on standard error: one line of JSON for each event, without visitor ids and personal data.

`configure` is for the events of loggers, `take_over_output` for all else that a server process may write.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import threading
from datetime import UTC, datetime
from ipaddress import ip_address
from types import TracebackType
from typing import Final, TextIO

from streamlit import logger as streamlit_logger

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_OURS: Final = {"app", "keepcart"}
"""Loggers that name no client. What they name, such as the address of the database, is for the operator."""

_UUID: Final = re.compile(r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])")
"""The shape of Streamlit's session ids."""

_TOKEN: Final = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])", re.ASCII)
"""The shape of a visitor id, which is sure to have both cases; a function's name of that length has only one."""

_ADDRESS: Final = re.compile(r"(?<![\w.:])([0-9A-Fa-f:.]{2,45})(?![\w.:])(?:(?:\]:|', )\d{1,5})?")
"""What may be an IP address, and a port behind it."""

_URL: Final = re.compile(r"\b[a-z][a-z0-9+.-]{0,20}://[^\s\"'<>]+", re.IGNORECASE)


_OF_A_CLIENT: Final = ("connection ", "Invalid HTTP request", "Unsupported upgrade request")

LONGEST: Final = 16_384
"""Characters of one value of an event. What a stranger sends may stand in a trace."""

PER_MINUTE: Final = 10
"""Lines with the same trace; further ones are dropped. Whoever can make a page fail can do it without end."""


class OneLine(logging.Formatter):
    """Formats an event as one line of JSON in ASCII: time, level, logger, event, and the fields of `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        event: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _message(record),
        }
        event |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        ours = record.name.partition(".")[0] in _OURS
        return json.dumps({name: _nameless(value, ours=ours) for name, value in event.items()})


class Repeated(logging.Filter):
    """Lets the same trace through ten times a minute: by where it was raised, whatever its message says."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[object, ...], list[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        if not record.exc_info or record.exc_info[0] is None:
            return True
        times = self._seen.setdefault(_place(record.exc_info[0], record.exc_info[2]), [])
        times[:] = [at for at in times if at > record.created - 60]
        if len(times) >= PER_MINUTE:
            return False
        times.append(record.created)
        return True


def _place(kind: type[BaseException], at: TracebackType | None) -> tuple[object, ...]:
    """Return what an exception is and where it was raised."""
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return (kind, at.tb_frame.f_code, at.tb_lineno) if at is not None else (kind,)


def configure() -> None:
    """Send the events of the store, of uvicorn and of Streamlit through one handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    handler.addFilter(Repeated())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Streamlit gives each logger a handler of its own when a module is imported, and again when it reads its options.
    streamlit_logger.setup_formatter = _pass_on
    known = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in {"streamlit", "uvicorn"}]
    for name in known:
        _pass_on(logging.getLogger(name))
    logging.getLogger("uvicorn.error").addFilter(_names_no_client)


def take_over_output() -> None:
    """Make events of what is printed, warned of, and raised where nobody catches it, until the process ends."""
    sys.stdout, sys.stderr = _Lines("stdout", sys.stdout), _Lines("stderr", sys.stderr)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda failed: _log_uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
    sys.unraisablehook = lambda failed: _log_uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)


def _pass_on(logger: logging.Logger) -> None:
    """Let a logger write through the one handler; an access log, which names shoppers, through none."""
    logger.handlers.clear()
    logger.propagate = logger.name != "uvicorn.access"


def _names_no_client(record: logging.LogRecord) -> bool:
    """Drop what uvicorn says of each websocket and each malformed request.

    The lines contain addresses of shoppers, and of the pages they look at, and a stranger makes as many as they like.
    """
    return not str(record.msg).startswith(_OF_A_CLIENT) and "WebSocket" not in str(record.msg)


def _message(record: logging.LogRecord) -> str:
    said = str(record.msg)
    if "origin=%s" in said:  # Streamlit refuses a handshake: it names hosts, which have no shape of their own
        return said.partition(":")[0]
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} {record.args!r}"


def _nameless(value: object, *, ours: bool) -> object:
    """Return a value of an event without ids, and, where others wrote it, without addresses."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"
    text = _TOKEN.sub(_without_id, _UUID.sub("(id)", text))
    return text if ours else _ADDRESS.sub(_without_address, _URL.sub("(address)", text))


def _without_id(found: re.Match[str]) -> str:
    text = found[0]
    return "(id)" if text.lower() != text != text.upper() else text


def _without_address(found: re.Match[str]) -> str:
    text = found[1]
    try:
        ip_address(text.partition(":")[0] if text.count(":") == 1 else text)
    except ValueError:
        return found[0]
    return "(address)"


def _log_uncaught(kind: type[BaseException], error: BaseException | None, at: TracebackType | None) -> None:
    if error is not None and not issubclass(kind, SystemExit):  # which ends a thread in silence
        logging.getLogger("python").error("uncaught exception", exc_info=(kind, error, at))


class _Lines(io.TextIOBase):
    """A stream whose lines become events."""

    encoding = "utf-8"  # of a stream that programs ask before they write; the lines are JSON in ASCII

    def __init__(self, name: str, stream: TextIO) -> None:
        self._log = logging.getLogger(name)
        self._stream = stream
        self._of_thread = threading.local()

    def write(self, text: str) -> int:
        """Log each line that is complete."""
        *lines, self._of_thread.rest = (getattr(self._of_thread, "rest", "") + text).split("\n")
        for line in lines:
            self._write(line)
        return len(text)

    def flush(self) -> None:
        """Log what is left without an end."""
        rest, self._of_thread.rest = getattr(self._of_thread, "rest", ""), ""
        self._write(rest)

    def fileno(self) -> int:
        """Return the descriptor behind it, for programs that this one starts."""
        return self._stream.fileno()

    def _write(self, line: str) -> None:
        # A handler that cannot write says so here; then there is nobody left to tell.
        if line.strip() and not getattr(self._of_thread, "busy", False):
            self._of_thread.busy = True
            self._log.info(line)
            self._of_thread.busy = False
