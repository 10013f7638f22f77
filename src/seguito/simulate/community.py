"""One seed, one world: the creator's posts, the members and everything they wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from seguito.simulate.cadence import Posts, publish
from seguito.simulate.comments import CREATOR, Comments
from seguito.simulate.followers import Passing, passing
from seguito.simulate.people import BOUGHT, Members, settle
from seguito.simulate.plan import Plan
from seguito.simulate.pods import other_space, owners
from seguito.simulate.reactions import likes
from seguito.simulate.scramble import Ints
from seguito.simulate.subjects import Bools
from seguito.simulate.talk import converse

CREATOR_HANDLE = "marta-impasta.simulated.example"
CREATOR_NAME = "Marta impasta (simulated)"
# The creator's place where accounts are numbered and names are made from the number.
CREATOR_ROW = 1 << 40


@dataclass(frozen=True)
class Community:
    """A simulated community, complete: nothing in it is hidden, deleted or missing.

    Attributes:
        plan: what was planted.
        posts: those of the owner.
        members: everyone but the creator.
        comments: what was written under the posts.
        passing: followers who came and left again.
        owner: whose space it is: CREATOR, or the number of a member.
        neighbours: spaces of other creators, where the same people write.
        declared, declared_direct: how many comments the platform counts below each post, and right below it; null where
            all of them are here.
    """

    plan: Plan
    posts: Posts
    members: Members
    comments: Comments
    passing: Passing
    owner: int = CREATOR
    neighbours: tuple[Community, ...] = ()
    declared: Ints | None = None
    declared_direct: Ints | None = None

    @property
    def apart(self) -> int:
        """Keeps names and words of other spaces apart from the creator's: 0 there, else a number of its own."""
        return (self.owner + 1) * 1_000_003

    @cached_property
    def bought(self) -> Ints:
        """When the bought who still follow came."""
        found: Ints = self.members.joined[self.members.of(BOUGHT)]
        return found

    @cached_property
    def likes(self) -> list[list[tuple[int, int]]]:
        """For every post who liked it and when, newest first."""
        return likes(self)

    @cached_property
    def by_member(self) -> Bools:
        """Which comments others than the owner wrote."""
        found: Bools = self.comments.author != self.owner
        return found

    @cached_property
    def subject(self) -> Ints:
        """What the post above each comment is about."""
        found: Ints = self.posts.subject[self.comments.post]
        return found

    @cached_property
    def english(self) -> Bools:
        """Which comments are in English; the creator answers in the language of the comment answered."""
        speaker = np.where(self.by_member, self.comments.author, self.comments.author[self.comments.parent])
        found: Bools = self.members.english[speaker] & (speaker != CREATOR)
        return found


def simulate(plan: Plan) -> Community:
    """Bring a plan to life. The same plan always gives the same community."""
    posts = publish(plan)
    members, waves = settle(plan, posts)
    gone = passing(plan, members, waves, members.joined[members.of(BOUGHT)])
    return Community(
        plan, posts, members, converse(plan, posts, members), gone, neighbours=tuple(_neighbours(plan, members, gone))
    )


def _neighbours(plan: Plan, members: Members, gone: Passing) -> Iterator[Community]:
    for number, owner in enumerate(owners(plan, members)):
        posts, comments = other_space(plan, members, number)
        yield Community(plan, posts, members, comments, gone, int(owner))
