"""The visitor's choices beside the brief as rows of radio buttons, each described once: values, names, and what is said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from pipelines.poster_plan import FORMATS, LAYOUTS
from pipelines.promotion import SCENES
from pipelines.scene_prompt import STYLES
from slots.schema import Language
from ui.look import format_name, layout_name
from ui.session import Settings
from ui.texts import t

STRENGTHS = {"strength_auto": None, "strength_low": 0.3, "strength_middle": 0.5, "strength_high": 0.75}
HIDDEN: Any = "hidden"
"""Hidden but on the page: a component that starts with visible=False misses its first update to visible."""


@dataclass(frozen=True)
class Choice:
    """One row of radio buttons. `name`: its label is the text `settings_NAME`, its element `ps-NAME`."""

    name: str
    values: tuple[str, ...]
    called: Callable[[str, Language], str]
    """What a value is called in a language."""
    value: str
    """What is chosen at first."""
    info: str = ""
    """The text under the label; none when empty."""
    visible: Any = True

    def words(self, language: Language) -> dict[str, Any]:
        """What a language changes of it."""
        told = {"info": t(language, self.info)} if self.info else {}
        named = [(self.called(value, language), value) for value in self.values]
        return {"choices": named, "label": t(language, f"settings_{self.name}"), **told}

    def radio(self, language: Language) -> gr.Radio:
        """The component; to be called inside a Blocks."""
        return gr.Radio(
            **self.words(language), value=self.value, min_width=200, visible=self.visible, elem_id=f"ps-{self.name}"
        )

    def relabelled(self, language: Language) -> gr.Radio:
        """An update to another language."""
        return gr.Radio(**self.words(language))


STRENGTH = Choice(
    "strength", tuple(STRENGTHS), lambda key, language: t(language, key), "strength_auto", "settings_strength_info"
)
LAYOUT = Choice("layout", tuple(LAYOUTS), layout_name, Settings.layout, "settings_look_info")
FORMAT = Choice("format", tuple(FORMATS), format_name, Settings.format, "settings_look_info")
SCENE = Choice(
    "scene", tuple(SCENES), lambda name, language: t(language, f"scene_{name}"), Settings.scene, visible=HIDDEN
)
STYLE = Choice(
    "style", tuple(STYLES), lambda name, language: t(language, f"style_{name}"), Settings.style, visible=HIDDEN
)
"""Scene and style are what only a full-size checkpoint can do: hidden until one is loaded."""
