"""Take out of a text what names or reaches a person, before it is shown to anybody but the owner.

Too much rather than too little: a date or a price may go with the telephone numbers, a shared address never stays.
First names cannot be told from words and are left; so are hashtags.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 280
# No more than this much of a text is looked at: what is shown comes from its beginning.
LOOKED_AT = 6_000

# Letters that show nothing and are no format characters to Unicode.
_FILLERS = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0\u2800")
_KEYCAP = re.compile(r"(?<=[\d#*])\ufe0f?\u20e3")

_DOMAINS = (
    "com|it|net|org|io|me|ly|co|eu|uk|de|fr|es|pt|br|ch|at|gg|tv|app|dev|info|biz|link|links|shop|store|site|online"
    "|xyz|club|be|gl|to|ai|us|ru|cn|jp|in|id|pl|nl|se|no|fi|dk|cz|gr|tr|ro|hu|bio|page|live|blog|fm|cc|gle|media"
    "|social|chat|space|fans|vip|top|pro|website|tech|art|rf|рф|中国|みんな"
)
_END = r"[^\s@,;!?()\[\]{}<>\"'«»“”…|]"

_PATTERNS = (
    # marta [at] posta [dot] it, marta (chiocciola) posta punto it
    (
        re.compile(
            r"[\w.+-]{1,64}\s*[\[({<]\s*(?:at|chiocciola|arroba)\s*[\])}>]\s*[\w-]{1,63}"
            r"(?:\s*[\[({<]?\s*(?:\.|dot|punto|punkt|point|punto)\s*[\])}>]?\s*\w{2,24}){1,3}",
            re.IGNORECASE,
        ),
        "[e-mail]",
    ),
    (re.compile(rf"[\w.+%-]{{1,64}}@[\w-]{{1,63}}(?:\.{_END}{{1,63}}){{1,5}}"), "[e-mail]"),
    (re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)\S+", re.IGNORECASE), "[link]"),
    (
        re.compile(
            rf"(?<![\w@])(?:[\w-]{{1,63}}\s?(?:\.|\[\.\]|\(dot\)|\[dot\])\s?){{1,4}}(?:{_DOMAINS})(?![\w-])"
            rf"(?::\d+)?(?:[/?#]\S*)?",
            re.IGNORECASE,
        ),
        "[link]",
    ),
    # "ig: marta.rossi", "telegram = marta"
    (
        re.compile(
            r"\b(ig|insta|instagram|tg|telegram|whatsapp|wa|snap|snapchat|tiktok|twitter|discord|skype|onlyfans|kik)"
            r"\s{0,3}[:=]\s{0,3}\S+",
            re.IGNORECASE,
        ),
        r"\1: @[…]",
    ),
    (re.compile(rf"@\s?{_END}+"), "@[…]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?(?=[A-Z]{0,9}\d)[A-Z0-9]{1,30}){2,10}\b", re.IGNORECASE), "[account number]"),
    (re.compile(r"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b", re.IGNORECASE), "[tax code]"),
    (re.compile(r"\b0x[0-9a-f]{16,}\b|\b(?=\w*\d)(?=\w*[^\W\d_])\w{20,}\b", re.IGNORECASE), "[code]"),
    (
        re.compile(
            r"\b(?:via|viale|corso|piazza|piazzale|largo|vicolo)\s+(?:[^\W\d_][\w'.]{0,30}\s+){1,4}(?:n\W{0,2})?\d{1,4}\b",
            re.IGNORECASE,
        ),
        "[address]",
    ),
    (re.compile(r"[+(]{0,2}\d(?:[\s().\-–—/_·*]{0,4}\d){6,}"), "[number]"),
    # A user name without its sign: marta_rossi, marta1987.
    (re.compile(r"(?<![\w#])(?=\w*[^\W\d_])(?:\w+_\w+|[^\W\d_]{3,}\d{2,})\b"), "@[…]"),
)


def redact(text: str) -> str:
    """Replace links, addresses, mentions, user names and long numbers; drop invisible characters; cut at 280.

    Characters that only look different (full width, mathematical letters, other digits) are read as what they are.
    """
    cleaned = visible(text[:LOOKED_AT])
    for pattern, replacement in _PATTERNS:
        cleaned = pattern.sub(replacement, cleaned)
    cleaned = " ".join(cleaned.split())
    return cleaned if len(cleaned) <= LONGEST else cleaned[: LONGEST - 1].rstrip() + "…"


def visible(text: str) -> str:
    """The text as a reader sees it: one form for characters that look alike, none that cannot be seen."""
    plain = unicodedata.normalize("NFKC", "".join(_one_form(shown) for shown in map(_shown, text)))
    # Normal forms may bring new invisible ones, and new joins of what was kept apart.
    return "".join(map(_shown, _KEYCAP.sub("", plain)))


def _one_form(character: str) -> str:
    # The compatibility form of some marks and ligatures holds a space, which would cut a name in two.
    return character if character == " " else unicodedata.normalize("NFKC", character).replace(" ", "")


def _shown(character: str) -> str:
    if character in _FILLERS:
        return ""
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    return "" if category in ("Cf", "Cs", "Co", "Cn") else character
