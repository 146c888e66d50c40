"""The `fangxian` command: one verb a purpose, `--json` everywhere, exit codes that mean something.

0  done, nothing found        2  used wrongly, or the input is wrong
1  a check found something    3  a part is missing (a tool, a demo, a data folder)
"""

import sys

import typer

from fangxian.faces.cli import (
    audit,
    backups,
    bulletin,
    check_county,
    demo,
    drill,
    erase,
    first_start,
    purge,
    report,
    respond,
    serve,
    sheets,
    trace,
    users,
    venue_keys,
    verify,
    warn,
)
from fangxian.faces.cli.output import Problem

commands = typer.Typer(
    help="Fangxian 防线: outbreak prevention and control for a county.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (first_start, demo, serve, sheets, trace, respond, bulletin, warn, purge, erase, backups, verify):
    module.register(commands)
commands.add_typer(users.commands, name="user", help="Officers and their posts.")
commands.add_typer(audit.commands, name="audit", help="The keyed audit chain.")
commands.add_typer(report.commands, name="report", help="Reports of an area as Word, PDF and JSON.")
commands.add_typer(venue_keys.commands, name="venue-keys", help="The keys that sign venue codes.")
commands.add_typer(drill.commands, name="drill", help="Drills on a copy with its own clock.")
promises = check_county.commands  # with those of check.py
commands.add_typer(promises, name="check", help="A promise, measured; the last line is for machines.")


def app() -> None:
    """Run the command line; a problem the caller can mend is one sentence, never a traceback."""
    try:
        commands()
    except Problem as problem:
        problem.show()
        sys.exit(problem.exit_code)
