#!/usr/bin/env python3
"""Tabler's colours for browsers older than its colour functions (oklch, light-dark, relative colours).

Office computers that stopped at an old Chromium drop every declaration they cannot read: the page loses its colours.
The custom properties of `:root` are worked out here once, as sRGB hex, and shipped inside `@supports not (…)`.
Conversion: B. Ottosson, "A perceptual color space for image processing" (2020), the Oklab matrices.
"""

import math
import re

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
OKLCH = re.compile(
    r"oklch\(\s*([\d.]+)%\s+([\d.]+|none)\s+([\d.]+|none)(?:deg)?\s*(?:/\s*([\d.]+%?|var\([^)]*\)))?\s*\)"
)
RELATIVE = re.compile(r"oklch\(\s*from\s+(.+?)\s+calc\(l\s*([+-])\s*([\d.]+)\)\s+c\s+h\s*\)")
CONDITION = "not ((color: light-dark(#000, #fff)) and (color: oklch(from #000 l c h)))"


def to_hex(lightness: float, chroma: float, hue: float) -> str:
    """sRGB hex of one oklch colour (lightness and chroma in 0..1, hue in degrees), clipped to the gamut."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(max(c, 0.0), 1.0))):02x}" for c in linear)


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _number(text: str) -> float:
    return 0.0 if text == "none" else float(text)


def literal(match: re.Match[str]) -> str:
    return to_hex(float(match[1]) / 100, _number(match[2]), _number(match[3]))


def arguments(text: str) -> list[str]:
    """The comma-separated arguments of a css function, nested parentheses kept together."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return [*parts, current.strip()]


def choose(value: str, dark: bool) -> str:
    """`light-dark(a, b)` becomes a, or b under the dark theme."""
    while (start := value.find("light-dark(")) >= 0:
        end = _closing(value, start + len("light-dark"))
        light_dark = arguments(value[start + len("light-dark(") : end])
        value = value[:start] + light_dark[dark] + value[end + 1 :]
    return value


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    raise ValueError(f"unbalanced parentheses in {text!r}")


def mix(value: str, palette: dict[str, str]) -> str:
    """`color-mix(in …, a p%, b)`: a with an alpha when b is transparent, else the heavier of the two."""
    while (start := value.find("color-mix(")) >= 0:
        end = _closing(value, start + len("color-mix"))
        _, first, second = arguments(value[start + len("color-mix(") : end])
        value = value[:start] + _mixed(first, second, palette) + value[end + 1 :]
    return value


def _mixed(first: str, second: str, palette: dict[str, str]) -> str:
    match = re.fullmatch(r"(.+?)\s+([\d.]+)%", first)
    if match is None:  # the share itself is computed by the page, as the text colour helpers do: full strength
        return re.sub(r"\s+(calc\(.*\)|var\([^()]*\))$", "", first)
    colour, share = match[1], float(match[2])
    known = palette.get(colour, colour if re.fullmatch(r"#[0-9a-f]{6}", colour) else "")
    if second == "transparent" and known:
        return f"{known}{round(share * 2.55):02x}"
    return colour if share >= 50 else second


def old(value: str, palette: dict[str, str], dark: bool) -> str | None:
    """The value in functions an old browser knows; None when it needs none of this or cannot be worked out."""
    if not re.search(r"oklch\(|light-dark\(|color-mix\(", value):
        return None
    # A shade of another colour falls back to that colour itself: plain, but readable.
    plain = RELATIVE.sub(lambda match: match[1], choose(value, dark))
    plain = mix(OKLCH.sub(literal, plain), palette)
    return None if "oklch(" in plain else plain


def palette_of(css: str) -> dict[str, str]:
    """`var(--tblr-name)` → hex, for the named colours the sheet gives as one literal."""
    named = re.findall(r"(--tblr-[a-z0-9-]+):\s*(oklch\([^()]*\)|#[0-9a-f]{6}|#fff(?=[;}]))", css)
    hexes = {name: OKLCH.sub(literal, value).replace("#fff", "#ffffff")[:7] for name, value in reversed(named)}
    return {f"var({name})": value for name, value in hexes.items() if value.startswith("#")}


def rules(css: str, dark: bool) -> list[str]:
    """Every rule of the sheet that has a declaration to replace, outside media queries' own conditions."""
    found, palette = [], palette_of(css)
    for selector, body in RULE.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.S)):
        pairs = [declaration.split(":", 1) for declaration in body.split(";") if ":" in declaration]
        plain = [(name.strip(), old(value, palette, dark)) for name, value in pairs]
        lines = [f"{name}:{value}" for name, value in plain if value is not None]
        if lines and not selector.strip().startswith(("@", "from", "to")):
            found.append(f"{selector.strip()}{{{';'.join(lines)}}}")
    return found


def dark_rules(css: str) -> list[str]:
    """The root variables again for parts under the dark theme."""
    roots = [rule for rule in rules(css, dark=True) if ":root" in rule.split("{")[0]]
    return ["[data-bs-theme=dark]{" + rule.split("{", 1)[1] for rule in roots]


def stylesheet(css: str) -> str:
    body = "\n".join([*rules(css, dark=False), *dark_rules(css)])
    return (
        "/* Made by scripts/vendor.py from tabler.min.css (MIT): its colours as sRGB hex for old browsers. */\n"
        f"@supports {CONDITION} {{\n{body}\n}}\n"
    )
