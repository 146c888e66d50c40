"""Numbers of letters: command, direction, year, running number: `410821-CO-2022-0012` sent, `-CI-` received."""

from fangxian.core.areas import Area
from fangxian.systems.letters.models import Letter, NumberSeries

DIGITS = 4
WORDS = {Letter.Direction.OUT: "CO", Letter.Direction.IN: "CI"}


def next_number(command: Area, direction: str, year: int) -> str:
    """The next number of a command. Run inside the transaction that uses it: the series' row is locked until then."""
    NumberSeries.objects.get_or_create(command=command, direction=direction, year=year)
    series = NumberSeries.objects.select_for_update().get(command=command, direction=direction, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{command.code}-{WORDS[Letter.Direction(direction)]}-{year}-{series.last:0{DIGITS}d}"
