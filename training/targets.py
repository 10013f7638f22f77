"""The heads that are trained, and which target belongs to which.

A head is either a choice among classes or one yes/no column; `criticism:content` is the column `content` of the head
`criticism`. Heads that only help the others to learn begin with an underscore and are not written to the weights.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("it", "en", "es", "fr", "de", "pt")

# Softmax heads: one of these holds.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "sentiment": ("negative", "neutral", "positive"),
    "language": (*LANGUAGES, "other"),
    "emotion": ("anger", "joy", "optimism", "sadness"),
}
FEELINGS = ("gratitude", "love", "admiration", "joy", "sadness", "anger", "fear", "optimism")
WORDING = ("offensive", "identity_attack", "mockery", "threat")

# The acts of the codebook, and the column each one trains.
ACTS: Mapping[str, str] = {
    "q_genuine": "question:genuine",
    "q_rhetorical": "question:rhetorical",
    "thanks": "thanks",
    "support": "support",
    "support_hard": "comfort",
    "worry_absence": "worry",
    "purchase_intent": "purchase_intent",
    "purchase_report": "purchase_report",
    "service_request": "service_request",
    "collab_offer": "collaboration_offer",
    "content_request": "content_request",
    "demand": "demand",
    "crit_content": "criticism:content",
    "crit_conduct": "criticism:conduct",
    "host_target_creator": "hostility:creator",
    "host_target_member": "hostility:member",
    "host_target_group": "hostility:group",
    "counter": "counter_speech",
    "spam": "spam",
    "low_effort": "low_effort",
    "closeness": "closeness",
    "personal_story": "personal_story",
    "offtopic": "off_topic",
}
# Acts that comments on general subjects hardly ever hold.
RARE = frozenset(
    [
        "worry",
        "purchase_intent",
        "purchase_report",
        "service_request",
        "collaboration_offer",
        "content_request",
        "demand",
        "spam",
        "closeness",
    ]
)
# Yes/no columns, in the order they are written.
COLUMNS: tuple[str, ...] = (
    *WORDING,
    "irony",
    *FEELINGS,
    *ACTS.values(),
    "hostility:nobody",
)
# Columns that only help: what the sets say beyond what the product asks.
GO_REST = [
    "amusement",
    "annoyance",
    "approval",
    "caring",
    "confusion",
    "curiosity",
    "desire",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "excitement",
    "grief",
    "nervousness",
    "pride",
    "realization",
    "relief",
    "remorse",
    "surprise",
    "neutral",
]
XED = ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust")
HELPERS: tuple[str, ...] = (
    *(f"_go:{name}" for name in GO_REST),
    *(f"_xed:{name}" for name in XED),
    "_hate",
    "_hate_it",
    "_subjective",
    "_positive",
    "_negative",
    "_slur",
    "_strong",
)

# What is known of a post beside its text: name, steps (its value becomes the share of these that it reaches).
CONTEXT: Mapping[str, tuple[float, ...]] = {
    "space_creator": (),
    "space_brand": (),
    "space_company": (),
    "to_post": (),
    "to_creator": (),
    "to_member": (),
    "silence_days": (4, 8, 15, 30, 60, 120),
    "silence_known": (),
}


def context_of(space: str, to: str, silence: int | None) -> dict[str, float]:
    """The context of a post by column; what is not known is left out."""
    found: dict[str, float] = {}
    if space:
        found |= {f"space_{name}": float(name == space) for name in ("creator", "brand", "company")}
    if to:
        found |= {f"to_{name}": float(name == to) for name in ("post", "creator", "member")}
    if silence is not None:
        steps = CONTEXT["silence_days"]
        found |= {"silence_days": sum(silence >= step for step in steps) / len(steps), "silence_known": 1.0}
    return found
