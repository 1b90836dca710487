"""The prompt lab's components: the columns of variants, the panel to save and vote, and the words that a language changes.

Knows no event and no model: `ui.lab` joins them.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from pipelines.lab import MOST_VARIANTS, Outcome, Variant
from pipelines.lab_settings import DECODINGS, MOST_SAMPLES, SceneSettings, TextSettings
from pipelines.poster_plan import FORMATS, LAYOUTS
from pipelines.promotion import SCENES
from pipelines.scene_prompt import STYLES
from slots.schema import Language
from ui.lab_html import idle_html
from ui.lab_texts import lt
from ui.look import format_name, layout_name
from ui.texts import t

LETTERS = "ABCD"
assert len(LETTERS) == MOST_VARIANTS

Named = list[tuple[str, str]]
Updates = Callable[[Language], dict[str, Any]]


class Words:
    """Components whose words follow the screens' language."""

    def __init__(self) -> None:
        self._entries: list[tuple[Any, Updates]] = []

    def put(self, component: Any, words: Updates) -> Any:
        """Notes a component; gives it back."""
        self._entries.append((component, words))
        return component

    @property
    def components(self) -> list[Any]:
        return [component for component, _ in self._entries]

    def updates(self, language: Language) -> list[Any]:
        """What to change, in the order of `components`."""
        return [gr.update(**words(language)) for _, words in self._entries]


class Desk:
    """What waits and runs for one visitor, by tab and button, so that it can be stopped. Each page has its own.

    A button has one run at a time: Gradio passes over a press until the last one's run is over.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, set[str]] = {}
        self._unwanted: dict[str, set[str]] = {}
        self._running: dict[str, dict[str, threading.Event]] = {}

    def wait(self, tab: str, button: str = "") -> bool:
        """A button was pressed and its run waits for its turn; False where its last run is not over."""
        if any(button in there.get(tab, ()) for there in (self._waiting, self._unwanted, self._running)):
            return False
        self._waiting.setdefault(tab, set()).add(button)
        return True

    def begin(self, tab: str, button: str = "") -> threading.Event:
        """A run's stop signal; already set where it was stopped while it waited."""
        signal = threading.Event()
        self._waiting.get(tab, set()).discard(button)
        if button in (unwanted := self._unwanted.get(tab, set())):
            unwanted.remove(button)
            signal.set()
        self._running.setdefault(tab, {})[button] = signal
        return signal

    def end(self, tab: str, button: str = "") -> None:
        """The run is over."""
        self._running.get(tab, {}).pop(button, None)

    def stop(self, tab: str) -> bool:
        """Stops what runs and what waits in a tab; False when nothing does."""
        signals, waiting = list(self._running.get(tab, {}).values()), self._waiting.pop(tab, set())
        for signal in signals:
            signal.set()
        self._unwanted.setdefault(tab, set()).update(waiting)
        return bool(signals or waiting)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Desk":
        return Desk()


def model_choices(models: Sequence[str], language: Language) -> Named:
    """Models as the screens call them."""
    names = {"": lt(language, "model_started"), "bundled": lt(language, "model_bundled")}
    return [(names.get(model, model), model) for model in models]


def backend_choices(backends: Sequence[str], language: Language) -> Named:
    """Back ends as the screens call them."""
    return [(backend or lt(language, "backend_started"), backend) for backend in backends]


def scheduler_choices(names: Sequence[str], language: Language) -> Named:
    """Schedulers without the word that all of them end with; the checkpoint's own stands for none."""
    own = f" ({names[0].removesuffix('Scheduler')})" if names else ""
    return [
        (lt(language, "scheduler_own") + own, ""),
        *((name.removesuffix("Scheduler"), name) for name in names[1:]),
    ]


@dataclass
class Column:
    """One variant on the page. `fields`: by setting (and `prompt`, `negative_prompt`), in a fixed order."""

    kind: str
    letter: str
    fields: dict[str, Any]
    run: Any
    copy: Any
    result: Any
    outcome: Any
    picture: Any = None
    poster: Any = None

    @property
    def inputs(self) -> list[Any]:
        return list(self.fields.values())

    @property
    def outputs(self) -> list[Any]:
        """What a run fills, in the order of `shown`."""
        return [self.result, self.outcome, *([self.picture, self.poster] if self.kind == "scene" else [])]

    def shown(self, html: Any, outcome: Any = None, picture: Any = None, poster: Any = None) -> list[Any]:
        """A run's answer for `outputs`."""
        return [html, outcome, *([picture, poster] if self.kind == "scene" else [])]


def skipped(column: Column) -> list[Any]:
    """Nothing new in a column."""
    return [gr.skip()] * len(column.outputs)


def variant_of(kind: str, values: dict[str, Any], source: dict[str, Any]) -> Variant:
    """The variant that a column's fields describe. Raises LabError."""
    words: dict[str, Any] = {key: values.pop(key) or "" for key in ("prompt", "negative_prompt") if key in values}
    settings = {key: value for key, value in values.items() if value is not None}
    loaded = {key: source[key] for key in (("brief", "headline") if kind == "scene" else ("brief",)) if source.get(key)}
    return Variant("scene" if kind == "scene" else "text", {**words, **loaded}, settings)


