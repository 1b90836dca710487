"""What the prompt lab starts from and what it keeps: promotions, briefs, sentences and cases are loaded, outcomes saved and
voted on.

Runs no model but to read a sentence; knows no event: `ui.lab` joins them.
"""

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from pipelines import lab, lab_cases
from pipelines.lab import MOST_VARIANTS, Outcome, Variant
from pipelines.lab_briefs import row_of
from pipelines.lab_errors import LabError
from slots.brief import Brief
from slots.schema import Language
from ui import lab_html
from ui.frame import screen
from ui.lab_layout import LONGEST_MESSAGE, LabLayout
from ui.lab_parts import LETTERS, Column, fields_of, scheduler_choices
from ui.lab_texts import lt
from ui.limits import Reached
from ui.problems import explain
from ui.recall import NAME
from ui.texts import EXAMPLES
from ui.visitor import known, sign
from ui.votes import SIGN, tidy

log = logging.getLogger("promo_studio")

LISTED = 50
"""Promotions that are offered to choose from: each is read from its folder."""
LISTED_CASES = 500
"""Cases that are offered; the list is searched by typing."""
EXAMPLE = Brief.from_dict(
    {"product": "Coca-Cola", "size": "2 L", "packaging": "glass bottle", "price": "35 MXN", "environment": "beach"}
)


Loaded = tuple[Brief | None, list[Variant], tuple[str, dict[str, Any]]]
"""(brief, variants, what was loaded: a text of the lab and its values)."""


