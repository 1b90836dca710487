"""What making does on the studio's page: a job begins, its steps are shown, posters get another look, links are shared.

`ui.making` runs the job; here its views become what the components show.
"""

import secrets
from collections.abc import Iterator
from typing import Any

import gradio as gr

from pipelines.promotion import Promotion, poster_count
from pipelines.shares import ShareError
from slots.schema import Language
from ui import results
from ui.card import safe
from ui.choices import HIDDEN, STRENGTHS
from ui.cutout import cutout_html
from ui.house import progress
from ui.layout import MAX_POSTERS, seen
from ui.limits import Reached
from ui.look import look_html
from ui.making import View
from ui.problems import explain
from ui.session import MAX_SEED, Desk, Job, Session, Settings
from ui.sharing import act, panel, problem, sharing_html
from ui.studio_talk import TalkHandlers
from ui.texts import t
from ui.visitor import known, where


class MakingHandlers(TalkHandlers):
    """Answers to what is made and looked at; holds no visitor's data."""

    def _sharing(self, promotion: Promotion | None, language: Language) -> str:
        """The panel that shares what was made; nothing before."""
        if promotion is None or promotion.record.get("status", "done") not in ("done", "stopped"):
            return ""
        return panel(self.house.shares, promotion.id, language)

    def _share(
        self, session: Session, visitor: Any, promotion: Promotion | None, event: gr.EventData, request: gr.Request
    ) -> str:
        """Makes a link to the promotion that is shown, or closes its links."""
        language, none = session.screen, sharing_html(session.screen, told=t(session.screen, "share_none"))
        if promotion is None:
            return none
        try:
            if not self.house.shares.owns(visitor, promotion.id):
                return none
            self.house.limits.take("requests", str(visitor), where(request))
        except ShareError as error:
            return sharing_html(language, links=None, told=problem(error, language))
        except Reached as reached:
            return panel(self.house.shares, promotion.id, language, told=reached.words(language))
        return act(self.house.shares, promotion.id, (event._data or {}).get("do"), language)

    def _settings(
        self,
        language: Language,
        images: float,
        seed: str,
        strength: str,
        photo: str | None,
        layout: str,
        format: str,
        scene: str,
        style: str,
    ) -> Settings:
        digits = (seed or "").strip()
        if digits and not (digits.isascii() and digits.isdigit() and int(digits) <= MAX_SEED):
            gr.Warning(t(language, "error_seed", most=MAX_SEED))
            digits = ""
        able = self.studio.able
        full_size = able is not None and able.whole
        return Settings(
            images=max(1, min(MAX_POSTERS, int(images))),
            seed=int(digits) if digits else None,
            strength=STRENGTHS.get(strength),
            photo=photo,
            layout=layout or Settings.layout,
            format=format or Settings.format,
            scene=scene if full_size and scene else Settings.scene,
            style=style if full_size and style else Settings.style,
        )

    def _start(self, session: Session, job: Job | None, promotion: Promotion | None, settings: Settings) -> Job:
        """The job of a confirmed brief. What runs already for the same brief goes on; what runs for another one stops."""
        if job is not None and not job.finished and not job.stopped():
            if (job.brief, job.settings) == (session.brief, settings):
                job.number = session.confirmed
                return job
            job.stop()
        started = Job(session, settings)
        if settings.seed is None and promotion is not None and not session.first:
            started.seed = promotion.settings.seed  # a changed price must not change the place in the picture
        return started

    def _again(self, session: Session, job: Job | None, *choices: Any) -> tuple[Any, Any]:
        if session.brief is None or (job is not None and not job.finished and not job.stopped()):
            return gr.skip(), gr.skip()
        return Job(session, self._settings(session.screen, *choices), again=True), gr.Button(visible=HIDDEN)

    def _make(
        self, job: Job | None, previous: Promotion | None, desk: Desk, visitor: Any, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Makes a job's promotion, step by step."""
        skip = gr.skip()
        if job is None or job.finished:
            yield [skip] * (len(self._made()) + 4)
            return
        key = known(visitor)
        desk.makings, desk.chosen = desk.makings + 1, 0
        nothing_yet = True
        for view in self.house.make(job, previous, key, where(request)):
            shown = self._view(view, job, nothing_yet)
            ended = view.phase in ("done", "stopped", "failed")
            sharing = self._sharing(view.promotion, job.screen) if ended else "" if nothing_yet else skip
            yield [*shown, key if key != visitor else skip, sharing]
            nothing_yet = nothing_yet and view.phase == "waiting"

    def _view(self, view: View, job: Job, first: bool) -> list[Any]:
        language, promotion, skip = job.screen, view.promotion, gr.skip()
        ended = view.phase in ("done", "stopped", "failed")
        bar = progress(self.house, view, language)
        buttons = [gr.Button(visible=seen(not ended)), gr.Button(visible=seen(ended))]
        if view.phase == "done":
            gr.Info(t(language, "toast_done"), duration=4, title="Promo Studio")
        if view.phase == "texts":
            wants = job.brief.promotion
            count = poster_count(job.brief, job.settings.images)
            return [
                bar,
                results.texts_html(None, language, waiting=wants != "image"),
                results.posters_head_html(None, language, making=True, count=count),
                "",
                gr.Gallery([], visible=HIDDEN),
                "",
                *[gr.DownloadButton(visible=HIDDEN)] * 3,
                skip, *buttons, skip, skip,
            ]  # fmt: skip
        if promotion is None and ended and not first:
            empty = [results.texts_html(None, language), results.posters_head_html(None, language)]
            return [bar, *empty, *[skip] * (len(self._pictures()) + 1), *buttons, skip, skip]
        if promotion is None or not (view.fresh or ended):
            return [
                bar,
                *[skip] * (len(self._laid()) + 1),
                *(buttons if first or ended else [skip, skip]),
                skip,
                skip,
            ]
        return [
            bar,
            *self._results(promotion, language, making=not ended, count=view.event.posters if view.event else 0),
            self._notes(job.notes, job.brief, promotion, language),
            *buttons,
            promotion,
            promotion.id,
        ]

    def _select(
        self, session: Session, promotion: Promotion | None, desk: Desk, visitor: Any, event: gr.SelectData
    ) -> list[Any]:
        """The download buttons follow the poster that is looked at."""
        index = event.index if isinstance(event.index, int) else 0
        if promotion is None or not 0 <= index < len(promotion.posters):
            return [gr.skip()] * 2
        desk.chosen = index
        if not (promotion.folder / promotion.posters[index].file).is_file():
            # another window of the same visitor gave it another look
            promotion = self.house.current(visitor, promotion)
        return self._downloads(promotion, session.screen, index)

    def _recompose(
        self, session: Session, job: Job | None, promotion: Promotion | None, desk: Desk, event: gr.EventData
    ) -> list[Any]:
        """Another layout or format for the posters that are there, without making anything again."""
        data = event._data or {}
        layout, format = data.get("layout"), data.get("format")
        nothing = [gr.skip()] * (len(self._pictures()) + 2)
        making = job is not None and not job.finished
        if promotion is None or making or not (isinstance(layout, str) and isinstance(format, str)):
            return ["" if making else look_html(promotion, session.screen, secrets.randbits(32)), *nothing]
        makings = desk.makings
        try:
            changed = self.studio.recompose(promotion, layout=layout, format=format)
        except Exception as error:
            gr.Warning(t(session.screen, "error_look", error=safe(explain(error, session.screen))))
            return [look_html(promotion, session.screen, secrets.randbits(32)), *nothing]
        if desk.makings != makings:  # a new promotion is being made: this answer comes too late to be shown
            return [gr.skip(), *nothing]
        chosen = min(desk.chosen, len(changed.posters) - 1)
        return [*self._posters(changed, session.screen, chosen), changed, layout, format]

    def _check_photo(self, session: Session, path: str | None) -> list[Any]:
        """A photo is cut out and shown; one that cannot be used is refused at once, with the cure."""
        if path is None:
            return [gr.skip(), ""]
        from pipelines.packshot import PhotoError, load_photo

        try:
            return [gr.skip(), cutout_html(load_photo(path), session.screen)]
        except PhotoError as error:
            gr.Warning(t(session.screen, "error_photo", error=safe(error.words(session.screen))))
            return [None, ""]

    def _no_photo(self, session: Session) -> list[Any]:
        gr.Info(t(session.screen, "photo_gone"), duration=4)
        return [None, ""]
