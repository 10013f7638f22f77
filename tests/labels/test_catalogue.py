from __future__ import annotations

import pytest

from seguito.kit.errors import UsageError
from seguito.labels.catalogue import LABELS, resolve
from seguito.labels.registry import labellers

CODEBOOK = (
    "q_genuine q_rhetorical thanks support support_hard worry_absence purchase_intent purchase_report service_request "
    "collab_offer content_request demand crit_content crit_conduct host_target_creator host_target_member "
    "host_target_group threat counter spam low_effort closeness personal_story offtopic"
)


def test_every_act_of_the_codebook_means_one_label_or_one_value_of_it() -> None:
    meant = [(label.name, value) for label, value in map(resolve, CODEBOOK.split())]
    assert len(set(meant)) == 24
    assert resolve("host_target_group") == (LABELS["hostility"], "group")
    assert resolve("worry_absence") == (LABELS["worry"], None)


def test_every_label_that_is_given_stands_in_the_catalogue() -> None:
    assert {name for one in labellers() for name in one.labels} <= set(LABELS)


def test_one_word_one_label() -> None:
    aliases = [alias for label in LABELS.values() for alias, _ in label.aliases]
    assert len({*aliases, *LABELS}) == len(aliases) + len(LABELS)


def test_a_name_that_is_near_is_offered() -> None:
    with pytest.raises(UsageError, match="Did you mean 'gratitude'"):
        resolve("gratitud")
    with pytest.raises(UsageError, match="has no value 'maybe'"):
        resolve("question=maybe")
