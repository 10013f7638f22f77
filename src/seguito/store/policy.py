"""How long facts may be kept, by the policy of the source they came from. One table, read by `upkeep`.

Platforms and the law set these; a workspace may keep less, never more.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the facts of one policy stay.

    Attributes:
        policy: the policy a batch names.
        days: after so many days without being seen again, members' facts go; `None` for no limit.
        why: the reason, as a sentence for people.
    """

    policy: str
    days: int | None
    why: str


RETENTION: dict[str, Retention] = {
    rule.policy: rule
    for rule in (
        Retention(
            "public_network",
            90,
            "What members wrote in public was read without asking them: it is kept for 90 days after it was last seen "
            "there. What the creator wrote stays.",
        ),
        Retention("own_account", None, "The owner of the account keeps what is theirs for as long as they want."),
        Retention("file_of_the_user", None, "A file that the user has already is theirs to keep or to erase."),
        Retention("simulated", None, "Nobody in a simulation is a person."),
    )
}

MESSAGES = Retention(
    "messages", 180, "Private messages are kept for 180 days after the last contact with the person who wrote them."
)
