"""Two sheets to import from a public series of counts: the feeds, and their figures.

    python scripts/feed_sheets.py monthly FILE.csv --area 410883 --out FOLDER     month, disease_en, disease_cn, cases
    python scripts/feed_sheets.py linelist FILE.csv --area 410883 --out FOLDER    confirm_date (or --day COLUMN)
    python scripts/feed_sheets.py calls FILE.csv.gz --area 410883 --out FOLDER    date, nhs_region, count

`docs/signals.md` says where they go. Diseases the platform has no name for are left out and told.
"""

import argparse
import csv
import gzip
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

Figures = dict[tuple[str, str, str, str], dict[date, int]]
"""(code, name, channel, disease) → day → count."""
STEPS = {"monthly": "MONTH", "linelist": "DAY", "calls": "DAY"}


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a csv, also packed."""
    opened = gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig")
    with opened as file:
        yield from csv.DictReader(file)


def monthly(found: Iterable[dict[str, str]], _day: str) -> Figures:
    """A feed a disease, a figure a month."""
    from fangxian.core import diseases

    made: Figures = defaultdict(dict)
    unknown = set()
    for row in found:
        disease = diseases.find(row["disease_cn"]) or diseases.find(row["disease_en"])
        if disease is None or not row["cases"]:
            unknown.add(row["disease_cn"])
            continue
        key = (f"M-{disease.key}", f"{disease.name_zh}（月报）", "CASES", disease.key)
        made[key][date.fromisoformat(f"{row['month']}-01")] = int(row["cases"])
    print(f"left out: {'、'.join(sorted(unknown)) or '-'}", file=sys.stderr)
    return made


def linelist(found: Iterable[dict[str, str]], day: str) -> Figures:
    """One feed: cases by the day of a column, zeros between the first and the last."""
    days: dict[date, int] = defaultdict(int)
    for row in found:
        try:
            days[date.fromisoformat(row[day])] += 1
        except ValueError:
            continue
    first, last = min(days), max(days)
    every = {first + timedelta(days=n): 0 for n in range((last - first).days + 1)}
    return {("L-cases", "病例（逐日）", "CASES", "covid19"): {**every, **days}}


def calls(found: Iterable[dict[str, str]], _day: str) -> Figures:
    """A feed a region: calls and online reports of a day."""
    made: Figures = defaultdict(lambda: defaultdict(int))
    for row in found:
        region = row["nhs_region"]
        if region and region != "NA":
            made[f"C-{region}"[:40], region[:80], "CALLS", ""][date.fromisoformat(row["date"][:10])] += int(
                row["count"]
            )
    return made


READERS: dict[str, Callable[[Iterable[dict[str, str]], str], Figures]] = {
    "monthly": monthly, "linelist": linelist, "calls": calls,
}  # fmt: skip


def write(figures: Figures, kind: str, area: str, folder: Path) -> None:
    """The two sheets."""
    folder.mkdir(parents=True, exist_ok=True)
    feeds = [[area, *key, STEPS[kind]] for key in sorted(figures)]
    counts = [[area, key[0], day, n] for key in sorted(figures) for day, n in sorted(figures[key].items())]
    sheets = (("feeds.csv", ["area", "code", "name", "channel", "disease", "step"], feeds),
              ("figures.csv", ["area", "feed", "on", "count"], counts))  # fmt: skip
    for name, heads, lines in sheets:
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heads, *lines])
    print(f"{len(feeds)} feeds, {len(counts)} figures in {folder}")


def main() -> None:
    """Read one series, write two sheets."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fangxian.config.settings")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=sorted(READERS))
    parser.add_argument("file", type=Path)
    parser.add_argument("--area", required=True)
    parser.add_argument("--out", type=Path, default=Path("sheets"))
    parser.add_argument("--day", default="confirm_date")
    asked = parser.parse_args()
    write(READERS[asked.kind](rows(asked.file), asked.day), asked.kind, asked.area, asked.out)


if __name__ == "__main__":
    main()
