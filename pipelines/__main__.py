"""The main job without a screen.

    python -m pipelines "coca de 2 litros de vidrio a 35 en la playa, en mi tiendita" --out OUT
    python -m pipelines --brief OUT/promotion.json --out AGAIN            # recorded texts, the same pixels
    python -m pipelines --brief OUT/promotion.json --out NEW --resample   # new texts
    python -m pipelines --brief OUT/promotion.json --out NEW --layout story --format 9:16   # the same scenes, no model

Writes promotion.json, promo.txt, poster-1.png ... and promotion.zip into the folder, poster-1.pdf ... for A4, and margin.json
where the margin is known. A slot that the message leaves out is left out; a product must be named. Exit codes: 0 done; 2 the call is wrong;
1 the work failed.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import compose, records
from pipelines.backends.registry import BackendError, choices
from pipelines.models import ModelError
from pipelines.offers import Margin, OffersError, Verdict, cents, judge, parse_cost, per_cent
from pipelines.poster_plan import FORMATS, LAYOUTS
from pipelines.promotion import MAX_IMAGES, SCENES, Promotion, Settings
from pipelines.scene import SceneError
from pipelines.scene_prompt import STYLES
from slots.brief import Brief
from slots.catalog import CatalogError, default_catalog
from slots.schema import Language

if TYPE_CHECKING:
    from pipelines.studio import Studio
    from slots.guard import Notice


MARGIN = "margin.json"
"""Beside the record, not in it and not in the ZIP: what a piece costs the shop is nobody else's business."""


REMAKING = ("images", "seed", "scene", "strength", "steps", "style", "photo", "text_model", "image_model")
"""Arguments that ask for other scenes than the recorded ones."""


