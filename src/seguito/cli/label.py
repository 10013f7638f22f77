"""`seguito label`: let the labellers read what they have not read yet."""

from __future__ import annotations

from seguito.cli import options as opt
from seguito.cli.console import Talk


def label(workspace: opt.Workspace = opt.HERE, quiet: opt.Quiet = False) -> None:
    """Read the posts that are new: language, questions, thanks, worry, low effort, shared wording."""
    from seguito import pipeline
    from seguito.labels.registry import labellers_of, told
    from seguito.store.lake import open_lake

    talk = Talk(quiet=quiet)
    with open_lake(workspace, create=False) as lake:
        for sentence in told(labellers_of(lake.layout.root)):
            talk.say(sentence)
        receipt = pipeline.label(lake, progress=talk.progress())
    talk.say(f"New labels: {receipt.added.get('labels', 0):,}.")
