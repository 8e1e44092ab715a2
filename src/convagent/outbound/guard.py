"""What may be called: hosts by name, and no address of a private network unless it is allowed."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from convagent.errors import ActionError

__all__ = ["Address", "Guard", "Target", "host_fault", "network_fault", "redirected", "split_url", "system_resolver"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""Addresses of a host and port, as texts."""

_HOST = re.compile(r"^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$")
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192")
)
"""Where clouds tell a machine its secrets; 168.63.129.16 is public by its number, and all the same inside."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: parts of an address that can't be read in two ways."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what a header with a secret is bound to."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """The Host header."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == _PORTS[self.scheme] else f"{shown}:{self.port}"


_PORTS = {"https": 443, "http": 80}


def split_url(url: str) -> Target:
    """The parts of an absolute address.

    Raises:
        ActionError: It is not http or https, names a user, has a fragment or a host that is no host's name.
    """
    if not isinstance(url, str) or len(url) > 20_000 or re.search(r"[\x00-\x20\x7f\\]", url):
        raise _bad_url("holds blanks or control characters, or is too long")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise _bad_url("can't be read") from None
    if parts.scheme not in _PORTS:
        raise _bad_url("begins neither with https:// nor with http://")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _bad_url("names a user or a fragment")
    if port == 0 or not (_HOST.match(host) or _literal(host)):
        raise _bad_url("names no host")
    path = quote(parts.path or "/", safe="/:@!$&'()*+,;=~-._%")
    query = quote(parts.query, safe="/:@!$&'()*+,;=~-._%?[]")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], f"{path}?{query}" if query else path)


def redirected(target: Target, location: str) -> Target:
    """Where an answer's Location header points, from where it was given.

    Raises:
        ActionError: It can't be read, or goes from https to http.
    """
    here = f"{target.scheme}://{target.authority}{target.path}"
    try:
        there = urljoin(here, location)
    except ValueError:
        raise _bad_url("can't be read") from None
    found = split_url(there.partition("#")[0])
    if target.scheme == "https" and found.scheme != "https":
        raise _bad_url("goes from https to http")
    return found


def _bad_url(why: str) -> ActionError:
    return ActionError(f"an address {why}", code="action-address")


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def host_fault(pattern: str) -> str | None:
    """What is wrong with an entry of `hosts`, None when nothing is."""
    host, port = _host_and_port(pattern)
    bare = host.removeprefix("*.")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        return f"{pattern} has a port that is none"
    if host != bare and "." not in bare:
        return f"{pattern} allows every host of a whole top-level domain"
    return None if _HOST.match(bare) or _literal(bare) else f'{pattern} is no host: write "api.example.com"'


def _host_and_port(pattern: str) -> tuple[str, str]:
    """The parts of an entry of `hosts`: `example.com:8443`, `[2001:db8::1]:8443`, `2001:db8::1`."""
    if pattern.startswith("["):
        host, _, rest = pattern[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = pattern.partition(":") if pattern.count(":") == 1 else (pattern, "", "")
    return host, port


def network_fault(text: str) -> str | None:
    """What is wrong with an entry of `private_networks`, None when nothing is."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return f'{text} is no network: write "10.0.5.0/24" or "127.0.0.1/32"'
    return f"{text} allows everything; name the network that is meant" if network.prefixlen == 0 else None


@dataclass(frozen=True)
class Guard:
    """Decides where a request may go.

    Attributes:
        hosts: As a file allows them: `api.example.com`, `*.example.com`, `api.example.com:8443`. Without a port, the
            scheme's own.
        private_networks: That may be reached though they aren't public.
        resolve: Gives a host's addresses.
    """

    hosts: tuple[str, ...]
    private_networks: tuple[Network, ...] = ()
    resolve: Resolver = field(default_factory=lambda: system_resolver)

    @classmethod
    def of(cls, hosts: Sequence[str], private_networks: Sequence[str], resolve: Resolver | None = None) -> Guard:
        """A guard from texts that `host_fault` and `network_fault` find nothing wrong with."""
        networks = tuple(ipaddress.ip_network(text) for text in private_networks)
        return cls(tuple(host.lower() for host in hosts), networks, resolve or system_resolver)

    def check(self, target: Target) -> None:
        """Whether a host may be called at all.

        Raises:
            ActionError: `action-host` when no entry names it with its port.
        """
        if not any(_fits(pattern, target) for pattern in self.hosts):
            raise ActionError(
                f"{target.authority} is not among the allowed hosts", code="action-host",
                remedy="Name it under hosts if it is meant.",
            )  # fmt: skip

    def addresses(self, target: Target, *, until: float) -> tuple[Address, ...]:
        """The addresses that a host has right now, every one of them allowed. Connect to these and to no other.

        Args:
            target: Whose host.
            until: `time.monotonic()` at which looking up is given up.

        Raises:
            ActionError: The host has no address, or one that isn't allowed, or is looked up for too long.
        """
        literal = _literal(target.host)
        found = [str(literal)] if literal is not None else _within(self.resolve, target.host, target.port, until)
        out: list[Address] = []
        for text in found:
            try:
                address = ipaddress.ip_address(text.partition("%")[0])
            except ValueError:
                continue
            self._allow(address, target)
            out.append(address)
        if not out:
            raise ActionError(f"{target.host} has no address", code="action-unreachable")
        return tuple(dict.fromkeys(out))

    def _allow(self, address: Address, target: Target) -> None:
        inner = _embedded(address)
        if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address in _NAT64):
            spoken = [inner or address]  # another way of writing the one within
        else:
            spoken = [address] if inner is None else [address, inner]
        named = any(
            one in network and (network.prefixlen == network.max_prefixlen or not _very_private(one))
            for one in spoken
            for network in self.private_networks
            if network.version == one.version
        )
        if named:
            return
        if any(not _is_public(one) for one in spoken):
            raise ActionError(
                f"{target.host} leads to an address that is not public", code="action-private-address",
                remedy="Name its network under private_networks if it is meant.",
            )  # fmt: skip
        if target.scheme == "http":
            raise ActionError(
                f"{target.host} would be called without encryption", code="action-plain-http",
                remedy="Use https; http is for addresses of private_networks.",
            )  # fmt: skip


def _fits(pattern: str, target: Target) -> bool:
    host, port = _host_and_port(pattern)
    if target.port != (int(port) if port else _PORTS[target.scheme]):
        return False
    if host.startswith("*."):
        return target.host.endswith(host[1:]) and len(target.host) > len(host) - 1
    return target.host == host


def _embedded(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, translated, tunnelled."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _is_public(address: Address) -> bool:
    inside = address in _METADATA or address.is_multicast or address.is_unspecified or address.is_reserved
    return address.is_global and not inside


def _very_private(address: Address) -> bool:
    """Reached only where it is named alone, not with a whole network."""
    return address in _METADATA or address.is_link_local


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses that this machine's resolver gives."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(str(entry[4][0]) for entry in found)


def _within(resolve: Resolver, host: str, port: int, until: float) -> Sequence[str]:
    """The resolver's answer, waited for no longer than allowed: the system's own can't be told a time."""
    answer: list[Sequence[str]] = []

    def ask() -> None:
        try:
            answer.append(resolve(host, port))
        except Exception:  # noqa: BLE001 - a resolver that breaks knows no address
            answer.append(())

    thread = threading.Thread(target=ask, name="convagent-resolve", daemon=True)
    thread.start()
    thread.join(max(0.0, until - time.monotonic()))
    if not answer:
        raise ActionError(f"the address of {host} was looked up for too long", code="action-unreachable")
    return answer[0]
