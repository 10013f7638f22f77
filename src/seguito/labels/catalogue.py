"""Every label by name: what it says of a post, the values it may have, and the names others know it by."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Final

from seguito.kit.errors import UsageError

YES: Final = ("yes",)


@dataclass(frozen=True, slots=True)
class Label:
    """One label.

    Attributes:
        name: its name.
        values: the values it may have; ("yes",) where a post has it or has it not; empty where any text may stand.
        says: what a post with it does, as the end of "a post that …".
        aliases: other names of it, or of one of its values, each with the value ("" for the label as a whole).
        one_of: whether every post that was read has exactly one of the values.
    """

    name: str
    values: tuple[str, ...]
    says: str
    aliases: tuple[tuple[str, str], ...] = ()
    one_of: bool = False


_LABELS: Final = (
    Label("language", ("it", "en", "es", "fr", "de", "pt", "other"), "is in this language", one_of=True),
    Label(
        "sentiment",
        ("negative", "neutral", "positive"),
        "judges well, badly or not at all",
        (("polarity", ""),),
        one_of=True,
    ),
    Label(
        "emotion",
        ("anger", "joy", "optimism", "sadness"),
        "shows this one more than the other three",
        one_of=True,
    ),
    Label("gratitude", YES, "is grateful"),
    Label("love", YES, "shows love or affection"),
    Label("admiration", YES, "admires"),
    Label("joy", YES, "shows joy"),
    Label("optimism", YES, "looks forward to something good"),
    Label("sadness", YES, "shows sadness"),
    Label("anger", YES, "shows anger"),
    Label("fear", YES, "shows fear"),
    Label("irony", YES, "means something else than it says"),
    Label("offensive", YES, "uses insulting or demeaning words"),
    Label("identity_attack", YES, "demeans people for what they are: origin, religion, gender, sexuality, disability"),
    Label("mockery", YES, "makes somebody ridiculous"),
    Label("threat", YES, "threatens, or wishes harm"),
    Label(
        "hostility",
        ("creator", "member", "group", "nobody"),
        "insults, despises or demeans this target",
        (("host_target_creator", "creator"), ("host_target_member", "member"), ("host_target_group", "group")),
    ),
    Label(
        "criticism",
        ("content", "conduct"),
        "criticises what was made, or how somebody behaves, without attacking",
        (("crit_content", "content"), ("crit_conduct", "conduct")),
    ),
    Label("counter_speech", YES, "defends somebody, or objects to hostility", (("counter", ""),)),
    Label(
        "question",
        ("genuine", "rhetorical"),
        "asks: to know the answer, or only in form",
        (("q_genuine", "genuine"), ("q_rhetorical", "rhetorical")),
    ),
    Label("thanks", YES, "thanks somebody"),
    Label("support", YES, "shows affection, admiration or encouragement for the person"),
    Label("comfort", YES, "comforts or encourages in a hard time", (("support_hard", ""),)),
    Label("worry", YES, "worries about the person or their absence", (("worry_absence", ""),)),
    Label("closeness", YES, "speaks to the creator as to a friend, or asks for a personal relation"),
    Label("personal_story", YES, "tells something of the writer's own life"),
    Label("purchase_intent", YES, "wants to buy, try or attend"),
    Label("purchase_report", YES, "tells of having bought, used or attended"),
    Label("service_request", YES, "asks for what customer service should handle"),
    Label("collaboration_offer", YES, "offers or asks for a collaboration", (("collab_offer", ""),)),
    Label("content_request", YES, "asks for a particular content"),
    Label("demand", YES, "presses for more, sooner, or as promised"),
    Label("spam", YES, "promotes something of its own, or is a copy of a campaign"),
    Label("low_effort", YES, "took no effort: signs only, or a word or two that fit anything"),
    Label("off_topic", YES, "has nothing to do with the creator, the content or the thread", (("offtopic", ""),)),
    Label("explanation", ("before", "afterwards"), "announces an absence, or explains one that has been"),
    Label("wording", (), "has this wording: a key shared by all texts with the same words"),
)

LABELS: Final = {label.name: label for label in _LABELS}
_NAMES: Final = {alias: (label.name, value) for label in _LABELS for alias, value in label.aliases}


def resolve(name: str) -> tuple[Label, str | None]:
    """The label that a name means, and the value if it means only one: `question`, `question=genuine`, `q_genuine`.

    Raises:
        UsageError: there is no such label or value.
    """
    wanted, _, value = name.strip().replace("-", "_").partition("=")
    if wanted in _NAMES and not value:
        wanted, value = _NAMES[wanted]
    if wanted not in LABELS:
        near = difflib.get_close_matches(wanted, [*LABELS, *_NAMES], 1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(LABELS)}."
        raise UsageError(f"There is no label '{name}'.", hint)
    label = LABELS[wanted]
    if value and label.values and value not in label.values:
        raise UsageError(f"{wanted} has no value '{value}'.", f"It has {', '.join(label.values)}.")
    return label, value or None
