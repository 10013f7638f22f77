"""Which addresses may be asked: of the web, resolved by us, and outside private networks unless allowed."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from seguito.kit.errors import Refused, Unavailable, UsageError

PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IP = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was looked at and may be asked.

    Attributes:
        url: the whole address.
        host: its name.
        addresses: what the name resolves to. Connections go to these, never to a second look-up's answer.
        is_private: whether it lies in a private network (which was then allowed).
    """

    url: str
    host: str
    addresses: tuple[str, ...]
    is_private: bool

    @property
    def origin(self) -> str:
        """Scheme, name and port."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host_header(self) -> str:
        """The name (and port) as the server knows itself."""
        return urlsplit(self.url).netloc

    def pinned(self, attempt: int) -> str:
        """The address with an IP in place of the name; another one at each attempt, where there are several."""
        ip = self.addresses[attempt % len(self.addresses)]
        parts = urlsplit(self.url)
        bracketed = f"[{ip}]" if ":" in ip else ip
        netloc = f"{bracketed}:{parts.port}" if parts.port else bracketed
        return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))

    def follow(self, place: str, *, allow_private: bool) -> Target:
        """The target of a redirect, looked at like any other; from https it may only go to https."""
        found = target(urljoin(self.url, place), allow_private=allow_private, come_from=self.host)
        if self.url.startswith("https:") and not found.url.startswith("https:"):
            raise Refused(f"{self.host} redirects to the insecure address {found.origin}.", "Check the host's address.")
        return found


def target(
    url: str,
    *,
    allow_private: bool = False,
    params: Mapping[str, str | int | Sequence[str]] | None = None,
    come_from: str = "",
) -> Target:
    """Look at an address before it is asked.

    Args:
        url: the address.
        allow_private: accept addresses of private networks, of this machine and of its neighbours.
        params: a query to append.
        come_from: the host that redirected here, for the message.

    Raises:
        UsageError: it is no address of the web.
        Refused: it is, or redirects to, a private address.
        Unavailable: its name cannot be found.
    """
    host, scheme, port = _parts(url, come_from)
    ips = _resolve(host, port or PORTS[scheme])
    private = [ip for ip in ips if is_private(ip)]
    if private and not allow_private:
        told = f"{come_from} redirects to {host}, which" if come_from else host
        raise Refused(
            f"{told} lies in a private network ({private[0]}).",
            "Give --allow-private-hosts if that is what you mean.",
        )
    if params:
        url = f"{url}{'&' if '?' in url else '?'}{urlencode(params, doseq=True)}"
    return Target(url, host, tuple(str(ip) for ip in ips), bool(private))


def _parts(url: str, come_from: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in PORTS or not host or parts.username is not None or parts.password is not None:
        said = f"{come_from} redirects to {url[:200]!r}, which" if come_from else f"{url[:200]!r}"
        raise UsageError(
            f"{said} is not a web address.", "Write it as https://example.org, without a name or password."
        )
    return host, parts.scheme, port


def _resolve(host: str, port: int) -> list[IP]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(
            f"The host {host} cannot be found.", "Check its name, and that this machine is connected."
        ) from error
    ips = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return list(dict.fromkeys(ips))


def is_private(ip: IP) -> bool:
    """Whether an address is not one of the public internet; wrapped IPv4 addresses are unwrapped first."""
    inner = _unwrapped(ip)
    return any(not one.is_global or one.is_multicast for one in (ip, inner) if one is not None)


def _unwrapped(ip: IP) -> IP | None:
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.teredo:
        return ip.teredo[1]
    return ip.ipv4_mapped or ip.sixtofour
