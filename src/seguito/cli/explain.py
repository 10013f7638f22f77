"""`seguito explain`: why a text gets its labels."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seguito.cli import options as opt
from seguito.cli.console import results

if TYPE_CHECKING:
    from seguito.labels.explained import Explained

Text = Annotated[str, typer.Argument(help="The uri of a post in the workspace, or a text.", metavar="URI|TEXT")]
Only = Annotated[str | None, typer.Option("--label", help="Only this label, such as thanks or question=rhetorical.")]
Words = Annotated[int, typer.Option("--words", min=0, max=50, help="How many words of the text to name for each.")]

SHOWN = 200


def explain(
    text: Text,
    label: Only = None,
    words: Words = 5,
    workspace: opt.Workspace = opt.HERE,
    show_names: opt.ShowNames = False,
    as_json: opt.AsJson = False,
) -> None:
    """Tell why a text gets its labels: probabilities, patterns that matched, and the words that spoke."""
    from seguito.dossier.redact import redact
    from seguito.labels.explained import explain as explained

    # What no encoding can hold came from bytes that are no text.
    text = text.encode("utf-8", "replace").decode("utf-8")
    stored = _stored(text, workspace)
    read = text if stored is None else stored
    language, found = explained(read, label=label, words=words)
    told = read if stored is None or show_names else redact(read)
    if as_json:
        rows = [asdict(one) for one in found]
        typer.echo(json.dumps({"text": told, "language": language, "labels": rows}, indent=1))
        return
    _print(told, language, found)


def _stored(uri: str, workspace: Path) -> str | None:
    """The text of the post with this uri; `None` where what was given is a text."""
    from seguito.kit.errors import NotFound
    from seguito.store.lake import open_lake

    looks_like_uri = uri.count(":") >= 2 and not any(sign.isspace() for sign in uri)
    if not looks_like_uri:
        return None
    with open_lake(workspace, create=False) as lake:
        snapshot = lake.snapshot()
        posts = snapshot.current("posts")
        rows = snapshot.engine.fetch(posts.filter(posts.uri == uri).select("text")).to_pylist()
    if not rows:
        raise NotFound(f"There is no post '{safe(uri)}' in {workspace}.", "Give a uri of this workspace, or a text.")
    return rows[0]["text"] or ""


def safe(text: str) -> str:
    """A text without signs that steer a terminal or turn the direction of writing."""
    kept = ("\u200d", "\ufe0f")
    return "".join(
        sign if sign in kept or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} else "\ufffd"
        for sign in text.replace("\n", " ").replace("\t", " ")
    )


def _print(text: str, language: str | None, found: tuple[Explained, ...]) -> None:
    from rich.text import Text as Styled

    console = results()
    shown = safe(text)
    console.print(Styled(shown[:SHOWN] + ("…" if len(shown) > SHOWN else "")))
    console.print(Styled(f"language: {language or 'unknown'}\n", style="dim"))
    if not found:
        console.print(Styled("No label comes near to it."))
    for one in found:
        name = one.label if one.value == "yes" else f"{one.label}={one.value}"
        console.print(Styled(f"{name}: {_verdict(one)}", style="bold" if one.given else "dim"))
        if one.rule:
            console.print(Styled(f"  pattern: {one.rule}"))
        if one.words:
            spoke = ", ".join(f"{safe(word)} {share:+.2f}" for word, share in one.words)
            console.print(Styled(f"  words: {spoke}"))


def _verdict(one: Explained) -> str:
    """One line: given or not, how likely, how sure, and what it may be used for."""
    if one.score is None:
        return "not read"
    parts = ["given" if one.given else "not given", f"probability {one.score:.2f}"]
    if one.threshold is not None:
        parts.append("the reader alone never gives it" if one.threshold > 1 else f"from {one.threshold:.2f} on")
    if one.unsure:
        parts.append("not sure")
    if one.given and not one.shown:
        parts.append("too often wrong to be shown on a message: feeds shares only")
    return ", ".join(parts)
