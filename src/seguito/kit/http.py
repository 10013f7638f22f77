"""One way to ask a server: bounded, patient with busy servers, polite to limits, and deaf to private addresses.

Retries, waits for rate limits and redirects live here and nowhere else. Callers get an `Answer` of any status below
500 but 429; what a refusal means is theirs to say.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from seguito.kit.addresses import Target, target
from seguito.kit.errors import BadInput, Refused, SeguitoError, Unavailable
from seguito.kit.progress import SILENT, Progress

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 6
FIRST_WAIT_S = 0.5
LONGEST_BACKOFF_S = 30.0
LONGEST_LIMIT_WAIT_S = 900.0
CONNECT_S = 10.0
READ_S = 30.0
TOTAL_S = 120.0
MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5

Params = Mapping[str, str | int | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said.

    Attributes:
        url: the address that answered, after redirects.
        status: the HTTP status.
        headers: names in lower case.
        body: decompressed.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether the server calls its answer JSON."""
        return "json" in self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time and chance come from, so that a test need not wait.

    Attributes:
        sleep: wait so many seconds.
        monotonic: seconds of a clock that is never set.
        wall: seconds since 1970.
        chance: a number from 0 to 1.
    """

    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random


class _Fault(Exception):
    """One attempt that failed and may succeed later; `wait_s` is what the server asked for."""

    def __init__(self, said: str, wait_s: float | None = None, *, limited: bool = False) -> None:
        super().__init__(said)
        self.said = said
        self.wait_s = wait_s
        self.limited = limited


@dataclass
class Http:
    """Asks servers with GET.

    Args:
        allow_private: let addresses of private networks be asked.
        progress: told of every wait.
        clock: where time comes from.
        total_s: the longest one answer may take.
        max_bytes: the longest answer that is read.
    """

    allow_private: bool = False
    progress: Progress = SILENT
    clock: Clock = field(default_factory=Clock)
    total_s: float = TOTAL_S
    read_s: float = READ_S
    max_bytes: int = MAX_BYTES
    _clients: dict[str, httpx.Client] = field(default_factory=dict)
    _open_again: dict[str, float] = field(default_factory=dict)

    def get(self, url: str, params: Params | None = None, *, check: Callable[[Answer], None] | None = None) -> Answer:
        """Ask for `url`; wait and ask again while the server is busy, broken or out of reach.

        Args:
            url: an http or https address.
            params: the query; a list repeats its name.
            check: looks at an answer and raises ValueError when it came damaged, which is a reason to ask again.

        Raises:
            Refused: the address (or where it redirects) is private, insecure or not of the web.
            Unavailable: no good answer after several attempts.
            BadInput: the answer is too long, or stays damaged.
        """
        first = target(url, allow_private=self.allow_private, params=params)
        for attempt in range(ATTEMPTS):
            self._keep_limit(first.host)
            try:
                answer = self._follow(first, attempt)
                self._look(first.host, answer, check)
            except _Fault as fault:
                self._wait(first.host, fault, attempt)
            else:
                return answer
        raise AssertionError("unreachable: the last attempt raises")

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    # -- one attempt --------------------------------------------------------------------------------------------

    def _follow(self, first: Target, attempt: int) -> Answer:
        asked, hops = first, 0
        while True:
            answer = self._ask(asked, attempt)
            place = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not place:
                return answer
            hops += 1
            if hops > MAX_REDIRECTS:
                raise Refused(
                    f"{first.host} redirects more than {MAX_REDIRECTS} times.", "Check the address of the host."
                )
            asked = asked.follow(place, allow_private=self.allow_private)

    def _ask(self, asked: Target, attempt: int) -> Answer:
        import httpx

        client = self._client(asked)
        request = client.build_request(
            "GET",
            asked.pinned(attempt),
            headers={"host": asked.host_header},
            extensions={"sni_hostname": asked.host},
        )
        deadline = self.clock.monotonic() + self.total_s
        try:
            response = client.send(request, stream=True)
            try:
                body = self._read(response, asked.host, deadline)
            finally:
                response.close()
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _fault(asked.host, error) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(asked.url, response.status_code, headers, body)

    def _read(self, response: httpx.Response, host: str, deadline: float) -> bytes:
        parts, length = [], 0
        for part in response.iter_bytes():
            length += len(part)
            if length > self.max_bytes:
                raise BadInput(
                    f"{host} sent an answer of more than {self.max_bytes // 1024**2} MB.",
                    "Check that this is the host you mean.",
                )
            if self.clock.monotonic() > deadline:
                raise _Fault(f"{host} took more than {self.total_s:.0f} s for one answer")
            parts.append(part)
        return b"".join(parts)

    def _client(self, asked: Target) -> httpx.Client:
        # One client per host: connections are pinned to addresses, and two names may share one.
        if asked.origin not in self._clients:
            import httpx

            from seguito import __version__

            self._clients[asked.origin] = httpx.Client(
                timeout=httpx.Timeout(self.read_s, connect=CONNECT_S),
                headers={"user-agent": f"seguito/{__version__} (reads public posts for one study; not a crawler)"},
                follow_redirects=False,
                trust_env=not asked.is_private,
            )
        return self._clients[asked.origin]

    # -- what an answer asks of us ------------------------------------------------------------------------------

    def _look(self, host: str, answer: Answer, check: Callable[[Answer], None] | None) -> None:
        now = self.clock.wall()
        if answer.status == 429:
            asked = _retry_after(answer.headers, now)
            raise _Fault(f"{host} limits how often it may be asked", asked or _reset(answer.headers, now), limited=True)
        if answer.status >= 500 and answer.status != 501:
            raise _Fault(f"{host} answered {answer.status}", _retry_after(answer.headers, now))
        wait_s = _reset(answer.headers, now)
        if answer.headers.get("ratelimit-remaining", "").strip() == "0" and wait_s is not None:
            self._open_again[host] = now + wait_s
        if check is not None and answer.status == 200:
            try:
                check(answer)
            except ValueError as error:
                raise _Fault(f"{host} sent a damaged answer ({error})") from error

    def _keep_limit(self, host: str) -> None:
        """Wait until the host's allowance is renewed, when the last answer said that it is used up."""
        wait_s = self._open_again.pop(host, 0.0) - self.clock.wall()
        if wait_s > 0:
            self._pause(host, wait_s, f"{host} allows no more requests for now")

    def _wait(self, host: str, fault: _Fault, attempt: int) -> None:
        if attempt == ATTEMPTS - 1:
            raise _given_up(fault)
        backoff = min(FIRST_WAIT_S * 2**attempt, LONGEST_BACKOFF_S) * (0.5 + self.clock.chance() / 2)
        self._pause(host, backoff if fault.wait_s is None else fault.wait_s + self.clock.chance() / 2, fault.said)

    def _pause(self, host: str, seconds: float, why: str) -> None:
        if seconds > LONGEST_LIMIT_WAIT_S:
            raise Unavailable(
                f"{host} asks to wait {seconds / 60:.0f} minutes before the next request.",
                "Run the same command again then: it goes on where it stopped.",
            )
        self.progress.say(f"{why}; waiting {max(seconds, 1):.0f} s")
        self.clock.sleep(seconds)


