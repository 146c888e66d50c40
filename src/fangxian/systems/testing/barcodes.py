"""Check digits of printed tube barcodes: two at the end, by ISO 7064 MOD 97-10.

They find every single wrong digit, every swap of two neighbours and nearly every other slip of a hand or a scanner.
"""

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10


def with_check(number: str) -> str:
    """A barcode for printing: the number with its two check digits."""
    return number + mod_97_10.calc_check_digits(number)


def is_sound(barcode: str) -> bool:
    """Whether the check digits fit. Anything but letters and digits does not."""
    try:
        mod_97_10.validate(barcode)
    except ValidationError:
        return False
    return True