class CallError(ValueError):
    """The call is wrong; the message says what and the cure."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="python -m pipelines", description="One sentence in, a finished promotion out.")
    p.add_argument("message", nargs="?", help="what to promote, in Spanish or English")
    p.add_argument("--brief", type=Path, help="a brief (JSON) or an earlier promotion.json, instead of a message")
    p.add_argument("--out", type=Path, required=True, help="folder for the results")
    p.add_argument("--images", type=int, help=f"posters, 0 to {MAX_IMAGES} (default 2, or as recorded)")
    p.add_argument(
        "--seed", type=int, help="equal seeds give equal pictures on one machine (default 0, or as recorded)"
    )
    p.add_argument("--scene", choices=SCENES, help="place: the model makes the place; whole: also the product")
    p.add_argument("--strength", type=float, help="0: the drawn sketch as it is, 1: plain text-to-image")
    p.add_argument("--steps", type=int, help="diffusion steps")
    p.add_argument(
        "--style", metavar="NAME",
        help=f"how scenes look: {' or '.join(STYLES)} (default {Settings.style}; photograph needs a full-size checkpoint)",
    )  # fmt: skip
    p.add_argument(
        "--layout", metavar="NAME",
        help=f"poster layout: {', '.join(LAYOUTS)} (default {Settings.layout}, or as recorded). With an earlier "
        "promotion, --layout and --format alone use its scenes again and load no model",
    )  # fmt: skip
    p.add_argument(
        "--format", metavar="NAME",
        help=f"poster format: {', '.join(FORMATS)} (default {Settings.format}, or as recorded); a4 comes as a PDF too",
    )  # fmt: skip
    p.add_argument("--photo", type=Path, help="your own product photo (PNG, JPEG or WebP) instead of the drawn product")
    p.add_argument("--resample", action="store_true", help="with an earlier promotion: write new texts")
    p.add_argument(
        "--cost", help="what a piece costs you, in the price's currency, such as 12.50 (else the catalogue's)"
    )
    p.add_argument("--text-model", help="a folder or a Hub id instead of the bundled T5")
    p.add_argument("--image-model", help="a folder or a Hub id instead of the bundled Stable Diffusion")
    p.add_argument("--text-backend", choices=choices("text"), default="auto")
    p.add_argument("--image-backend", choices=choices("image"), default="auto")
    return p


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    args = parser().parse_args(argv)
    try:
        cost = given_cost(args.cost)
        promotion = run(args)
        margin = margin_line(promotion, cost)
    except (CallError, CatalogError, BackendError, SceneError) as error:
        print(error, file=sys.stderr)
        return 2
    except (records.RecordError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1
    for promo in promotion.promos if promotion.brief.promotion in ("text", "both") else ():
        print(f"[{promo.source}] {promo.text}")
    if margin:
        print(margin)
    for poster in promotion.posters:
        print(f"{promotion.folder / poster.file}  seed {poster.seed}")
        if poster.pdf:
            print(promotion.folder / poster.pdf)
        if poster.drawn:
            print(f"  {drawn_note(poster.tries)}")
        if poster.note:
            print(f"  {poster.note}")
    print(promotion.zip)
    return 0


def run(args: argparse.Namespace) -> Promotion:
    """Reads the call, makes the promotion, tells the steps on stderr."""
    if (args.message is None) == (args.brief is None):
        raise CallError(
            'give either a message or --brief FILE, for instance: python -m pipelines "coca de 600 a 18" --out out'
        )
    if args.resample and args.brief is None:
        raise CallError("--resample goes with --brief FILE/promotion.json")
    recorded: dict[str, Any] | None = None
    settings, brief = Settings(), None
    if args.brief is not None:
        try:
            data = records.read_record(args.brief)
            brief, earlier = records.brief_of(data)
        except (ValueError, records.RecordError) as error:
            raise CallError(f"{args.brief}: {error}") from error
        settings = earlier or settings
        if records.is_promotion(data):
            recorded = data
    settings = overridden(settings, args)
    if brief is not None and recorded is not None:
        check(brief)
        if (again := recomposed(args)) is not None:
            return again
    from pipelines.studio import Studio, StudioOptions

    studio = Studio(StudioOptions(args.text_model, args.image_model, args.text_backend, args.image_backend))
    if brief is None:
        brief = understand(studio, args.message)
    if recorded is None:
        check(brief)
    promos = None
    if recorded is not None and not args.resample:
        from pipelines.text import Promo

        promos = [Promo.from_dict(entry) for entry in (recorded.get("writer") or {}).get("promos", [])] or None
    photo = None
    if args.photo is not None:
        from pipelines.packshot import PhotoError, load_photo

        try:
            photo = load_photo(args.photo)
        except PhotoError as error:
            raise CallError(str(error)) from error
    elif recorded is not None and recorded.get("photo"):
        photo = compose.own_photo(args.brief.parent)
    conversation = [{"role": "user", "text": args.message}] if args.message else []
    keep_earlier(args.out)
    promotion: Promotion | None = None
    for event in studio.promote(
        brief, settings, photo=photo, conversation=conversation, promos=promos, folder=args.out
    ):
        promotion = event.promotion
        if event.kind == "step":
            print(f"poster {event.poster} of {event.posters}, step {event.step} of {event.steps}", file=sys.stderr)
    assert promotion is not None  # a making ends with `done` or raises
    return promotion


def recomposed(args: argparse.Namespace) -> Promotion | None:
    """The earlier promotion in another layout or format, from its own scenes; None where something must be made anew."""
    if args.layout is None and args.format is None:
        return None
    if args.resample or any(getattr(args, name) is not None for name in REMAKING):
        return None
    try:
        earlier = records.read_promotion(args.brief.parent, args.brief.name)
    except records.RecordError:
        return None
    if len(earlier.posters) < earlier.settings.images or not compose.can_recompose(earlier):
        return None
    same = args.out.resolve() == earlier.folder.resolve()
    moved = keep_earlier(args.out)
    if same and moved is not None:
        earlier = replace(earlier, folder=moved)
    print("the recorded scenes are used; no model is loaded", file=sys.stderr)
    return compose.recompose(earlier, default_catalog(), layout=args.layout, format=args.format, folder=args.out)


def drawn_note(tries: int) -> str:
    """Why a poster has a drawn scene."""
    if not tries:
        return "drawn scene: with --strength 0 the model is not asked"
    return f"drawn scene: {tries} of the model's scenes did not show their place"


def understand(studio: "Studio", message: str) -> Brief:
    """The brief of a message. Raises CallError when it names no product, several, or something that is declined."""
    found = studio.extract(message)
    for notice in found.notices:
        if notice.severity == "decline":
            raise CallError(told(notice, found.language))
    if len(found.products) > 1:
        raise CallError(f"one promotion is about one product; choose one of: {', '.join(found.products)}")
    if "product" not in found.slots:
        raise CallError(
            'the message names no product. Add one, for instance: "Coca-Cola de 600 ml a $18". '
            f"Products of the catalogue: {', '.join(studio.catalog.products)}"
        )
    for notice in found.notices:
        if notice.slot is None or notice.slot not in found.slots:  # what stands in the brief is looked at with it
            print(f"note: {told(notice, found.language)}", file=sys.stderr)
    return Brief.from_dict(
        {
            "slots": found.slots,
            "offer": str(found.offer) if found.offer else None,
            "variant": found.variant,
            "marked": list(found.marked),
            "language": found.language,
        }
    )


def check(brief: Brief) -> None:
    """Declines a brief that the chat would decline too."""
    from slots.guard import review_brief

    for notice in review_brief(brief, default_catalog()):
        if notice.severity == "decline":
            raise CallError(told(notice, brief.language))
        print(f"note: {told(notice, brief.language)}", file=sys.stderr)


def told(notice: "Notice", language: Language) -> str:
    """A notice in words: as the chat says it, else its code, the user's words and the source."""
    from slots import replies
    from slots.steps import declined

    if notice.severity == "decline":
        return declined(notice, language)
    if f"note.{notice.code}" in replies.TEXTS:
        text = replies.say(f"note.{notice.code}", language, words=replies.quoted(notice.words))
        return text.strip()
    source = f" ({notice.source})" if notice.source else ""
    return f"{notice.code.replace('_', ' ')}: {notice.words}{source}"


