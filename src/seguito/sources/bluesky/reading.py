"""A creator's space as a reading: asks the network (or takes what is kept), then turns pages into facts."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from seguito.facts.keys import key
from seguito.kit import clock
from seguito.kit.errors import BadInput, NotFound, Refused, Transient, UsageError
from seguito.kit.http import Http, Params
from seguito.kit.progress import Progress
from seguito.sources.bluesky import crawl, views
from seguito.sources.bluesky.client import DEFAULT_HOST, Network, host_url
from seguito.sources.bluesky.crawl import Budget, Crawl
from seguito.sources.bluesky.mapping import Mapping
from seguito.sources.bluesky.pages import ABOUT, END, AboutBody, Failure, Page, digest, read_pages, remark
from seguito.sources.bluesky.spool import Spool, sweep
from seguito.sources.bluesky.withhold import withheld
from seguito.sources.contract import About, Capability, Counted, Options, Reject, Rows

VERSION = "1"
CUT_SHORT = "The file of pages is cut short: what follows was not read."

_ALWAYS: frozenset[Capability] = frozenset({"creator"})
_SHOWS: dict[str, frozenset[Capability]] = {
    views.PROFILE: frozenset({"follower_counts"}),
    views.FEED: frozenset({"authors", "times", "texts", "comment_counts", "like_counts"}),
    views.THREAD: frozenset({"authors", "threads", "times", "texts", "comment_counts", "like_counts"}),
    views.LIKES: frozenset({"likers"}),
    views.FOLLOWERS: frozenset({"followers"}),
    views.PROFILES: frozenset({"follower_profiles"}),
}


def capabilities(endpoints: set[str]) -> frozenset[Capability]:
    """What a set of endpoints can show."""
    return _ALWAYS.union(*(_SHOWS.get(endpoint, frozenset()) for endpoint in endpoints))


def open_reading(account: str, options: Options) -> NetworkReading:
    """Open a creator's space by handle or DID. Nothing is asked before `read`."""
    return NetworkReading(account, options)


class NetworkReading:
    """Reads one creator's space from a network's public endpoints."""

    def __init__(self, account: str, options: Options, *, http: Http | None = None) -> None:
        self._account = _identifier(account)
        self._options = options
        self._base = host_url(options.host)
        self._http = http or Http(allow_private=options.allow_private_hosts)
        self._budget = Budget(
            posts=crawl.MAX_POSTS if options.max_posts is None else options.max_posts,
            followers=crawl.MAX_FOLLOWERS if options.max_followers is None else options.max_followers,
            per_post=crawl.MAX_PER_POST,
        )
        asked = msgspec.json.encode([self._base, self._account, self._budget.posts, self._budget.followers])
        name = f"bluesky-{hashlib.sha256(asked).hexdigest()[:12]}"
        self._temporary = None if options.spool else tempfile.TemporaryDirectory(prefix="seguito-")
        folder = options.spool or Path(self._temporary.name if self._temporary else ".")
        self._path = folder / f"{name}.ndjson.zst"
        self._lock = folder / f"{name}.lock"
        self._about = self._first_about(name)

    def _first_about(self, name: str) -> About:
        now = clock.now()
        return About(
            source="bluesky",
            version=VERSION,
            batch_id=f"{name}-{now:%Y%m%dT%H%M%S%f}",
            observed_at=now,
            seen_until=now,
            capabilities=capabilities(set(_SHOWS)),
            policy="public_network",
            locator=self._account,
            details={
                "host": self._base,
                "max_posts": self._budget.posts,
                "max_followers": self._budget.followers,
                "max_per_post": self._budget.per_post,
            },
        )

    @property
    def about(self) -> About:
        """What is known so far; the creator and the notes once `read` is through."""
        return self._about

    def read(self, progress: Progress) -> Iterator[Rows | Reject | Counted]:
        """Ask for what is not kept yet, then give the facts of every page.

        Raises:
            NotFound: there is no such account.
            Refused: the account is closed to people who are not signed in, or gone.
            Unavailable: the network does not answer; what was read is kept for the next try.
        """
        from filelock import FileLock, Timeout

        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._lock, timeout=0):
                sweep(self._path, clock.now())
                self._crawl(progress)
                yield from self._facts(progress)
        except Timeout as error:
            raise Transient(
                f"Another process is reading {self._account} into this workspace.", "Wait for it to finish."
            ) from error
        finally:
            self._http.close()
            if not self._path.exists():
                self._lock.unlink(missing_ok=True)

    # -- asking -------------------------------------------------------------------------------------------------

    def _crawl(self, progress: Progress) -> None:
        self._http.progress = progress
        network = Network(self._base, self._http)
        spool = Spool(self._path, clock.now())
        try:
            if spool.about is not None and len(spool) > 1:
                progress.say(f"going on with {len(spool)} pages that are here already")
            elif spool.is_stale:
                progress.say("the pages of an interrupted reading are too old to go on with; starting anew")
            self._ask_all(network, spool, progress)
        finally:
            spool.close()

    def _ask_all(self, network: Network, spool: Spool, progress: Progress) -> None:
        def ask(endpoint: str, params: Params) -> Page:
            page = spool.find(endpoint, dict(params))
            if page is None:
                page = network.ask(endpoint, params)
                if page.has_body:
                    page.body = msgspec.Raw(withheld(bytes(page.body)))
                if endpoint != views.PROFILE:
                    spool.add(page)
            return page

        def note(endpoint: str, body: msgspec.Struct) -> None:
            spool.add(remark(endpoint, _stamp(clock.now()), body))

        first = ask(views.PROFILE, {"actor": self._account})
        creator = self._creator(network, first)
        if spool.about is None:
            body = AboutBody(
                creator=creator.did,
                handle=creator.handle,
                host=self._base,
                seen_until=first.at,
                batch_id=self._about.batch_id,
            )
            spool.add(remark(ABOUT, first.at, body))
            spool.add(first)
        if not spool.is_complete:
            Crawl(ask, note, self._budget, progress).run(creator)
            spool.add(remark(END, _stamp(clock.now())))
        self._learn(spool.about_body() or AboutBody())

    def _learn(self, body: AboutBody) -> None:
        """Take over what an earlier, interrupted reading said of itself."""
        seen = clock.parse_iso(body.seen_until or "") or self._about.observed_at
        self._about = replace(
            self._about,
            observed_at=seen,
            seen_until=seen,
            creator_uri=key("bluesky", "account", body.creator or ""),
        )

    def _creator(self, network: Network, first: Page) -> views.Actor:
        if first.error is not None:
            raise _refused(self._account, network.name, first.error)
        try:
            creator = msgspec.json.decode(first.body, type=views.Actor)
        except ValueError as error:
            raise BadInput(
                f"{network.name} is not the public side of an AT Protocol network: its profile cannot be read.",
                "Check --host; Bluesky's is public.api.bsky.app.",
            ) from error
        if creator.is_closed:
            raise Refused(
                f"{self._account} asks to be shown only to people who are signed in, which Seguito never is.",
                "Ask the creator to share an export of their own account.",
            )
        return creator

    # -- understanding ------------------------------------------------------------------------------------------

    def _facts(self, progress: Progress) -> Iterator[Rows | Reject | Counted]:
        mapping = Mapping(self._about.batch_id, web=self._base == DEFAULT_HOST)
        progress.start("read the pages")
        yield from _mapped(self._path, mapping)
        self._about = replace(self._about, notes=tuple(mapping.notes))

    def settle(self, archive: Path | None) -> None:
        """The facts are committed: keep the pages under `archive`, or remove them."""
        if archive is not None:
            archive.mkdir(parents=True, exist_ok=True)
            self._path.replace(archive / f"{self._about.batch_id}.ndjson.zst")
        self._path.unlink(missing_ok=True)
        self._lock.unlink(missing_ok=True)
        if self._temporary is not None:
            self._temporary.cleanup()


