"""Asked outside a lake, a label says what it would say in one."""

from __future__ import annotations

import pyarrow as pa

from seguito.labels.models.labeller import READER
from seguito.labels.reading import prepare
from seguito.labels.scored import ask
from seguito.labels.scoring import NOT_READ

TEXTS = [
    "Grazie mille, ma quando esce il prossimo video?",
    "thank you so much for the recipe",
    "il treno parte alle nove",
    "danke schön für das Video",
    "",
]


def test_rules_speak_beside_the_reader_as_in_a_lake() -> None:
    said = ask("thanks", pa.array(TEXTS))
    posts = prepare(pa.array([str(n) for n in range(len(TEXTS))]), pa.array(TEXTS))
    rows = READER.label(posts).to_pylist()
    thanked = {int(row["subject_uri"]): row["score"] for row in rows if row["label"] == "thanks"}
    assert set(thanked) == {0, 1}
    assert said.decided.tolist()[:3] == [1, 1, 0]
    assert said.decided[4] == NOT_READ or said.decided[4] == 0
    assert [round(float(said.scores[n, 1]), 4) for n in thanked] == [thanked[n] for n in thanked]


def test_a_threshold_of_ones_own_is_the_readers_alone() -> None:
    said = ask("thanks", pa.array(TEXTS), threshold=0.9999)
    assert said.decided.tolist()[0] == 0


def test_a_rhetorical_question_is_no_genuine_one() -> None:
    texts = pa.array(["qualcuno sa dove si compra quella lampada?", "ma chi se ne frega?"])
    assert ask("question=genuine", texts).decided.tolist() == [1, 0]
