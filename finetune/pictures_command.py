"""The command `python -m finetune.pictures`: draws picture sets, or crawls a shop's. Parses, calls, reports; nothing else."""

import argparse
import ipaddress
import shlex
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from finetune.pictures import HELD_OUT, draw_set, picture_spec

if TYPE_CHECKING:
    from finetune.crawl.addresses import Network
    from finetune.picture_folder import Picture


def main(arguments: list[str] | None = None) -> int:
    """The command. Exit codes: 0 done, 2 the call is wrong, 1 the work failed."""
    parser = _parser()
    options = parser.parse_args(arguments)
    from finetune.hub import HubError

    try:
        done: int = options.run(options, parser)
    except HubError as error:
        print(f"not pushed: {error}", file=sys.stderr)
        return 1
    return done


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m finetune.pictures", description="Makes picture sets to learn from."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser(
        "draw", help="draw a training set", description="The same (seed, count, size) gives the same pictures."
    )
    drawing.add_argument("--count", type=int, default=6000, help="pictures to train on")
    drawing.add_argument("--seed", type=int, default=0)
    drawing.add_argument("--size", type=int, default=512, help="pixels a side")
    drawing.add_argument("--out", type=Path, default=Path("runs/scene/pictures"))
    drawing.add_argument("--format", choices=("arrays", "folder"), default="arrays",
                         help="arrays: pictures.npy and captions.jsonl, for the bundled recipe; folder: an image folder for `datasets`")  # fmt: skip
    drawing.add_argument(
        "--packshots", action="store_true", help="products on plain backgrounds instead of scenes (folder)"
    )
    drawing.add_argument("--files", choices=("png", "webp"), default="png", help="both without loss (folder)")
    drawing.add_argument("--push-to-hub", metavar="USER/NAME", help="upload the folder as a private data set")
    drawing.set_defaults(run=_draw)
    crawling = commands.add_parser(
        "crawl", help="a shop's product pictures, from its site map",
        description="Obeys robots.txt. Run it again with the same --out to go on after a stop. Ask the shop before you publish its pictures.",
    )  # fmt: skip
    crawling.add_argument("sitemap", metavar="SITEMAP_URL")
    crawling.add_argument("--out", type=Path, required=True)
    crawling.add_argument("--contact", help="your mail or web address, told to the server in the User-Agent")
    crawling.add_argument(
        "--delay",
        type=float,
        default=1.0,
        help="least seconds between requests to one host; robots.txt may ask for more (default 1)",
    )
    crawling.add_argument("--attempts", type=int, default=4, help="tries a request (default 4)")
    crawling.add_argument("--most", type=int, default=5000, help="at most so many pages and pictures (default 5000)")
    crawling.add_argument("--most-megabytes", type=float, default=20, help="largest picture file (default 20)")
    crawling.add_argument("--smallest", type=int, default=256, help="pixels of the shorter side at least (default 256)")
    crawling.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="REASON",
        help="do not drop for this reason: several, dark, busy, near, unknown",
    )
    crawling.add_argument("--files", choices=("png", "webp"), default="png")
    crawling.add_argument("--catalog", type=Path, help="another catalogue than assets/catalog.yaml")
    crawling.add_argument("--allow-private", nargs="*", metavar="NETWORK", default=None,
                          help="let it reach your own network: all private ranges, or only these, for instance 192.168.1.0/24")  # fmt: skip
    crawling.add_argument("--push-to-hub", metavar="USER/NAME", help="upload the finished folder as a private data set")
    crawling.set_defaults(run=_crawl)
    return parser