def fields_of(variant: Variant, column: Column) -> list[Any]:
    """The values of a column's fields that describe a variant, in the order of `inputs`."""
    settings = variant.to_dict()["settings"]
    return [
        variant.source.get(name, "") if name in ("prompt", "negative_prompt") else settings[name]
        for name in column.fields
    ]


def kept(outcome: Outcome) -> Outcome:
    """An outcome as a page remembers it: with a small picture, which is what a case keeps."""
    from dataclasses import replace

    if outcome.picture is None:
        return outcome
    small = outcome.picture.copy()
    small.thumbnail((256, 256))
    return replace(outcome, picture=small, poster=None)


class Parts:
    """Builds the parts of one page; `words` gathers what a language changes."""

    def __init__(
        self, models: Mapping[str, Sequence[str]], backends: Mapping[str, Sequence[str]], first: Language
    ) -> None:
        self.models, self.backends, self.first = models, backends, first
        self.schedulers: tuple[str, ...] = ()
        """Of the app's picture model, once it is loaded; the same for everybody."""
        self.words = Words()

    def label(self, component: Any, key: str, **values: object) -> Any:
        """A component whose label is a text of the lab."""
        return self.words.put(component, lambda language: {"label": lt(language, key, **values)})

    def button(self, key: str, **options: Any) -> Any:
        """A button whose words are a text of the lab."""
        values = options.pop("values", {})
        return self.words.put(
            gr.Button(lt(self.first, key, **values), **options),
            lambda language: {"value": lt(language, key, **values)},
        )

    def number(self, key: str, value: float | None, *, whole: bool = False, step: float = 1) -> Any:
        """A field for a number; its range is checked where it is used, so that a wrong one spoils one column only."""
        return self.label(
            gr.Number(
                value,
                label=lt(self.first, key),
                precision=0 if whole else None,
                step=step,
                min_width=70,
                placeholder="auto",
            ),
            key,
        )

    def choice(
        self, key: str, choices: Callable[[Language], Named], value: str, radio: bool = False, free: bool = False
    ) -> Any:
        """A choice among names that a language changes. `free`: a saved case may bring a name that is not among them; whatever
        runs refuses it in words, where Gradio would refuse the whole page's run."""
        options: dict[str, Any] = {"value": value, "label": lt(self.first, key), "min_width": 90}
        if radio:
            component: Any = gr.Radio(choices(self.first), **options)
        else:
            component = gr.Dropdown(choices(self.first), allow_custom_value=free, **options)
        return self.words.put(component, lambda language: {"label": lt(language, key), "choices": choices(language)})

    def engine(self, kind: str) -> dict[str, Any]:
        """Model and back end."""
        return {
            "model": self.choice("model", lambda language: model_choices(self.models[kind], language), "", free=True),
            "backend": self.choice(
                "backend", lambda language: backend_choices(self.backends[kind], language), "", free=True
            ),
        }

    def prompt(self, letter: str, lines: int) -> Any:
        return self.label(
            gr.Textbox(
                label=lt(self.first, "prompt", letter=letter),
                lines=lines,
                max_lines=10,
                elem_classes="lab-mono",
                elem_id=None,
            ),
            "prompt",
            letter=letter,
        )

    def column(self, kind: str, number: int) -> Column:
        """Variant `number` (from 0) of a kind."""
        letter = LETTERS[number]
        with gr.Column(elem_classes=f"lab-column is-{number}", elem_id=f"lab-{kind}-{letter}"):
            fields = self._text_fields(letter, number) if kind == "text" else self._scene_fields(letter)
            with gr.Row(elem_classes="lab-run"):
                run = self.button("run_one", values={"letter": letter}, size="sm", variant="secondary")
                following = LETTERS[(number + 1) % len(LETTERS)]
                copy = self.button("copy", values={"letter": following}, size="sm", variant="secondary")
            picture = poster = None
            if kind == "scene":
                picture = self._picture("picture", letter)
                poster = self._picture("poster_picture", letter)
            result = gr.HTML(idle_html(letter, self.first), apply_default_css=False)
            outcome = gr.State(None)
        return Column(kind, letter, fields, run, copy, result, outcome, picture, poster)

    def _picture(self, key: str, letter: str) -> Any:
        return self.label(
            gr.Image(
                label=lt(self.first, key, letter=letter),
                type="pil",
                format="webp",
                interactive=False,
                visible="hidden",
                show_label=False,
                buttons=["download", "fullscreen"],
                elem_classes="lab-picture",
            ),
            key,
            letter=letter,
        )

    def _text_fields(self, letter: str, number: int) -> dict[str, Any]:
        plain = TextSettings()
        fields = {"prompt": self.prompt(letter, 5)}
        fields["decoding"] = self.choice(
            "decoding",
            lambda language: [(lt(language, f"decoding_{name}"), name) for name in DECODINGS],
            DECODINGS[number % 2],
            radio=True,
        )
        with gr.Row():
            fields["temperature"] = self.number("temperature", plain.temperature, step=0.05)
            fields["top_p"] = self.number("top_p", plain.top_p, step=0.05)
            fields["samples"] = self.number("samples", plain.samples, whole=True)
            fields["seed"] = self.number("seed", plain.seed, whole=True)
            fields["max_tokens"] = self.number("max_tokens", plain.max_tokens, whole=True)
        with self.more():
            fields |= self.engine("text")
        return fields

    def more(self) -> Any:
        """What is seldom changed."""
        return self.label(gr.Accordion(lt(self.first, "more"), open=False, elem_classes="lab-more"), "more")

    def _scene_fields(self, letter: str) -> dict[str, Any]:
        plain = SceneSettings()
        fields = {"prompt": self.prompt(letter, 4)}
        fields["negative_prompt"] = self.label(
            gr.Textbox(label=lt(self.first, "negative"), lines=1, max_lines=6, elem_classes="lab-mono"), "negative"
        )
        with gr.Row():
            fields["steps"] = self.number("steps", None, whole=True)
            fields["guidance"] = self.number("guidance", None, step=0.5)
            fields["strength"] = self.number("strength", None, step=0.05)
            fields["seed"] = self.number("seed", plain.seed, whole=True)
            fields["attempt"] = self.number("attempt", plain.attempt, whole=True)
        fields["scheduler"] = self.choice(
            "scheduler", lambda language: scheduler_choices(self.schedulers, language), "", free=True
        )
        fields["poster"] = self.label(gr.Checkbox(False, label=lt(self.first, "poster")), "poster")
        with self.more():
            fields["layout"] = self.choice(
                "layout", lambda language: [(layout_name(name, language), name) for name in LAYOUTS], plain.layout
            )
            fields["format"] = self.choice(
                "format", lambda language: [(format_name(name, language), name) for name in FORMATS], plain.format
            )
            fields["scene"] = self.choice(
                "scene", lambda language: [(t(language, f"scene_{name}"), name) for name in SCENES], plain.scene
            )
            fields["style"] = self.choice(
                "style", lambda language: [(t(language, f"style_{name}"), name) for name in STYLES], plain.style
            )
            fields |= self.engine("image")
        return fields

    def letters(self, key: str, *, several: bool = False) -> Any:
        """A choice of a variant, or of several."""
        if several:
            return self.label(
                gr.CheckboxGroup(list(LETTERS), value=["A"], label=lt(self.first, key), min_width=190), key
            )
        return self.label(gr.Radio(list(LETTERS), value="A", label=lt(self.first, key), min_width=150), key)

    def case_name(self) -> Any:
        """The field for a case's name, which says who will see the case."""

        def words(language: Language) -> dict[str, Any]:
            return {
                "label": f"{lt(language, 'case_name')} · {lt(language, 'case_seen')}",
                "placeholder": lt(language, "case_hint"),
            }

        return self.words.put(gr.Textbox(max_length=200, **words(self.first)), words)

    def keeping(self, kind: str) -> "Keeping":
        """The panel to save a case and to vote."""
        with self.label(
            gr.Accordion(lt(self.first, "keep"), open=False, elem_classes="lab-keep", elem_id=f"lab-keep-{kind}"),
            "keep",
        ):
            which = None
            with gr.Row(elem_classes="lab-form"):
                if kind != "extraction":
                    which = self.letters("which")
                name = self.case_name()
                save = self.button("save", size="md", min_width=150)
            with gr.Row(elem_classes="lab-form"):
                part = self.choice("part", lambda language: parts(kind, language), "whole")
                thumb = self.choice(
                    "thumb",
                    lambda language: [(lt(language, f"thumb_{n}"), n) for n in ("up", "down", "none")],
                    "none",
                    radio=True,
                )
                stars = self.choice(
                    "stars",
                    lambda language: [(lt(language, "stars_none"), "0"), *((str(n), str(n)) for n in range(1, 6))],
                    "0",
                    radio=True,
                )
                comment = self.label(gr.Textbox(label=lt(self.first, "comment"), max_length=2000), "comment")
                vote = self.button("vote", size="md", min_width=120)
            status = gr.HTML("", apply_default_css=False)
        return Keeping(kind, which, name, save, part, thumb, stars, comment, vote, status)


def parts(kind: str, language: Language) -> Named:
    """What a vote may be about."""
    whole = (lt(language, "part_whole"), "whole")
    if kind != "text":
        return [whole]
    return [whole, *((lt(language, "part_text", number=n), f"text-{n}") for n in range(1, MOST_SAMPLES + 1))]


@dataclass
class Keeping:
    """The panel to save a case and to vote; `which` is None where there is one result only."""

    kind: str
    which: Any
    name: Any
    save: Any
    part: Any
    thumb: Any
    stars: Any
    comment: Any
    vote: Any
    status: Any
