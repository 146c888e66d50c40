"""`fangxian report …`: the reports of an area as files, in both languages."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

commands = typer.Typer(no_args_is_help=True)
Area = Annotated[str, typer.Option(help="Code of the area, such as 410883.")]
Out = Annotated[Path, typer.Option(help="Folder the files are written into.", file_okay=False)]
Who = Annotated[str, typer.Option("--as", help="User name of the officer who asks [default: this installation].")]
Language = Annotated[str, typer.Option(help="zh or en.")]


@commands.command("daily")
def daily(
    area: Area, day: Annotated[str, typer.Option(help="The day [default: the last that has closed].")] = "",
    language: Language = "zh", out: Out = Path(), anew: Annotated[bool, typer.Option(
        "--anew", help="Count a draft that is there anew; a report that is out stays as it is.")] = False,
    as_: Who = "", data: Data = DEFAULT, keys: Keys = None, json: Json = False,
) -> None:  # fmt: skip
    """Write the evening report of a day as Word, PDF and JSON. What is out is drawn as it was issued; else a draft."""
    environment.open_data(data, keys)
    from fangxian.workflows import daily_report

    officer = environment.officer(as_) if as_ else None
    with output.refusals():
        report = daily_report.of_day(area=_area(area, officer), day=_day(day), by=officer, anew=anew)
        _write(report, daily_report.paper, officer, language, out, json)


@commands.command("stage")
def stage(
    area: Area, first: Annotated[str, typer.Option(help="First day of the stage.")],
    last: Annotated[str, typer.Option(help="Last day of the stage.")], language: Language = "zh", out: Out = Path(),
    as_: Who = "", data: Data = DEFAULT, keys: Keys = None, json: Json = False,
) -> None:  # fmt: skip
    """Write the review of a stage: what was done against plan, area by area, as Word, PDF and JSON."""
    environment.open_data(data, keys)
    from fangxian.workflows import daily_report, stage_review

    officer = environment.officer(as_) if as_ else None
    begins, ends = _day(first), _day(last)
    if begins is None or ends is None:
        raise Problem("--first and --last want a day each.")
    with output.refusals():
        report = stage_review.of_days(area=_area(area, officer), starts_on=begins, ends_on=ends, by=officer)
        _write(report, daily_report.paper, officer, language, out, json)


def _write(report: Any, paper: Any, officer: Any, language: str, out: Path, json: bool) -> None:
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for form in ("docx", "pdf", "json"):
        made = paper(report=report, form=form, by=officer, language=language)
        (out / made.name).write_bytes(made.content)
        written.append(str(out / made.name))
    content = {
        "report": str(report.pk), "area": report.area_id, "starts_on": str(report.starts_on),
        "ends_on": str(report.ends_on), "number": report.number, "edition": report.edition, "state": report.state,
        "digest": report.digest, "files": written,
    }  # fmt: skip
    if json:
        output.document(content)
        return
    output.say(f"[green]✓[/green] {report.state.lower()}, no. {report.number}, edition {report.edition}")
    for file in written:
        output.say(f"  {file}")


def _area(code: str, officer: Any) -> Any:
    """The area, where whoever asks may read its situation; one elsewhere is as if there were none."""
    from fangxian.core.areas import Area as Row
    from fangxian.core.permissions import Permission, may

    found = Row.objects.select_related("parent").filter(code=code).first()
    if found is None or (officer and not may(officer, Permission.SITUATION_READ, code)):
        raise Problem(f"There is no area “{code}”, or it is not yours to read.")
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(f"A day is such as 2026-11-21, not {text!r}.") from None