def _draw(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    if options.count < 1 or options.size < 64:
        parser.error("--count must be at least 1 and --size at least 64")
    if options.format == "arrays":
        if options.packshots or options.push_to_hub:
            parser.error("--packshots and --push-to-hub need --format folder")
        draw_set(options.out, count=options.count, seed=options.seed, size=options.size)
        print(f"{options.count} pictures in {options.out}")
        return 0
    from finetune.cards import drawn_card
    from finetune.picture_folder import FolderError, write_folder

    what = "packshots" if options.packshots else "scenes"
    command = (
        f"python -m finetune.pictures draw --format folder {'--packshots ' * options.packshots}--count {options.count} --seed {options.seed} "
        f"--size {options.size} --files {options.files} --out {shlex.quote(options.out.name)}"
    )
    columns = (
        ("product", "variant", "size", "packaging", "background", "seed")
        if options.packshots
        else ("place", "light", "season", "surface", "seed")
    )
    pictures = drawn(count=options.count, seed=options.seed, size=options.size, packshots=options.packshots)
    try:
        counts = write_folder(
            pictures, options.out, lambda counts: drawn_card(counts, what, command, columns), file_format=options.files
        )
    except FolderError as error:
        parser.error(str(error))
    print(f"{', '.join(f'{count} {split}' for split, count in counts.items())} pictures in {options.out}")
    return _pushed(options.out, options.push_to_hub)


def drawn(*, count: int, seed: int, size: int, packshots: bool = False) -> Iterator["Picture"]:
    """The pictures of a drawn folder: `count` for train, and one for test, of held-out combinations, for every HELD_OUT."""
    from finetune.packshot_set import draw_product, packshot_caption, packshot_spec
    from finetune.picture_folder import Picture
    from pipelines.scene_prompt import caption
    from pipelines.sketch import draw
    from slots.catalog import default_catalog

    catalog = default_catalog()
    for split, number in (("train", count), ("test", -(-count // HELD_OUT))):
        for index in range(number):
            name, unseen = f"{index:06d}", split == "test"
            if packshots:
                shot = packshot_spec(seed, index, catalog, unseen=unseen)
                fields = {**asdict(shot), "variant": shot.variant or ""}
                yield Picture(split, name, partial(draw_product, shot, size, catalog), packshot_caption(shot), fields)
            else:
                spec = picture_spec(seed, index, unseen=unseen)
                yield Picture(split, name, partial(draw, spec, size), caption(spec), asdict(spec))


def networks(given: list[str] | None) -> "tuple[Network, ...]":
    """The networks that `--allow-private` opens. Raises ValueError for one that is none."""
    from finetune.crawl.addresses import PRIVATE

    if given is None:
        return ()
    return tuple(ipaddress.ip_network(text, strict=False) for text in given) or PRIVATE


def _crawl(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from finetune.crawl.addresses import GuardedBackend
    from finetune.crawl.fetch import Fetcher, FetchError, address, agent
    from finetune.crawl.run import CrawlError, Settings, crawl
    from slots.catalog import CatalogError, default_catalog, load_catalog

    def say(line: str) -> None:
        print(line, flush=True)

    try:
        settings = Settings(
            str(address(options.sitemap)), options.most, int(options.most_megabytes * 2**20), options.smallest, tuple(options.keep), options.files
        )  # fmt: skip
        if options.delay < 0 or options.attempts < 1:
            raise CrawlError("--delay must be at least 0 and --attempts at least 1")
        catalog = load_catalog(options.catalog) if options.catalog else default_catalog()
        fetcher = Fetcher(
            agent(options.contact), pause=options.delay, attempts=options.attempts, backend=GuardedBackend(networks(options.allow_private)), say=say
        )  # fmt: skip
    except FetchError as error:
        parser.error(f"{options.sitemap}: {error}")
    except (CatalogError, ValueError) as error:
        parser.error(str(error))
    try:
        outcomes = crawl(settings, options.out, fetcher, catalog, say)
    except (FetchError, CrawlError, OSError) as error:
        print(f"{options.sitemap if isinstance(error, FetchError) else 'crawl'}: {error}", file=sys.stderr)
        return 1
    finally:
        fetcher.close()
    for reason, count in sorted(outcomes.items(), key=lambda pair: -pair[1]):
        say(f"{count:6d} {reason}")
    say(f"image folder: {options.out / 'dataset'}; every picture with its reason: {options.out / 'pictures.csv'}")
    return _pushed(options.out / "dataset", options.push_to_hub)


def _pushed(folder: Path, repo: str | None) -> int:
    if repo:
        from finetune.hub import push_folder

        print(f"pushed: {push_folder(folder, repo, 'dataset')}")
    return 0
