"""A small weight file drawn at random, with every kind of head: what the tests read with."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from seguito.labels.models import features
from seguito.labels.models.header import Calibration, Context, Head, Header, Linear
from seguito.labels.models.quantise import Learnt, quantise
from seguito.labels.models.weights import Arrays

TEXTS = [
    "Non mi piace PER NIENTE questo video!!",
    "c'è l'amica di @anna_b. guarda https://esempio.org/a?b=c e www.esempio.it, e esempio.it/ok sooooo bello😂😂😂❤️",
    "I DON'T think it's good... not good at all :( never again",
    "Graziee mille, sei la migliore! ti voglio bene 💖💖",
    "je n'aime pas du tout ça, c'était mieux avant",
    "Das ist nicht schön, keine Ahnung warum; überhaupt nicht!!!",
    "não gostei, mas obrigado pelo vídeo",
    "no me gusta nada, pero gracias ¿cuándo sale el próximo?",
    "日本語のコメント です", "привет всем, очень красиво", "مرحبا كيف الحال", "안녕하세요", "γειά σου", "สวัสดี",
    "first", "❤", "lol 12:34", "10/10 would watch again 2x speed", "",
    "amo te!!! amo te!!! amo te!!!", "@x", "http://", "www.", "a.b", "l'", "''", "qu'est-ce que c'est",
    "Z̷͎a̶l̴g̸o̵ text", "\u202eesrever\u202c ok", "ＦＵＬＬ ｗｉｄｔｈ 𝓼𝓽𝔂𝓵𝓮",
]  # fmt: skip

LANGUAGES = ("it", "en", "fr", "de")


def header(rows: int, *, width: int = 12, hidden: int = 10, cap: int = 2, revision: int = features.REVISION) -> Header:
    """A header with every kind of head."""
    return Header(
        name="planted",
        features=revision,
        rows=rows,
        width=width,
        hidden=hidden,
        cap=cap,
        heads=(
            Head(name="offensive", values=("yes",), languages=("it", "en"), thresholds=(0.7,), band=(0.3, 0.7)),
            Head(
                name="language",
                values=(*LANGUAGES, "other"),
                kind="softmax",
                calibration={"*": Calibration(temperature=0.25)},
            ),
            Head(
                name="sentiment",
                values=("negative", "neutral", "positive"),
                kind="softmax",
                languages=LANGUAGES,
                calibration={
                    "*": Calibration(temperature=1.7),
                    "de": Calibration(temperature=0.8, shift=(0.1, -0.2, 0.3)),
                },
            ),
            Head(name="question", values=("genuine", "rhetorical"), kind="softmax", none=True),
            Head(name="hostility", values=("creator", "member"), calibration={"it": Calibration(temperature=2.0)}),
        ),
        languages=LANGUAGES,
        language_head="language",
        language_sure=0.8,
        linear=(Linear(head="sentiment", language="de"), Linear(head="sentiment", language="fr")),
        context=(Context(name="silence", steps=(1.0, 7.0, 30.0)), Context(name="shop")),
        licence="none",
    )


def learnt(seed: int = 0, texts: list[str] = TEXTS, *, width: int = 12, hidden: int = 10) -> Learnt:
    """Weights drawn at random for two thirds of the n-grams of some texts."""
    rng = np.random.default_rng(seed)
    keys = np.unique(features.counts(pa.array(texts)).keys)
    keys = keys[rng.random(len(keys)) < 0.67][:60_000]
    of = header(len(keys), width=width, hidden=hidden)
    wide = width + of.linear_columns
    return Learnt(
        keys=rng.permutation(keys),
        idf=rng.uniform(0.5, 6.0, len(keys)),
        table=rng.normal(size=(len(keys), wide)),
        hidden=rng.normal(size=(2 * width, hidden)),
        hidden_bias=rng.normal(size=hidden),
        out=rng.normal(size=(hidden, of.columns)) * 0.15,
        out_bias=rng.normal(size=of.columns) * 0.3,
        context=rng.normal(size=(2, of.columns)),
    )


def planted(seed: int = 0, texts: list[str] = TEXTS, *, width: int = 12, hidden: int = 10) -> tuple[Header, Arrays]:
    """Header and arrays of a weight file."""
    drawn = learnt(seed, texts, width=width, hidden=hidden)
    of = header(len(drawn.keys), width=width, hidden=hidden)
    return of, quantise(of, drawn)
