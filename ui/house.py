"""What all pages of one program share: the studio, the line, the records and whose they are, limits, pace, votes.

Holds nothing of a visitor. Makes promotions for any page in the same way: within the limits, noted as the visitor's own.
Knows no Gradio component.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipelines.gallery import Gallery
from pipelines.promotion import Promotion, poster_count
from pipelines.shares import ShareError, Shares
from slots.catalog import Catalog
from slots.schema import Language
from ui.host import Host, find_host, host_html, notice_html
from ui.limits import Limits, Pace, span
from ui.making import View, make
from ui.problems import explain
from ui.recall import recall
from ui.session import Job, Line
from ui.texts import t

if TYPE_CHECKING:
    from pipelines.cases import CaseStore
    from pipelines.studio import Studio


log = logging.getLogger("promo_studio")


@dataclass
class House:
    """One program."""

    studio: "Studio"
    catalog: Catalog
    line: Line
    limits: Limits = field(default_factory=Limits)
    pace: Pace = field(default_factory=Pace)
    pages: tuple[str, ...] = ()
    mirror: Any = None
    """What copies votes and cases to the Hub; None where nothing does."""

    @cached_property
    def shares(self) -> Shares:
        """Whose promotions are, and their links."""
        return Shares(self.studio.promotions_folder)

    @cached_property
    def gallery(self) -> Gallery:
        """The records."""
        return Gallery(self.studio.promotions_folder)

    @cached_property
    def host(self) -> Host:
        """Where the program runs."""
        return find_host(self.studio.promotions_folder)

    @cached_property
    def cases(self) -> "CaseStore":
        """Cases and votes, beside the promotions. Opened at the first use. Raises CaseError with the cure."""
        from pipelines.cases import CaseStore

        return CaseStore(self.shares.path.with_name("studio.sqlite3"))

    def notice(self, language: Language) -> str:
        """What a visitor of a Space should know: on what it runs, and what of theirs a restart loses."""
        if not self.host.space:
            return ""
        from pipelines.mirror import mirror_state

        votes = "" if self.host.lasting else mirror_state(self.mirror).text(language)
        return host_html(self.host, language, votes)

    def store_notice(self, language: Language) -> str:
        """What a visitor should know of the store of cases and votes: that it was damaged, or cannot be used. Empty as a rule."""
        from pipelines.cases import CaseError

        try:
            recovered = self.cases.recovered
        except CaseError as error:
            log.warning("%s", error)
            return notice_html(t(language, "store_off"))
        return notice_html(t(language, "store_damaged", **recovered._asdict())) if recovered else ""

    def shares_notice(self, language: Language) -> str:
        """That the list of whose promotions are whose was damaged and begun anew. Empty as a rule."""
        return notice_html(t(language, "shares_damaged", aside=self.shares.damaged)) if self.shares.damaged else ""

    def own(self, visitor: object, name: object) -> Promotion | None:
        """A promotion of the visitor's own, as far as it was made; None for anybody else's, a damaged or an unknown one.

        Raises ShareError when it cannot be read whose it is.
        """
        if not isinstance(name, str) or not self.shares.owns(visitor, name):
            return None
        return recall(self.studio.promotions_folder, name)

    def current(self, visitor: object, promotion: Promotion) -> Promotion:
        """A promotion of the visitor's own as it is on disk now; as it is given where that cannot be read."""
        try:
            return self.own(visitor, promotion.id) or promotion
        except ShareError:
            return promotion

    def make(self, job: Job, previous: Promotion | None, visitor: str, where: str) -> Iterator[View]:
        """Makes a job's promotion: within the visitor's limits, and noted as theirs as soon as it has a folder.

        One that cannot be noted is given up: nobody could open it again.
        """
        posters = poster_count(job.brief, job.settings.images)
        begun, noted = 0.0, False
        making = make(
            self.studio, self.line, job, previous, lambda: self.limits.take("posters", visitor, where, posters)
        )
        for view in making:
            if view.phase == "texts":
                begun = time.monotonic()
            if view.promotion is not None and not noted:
                try:
                    self.shares.own(view.promotion.id, visitor)
                except ShareError as error:
                    making.close()
                    problem = t(job.screen, "error_make", error=explain(error, job.screen))
                    yield View("failed", promotion=view.promotion, problem=problem)
                    return
                noted = True
            if view.phase == "done" and begun:
                self.pace.note(time.monotonic() - begun)
            yield view

    def line_words(self, language: Language) -> str:
        """What a making that were asked for now would wait for, and how long: people decide with it."""
        ahead, own = self.line.ahead(), self.pace.median()
        if own is None:
            return t(language, "line_busy", ahead=ahead) if ahead else t(language, "line_free")
        if not ahead:
            return t(language, "line_free_pace", own=span(own, language))
        wait = self.pace.wait(ahead, self.line.places) or own
        return t(language, "line_wait", ahead=ahead, wait=span(wait, language), own=span(own, language))

    def waiting_words(self, ahead: int, language: Language) -> str:
        """The same for one who is in the line."""
        wait = self.pace.wait(ahead, self.line.places)
        if wait is None:
            return t(language, "progress_waiting", ahead=ahead)
        return t(language, "progress_wait", ahead=ahead, wait=span(wait, language))


def progress(house: House, view: View, language: Language) -> str:
    """The bar of a making, with the expected waiting time while it waits."""
    from ui.results import progress_html

    facts: dict[str, Any] = {"phase": view.phase, "ahead": view.ahead, "seconds": view.seconds, "problem": view.problem}
    html = progress_html(view.event, language, **facts)
    if view.phase == "waiting":
        plain = t(language, "progress_waiting", ahead=view.ahead)
        html = html.replace(plain, house.waiting_words(view.ahead, language))
    return html
