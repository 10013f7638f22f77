"""From documents to what a weight file holds: n-grams, network, linear blocks, calibration."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from training import grams as gramming
from training.documents import Document
from training.examples import LAYOUT, PLACES, Examples, examples
from training.lexicon import Lexicon, lexicon
from training.network import Grams, Plan, Weights, layers, predict, train
from training.targets import LANGUAGES

Floats = npt.NDArray[np.float32]

ROWS = 65_536
# Inverse strength of the pull towards zero of linear blocks, and how much they say beside the network.
LINEAR_C = 2.0
LINEAR_SHARE = 1.5
LINEAR_STEPS = 40
# How much a word of the list says.
LISTED = 2.0
WORDS = Path(__file__).parent / "written" / "polarity_words.tsv"
# A language with fewer texts that judge gets no linear block.
FEWEST = 100
# What was said of feelings or of words counts so much beside what was said of judgement.
INDIRECT = 0.25
_INDIRECT = ("goemotions", "xed_emotions")


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learnt.

    Attributes:
        keys: of the n-grams, ascending.
        idf: how much each counts, 1 to 127.
        weights: the network.
        linear: by language, a row for each n-gram and a column for each class of sentiment.
        hidden_most: the greatest value of each hidden unit on the training documents.
    """

    keys: npt.NDArray[np.uint32]
    idf: npt.NDArray[np.int64]
    weights: Weights
    linear: dict[str, Floats]
    hidden_most: Floats

    def grams(self, documents: Sequence[Document]) -> sparse.csr_array:
        """Documents as rows of weighted n-grams."""
        return gramming.weighed(gramming.counted([one.text for one in documents]), self.keys, self.idf)

    def logits(self, documents: Sequence[Document]) -> Floats:
        """Sums of all columns, linear blocks of the known languages among them."""
        matrix = self.grams(documents)
        out = predict(gramming.halves(matrix, self.keys), examples(documents, balanced=False).context, self.weights)
        begin, end = PLACES["sentiment"]
        for language, block in self.linear.items():
            rows = np.array([at for at, one in enumerate(documents) if one.language == language], dtype=np.int64)
            if len(rows):
                out[rows, begin:end] += matrix[rows] @ block
        return out


def fit(documents: Sequence[Document], plan: Plan, say: Callable[[str], None], rows: int = ROWS) -> Fitted:
    """Learn from documents.

    Args:
        documents: the training part.
        plan: how.
        say: told what is being done.
        rows: how many n-grams the table holds.
    """
    say(f"counting the n-grams of {len(documents):,} texts")
    counted = gramming.counted([one.text for one in documents])
    known = examples(documents)
    asked = [at for at, name in enumerate(LAYOUT.columns) if not name.startswith("_sentiment")]
    listed = lexicon(WORDS)
    keys = gramming.chosen(counted, known.targets[:, asked], known.masses[:, asked] > 0, rows - len(listed.keys))
    keys = np.union1d(keys, listed.keys)
    idf = gramming.idf_of(counted, keys)
    matrix = gramming.weighed(counted, keys, idf)
    del counted
    halves = gramming.halves(matrix, keys)
    say(f"{len(keys):,} n-grams chosen; {plan.epochs} passes")
    weights = train(halves, known.context, known.targets, known.masses, plan, LAYOUT)
    say("linear blocks of sentiment")
    blocks = {language: _linear(matrix, documents, known, language) for language in LANGUAGES}
    linear = {
        language: (0 if block is None else block) + _listed(listed, keys, language)
        for language, block in blocks.items()
    }
    return Fitted(keys, idf, weights, linear, _most(halves, known.context, weights))


def _listed(listed: Lexicon, keys: npt.NDArray[np.uint32], language: str) -> Floats:
    """What the word list adds to each class of sentiment; the more judging words of either kind, the less neutral."""
    block = np.zeros((len(keys), 3), dtype=np.float32)
    says = listed.says[language]
    block[np.searchsorted(keys, listed.keys)] = np.column_stack([-says, -0.5 * np.abs(says), says])
    return LISTED * block


def _most(grams: Grams, context: Floats, weights: Weights) -> Floats:
    sample = np.arange(0, len(grams), max(1, len(grams) // 20_000))
    hidden: Floats = layers(grams[sample], context[sample], weights)[1].max(axis=0)
    return hidden


def _linear(matrix: sparse.csr_array, documents: Sequence[Document], known: Examples, language: str) -> Floats | None:
    """Weights of n-grams for each class of sentiment in one language, by logistic regression; None where too few."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    begin, end = PLACES["sentiment"]
    rows = np.array(
        [
            at
            for at, one in enumerate(documents)
            if one.language == language and "sentiment" in one.targets and one.collection != "polarity_words"
        ],
        dtype=np.int64,
    )
    if len(rows) < FEWEST:
        return None
    trust = np.array([INDIRECT if documents[at].collection in _INDIRECT else 1.0 for at in rows])
    model = LogisticRegression(C=LINEAR_C, max_iter=LINEAR_STEPS, class_weight="balanced")
    with warnings.catch_warnings():
        # It is stopped before it converges: more steps fit the training part better and the development part no better.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix[rows], known.targets[rows, begin:end].argmax(axis=1), sample_weight=trust)
    block = model.coef_ - model.coef_.mean(axis=0)
    return (LINEAR_SHARE * block.T).astype(np.float32)