class Said(Exception):
    """Something for the visitor, in the language of the screens."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def picked(several: bool, rest: Sequence[Any]) -> Outcome:
    """The outcome that is meant. Raises Said where nothing was run."""
    letter, outcomes = (rest[0], rest[1:]) if several else ("", rest)
    outcome = outcomes[LETTERS.index(letter)] if several else outcomes[0]
    if outcome is None:
        raise Said("need_run" if several else "need_reading", letter=letter)
    return outcome  # type: ignore[no-any-return]


class LabSource(LabLayout):
    """The page's handlers that load and keep."""

    def _filled(self) -> list[Any]:
        """What loading fills."""
        columns = (*self.text["columns"], *self.scene["columns"])
        return [self.source, self.loaded, self.message, *(field for column in columns for field in column.inputs)]

    # ---------------------------------------------------------------- opening and loading

    def _open(self, visitor: Any, chosen: Any, who: Any, request: gr.Request) -> list[Any]:
        """A page is opened; `?promotion=ID` and `?case=ID` load what they name."""
        language = screen(chosen, request)
        query = dict(request.query_params) if request is not None else {}
        promotion, case = query.get("promotion", ""), query.get("case", "")
        lists = [
            gr.Dropdown(choices=self._own_choices(visitor), value=None),
            gr.Dropdown(choices=self._case_choices(), value=None),
        ]
        if promotion or case:
            way = "case" if case else "typed"
            filled = self._fill(lambda: self._found(way, visitor, promotion, None, case, request), language)
        else:
            example = EXAMPLE.with_(language=language)
            filled = self._fill(
                lambda: (example, lab.variants_for(example, self._image()), ("nothing_loaded", {})), language
            )
            filled[self._filled().index(self.message)] = EXAMPLES[language][0]
        return [
            known(visitor),
            language,
            self._notice(language),
            *lists,
            str(who or "")[:200],
            promotion or gr.skip(),
            *filled,
        ]

    def _await_image(self) -> None:
        """Waits until the picture model is loaded, in a line of its own: what follows reads the page as it is then."""
        try:
            _ = self.studio.image
        except Exception as error:  # told again, in its column, by whatever runs
            log.warning("no picture model: %s", error)

    def _open_scene(self, source: dict[str, Any], *prompts: str) -> list[Any]:
        """The scene's fields where something was loaded before the picture model was there (`_await_image` goes before).

        What is there already, or was written meanwhile, stays; an empty prompt is `auto` until then.
        """
        columns, image = self.scene["columns"], self._image()
        if not source.get("brief") or any(prompts) or image is None:
            return [gr.skip() for column in columns for _ in column.inputs]
        variants = lab.variants_for(Brief.from_dict(source["brief"]), image)
        return self._fields("scene", [v for v in variants if v.kind == "scene"], columns)

    def _own_choices(self, visitor: Any) -> list[tuple[str, str]]:
        found = []
        try:
            for name in self._mine(visitor)[:LISTED]:
                promotion = self._own(visitor, name)
                if promotion is not None:
                    when = f"{name[6:8]}/{name[4:6]} {name[9:11]}:{name[11:13]}"
                    found.append((f"{promotion.brief.product} · {when}", name))
        except Exception as error:  # the lab works without the list
            log.warning("promotions cannot be listed: %s", error)
        return found

    def _case_choices(self) -> list[tuple[str, str]]:
        try:
            return [(case.name, case.id) for case in self.cases.cases(limit=LISTED_CASES)] if self.cases else []
        except Exception as error:  # the lab works without cases
            log.warning("cases cannot be listed: %s", error)
            return []

    def _image(self) -> Any:
        """The picture model where it is loaded: nothing that a visitor asks for here waits for it, `_open_scene` follows."""
        return self.studio.image if self.studio.able is not None else None

    def _loader(self, way: str) -> Callable[..., list[Any]]:
        def load(
            visitor: Any, language: Language, typed: str, own: Any, case: Any, request: gr.Request | None = None
        ) -> list[Any]:
            return self._fill(lambda: self._found(way, visitor, typed, own, case, request), language)

        return load

    def _found(self, way: str, visitor: Any, typed: str, own: Any, case: Any, request: gr.Request | None) -> Loaded:
        """What was named, with the app's own prompts for what it leaves out. Raises Said, Reached, or an error that `explain` words."""
        image = self._image()
        typed = (typed or "").strip()
        if way == "case" and case:
            if self.cases is None:
                raise Said("no_store")
            saved = self.cases.case(str(case))
            variants = lab_cases.variants_of(saved, image)
            brief = variants[0].brief
            whole = lab.completed(variants, brief, image) if brief is not None else variants
            return brief, whole, ("loaded_case", {"name": saved.name})
        if (way == "own" and own) or NAME.fullmatch(typed):
            promotion = self._own(visitor, own if way == "own" and own else typed)
            if promotion is None:
                raise Said("error_no_promotion")
            variants = lab.completed(lab.variants_of(promotion), promotion.brief, image)
            return promotion.brief, variants, ("loaded_promotion", {"id": promotion.id[:15], "promotion": promotion.id})
        if not typed:
            raise Said("error_nothing")
        if typed.startswith("{"):
            data = json.loads(typed)
            data = data.get("brief", data) if isinstance(data, dict) else data
        else:
            self._allow([], visitor, request, words=typed)
            data = self.studio.extract(typed).to_dict()
            if "product" not in data["slots"]:
                raise Said("error_no_product")
        row = row_of(1, data, self.catalog)  # which declines what the chat would decline
        if row.brief is None:
            raise row.cause or LabError("brief_other", error=row.error)
        brief = row.brief
        return brief, lab.variants_for(brief, image), ("loaded_brief", {})

    def _fill(self, find: Callable[[], Loaded], language: Language) -> list[Any]:
        """What loading puts on the page; a failure is told and changes nothing else."""
        try:
            brief, variants, (key, values) = find()
        except Said as said:
            return self._refused(lt(language, said.key), language)
        except Reached as reached:
            return self._refused(reached.words(language), language)
        except json.JSONDecodeError as error:
            return self._refused(lt(language, "error_json", line=error.lineno, column=error.colno), language)
        except Exception as error:
            return self._refused(explain(error, language), language)
        told: dict[str, Any] = {"key": key, "values": values}
        if brief is not None:
            told["brief"] = brief.to_dict()
        message: Any = gr.skip()
        by_kind: dict[str, list[Variant]] = {"text": [], "scene": []}
        for variant in variants:
            if variant.kind == "extraction":
                message = str(variant.source["message"])[:LONGEST_MESSAGE]
            else:
                by_kind[variant.kind].append(variant)
        headlines = [str(v.source["headline"]) for v in by_kind["scene"] if v.source.get("headline")]
        if headlines:
            told["headline"] = headlines[0]
        fields: list[Any] = []
        for kind, tab in (("text", self.text), ("scene", self.scene)):
            if by_kind[kind] or brief is not None:
                fields += self._fields(kind, by_kind[kind], tab["columns"])
            else:
                fields += [gr.skip() for column in tab["columns"] for _ in column.inputs]
        return [told, self._loaded(told, language), message, *fields]

    def _fields(self, kind: str, variants: list[Variant], columns: list[Column]) -> list[Any]:
        """Every column's fields: the variants in order; a column beyond them repeats the last one, made another way."""
        if not variants:  # what was loaded before says nothing of what is loaded now
            emptied = ("prompt", "negative_prompt")
            return ["" if name in emptied else gr.skip() for column in columns for name in column.fields]
        fields: list[Any] = []
        for number, column in enumerate(columns):
            variant = variants[min(number, len(variants) - 1)]
            beyond = max(0, number - len(variants) + 1)
            if beyond and kind == "text":
                settings = ({"decoding": "beams", "samples": 4}, {"temperature": 1.1}, {"temperature": 0.6})
                variant = variant.with_settings(**settings[(beyond - 1) % 3])
            elif beyond:
                variant = variant.with_settings(seed=int(variant.settings.get("seed", 0)) + beyond)
            fields += fields_of(variant, column)
        return fields

    def _refused(self, error: str, language: Language) -> list[Any]:
        words = lab_html.note_html(lt(language, "error_source", error=error), "bad")
        return [gr.skip(), words, *[gr.skip()] * (len(self._filled()) - 2)]

    def _loaded(self, source: dict[str, Any], language: Language) -> str:
        words = lt(language, source.get("key", "nothing_loaded"), **source.get("values", {}))
        brief = Brief.from_dict(source["brief"]) if source.get("brief") else None
        return lab_html.brief_html(brief, words, language, self.catalog)

    def _relabel(self, language: Language, source: dict[str, Any], kind: str, *outcomes: Outcome | None) -> list[Any]:
        """The page in another language, results included."""
        *variants, reading = outcomes
        shown = [
            lab_html.outcome_html(outcome, language, self.catalog)
            if outcome is not None
            else lab_html.idle_html(LETTERS[number % MOST_VARIANTS], language)
            for number, outcome in enumerate(variants)
        ]
        return [
            *self.parts.words.updates(language),
            self._loaded(source, language),
            gr.Dropdown(choices=self._axes(kind, language)),
            gr.Dropdown(choices=self._axes(kind, language, none=True)),
            *shown,
            lab_html.outcome_html(reading, language, self.catalog) if reading is not None else "",
        ]

    def _schedulers(self, language: Language) -> list[Any]:
        """The schedulers of the app's picture model; the model is loaded when it is not there yet."""
        try:
            self.parts.schedulers = self.engines.schedulers()
        except Exception as error:  # told again, in its column, by whatever runs
            log.warning("no schedulers: %s", error)
        choices = scheduler_choices(self.parts.schedulers, language)
        return [gr.Dropdown(choices=choices) for _ in self.scene["columns"]]

    # ---------------------------------------------------------------- keeping

    def _saver(self, several: bool) -> Callable[..., list[Any]]:
        def save(language: Language, visitor: Any, request: gr.Request, who: str, name: str, *rest: Any) -> list[Any]:
            try:
                self._allow([], visitor, request)
                outcome = picked(several, rest)
                if self.cases is None:
                    raise Said("no_store")
                if not (name or "").strip():
                    raise Said("need_name")
                from pipelines.cases.make import case_of_outcome

                self.cases.save_case(case_of_outcome(outcome, name.strip(), (who or "").strip()))
            except Exception as error:
                return [self._not_kept(error, language), gr.skip()]
            words = lab_html.note_html(lt(language, "saved", name=name.strip()), "good")
            return [words, gr.Dropdown(choices=self._case_choices())]

        return save

    def _save_promotion(
        self, language: Language, visitor: Any, request: gr.Request, who: str, name: str, source: dict[str, Any]
    ) -> list[Any]:
        """Keeps the loaded promotion whole as a case: its brief, settings, texts and small pictures of its scenes."""
        try:
            self._allow([], visitor, request)
            number = source.get("values", {}).get("promotion")
            if not number:
                raise Said("need_promotion")
            promotion = self._own(visitor, number)
            if promotion is None:
                raise Said("error_no_promotion")
            if self.cases is None:
                raise Said("no_store")
            if not (name or "").strip():
                raise Said("need_name")
            from pipelines.cases.make import case_of_promotion

            judge = self.engines.judge() if promotion.posters else None
            self.cases.save_case(case_of_promotion(promotion, name.strip(), (who or "").strip(), judge=judge))
        except Exception as error:
            return [self._not_kept(error, language), gr.skip()]
        words = lab_html.note_html(lt(language, "saved", name=name.strip()), "good")
        return [words, gr.Dropdown(choices=self._case_choices())]

    def _voter(self, several: bool) -> Callable[..., str]:
        def vote(
            language: Language, visitor: Any, request: gr.Request, who: str, part: str, thumb: str, stars: str,
            comment: str, *rest: Any,
        ) -> str:  # fmt: skip
            try:
                self._allow([], visitor, request)
                outcome = picked(several, rest)
                if self.cases is None:
                    raise Said("no_store")
                name = tidy(who)
                if not name:
                    raise Said("need_who")
                if thumb == "none" and stars == "0" and not (comment or "").strip():
                    raise Said("need_vote")
                cast = lab_cases.vote_of(
                    outcome, f"{name}{SIGN}{sign(known(visitor))}", part, {"up": 1, "down": -1}.get(thumb, 0), int(stars) or None,
                    (comment or "").strip(),
                )  # fmt: skip
                self.cases.vote(cast)
                found = self.cases.summary("variant", cast.target_id)
            except Exception as error:
                return self._not_kept(error, language)
            mean = lt(language, "voted_mean", mean=f"{found.mean:.1f}") if found.mean is not None else ""
            words = lt(language, "voted", up=found.up, down=found.down, mean=mean, count=found.count)
            return lab_html.note_html(words, "good")

        return vote

    def _not_kept(self, error: Exception, language: Language) -> str:
        if isinstance(error, Said):
            return lab_html.note_html(lt(language, error.key, **error.values))
        if isinstance(error, Reached):
            return lab_html.note_html(error.words(language), "bad")
        return lab_html.note_html(lt(language, "error_keep", error=explain(error, language)), "bad")
