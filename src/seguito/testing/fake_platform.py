"""A small HTTP server on loopback that says what a test scripts: pages, refusals, faults; or what a real one says.

It is a real server on a real socket, so that time-outs, broken connections and redirects are the real thing.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """One scripted answer.

    Attributes:
        body: JSON-ready, or bytes as they are.
        status: the HTTP status.
        headers: besides the content's type and length.
        content_type: what the answer calls itself.
        delay_s: how long to wait before answering.
        cut_at: promise the whole body, send only so many bytes of it and hang up.
        hold: wait for this event before answering.
    """

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delay_s: float = 0.0
    cut_at: int | None = None
    hold: threading.Event | None = None

    @property
    def content(self) -> bytes:
        """The bytes of the body."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came in: the path's last part, the query (each name's first value), the headers."""

    endpoint: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass
class FakePlatform:
    """Serves scripted replies while the `with` block lasts.

    Args:
        upstream: a real server to pass on whatever is not scripted.
        delay_s: how long every passed-on answer takes longer than the real one.
    """

    upstream: str | None = None
    delay_s: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    _faults: dict[str, deque[Reply]] = field(default_factory=dict)
    _pages: list[tuple[str, Mapping[str, str], Reply]] = field(default_factory=list)
    _held: dict[int, tuple[threading.Event, threading.Event]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None

    def page(self, endpoint: str, reply: Reply | Any, **params: str) -> None:
        """Answer an endpoint, when asked with (at least) these parameters, with this reply or body, again and again."""
        self._pages.append((endpoint, params, reply if isinstance(reply, Reply) else Reply(reply)))

    def first(self, endpoint: str, *replies: Reply) -> None:
        """Answer the next requests for an endpoint with these replies, one each, before anything else."""
        self._faults.setdefault(endpoint, deque()).extend(replies)

    def hold(self, number: int) -> tuple[threading.Event, threading.Event]:
        """Hold back the answer to request `number` (from 1): the first event tells it came, the second lets it go."""
        self._held[number] = threading.Event(), threading.Event()
        return self._held[number]

    @property
    def address(self) -> str:
        """Where it listens."""
        if self._server is None:
            raise RuntimeError("use it in a with block")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def times_asked(self, endpoint: str) -> int:
        """How many requests an endpoint got."""
        return sum(one.endpoint == endpoint for one in self.asked)

    def __enter__(self) -> FakePlatform:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                platform._serve(self)

            def log_message(self, *_: Any) -> None:
                """A test's output is the test's."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, release in self._held.values():
            release.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    # -- serving ------------------------------------------------------------------------------------------------

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        params = {name: values[0] for name, values in parse_qs(parts.query).items()}
        endpoint = parts.path.rsplit("/", 1)[1]
        with self._lock:
            self.asked.append(Asked(endpoint, params, {name.lower(): text for name, text in handler.headers.items()}))
            held = self._held.get(len(self.asked))
            reply = self._scripted(endpoint, params)
        if held is not None:
            held[0].set()
            held[1].wait(60)
        self._send(handler, reply or self._passed_on(handler.path))

    def _scripted(self, endpoint: str, params: Mapping[str, str]) -> Reply | None:
        waiting = self._faults.get(endpoint)
        if waiting:
            return waiting.popleft()
        fitting = [page for page in self._pages if page[0] == endpoint and page[1].items() <= params.items()]
        # The page that asks for most fits best; among equals, the one scripted last.
        return max(reversed(fitting), key=lambda page: len(page[1]))[2] if fitting else None

    def _passed_on(self, path: str) -> Reply:
        if self.upstream is None:
            return Reply({"error": "InvalidRequest", "message": f"nothing is scripted for {path}"}, status=400)
        import httpx

        time.sleep(self.delay_s)
        answer = httpx.get(f"{self.upstream}{path}", timeout=60, trust_env=False)
        return Reply(answer.content, answer.status_code, content_type=answer.headers.get("content-type", ""))

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.hold is not None:
            reply.hold.wait(60)
        time.sleep(reply.delay_s)
        content = reply.content
        try:
            handler.send_response(reply.status)
            handler.send_header("content-type", reply.content_type)
            handler.send_header("content-length", str(len(content)))
            for name, text in reply.headers.items():
                handler.send_header(name, text)
            handler.end_headers()
            handler.wfile.write(content[: reply.cut_at])
            handler.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True
        if reply.cut_at is not None:
            handler.close_connection = True
