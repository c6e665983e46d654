"""A brand's colour as the roles that the pages use, light and dark, each readable whatever the colour. Pure.

WCAG 2.2 asks for a contrast of 4.5 between text and what it stands on (1.4.3): the colour keeps its hue and gives up
as much lightness as that takes.
"""

from functools import lru_cache

from coloraide import Color

ENOUGH = 4.6  # a little more, for rounding to eight bits
STEP = 0.01
RAISED = {"light": "#ffffff", "dark": "oklch(22% 0.013 262)"}  # what cards stand on, as in app.css
SURFACE = {"light": "oklch(98.4% 0.003 255)", "dark": "oklch(18.5% 0.012 262)"}


@lru_cache(maxsize=200)
def palette(colour: str) -> dict[str, dict[str, str]]:
    """Return scheme -> role -> colour as `#rrggbb`, for `#rrggbb`; the roles are app.css's custom properties."""
    return {"light": _light(Color(colour)), "dark": _dark(Color(colour))}


def stylesheet(colour: str) -> str:
    """Return the CSS that replaces the accent."""
    light, dark = palette(colour)["light"], palette(colour)["dark"]
    return ":root{" + "".join(f"--{role}:light-dark({light[role]},{dark[role]});" for role in light) + "}"


def _light(brand: Color) -> dict[str, str]:
    soft, on = _shade(brand, 0.95, 0.025), Color("white")
    grounds = [soft, on, Color(SURFACE["light"])]
    accent = _readable(brand, min(_lightness(brand), 0.62), -STEP, grounds)
    return _roles(accent, _shade(accent, max(_lightness(accent) - 0.06, 0)), soft, on)


def _dark(brand: Color) -> dict[str, str]:
    soft, on = _shade(brand, 0.3, 0.06), _shade(brand, 0.2, 0.05)
    grounds = [soft, on, Color(RAISED["dark"]), Color(SURFACE["dark"])]
    accent = _readable(brand, max(_lightness(brand), 0.68), STEP, grounds)
    return _roles(accent, _shade(accent, min(_lightness(accent) + 0.06, 1)), soft, on)


def _readable(brand: Color, lightness: float, step: float, grounds: list[Color]) -> Color:
    """Return the first shade from `lightness` on that can be read on every ground."""
    while True:
        shade = _shade(brand, lightness)
        if all(shade.contrast(ground) >= ENOUGH for ground in grounds):
            return shade
        lightness += step


def _shade(colour: Color, lightness: float, most_chroma: float = 1) -> Color:
    shade = colour.convert("oklch")
    chroma = min(shade.get("chroma", nans=False), most_chroma)
    return shade.set({"lightness": lightness, "chroma": chroma}).convert("srgb").fit()


def _lightness(colour: Color) -> float:
    return float(colour.convert("oklch").get("lightness", nans=False))


def _roles(accent: Color, strong: Color, soft: Color, on_accent: Color) -> dict[str, str]:
    roles = {"accent": accent, "accent-strong": strong, "accent-soft": soft, "on-accent": on_accent}
    return {role: shade.convert("srgb").to_string(hex=True) for role, shade in roles.items()}
