"""Texts that nobody should have to read, and that everything must survive: of any length, in any form."""

from __future__ import annotations

from hypothesis import strategies as st

# Stands in every text that goes through a door; it must turn up in no log and no message.
SECRET = "Zqxvwk7731"
MANY = 100_000
LONGEST = 1_000_000

SHORT = {
    "empty": "",
    "a space": " ",
    "an emoji": "😂",
    "an emoji of seven code points": "👩‍❤️‍💋‍👨",
    "half an emoji": "\u200d\ufe0f",
    "a flag and a half": "🇮🇹🇮",
    "right to left": "\u202eodnom oaic\u202c ciao \u2066\u2067\u2068\u2069",
    "zalgo": "C̷̢̛͎i̶͔̽ȁ̵̬o̸͚͝ ̷̝̈m̵̞͂ǫ̴̌ṉ̶͝d̸̰̈́o̷̙͑",
    "no letters": "\u200b\u200c\u200d\ufeff\u2060\u00ad\u034f\u115f\u3164",
    "controls": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "null bytes": "ciao\x00 a\x00 tutti\x00",
    "an unknown script": "𐎀𐎁𐎂 𒀀𒀁 𓀀𓀁 ꦲꦤ ᜀᜊ 𞤀𞤣",
    "private letters": "\ue000\uf8ff\U000f0000\U0010fffd",
    "no characters": "\ufffe\uffff\U0001fffe\U0010ffff\ufdd0",
    "a replacement": "gra\ufffdie",
    "markup": "<script>alert('x')</script><!-- --><![CDATA[ ]]>&lt;&#39;&nbsp;<img src=x onerror=alert(1)>",
    "a formula": '=cmd|"/c calc"!A1',
    "a path": "../../../../etc/passwd",
    "an escape": "\x1b[2J\x1b]0;title\x07 ciao",
    "a format": "%s%n{0}{x!r}${x}",
    "negations": "non non mai niente no never not nothing nein nicht pas jamais nunca não",
    "links": "https://a.it http://b.com www.c.org d.net/e https:// http://",
    "mentions": "@a @b_c @d.e @@@ @",
    "tags": "#a #b ##c #",
    "quotes": "\"\"\" ''' `` «» “” ‘’ ´",
    "line ends": "\n\r\n\r\u2028\u2029\x0b\x0c\x85",
    "digits of others": "٠١٢٣ ०१२३ １２３ 𝟙𝟚𝟛 ⅷ ½",
    "styled": "𝓰𝓻𝓪𝔃𝓲𝓮 ｇｒａｚｉｅ ⓖⓡⓐⓩⓘⓔ 𝖌𝖗𝖆𝖟𝖎𝖊",
    "letters that grow": "ŉ ǰ ΐ ﬃ ﷺ ß İ",
}  # fmt: skip

# One piece each, repeated up to a length: what could take time that grows faster than the text.
BOMBS = {
    "a": "a", "spaces": " ", "marks": "\u0336", "a mark that moves": "a\u0316\u0301", "emoji": "😂", "signs": "!?",
    "at": "@", "dots": ".", "hashes": "#", "domain": "a.it", "many names": "a.a@", "scheme": "http://", "www": "www.",
    "apostrophes": "a'", "brackets": "(", "negations": "non ", "non not": "non not ", "capitals": "A1",
    "laughter": "ah", "laughter too": "haha", "words": "ciao a tutti ", "digits": "1", "plus": "+1 ", "lines": "\n",
    "high": "\U0010ffff", "arabic": "ﷺ", "hangul": "각", "accents": "è", "styled": "𝓰", "override": "\u202e",
    "joiners": "👩\u200d", "markup": "<b>", "entities": "&amp;", "dashes": "a-", "underscores": "a_", "tabs": "\t",
    "null": "\x00", "two letters": "ab", "questions": "? ", "how": "come fai ", "thanks": "grazie ", "colons": "ig: ",
    "dot spaces": "a . ", "words of one": "a ", "via": "via a ", "at dot": "a [at] b dot ",
}  # fmt: skip


def bomb(piece: str, length: int) -> str:
    """A piece repeated up to a length, with an end that matches nothing."""
    return (piece * (length // len(piece) + 1))[: length - 1] + "\u25a0"


def harmless(length: int) -> str:
    """A text of a length as people write, for comparison."""
    said = "Ho visto il video di ieri sera e mi pare che la torta sia venuta bene, domani la provo. "
    return (said * (length // len(said) + 1))[:length]


_pieces = st.one_of(
    st.sampled_from([*SHORT.values(), *BOMBS.values()]),
    st.text(max_size=8),
    st.text(st.characters(min_codepoint=0x300, max_codepoint=0x36F), max_size=8),
    st.text(st.characters(categories=["Cf", "Co", "Cn", "Cc", "Zs"]), max_size=8),
    st.sampled_from(["grazie ", "thank you ", "non ", "come si fa?", "dove sei ", "ci manchi ", "top", "bello "]),
)
# Valid text of any kind; lone surrogates cannot stand in it, and come through the doors instead.
texts = st.lists(_pieces, max_size=10).map("".join)
# Bytes that were meant to be text.
_bytes = st.one_of(
    texts.map(lambda one: one.encode()), st.binary(max_size=6), st.sampled_from([b"\xed\xa0\x80", b"\xff", b"\xc3"])
)
broken = st.lists(_bytes, max_size=6).map(b"".join)
