"""A community written down: the files that sources read, and the truth beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from seguito.facts.keys import key
from seguito.kit.errors import DiskFull, Refused
from seguito.simulate import bluesky, daily, latents, launches, network, youtube
from seguito.simulate.community import Community
from seguito.simulate.observation import observed
from seguito.simulate.truth import truth

Form = Literal["bluesky", "youtube"]
TRUTH = "truth.json"


def write(community: Community, folder: Path, *, form: Form = "bluesky") -> list[Path]:
    """Write a community into `folder`, making it; returns the files a source reads, without the truth.

    Args:
        community: what to write.
        folder: where; files of an earlier simulation are replaced.
        form: "bluesky" (pages of an AT Protocol network) or "youtube" (files of YouTube Data Tools).

    Raises:
        Refused: the folder cannot be made or written.
        DiskFull: there is no room.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writer = bluesky if form == "bluesky" else youtube
        shown = observed(community)
        # What people did each day is counted by the platform, whatever a reader is shown.
        paths = [*writer.write(shown, folder), daily.write(writer.counters(community), folder)]
        if community.plan.market is not None:
            paths.append(launches.write(community.plan, folder))
        naming = network if form == "bluesky" else youtube
        named = [naming.names(one) for one in (shown, *community.neighbours)]
        latents.write(community, naming.accounts(community), named, folder)
        told = json.dumps(truth(community), indent=1, ensure_ascii=False)
        (folder / TRUTH).write_text(told + "\n", encoding="utf-8")
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise Refused(f"The folder {folder} cannot be written.", "Choose another with --output.") from error
    except OSError as error:
        raise DiskFull(
            f"Writing to {folder} failed: {error.strerror}.", "Make room, or simulate fewer comments."
        ) from error
    return paths


def creator_key(community: Community, form: Form) -> str:
    """The creator's uri, to name whose space is meant where several creators are in the files."""
    return key(form, "account", bluesky.creator(community) if form == "bluesky" else youtube.creator(community))
