"""Asking a server: patience with the busy, politeness to limits, and no way into a private network."""

from __future__ import annotations

import gzip
import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import msgspec
import pytest

from seguito.kit import addresses
from seguito.kit.addresses import is_private, target
from seguito.kit.errors import BadInput, Refused, SeguitoError, Unavailable, UsageError
from seguito.kit.http import ATTEMPTS, Answer, Clock, Http
from seguito.testing.fake_platform import FakePlatform, Reply

OK = {"fine": True}
NOW = 1_772_442_000.0


@dataclass
class Wound:
    """A clock that jumps instead of waiting, and remembers how far."""

    now: float = NOW
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(sleep=self.sleep, monotonic=lambda: self.now, wall=lambda: self.now, chance=lambda: 0.0)


@dataclass
class Heard:
    """A progress that remembers what it was told."""

    said: list[str] = field(default_factory=list)

    def start(self, step: str, total: int | None = None) -> None: ...
    def advance(self, done: int = 1) -> None: ...
    def finish(self) -> None: ...
    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with FakePlatform() as fake:
        yield fake


@pytest.fixture
def wound() -> Wound:
    return Wound()


@pytest.fixture
def http(wound: Wound) -> Iterator[Http]:
    asking = Http(allow_private=True, clock=wound.clock, progress=Heard())
    yield asking
    asking.close()


def get(http: Http, platform: FakePlatform, **params: Any) -> Answer:
    return http.get(f"{platform.address}/xrpc/a.b.c", params or None, check=whole)


def whole(answer: Answer) -> None:
    msgspec.json.decode(answer.body)


def test_asks_with_its_own_name_and_gets_the_body(http: Http, platform: FakePlatform) -> None:
    platform.page("a.b.c", OK, x="1 & 2")
    answer = get(http, platform, x="1 & 2", many=["a", "b"])
    assert (answer.status, answer.body, answer.is_json) == (200, b'{"fine": true}', True)
    assert platform.asked[0].headers["user-agent"].startswith("seguito/")
    assert "cookie" not in platform.asked[0].headers


def test_broken_and_busy_servers_are_asked_again_after_growing_waits(
    http: Http, platform: FakePlatform, wound: Wound
) -> None:
    platform.first(
        "a.b.c", Reply(status=500), Reply(status=503), Reply(b'{"fine": tr', cut_at=None), Reply(OK, cut_at=3)
    )
    platform.page("a.b.c", OK)
    assert get(http, platform).status == 200
    assert platform.times_asked("a.b.c") == 5
    assert wound.waits == [0.25, 0.5, 1.0, 2.0]  # half of 0.5, 1, 2, 4: chance adds up to the other half


def test_gives_up_after_the_last_attempt(http: Http, platform: FakePlatform, wound: Wound) -> None:
    platform.page("a.b.c", Reply(status=502))
    with pytest.raises(Unavailable, match="answered 502"):
        get(http, platform)
    assert platform.times_asked("a.b.c") == ATTEMPTS
    assert len(wound.waits) == ATTEMPTS - 1


def test_an_answer_that_stays_damaged_is_bad_input(http: Http, platform: FakePlatform) -> None:
    platform.page("a.b.c", Reply(b'{"fine": tr'))
    with pytest.raises(BadInput, match="damaged"):
        get(http, platform)


def test_refusals_are_answers_and_not_asked_again(http: Http, platform: FakePlatform) -> None:
    platform.page("a.b.c", Reply({"error": "NotFound"}, status=400))
    assert get(http, platform).status == 400
    assert platform.times_asked("a.b.c") == 1


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "17"}, 17.0),
        ({"retry-after": formatdate(NOW + 40, usegmt=True)}, 40.0),
        ({"ratelimit-reset": str(int(NOW) + 90)}, 90.0),
        ({"ratelimit-reset": "25"}, 25.0),
        ({"retry-after": "soon"}, 0.25),
        ({"retry-after": "-5"}, 0.25),
        ({}, 0.25),
    ],
)
def test_a_limit_is_waited_for_as_long_as_the_server_says(
    http: Http, platform: FakePlatform, wound: Wound, headers: dict[str, str], wait: float
) -> None:
    platform.first("a.b.c", Reply(status=429, headers=headers))
    platform.page("a.b.c", OK)
    assert get(http, platform).status == 200
    assert wound.waits == [wait]
    assert isinstance(http.progress, Heard)
    assert "limits how often" in http.progress.said[0]


def test_an_allowance_that_is_used_up_is_waited_for_before_the_next_request(
    http: Http, platform: FakePlatform, wound: Wound
) -> None:
    used_up = {"ratelimit-remaining": "0", "ratelimit-reset": str(int(NOW) + 30)}
    platform.first("a.b.c", Reply(OK, headers=used_up), Reply(OK, headers={**used_up, "ratelimit-remaining": "1"}))
    platform.page("a.b.c", OK)
    for _ in range(3):
        get(http, platform)
    assert wound.waits == [30.0]


def test_a_wait_beyond_patience_is_told_at_once(http: Http, platform: FakePlatform, wound: Wound) -> None:
    platform.page("a.b.c", Reply(status=429, headers={"retry-after": "7200"}))
    with pytest.raises(Unavailable, match="120 minutes"):
        get(http, platform)
    assert wound.waits == []


