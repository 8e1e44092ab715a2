"""One site, asked politely: robots.txt obeyed, pauses between requests, redirects within the host, everything bounded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.robotparser import RobotFileParser

from convagent.errors import ActionError, KnowledgeError
from convagent.outbound.guard import Guard, Resolver, Target, redirected, split_url

__all__ = ["AGENT", "Answer", "FetchLimits", "Site"]

AGENT = "convagent-knowledge"
"""What the fetcher calls itself, in its requests and in robots.txt."""

MAX_REDIRECTS = 5
MAX_ROBOTS = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """How far fetching may go.

    Attributes:
        pages: Pages at most.
        page_bytes: Of one page, unpacked.
        total_bytes: Of all together.
        seconds: For everything.
        page_seconds: For one answer.
        pause: Seconds between two requests; a Crawl-delay in robots.txt makes it longer, up to 30.
    """

    pages: int = 500
    page_bytes: int = 5_000_000
    total_bytes: int = 200_000_000
    seconds: float = 600.0
    page_seconds: float = 20.0
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it came. `body` is None for one that didn't change; `headers` have names in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes | None


@dataclass
class Site:
    """The one host that is asked.

    Attributes:
        start: An address on it.
        limits: How far to go.
        private_networks: Networks that may be reached though they aren't public, such as `127.0.0.1/32`.
        resolve: Gives a host's addresses; this machine's resolver by default.
    """

    start: Target
    limits: FetchLimits
    private_networks: Sequence[str] = ()
    resolve: Resolver | None = None
    taken: int = 0
    _asked: float = field(default=float("-inf"))
    _robots: RobotFileParser | None = None

    def __post_init__(self) -> None:
        host = f"[{self.start.host}]" if ":" in self.start.host else self.start.host
        self._guard = Guard.of([f"{host}:{self.start.port}"], self.private_networks, self.resolve)
        self._until = time.monotonic() + self.limits.seconds

    @property
    def time_is_up(self) -> bool:
        """Whether nothing more may be asked."""
        return time.monotonic() >= self._until

    def is_own(self, url: str) -> bool:
        """Whether an address is on this host."""
        try:
            return split_url(url.partition("#")[0]).origin == self.start.origin
        except ActionError:
            return False

    def allows(self, url: str) -> bool:
        """Whether robots.txt lets the address be asked for.

        Raises:
            KnowledgeError: robots.txt can't be read, which is taken for a no (`fetch-robots`).
        """
        return self._rules().can_fetch(AGENT, url)

    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that robots.txt names."""
        return tuple(self._rules().site_maps() or ())

    def get(self, url: str, *, headers: Sequence[tuple[str, str]] = ()) -> Answer:
        """Asks for an address and follows redirects within the host, five at most.

        Raises:
            KnowledgeError: It can't be had (`fetch-failed`), robots.txt forbids it (`fetch-forbidden`), or it leads to
                another host or to an address that isn't public (`fetch-elsewhere`).
        """
        if not self.allows(url):
            raise _fault("forbidden", f"robots.txt forbids {url[:200]}", "Ask the site's owner to allow it.")
        return self._get(url, headers, self.limits.page_bytes)

    def _get(self, url: str, headers: Sequence[tuple[str, str]], max_bytes: int) -> Answer:
        target = _target(url)
        for _ in range(MAX_REDIRECTS + 1):
            if target.origin != self.start.origin:
                raise _fault(
                    "elsewhere", f"{url[:200]} leads to {target.host}", "Fetch that host by itself if it is meant."
                )
            answer = self._exchange(target, headers, max_bytes)
            here = f"{target.scheme}://{target.authority}{target.path}"
            if answer.status in {301, 302, 303, 307, 308} and "location" in answer.headers:
                try:
                    target = redirected(target, answer.headers["location"])
                except ActionError as error:
                    raise _fault("elsewhere", f"{url[:200]}: {error.message}", "Give the final address.") from None
                if self._robots is not None and not self._robots.can_fetch(AGENT, target.path):
                    raise _fault("forbidden", f"robots.txt forbids {target.path[:200]}", "Ask the owner to allow it.")
                continue
            return replace(answer, url=here)
        raise _fault("failed", f"{url[:200]} redirects more than {MAX_REDIRECTS} times", "Give the final address.")

    def _exchange(self, target: Target, headers: Sequence[tuple[str, str]], max_bytes: int) -> Answer:
        from convagent.outbound.exchange import OutgoingRequest, exchange

        wait = self._asked + self._pause() - time.monotonic()
        if wait > 0:
            time.sleep(min(wait, max(0.0, self._until - time.monotonic())))
        if self.time_is_up:
            raise _fault("failed", "the time for fetching is up", "Allow more with --seconds.")
        own = (
            ("Host", target.authority), ("User-Agent", AGENT),
            ("Accept", "text/html, application/xhtml+xml, application/xml, text/plain;q=0.8, */*;q=0.1"),
            ("Accept-Encoding", "gzip"), ("Connection", "close"),
        )  # fmt: skip
        until = min(self._until, time.monotonic() + self.limits.page_seconds)
        try:
            got = exchange(
                OutgoingRequest("GET", target, (*own, *headers)), guard=self._guard, until=until,
                max_bytes=min(max_bytes, self.limits.total_bytes - self.taken),
            )  # fmt: skip
        except ActionError as error:
            kind = (
                "elsewhere"
                if error.code in {"action-private-address", "action-plain-http", "action-host"}
                else "failed"
            )
            remedy = error.remedy or "Try again later."
            if error.code == "action-private-address":
                remedy = "Allow its network with --allow-network if it is meant."
            raise _fault(kind, error.message, remedy) from error
        finally:
            self._asked = time.monotonic()
        if got.body is None:
            raise _fault("failed", f"{target.path[:200]}: {got.fault}", "Allow more, or leave it out.")
        self.taken += len(got.body)
        return Answer("", got.status, got.headers, got.body if got.status != 304 else None)

    def _pause(self) -> float:
        delay = self._robots.crawl_delay(AGENT) if self._robots is not None else None
        return max(self.limits.pause, min(30.0, float(delay or 0)))

    def _rules(self) -> RobotFileParser:
        """As RFC 9309 has it: no file allows everything, one that can't be read allows nothing."""
        if self._robots is None:
            answer = self._get(f"{self.start.scheme}://{self.start.authority}/robots.txt", (), MAX_ROBOTS)
            if answer.status >= 500:
                message = f"robots.txt answers {answer.status}: nobody knows what is allowed"
                raise _fault("robots", message, "Try again later.")
            rules = RobotFileParser()
            text = (answer.body or b"").decode("utf-8", "replace") if answer.status < 400 else ""
            rules.parse(text.splitlines())
            self._robots = rules
        return self._robots


def _target(url: str) -> Target:
    try:
        return split_url(url.partition("#")[0])
    except ActionError as error:
        raise _fault("failed", f"{url[:200]}: {error.message}", "Write an address such as https://…/help.") from None


def _fault(kind: str, message: str, remedy: str) -> KnowledgeError:
    return KnowledgeError(message, code=f"fetch-{kind}", remedy=remedy)
