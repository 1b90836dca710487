"""Writes tests/golden/extraction.txt anew: `python -m tests.golden_extraction`, after a change made on purpose."""

import hashlib
import random
from functools import cache
from itertools import islice
from pathlib import Path

from finetune import message_writer
from finetune.extraction_data import examples
from finetune.lexicon import read_lexicon


def main() -> None:
    """Twelve examples to read and the hash of three hundred."""
    message_writer.lexicon = cache(lambda language, part=None: read_lexicon(language, None))  # type: ignore[assignment]
    drawn = [f"{e.text} => {e.target}" for e in islice(examples(random.Random(2026)), 300)]
    parts = [*drawn[:12], hashlib.sha256("\n".join(drawn).encode()).hexdigest()]
    Path(__file__).with_name("golden").joinpath("extraction.txt").write_text("\n----\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