def test_a_server_that_does_not_answer_in_time(platform: FakePlatform, wound: Wound) -> None:
    platform.first("a.b.c", Reply(OK, delay_s=0.5))
    platform.page("a.b.c", OK)
    http = Http(allow_private=True, clock=wound.clock, read_s=0.1)
    assert get(http, platform).status == 200
    assert platform.times_asked("a.b.c") == 2


def test_nobody_listens(http: Http) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable, match="cannot be reached"):
        http.get(f"http://127.0.0.1:{port}/")


def test_a_name_that_does_not_exist(http: Http, wound: Wound) -> None:
    with pytest.raises(Unavailable, match="cannot be found"):
        http.get("http://no-such-host.invalid/")
    assert wound.waits == []


def test_an_endless_answer_is_cut_off(platform: FakePlatform, wound: Wound) -> None:
    bomb = gzip.compress(b" " * 5_000_000)
    platform.page("a.b.c", Reply(bomb, headers={"content-encoding": "gzip"}))
    http = Http(allow_private=True, clock=wound.clock, max_bytes=1_000_000)
    with pytest.raises(BadInput, match="more than"):
        get(http, platform)
    assert platform.times_asked("a.b.c") == 1


def test_an_answer_that_trickles_longer_than_allowed(platform: FakePlatform, wound: Wound) -> None:
    platform.page("a.b.c", OK)
    ticking = Clock(sleep=wound.sleep, monotonic=iter(range(0, 10**6, 70)).__next__, wall=lambda: NOW, chance=lambda: 0)
    with pytest.raises(Unavailable, match="took more than 60 s"):
        get(Http(allow_private=True, clock=ticking, total_s=60), platform)


# -- where it may go --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["ftp://a.test/", "file:///etc/passwd", "a.test", "http://", "http://u:p@a.test/", "http://[x"]
)
def test_only_the_web(url: str) -> None:
    with pytest.raises(UsageError, match="not a web address"):
        target(url, allow_private=True)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.8", "192.168.1.1", "169.254.169.254", "[::1]", "0.0.0.0"]
)
def test_private_hosts_are_refused_unless_allowed(host: str) -> None:
    with pytest.raises(Refused, match="private network") as caught:
        target(f"http://{host}:8080/")
    assert "--allow-private-hosts" in caught.value.advice
    assert target(f"http://{host}:8080/", allow_private=True).is_private


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("8.8.8.8", False),
        ("2606:4700::1", False),
        ("64:ff9b::808:808", False),
        ("100.64.0.1", True),
        ("fe80::1", True),
        ("fd00::1", True),
        ("224.0.0.1", True),
        ("::ffff:10.0.0.1", True),
        ("64:ff9b::a00:1", True),
        ("2002:7f00:1::", True),
    ],
)
def test_what_counts_as_private(address: str, private: bool) -> None:
    assert is_private(ipaddress.ip_address(address)) is private


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let every name resolve to these addresses; remembers what was asked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        if host[0].isdigit():
            return real(host, port, *more, **named)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answers]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    return asked


def test_a_public_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.216.34", "127.0.0.1")
    with pytest.raises(Refused, match=r"harmless\.example lies in a private network \(127\.0\.0\.1\)"):
        target("https://harmless.example/")


def test_connections_go_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, platform: FakePlatform, http: Http
) -> None:
    port = int(platform.address.rsplit(":", 1)[1])
    platform.page("a.b.c", OK)
    asked = resolving(monkeypatch, "127.0.0.1")
    http.get(f"http://renamed.example:{port}/xrpc/a.b.c")
    assert asked == ["renamed.example"], "a second look-up could give another address"
    assert platform.asked[0].headers["host"] == f"renamed.example:{port}"


def test_redirects_are_followed_and_bounded(http: Http, platform: FakePlatform) -> None:
    platform.page("a.b.c", Reply(status=302, headers={"location": "/xrpc/d.e.f?x=1"}))
    platform.page("d.e.f", OK)
    answer = get(http, platform)
    assert (answer.status, answer.url) == (200, f"{platform.address}/xrpc/d.e.f?x=1")
    platform.page("d.e.f", Reply(status=301, headers={"location": "/xrpc/a.b.c"}), x="1")
    with pytest.raises(Refused, match="redirects more than"):
        get(http, platform)


def test_a_redirect_into_a_private_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, platform: FakePlatform, wound: Wound
) -> None:
    """The host itself is public (as far as the check can tell); where it sends us is not."""
    real = addresses.is_private
    monkeypatch.setattr(addresses, "is_private", lambda ip: str(ip) != "127.0.0.1" and real(ip))
    platform.page("a.b.c", Reply(status=307, headers={"location": "http://169.254.169.254/latest/meta-data"}))
    with pytest.raises(Refused, match=r"127\.0\.0\.1 redirects to 169\.254\.169\.254, which lies in a private"):
        get(Http(clock=wound.clock), platform)


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://a.test/", "//user@a.test/"])
def test_a_redirect_out_of_the_web_is_refused(http: Http, platform: FakePlatform, place: str) -> None:
    platform.page("a.b.c", Reply(status=302, headers={"location": place}))
    with pytest.raises(SeguitoError, match="redirects to"):
        get(http, platform)


def test_https_never_falls_back_to_http(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.216.34")
    with pytest.raises(Refused, match="insecure"):
        target("https://a.example/").follow("http://a.example/", allow_private=False)
