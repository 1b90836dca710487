"""The writer with a stand-in for the model: what is shown, in what order, and what happens when the model fails."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from finetune.evaluate_promos import evaluate, markdown, random_brief
from finetune.promo_data import Draft, promo_text
from pipelines import text as writer
from pipelines.backends.base import ModelInfo, TextBackend, TextCapabilities
from pipelines.backends.registry import load_text
from pipelines.checks import failures, sentences
from pipelines.text import Promo, headline, main, read_briefs, refill, tidy, variants, write_promos
from slots.brief import Brief
from slots.catalog import default_catalog
from slots.values import Money, Size

CATALOG = default_catalog()
BRIEF = Brief(
    product="Coca-Cola",
    size=Size.parse("600 ml"),
    packaging="glass bottle",
    price=Money.parse("18.50 MXN"),
    store="corner shop",
    environment="beach",
)
BEACH = "¡Sol, arena y sed! Llévate tu [PRODUCT] de [SIZE] en botella de vidrio a solo [PRICE] en tu tiendita."
PLAIN = "Hay antojos que no esperan. [PRODUCT] en botella de vidrio de [SIZE] te espera en la tiendita de la esquina por [PRICE]."
SEA = "El mar invita, tú disfrutas. Pasa a tu tiendita por [PRODUCT] de [SIZE] en botella de vidrio: cuesta [PRICE]."
GREEDY = "¡La playa te llama! Disfruta [PRODUCT] de [SIZE] en botella de vidrio a [PRICE] en tu tiendita. ¡Vaso gratis!"


class FakeBackend:
    """Answers from a list, or from a function of (prompt, samples, seed)."""

    name, reason = "fake", "a test"
    model = ModelInfo("fake", "0", False)

    def __init__(
        self, answers: Sequence[str] | Callable[[str, int, int], list[str]], samples: bool = True, beams: bool = True
    ) -> None:
        self.answers = answers
        self.capabilities = TextCapabilities(samples=samples, beams=beams, max_input_tokens=512)
        self.calls: list[dict] = []

    def generate(self, sources: Sequence[str], *, sample: bool = False, samples: int = 1, seed: int | None = None,
                 temperature: float = 0.9, top_p: float = 0.95, max_tokens: int = 96) -> list[list[str]]:  # fmt: skip
        self.calls.append({"sources": list(sources), "sample": sample, "samples": samples, "seed": seed})
        if callable(self.answers):
            return [self.answers(source, samples, seed or 0) for source in sources]
        return [list(self.answers[:samples]) for _ in sources]


def test_the_three_best_different_texts_are_shown_with_their_checks() -> None:
    result = write_promos(BRIEF, FakeBackend([PLAIN, GREEDY, BEACH, BEACH, SEA]), CATALOG)
    assert len(result.promos) == 3
    assert {promo.source for promo in result.promos} == {"model"}
    assert all(promo.checks and not failures(promo.checks) for promo in result.promos)
    assert result.promos[-1].template == PLAIN, "the opening that fits the beach comes first"
    assert "Coca-Cola de 600 ml" in result.promos[0].text


def test_every_raw_candidate_is_reported_with_the_checks_it_failed() -> None:
    result = write_promos(BRIEF, FakeBackend([PLAIN, GREEDY, BEACH, BEACH, SEA]), CATALOG)
    assert len(result.candidates) == 5
    assert [c.failed for c in result.candidates if c.raw == GREEDY] == [("no other offer",)]
    assert result.pass_rate == pytest.approx(4 / 5)
    assert result.prompt.startswith("Generate a promotion: language=es;")


def test_when_too_few_pass_another_round_is_sampled_with_another_seed() -> None:
    backend = FakeBackend(lambda _, __, seed: [BEACH, GREEDY] if seed == 7 else [SEA, PLAIN])
    result = write_promos(BRIEF, backend, CATALOG, seed=7)
    assert [promo.source for promo in result.promos] == ["model"] * 3
    assert len(backend.calls) == 2
    assert backend.calls[0]["seed"] != backend.calls[1]["seed"]


def test_the_fallback_only_fills_up_what_the_model_left_open() -> None:
    result = write_promos(BRIEF, FakeBackend([BEACH, GREEDY, "", "[PRODUCT] [PRODUCT] [PRODUCT]"]), CATALOG)
    assert [promo.source for promo in result.promos] == ["model", "fallback", "fallback"]
    assert len({promo.text for promo in result.promos}) == 3
    assert not any(failures(promo.checks) for promo in result.promos)


def test_texts_with_the_same_opening_are_shown_once() -> None:
    twin = BEACH.replace("Llévate", "Disfruta")
    result = write_promos(BRIEF, FakeBackend([BEACH, twin]), CATALOG)
    assert [promo.source for promo in result.promos] == ["model", "fallback", "fallback"]


@pytest.mark.parametrize(("beams", "samples"), [(True, 16), (False, 1)])
def test_a_back_end_that_cannot_sample_is_asked_for_beams_or_greedily(beams: bool, samples: int) -> None:
    backend = FakeBackend([BEACH, SEA, PLAIN], samples=False, beams=beams)
    result = write_promos(BRIEF, backend, CATALOG)
    assert {call["sample"] for call in backend.calls} == {False}
    assert backend.calls[0]["samples"] == samples
    assert len(result.promos) == 3


def test_without_sampling_varied_prompts_bring_other_openings() -> None:
    def one_opening_a_prompt(prompt: str, samples: int, _: int) -> list[str]:
        text = SEA if "store=none" in prompt else PLAIN if "environment=none" in prompt else BEACH
        return [text, text.replace("Llévate", "Disfruta")][:samples]

    backend = FakeBackend(one_opening_a_prompt, samples=False)
    result = write_promos(BRIEF, backend, CATALOG)
    assert [promo.source for promo in result.promos] == ["model"] * 3
    assert len(backend.calls) == 3, "no more prompts than are needed"
    assert backend.calls[0]["sources"] == [result.prompt], "the whole brief comes first"
    assert all(not failures(promo.checks) for promo in result.promos)


def test_a_varied_prompt_is_asked_once_and_names_nothing_new() -> None:
    assert len(variants(BRIEF)) == 4
    assert len(variants(BRIEF.with_(store=None))) == 2
    assert len(variants(BRIEF.with_(store=None, environment=None))) == 1


def test_no_more_beams_are_asked_for_than_the_back_end_has() -> None:
    backend = FakeBackend([BEACH], samples=False)
    backend.capabilities = replace(backend.capabilities, most_beams=4)
    write_promos(BRIEF, backend, CATALOG)
    assert {call["samples"] for call in backend.calls} == {4}


def test_the_bundled_model_writes_three_openings_by_beams_for_most_briefs() -> None:
    rng = random.Random(3)
    beams = Beams(load_text(None, "torch"), 8)  # what finetune.export_neuron compiles by default
    texts = [write_promos(random_brief(rng, CATALOG), beams, CATALOG) for _ in range(12)]
    by_model = [sum(promo.source == "model" for promo in result.promos) for result in texts]
    assert sum(count == 3 for count in by_model) >= 8, by_model
    openings = [{sentences(promo.text)[0] for promo in result.promos} for result in texts]
    assert all(len(found) == 3 for found in openings)


class Beams:
    """A back end that can no longer sample, as on a chip whose graph was compiled with so many beams."""

    def __init__(self, backend: TextBackend, beams: int) -> None:
        self.name, self.reason, self.model, self._backend = backend.name, backend.reason, backend.model, backend
        self.capabilities = replace(backend.capabilities, samples=False, most_beams=beams)

    def generate(self, sources: Sequence[str], **options: Any) -> list[list[str]]:
        assert not options.get("sample")
        return self._backend.generate(sources, **options)


def test_equal_seeds_give_equal_texts() -> None:
    def draw(_: str, samples: int, seed: int) -> list[str]:
        rng = random.Random(seed)
        return [rng.choice([BEACH, SEA, PLAIN, GREEDY]) for _ in range(samples)]

    one, two = (write_promos(BRIEF, FakeBackend(draw), CATALOG, seed=3) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("junk", ["", "   ", "[[[", "¡¡¡", "[PRODUCT]", "<script>alert(1)</script>", "\u2047" * 300])
def test_nonsense_from_the_model_never_reaches_the_page(junk: str) -> None:
    result = write_promos(BRIEF, FakeBackend([junk] * 4), CATALOG)
    assert [promo.source for promo in result.promos] == ["fallback"] * 3


def test_changed_figures_refill_the_same_wording() -> None:
    promos = write_promos(BRIEF, FakeBackend([PLAIN, BEACH, SEA]), CATALOG).promos
    again = refill(promos, BRIEF.with_(price=Money.parse("19 MXN")), CATALOG)
    assert [p.template for p in again] == [p.template for p in promos]
    assert all("$19 MXN" in p.text and not failures(p.checks) for p in again)
    assert refill(promos, BRIEF.with_(packaging="can"), CATALOG) == ()


def test_a_promo_survives_its_record() -> None:
    promo = write_promos(BRIEF, FakeBackend([BEACH]), CATALOG).promos[0]
    again = Promo.from_dict(json.loads(json.dumps(promo.to_dict())))
    assert (again.text, again.source, again.template, again.checks) == (
        promo.text,
        promo.source,
        promo.template,
        promo.checks,
    )
    with pytest.raises(ValueError, match="source"):
        Promo.from_dict({"text": "x", "source": "someone"})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("[ PRODUCT ] de [SIZE ] .", "[PRODUCT] de [SIZE]."),
        ("¡ Sol , arena !  Ven", "¡Sol, arena! Ven"),
        ("[N]x[M]", "[N]x[M]"),
    ],
)
def test_spaces_left_by_a_tokenizer_are_put_right(raw: str, expected: str) -> None:
    assert tidy(raw) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¡Sol, arena y sed! Llévate tu Coca-Cola de 600 ml.", "¡Sol, arena y sed!"),
        ("¡Gol! ¡Que ruede el balón! Llévate tu Coca-Cola.", "¡Gol! ¡Que ruede el balón!"),
        ("Coca-Cola de 600 ml a $18.50 MXN. Tu momento.", "Tu momento."),
        ("Llévate tu Coca-Cola de 600 ml en botella de vidrio en tu tiendita.", "Coca-Cola"),
        ("", "Coca-Cola"),
    ],
)
def test_a_headline_is_a_whole_sentence_without_figures(text: str, expected: str) -> None:
    assert headline(text, BRIEF) == expected


def test_a_name_with_a_point_is_not_cut_in_a_headline() -> None:
    brief = BRIEF.with_(product="Dr. Pepper")
    assert headline("¿Se te antoja Dr. Pepper? Está a $18.50 MXN.", brief) == "¿Se te antoja Dr. Pepper?"
    assert headline("Llévate tu Dr. Pepper de 600 ml.", brief) == "Dr. Pepper"


@pytest.mark.parametrize(
    "product", ["[SIZE] Cola", "<b>Cola</b>", "Cola\nde casa", "😀", "coca 2x1", "7 Up", "x" * 300]
)
def test_an_odd_name_is_only_text_and_stands_as_typed(product: str) -> None:
    result = write_promos(BRIEF.with_(product=product), FakeBackend([BEACH, SEA, PLAIN]), CATALOG)
    assert [promo.source for promo in result.promos] == ["model"] * 3
    assert all(" ".join(product.split()) in promo.text for promo in result.promos)


def test_no_text_is_shown_when_none_can_be_exact() -> None:
    brief = BRIEF.with_(product="600")
    assert write_promos(brief, FakeBackend([BEACH]), CATALOG).promos == ()


def test_of_random_briefs_every_shown_text_is_exact_and_the_scores_say_so() -> None:
    def often_good(prompt: str, samples: int, seed: int) -> list[str]:
        rng = random.Random(f"{prompt} {seed}")
        fields = dict(field.split("=", 1) for field in prompt.split(": ", 1)[1].split("; "))
        del fields["product"]
        texts = [promo_text(rng, Draft(**fields)) for _ in range(samples)]  # type: ignore[arg-type]
        return [text.replace("[SIZE]", "600 ml") if rng.random() < 0.5 else text for text in texts]

    scores = evaluate(FakeBackend(often_good), CATALOG, briefs=40, candidates=6)
    assert scores.exact == 1.0
    assert scores.complete == 1.0
    assert 0.4 < scores.candidates_passing < 0.7
    assert scores.fallbacks < 0.2
    assert scores.failed_checks["size"] > 0
    assert "| 100.0% |" in markdown(scores.to_dict())
    assert scores.distinct_2 > 0
    assert scores.least_openings_of_20 >= 1
    assert 0 < scores.verbatim <= 1


def test_the_command_prints_one_object_a_line_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "briefs.jsonl"
    lines = [
        {"product": "Sprite", "size": "600 ml", "price": "18 MXN", "offer": None, "language": "es"},
        {"product": "Fanta", "store": "cinema", "offer": "3 for 2", "language": "en"},
        {"product": "Jarritos"},
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")
    monkeypatch.setattr("pipelines.backends.registry.load_text", lambda model=None, backend="auto": FakeBackend([""]))
    assert main(["--jsonl", str(file)]) == 0
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [len(entry["promos"]) for entry in out] == [3, 3, 3]
    assert {key for entry in out for promo in entry["promos"] for key in promo} == {"text", "source"}
    for entry, name in zip(out, ("Sprite", "Fanta", "Jarritos"), strict=True):
        assert all(name in promo["text"] for promo in entry["promos"])
    assert "$18 MXN" in out[0]["promos"][0]["text"]
    assert "3 for 2" in out[1]["promos"][0]["text"]


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("{", "not JSON"),
        ('{"size": "600 ml"}', "names no product"),
        ('{"product": "Sprite", "size": "big"}', "600 ml"),
        ('{"product": "Sprite", "packaging": "bag"}', "choose one of"),
        ('{"product": "Sprite", "language": "fr"}', "es, en"),
        ('{"product": "Sprite", "colour": "red"}', "unknown field"),
        ("[]", "JSON object"),
        ('{"product": "cerveza Corona"}', "name another product"),
    ],
)
def test_a_wrong_line_is_named_with_its_cure_and_nothing_is_written(
    line: str, cure: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "briefs.jsonl"
    file.write_text('{"product": "Sprite"}\n' + line + "\n", encoding="utf-8")
    assert main(["--jsonl", str(file)]) == 2
    printed = capsys.readouterr()
    assert "line 2" in printed.err
    assert cure in printed.err
    assert printed.out == ""


def test_an_empty_or_missing_file_is_told_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no briefs"):
        read_briefs(tmp_path / "empty.jsonl", CATALOG)
    with pytest.raises(ValueError, match="give a file"):
        read_briefs(tmp_path / "missing.jsonl", CATALOG)


def test_the_writer_loads_no_engine_on_import() -> None:
    assert not {"torch", "transformers", "ctranslate2"} & set(vars(writer))