def given_cost(text: str | None) -> Decimal | None:
    """The user's own cost a piece. Raises CallError when it is none."""
    try:
        return None if text is None else parse_cost(text)
    except OffersError as error:
        raise CallError(str(error)) from error


def margin_line(promotion: Promotion, cost: Decimal | None) -> str:
    """Writes margin.json and gives its gist in one line; where no margin is known, tells the cure on stderr."""
    try:
        verdict = judge(promotion.brief, default_catalog(), cost=cost)
    except OffersError as error:
        if error.code != "no_price" or cost is not None:
            cure = " (--cost 12.50)" if error.code in ("no_cost", "currency") else ""
            print(f"note: no margin: {error}{cure}", file=sys.stderr)
        return ""
    records.write_json(promotion.folder / MARGIN, verdict.to_dict())
    if verdict.problem:
        print(f"note: {verdict.problem}", file=sys.stderr)
    return gist(verdict)


def gist(verdict: Verdict) -> str:
    """`[margin] 10.50 MXN a piece (30 %) at a cost of 24.50, assumed; with 3 for 2: LOSS of 1.17 MXN a piece`."""
    plain, asked = verdict.plain, verdict.asked
    line = f"[margin] {earned(plain)} at a cost of {cents(plain.cost)}{', assumed' if plain.assumed else ''}"
    if asked is None:
        return line
    uplift = "" if asked.uplift is None else f", +{per_cent(asked.uplift)} % pieces to earn the same"
    return f"{line}; with {asked.offer}: {earned(asked)}{uplift}"


def earned(margin: Margin) -> str:
    """What a piece earns, or that it loses."""
    if margin.loses:
        return f"LOSS of {cents(-margin.margin)} {margin.currency} a piece"
    return f"{cents(margin.margin)} {margin.currency} a piece ({per_cent(margin.share)} %)"


def overridden(settings: Settings, args: argparse.Namespace) -> Settings:
    """The settings with what the call gives."""
    given = {
        key: getattr(args, key)
        for key in ("images", "seed", "scene", "strength", "steps", "style", "layout", "format")
        if getattr(args, key) is not None
    }
    try:
        return settings.with_(**given)
    except ValueError as error:
        raise CallError(str(error)) from error


def keep_earlier(folder: Path) -> Path | None:
    """Moves an earlier promotion in the folder aside: what was made is never overwritten. Gives where it went."""
    record = folder / records.RECORD
    if folder.exists() and not folder.is_dir():
        raise CallError(f"{folder} is a file; give a folder to --out")
    if not record.exists():
        return None
    try:
        name = str(records.read_record(record).get("id", "unknown"))
    except records.RecordError:
        name = "damaged"
    target = folder / f"earlier-{name}"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"earlier-{name}-{number}"
    target.mkdir(parents=True)
    for file in folder.iterdir():
        if file.is_file():
            os.replace(file, target / file.name)
    print(f"an earlier promotion was moved to {target}", file=sys.stderr)
    return target


if __name__ == "__main__":
    sys.exit(main())