class PagesReading:
    """Reads a file of stored pages."""

    def __init__(self, path: Path, options: Options) -> None:
        self._path = path
        self._options = options
        sha = digest(path)
        body, at = self._first()
        self._about = About(
            source="bluesky_pages",
            version=VERSION,
            batch_id=f"bluesky_pages-{sha[:16]}",
            observed_at=at,
            seen_until=clock.parse_iso(body.seen_until or ""),
            capabilities=capabilities(set(_SHOWS)),
            policy="simulated" if body.is_simulated else "public_network",
            creator_uri=key("bluesky", "account", body.creator) if body.creator else None,
            locator=path.name,
            sha256=sha,
            is_simulated=body.is_simulated,
            details={"host": body.host} if body.host else {},
        )
        self._web = not body.is_simulated and body.host in (None, DEFAULT_HOST)

    def _first(self) -> tuple[AboutBody, datetime]:
        why = "it holds no network pages"
        for _, page in read_pages(self._path):
            if isinstance(page, Reject):
                why = page.reason
            else:
                mapping = Mapping("")
                if page.endpoint == ABOUT:
                    list(mapping.take(page, 1))
                return mapping.about, clock.parse_iso(page.at) or clock.now()
        raise BadInput(f"{self._path.name} cannot be read: {why}.", "Check that it is the file you mean.")

    @property
    def about(self) -> About:
        """What the first line says, and after `read` what the pages showed."""
        return self._about

    def read(self, progress: Progress) -> Iterator[Rows | Reject | Counted]:
        """The facts of every page, in order."""
        mapping = Mapping(self._about.batch_id, web=self._web)
        yield from _mapped(self._path, mapping)
        self._about = replace(
            self._about,
            creator_uri=key("bluesky", "account", mapping.creator) if mapping.creator else None,
            capabilities=capabilities(mapping.endpoints),
            notes=tuple(mapping.notes if mapping.is_complete else [*mapping.notes, CUT_SHORT]),
        )


def _mapped(path: Path, mapping: Mapping) -> Iterator[Rows | Reject | Counted]:
    for number, page in read_pages(path):
        if isinstance(page, Reject):
            yield Counted(1)
            yield page
        else:
            yield from mapping.take(page, number)
    yield from mapping.finish()


def _identifier(account: str) -> str:
    """A handle or DID as people write it: with an @, as a profile's web address."""
    name = re.sub(r"^https?://[^/]+/profile/", "", account.strip()).removeprefix("@").rstrip("/")
    if (
        not re.fullmatch(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,2000}|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name)
        or len(name) > 2048
    ):
        raise UsageError(
            f"'{account[:100]}' is neither a handle nor a DID.",
            "Write it as bluesky:name.bsky.social or bluesky:did:plc:…",
        )
    return name if name.startswith("did:") else name.lower()


def _refused(account: str, host: str, failure: Failure) -> Exception:
    if failure.error == "AccountDeactivated":
        return Refused(
            f"{account} is deactivated at the moment.", "Ask the creator, or come back when it is active again."
        )
    if failure.error == "AccountTakedown":
        return Refused(f"{account} was taken down by {host}.", "There is nothing public left to read.")
    if failure.error == "MethodNotImplemented":
        return BadInput(
            f"{host} is not the public side of an AT Protocol network.",
            "Check --host; Bluesky's is public.api.bsky.app.",
        )
    return NotFound(
        f"{host} knows no account {account}: {failure.message or failure.error}.",
        "Check the spelling; handles change, and the profile's page shows the present one.",
    )


def _stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
