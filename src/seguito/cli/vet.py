"""`seguito vet`: read a creator or files, label, measure, answer, write the report."""

from __future__ import annotations

from pathlib import Path

from seguito.cli import options as opt
from seguito.cli.console import Talk


def vet(
    targets: opt.Targets,
    output: opt.Output = Path("report.html"),
    lang: opt.Lang = "en",
    creator: opt.Creator = None,
    file_format: opt.Format = None,
    mapping: opt.Mapping = None,
    yes: opt.Yes = False,
    timezone: opt.TimeZone = None,
    host: opt.Host = None,
    allow_private_hosts: opt.PrivateHosts = False,
    max_posts: opt.MaxPosts = None,
    max_followers: opt.MaxFollowers = None,
    workspace: opt.Workspace = opt.HERE,
    engine: opt.Engine = "duckdb",
    master: opt.Master = None,
    cohort: opt.Cohort = None,
    names: opt.PeerNames = False,
    show_names: opt.ShowNames = False,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Read a creator's space, measure it and answer the dossier's questions."""
    from seguito import pipeline
    from seguito.cli.steps import check_cohort, collect_all, open_all, render_to
    from seguito.cli.written import check_place
    from seguito.reports.canonical import to_document
    from seguito.sources.contract import Options
    from seguito.store.lake import open_lake

    talk = Talk(quiet=quiet, json=as_json)
    check_place(output)
    options = Options(
        creator=creator,
        format=file_format,
        mapping=mapping,
        timezone=timezone,
        host=host,
        allow_private_hosts=allow_private_hosts,
        max_posts=max_posts,
        max_followers=max_followers,
    )
    check_cohort(workspace, cohort)
    opened = open_all(workspace, targets, options, talk, yes=yes)
    with open_lake(workspace, engine=engine, master=master) as lake:
        collected = collect_all(lake, opened, talk)
        pipeline.label(lake, progress=talk.progress())
        whose = pipeline.creator_of(lake, [one.batch for one in collected], creator)
        dossier = pipeline.vet(
            lake, whose, show_names=show_names, cohort=cohort, name_peers=names, progress=talk.progress()
        )
        document = to_document(dossier)
    render_to(output, document, lang, talk)