def _given_up(fault: _Fault) -> SeguitoError:
    if "damaged" in fault.said:
        return BadInput(f"{fault.said}, {ATTEMPTS} times.", "Check that this is the host you mean.")
    return Unavailable(f"{fault.said}, {ATTEMPTS} times.", "Try again later: what was read is kept.")


def _fault(host: str, error: Exception) -> _Fault:
    import httpx

    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        raise Refused(f"{host} cannot prove that it is {host}: {text[:200]}", "Check the address of the host.")
    if isinstance(error, httpx.TimeoutException):
        return _Fault(f"{host} did not answer in time")
    if isinstance(error, httpx.ConnectError):
        return _Fault(f"{host} cannot be reached ({text[:200]})")
    return _Fault(f"{host} broke off its answer ({type(error).__name__})")


def _retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait by `retry-after`: a number, or a date."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    seconds = _number(text)
    if seconds is None:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, TypeError, OverflowError):
            return None
    return max(seconds, 0.0)


def _reset(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until `ratelimit-reset`: given as a time since 1970 or as seconds from now."""
    seconds = _number(headers.get("ratelimit-reset", ""))
    if seconds is None:
        return None
    # No server's window is thirty years long.
    return max(seconds - now if seconds > 1e9 else seconds, 0.0)


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found < 1e11 else None
