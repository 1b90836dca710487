"""How the page looks: Gradio's theme variables, and the style sheet beside it in theme.css.

Warm paper, ink, tomato, mustard and agave: a corner shop's hand-painted wall, not a brand's trade dress. The text
face comes with Gradio (IBM Plex Sans; its 600 weight lacks most letters, so 700 stands in), the display face is the
posters' own: nothing is fetched from the network. Light only, whatever the system prefers: posters
are judged on paper.
"""

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
STYLE = Path(__file__).with_name("theme.css")
FAVICON = Path(__file__).with_name("favicon.png")

PAPER, CARD, INK, SOFT, LINE = "#F8F1E4", "#FFFDF8", "#241A14", "#6B5B4E", "#E3D5BE"
TOMATO, TOMATO_DARK, MUSTARD, AGAVE = "#BF3B22", "#9C2C17", "#E5A82E", "#2F6B4F"


def theme() -> "gr.themes.Base":
    """Gradio's variables in our colours; each dark variant equals the light one."""
    import gradio as gr

    chosen = gr.themes.Base(
        primary_hue=gr.themes.Color(
            "#FDF1EC",
            "#FADFD5",
            "#F3BDAB",
            "#E8957B",
            "#D8664A",
            TOMATO,
            TOMATO_DARK,
            "#7E2413",
            "#611C10",
            "#49150C",
            "#330E08",
        ),
        neutral_hue=gr.themes.Color(
            CARD, PAPER, "#F0E6D3", LINE, "#C9B79C", "#9B8974", SOFT, "#4F4238", "#3A2F27", INK, "#17100C"
        ),
        radius_size=gr.themes.sizes.radius_md,
        font=(gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"),
        font_mono=(gr.themes.LocalFont("IBM Plex Mono", weights=(400,)), "ui-monospace", "monospace"),
    ).set(
        body_background_fill=PAPER,
        body_text_color=INK,
        body_text_color_subdued=SOFT,
        background_fill_primary=CARD,
        background_fill_secondary=PAPER,
        block_background_fill=CARD,
        block_border_color=LINE,
        block_border_width="1px",
        block_label_text_color=SOFT,
        block_title_text_color=INK,
        block_title_text_weight="600",
        block_shadow="none",
        border_color_primary=LINE,
        border_color_accent=TOMATO,
        color_accent_soft="#FBE9E1",
        input_background_fill="#FFFFFF",
        input_placeholder_color="#8A745B",
        input_border_color=LINE,
        input_border_color_focus=TOMATO,
        input_shadow_focus="0 0 0 3px #BF3B2226",
        button_primary_background_fill=TOMATO,
        button_primary_background_fill_hover=TOMATO_DARK,
        button_primary_text_color="#FFFFFF",
        button_secondary_background_fill=CARD,
        button_secondary_background_fill_hover="#F0E6D3",
        button_secondary_border_color="#C9B79C",
        button_secondary_text_color=INK,
        button_large_radius="999px",
        button_medium_radius="999px",
        button_small_radius="999px",
        slider_color=TOMATO,
        link_text_color=TOMATO_DARK,
    )
    for name in [n for n in vars(chosen) if n.endswith("_dark")]:
        setattr(chosen, name, getattr(chosen, name.removesuffix("_dark"), None))
    return chosen


def css() -> str:
    """The style sheet; the display face travels inside it, so that no file path is published."""
    faces = "".join(
        f"@font-face{{font-family:'Promo Display';font-weight:{weight};font-display:swap;"
        f"src:url('data:font/otf;base64,{b64encode((FONTS / file).read_bytes()).decode()}') format('opentype')}}"
        for weight, file in ((600, "LeagueSpartan-SemiBold.otf"), (900, "LeagueSpartan-Black.otf"))
    )
    return faces + STYLE.read_text(encoding="utf-8")


HEAD = '<meta name="color-scheme" content="light"><meta name="theme-color" content="#F8F1E4">'

SCRIPT = "() => { document.body.classList.remove('dark'); document.documentElement.lang = 'es'; }"
"""Runs once when the page is there."""
