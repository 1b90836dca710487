"""What tests/test_neuron.py looks at, each case in a process of its own: `python -m tests.neuron_cases CASE DIR`.

The real optimum-neuron exports, saves, loads and runs models over the stand-ins; the last line of the output is a JSON object
of what was found. The case `device` takes no stand-ins: it needs the real SDK and a chip.
"""

import json
import logging
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PROMPTS = 50
LENGTH = 128
BEAMS = 4
OUTPUT = 96
STEPS = 5
PROMPT = "a beach at noon, sand in front"


def prompts(count: int = PROMPTS) -> list[str]:
    """Half messages as extraction reads them, half writer's prompts."""
    from finetune.evaluate_promos import random_brief
    from pipelines.prompts import writer_source
    from slots import wire
    from slots.catalog import default_catalog
    from slots.numbers import tag

    file = Path(__file__).with_name("validation_messages.jsonl")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    messages = [wire.source(tag(row["text"]).text, row.get("asking")) for row in rows[: count // 2]]
    rng = random.Random(11)
    return messages + [writer_source(random_brief(rng, default_catalog())) for _ in range(count - len(messages))]


def export(out: Path, *flags: str) -> None:
    """The command as a user calls it."""
    from finetune.export_neuron import main

    if code := main(["--out", str(out), *flags]):
        raise SystemExit(f"the export ended with {code}")


def neuron_tokens(backend: Any, source: str, samples: int) -> list[list[int]]:
    """The pieces of each output up to its end mark, as the library gives them."""
    inputs = backend._tokenizer(source, return_tensors="pt")
    rows = backend._net.generate(
        input_ids=inputs.input_ids,
        attention_mask=inputs.attention_mask,
        max_length=OUTPUT + 1,
        num_return_sequences=samples,
    )
    return [trimmed(row.tolist()) for row in rows]


def torch_tokens(backend: Any, source: str, beams: int) -> list[list[int]]:
    """The same from transformers."""
    import torch

    inputs = backend._tokenizer(source, return_tensors="pt")
    with torch.no_grad():
        rows = backend._net.generate(
            **inputs, max_new_tokens=OUTPUT, num_beams=beams, num_return_sequences=beams, do_sample=False
        )
    return [trimmed(row.tolist()) for row in rows]


def trimmed(ids: list[int]) -> list[int]:
    """Up to the first end mark: the library fills up with padding, transformers' beam search with end marks."""
    return ids[: ids.index(1) + 1] if 1 in ids else ids


def refusal(call: Callable[[], Any]) -> str:
    """What a call that must not work says, with the error's class; empty when it works."""
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def text(folder: Path) -> dict[str, Any]:
    """Greedy and beams of the bundled checkpoint against transformers; limits, threads, stops, planted faults."""
    import torch

    from pipelines.backends.base import Stopped
    from pipelines.backends.registry import load_text, pick
    from pipelines.models import BUNDLED, find_model
    from tests import neuron_standins as standins

    shapes = ("--only", "text", "--sequence-length", str(LENGTH), "--num-beams")
    # a folder whose name holds the words from which optimum-neuron takes flags for pictures
    odd = folder / "unet-vae-transformer"
    odd.symlink_to(BUNDLED["text"])
    export(folder / "beams", *shapes, str(BEAMS))
    export(folder / "greedy", *shapes, "1", "--text-model", str(odd))
    traces = standins.calls("trace")
    torch_text: Any = load_text(None, "torch")
    greedy: Any = load_text(str(folder / "greedy" / "text"), "neuron")
    beams: Any = load_text(str(folder / "beams" / "text"), "auto")
    sources = prompts()
    wanted = {n: [torch_tokens(torch_text, source, n) for source in sources] for n in (1, BEAMS)}
    best = [neuron_tokens(beams, source, BEAMS) for source in sources]
    found: dict[str, Any] = {
        "flags": sorted({trace["compiler_args"] for trace in traces}),
        "inlined": [trace["inline_weights_to_neff"] for trace in traces],
        "shapes": [[list(shape) for shape in trace["shapes"]] for trace in traces],
        "cached": len(standins.calls("CompileCache")),
        "placed": [(c["start_nc"], c["nc_count"]) for c in standins.calls("set_neuron_cores")],
        "auto": beams.reason,
        "greedy": same(wanted[1], [neuron_tokens(greedy, source, 1) for source in sources]),
        "best_beam": same([w[0] for w in wanted[BEAMS]], [b[0] for b in best]),
        "all_beams": same(wanted[BEAMS], best),
        "capabilities": [beams.capabilities.__dict__, greedy.capabilities.__dict__],
        "through_generate": greedy.generate(sources[:8]) == torch_text.generate(sources[:8]),
        "capped": len(greedy._tokenizer(greedy.generate([sources[0]], max_tokens=10_000)[0][0]).input_ids),
        "one_token": greedy.generate([sources[0]], max_tokens=1),
        "no_sampling": refusal(lambda: beams.generate(sources[:1], sample=True)),
        "too_many": refusal(lambda: beams.generate(sources[:1], samples=BEAMS + 1)),
        "wrong_shape": refusal(lambda: greedy._net.encoder(torch.ones(1, 7).long(), torch.ones(1, 7).long())),
        "batch": refusal(lambda: greedy._net.generate(torch.ones(2, 7).long(), attention_mask=torch.ones(2, 7).long())),
        "again": refusal(lambda: find_model("image", str(folder / "beams" / "text"), compiled=True)),
        "not_asked": refusal(lambda: load_text(str(folder / "beams" / "text"), "torch")),
        "plain": refusal(lambda: load_text(None, "neuron")),
        "parent": refusal(lambda: load_text(str(folder / "beams"), "neuron")),
        "picked": pick("text", "auto")[0].name,
    }
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("pipelines.backends.neuron_text").addHandler(handler)
    long = "Extract the slots: asking=none; " + "coca de vidrio en la playa, " * 60
    found["long"] = [greedy.generate([long])[0][0], " ".join(logged)]

    steps: list[tuple[int, int]] = []
    found["full"] = beams.generate(sources[:2], max_tokens=20, on_step=lambda *step: bool(steps.append(step)) or True)
    found["steps"] = steps
    stopped: list[int] = []
    try:
        beams.generate(sources[:1], on_step=lambda step, _: bool(stopped.append(step)) or step < 3)
    except Stopped:
        stopped.append(-1)
    found["stopped"] = stopped
    found["after_stop"] = same(best[:3], [neuron_tokens(beams, source, BEAMS) for source in sources[:3]])
    found["threads"] = threads(greedy, sources[:10])
    # planted faults: the comparison must see them
    net, kept = beams._net, beams._net._reorder_cache
    net._reorder_cache = lambda _: setattr(net, "beam_idx", torch.arange(BEAMS))
    found["fault_beams"] = same([w[0] for w in wanted[BEAMS]], [neuron_tokens(beams, s, 1)[0] for s in sources])
    net._reorder_cache = kept
    standins.Compiled.writes_back = False
    export(folder / "fault", *shapes, "1")
    faulty = load_text(str(folder / "fault" / "text"), "neuron")
    found["fault_cache"] = same(wanted[1], [neuron_tokens(faulty, source, 1) for source in sources])
    return found


def same(wanted: Sequence[Any], found: Sequence[Any]) -> int:
    """How many agree."""
    return sum(a == b for a, b in zip(wanted, found, strict=True))


def threads(backend: Any, sources: Sequence[str]) -> int:
    """Two threads ask for the same prompts in opposite order; how many of their answers are right."""
    alone = {source: backend.generate([source]) for source in sources}
    right: list[bool] = []

    def ask(order: Sequence[str]) -> None:
        for source in order:
            right.append(backend.generate([source]) == alone[source])

    workers = [threading.Thread(target=ask, args=(order,)) for order in (sources, list(reversed(sources)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(right)


def drift(neuron: Any, torch_pipeline: Any, seeds: Sequence[int], **options: Any) -> float:
    """The largest difference of two pipelines' pixels (0..1) from the same noise."""
    import numpy as np
    import torch

    def made(pipeline: Any, count: int) -> Any:
        noise = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        with torch.no_grad():
            return pipeline(
                PROMPT, negative_prompt="text", num_inference_steps=STEPS, output_type="np", num_images_per_prompt=count,
                generator=noise if count > 1 else noise[0], **options,
            ).images  # fmt: skip

    count = len(seeds)
    return float(np.abs(made(neuron, count) - made(torch_pipeline, count)).max())


def compare(neuron: Any, reference: Any) -> dict[str, float]:
    """Both ways of making a picture, with and without guidance, and the autoencoder alone, against diffusers."""
    import numpy as np

    sketch = picture(neuron.limits.width, neuron.limits.height)
    seeds = range(3, 3 + neuron.limits.images)
    size = {"width": neuron.limits.width, "height": neuron.limits.height}
    images = {"image": sketch, "strength": 0.6}
    seen = [np.asarray(b.reconstruct(sketch, **size), float) for b in (neuron, reference)]
    through = [
        np.asarray(b.generate(PROMPT, init=sketch, strength=0.5, steps=4, seed=3, **size), float)
        for b in (neuron, reference)
    ]
    return {
        "from_text": drift(neuron._from_text, reference._from_text, seeds, guidance_scale=5.0, **size),
        "unguided": drift(neuron._from_text, reference._from_text, seeds, guidance_scale=1.0, **size),
        "from_image": drift(neuron._from_image, reference._from_image, seeds, guidance_scale=5.0, **images),
        "reconstruct_levels": float(np.abs(seen[0] - seen[1]).max()),
        "generate_levels": float(np.abs(through[0] - through[1]).max()),
    }


def picture(width: int, height: int) -> Any:
    """A picture with some colour everywhere."""
    import numpy as np
    from PIL import Image

    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], -1).astype("uint8"))


def image(folder: Path) -> dict[str, Any]:
    """A tiny Stable Diffusion, one and two pictures a call, against diffusers; limits, stops, placement."""
    import os

    from pipelines.backends.base import Stopped
    from pipelines.backends.neuron_runtime import CORES
    from pipelines.backends.registry import load_image
    from tests import neuron_standins as standins
    from tests.tiny import tiny_image_checkpoint

    tiny = tiny_image_checkpoint(folder / "tiny")
    flags = ("--only", "image", "--image-model", str(tiny))
    export(folder / "one", *flags)
    traces = standins.calls("trace")
    export(folder / "two", *flags, "--images", "2", "--width", "48")
    reference: Any = load_image(str(tiny), "torch")
    standins.CALLS.clear()
    one: Any = load_image(str(folder / "one" / "image"), "neuron")
    placed = [c["start_nc"] for c in standins.calls("set_neuron_cores")]
    os.environ[CORES] = "0,1"
    standins.CALLS.clear()
    two: Any = load_image(str(folder / "two" / "image"), "neuron")
    record = json.loads((folder / "two" / "image" / "promo_neuron.json").read_text(encoding="utf-8"))
    steps: list[tuple[int, int]] = []
    size = {"width": 32, "height": 32}
    one.generate(PROMPT, steps=STEPS, on_step=lambda *step: bool(steps.append(step)) or True, **size)
    stopped: list[int] = []
    try:
        one.generate(PROMPT, steps=STEPS, on_step=lambda step, _: bool(stopped.append(step)) or step < 2, **size)
    except Stopped:
        stopped.append(-1)
    import torch

    configurations = "".join(file.read_text() for file in (folder / "one" / "image").rglob("*.json"))
    return {
        "flags": {t["model"]: t["compiler_args"] for t in traces},
        "unet_flags": [t["compiler_args"] for t in traces if t["model"] == "UnetNeuronWrapper"],
        "shapes": [[list(shape) for shape in t["shapes"]] for t in traces],
        "cached": len(standins.calls("CompileCache")),
        "placed": placed,
        "placed_on_both": [c["start_nc"] for c in standins.calls("set_neuron_cores")],
        "data_parallel": len(standins.calls("DataParallel")),
        "one": compare(one, reference),
        "two": compare(two, reference),
        "capabilities": one.capabilities.__dict__,
        "record": record,
        "names_a_folder": str(folder) in configurations,
        "other_size": refusal(lambda: one.generate(PROMPT, width=64, height=32)),
        "other_count": refusal(lambda: one.pictures(PROMPT, seeds=[1, 2], **size)),
        "wrong_shape": refusal(lambda: one._from_text.vae_decoder(torch.zeros(1, 4, 8, 8))),
        "steps": steps,
        "stopped": stopped,
        "again": refusal(lambda: load_image(str(folder / "one" / "image"), "torch")),
        "as_text": refusal(lambda: _find("text", folder / "one" / "image")),
    }


def _find(kind: Any, folder: Path) -> Any:
    from pipelines.models import find_model

    return find_model(kind, str(folder), compiled=True)


def bundled(folder: Path) -> dict[str, Any]:
    """The bundled Stable Diffusion against diffusers. What is compiled is the stock pipeline, with the large autoencoder."""
    import shutil

    from pipelines.backends.registry import load_image
    from pipelines.backends.torch_image import TINY
    from pipelines.models import BUNDLED

    export(folder / "bundled", "--only", "image")
    stock = shutil.copytree(BUNDLED["image"], folder / "stock", ignore=shutil.ignore_patterns(TINY))
    return compare(load_image(str(folder / "bundled" / "image"), "neuron"), load_image(str(stock), "torch"))


def resume(folder: Path) -> dict[str, Any]:
    """What the export does when it is called again, stopped in between, or called for something else."""
    import contextlib
    import io

    from finetune import export_neuron
    from pipelines.models import find_model
    from tests import neuron_standins as standins
    from tests.tiny import tiny_image_checkpoint, tiny_text_checkpoint

    words, scene = tiny_text_checkpoint(folder / "t5"), tiny_image_checkpoint(folder / "sd")
    out = folder / "out"
    base = ["--text-model", str(words), "--image-model", str(scene), "--out", str(out), "--num-beams", "2"]

    def call(*flags: str) -> dict[str, Any]:
        standins.CALLS.clear()
        said, complained = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
            code = export_neuron.main([*base, *flags])
        return {
            "code": code, "compiled": [c["model"] for c in standins.calls("trace")], "said": said.getvalue(),
            "complained": complained.getvalue(), "there": sorted(p.name for p in out.iterdir()) if out.exists() else [],
        }  # fmt: skip

    found: dict[str, Any] = {"short": call("--sequence-length", "8"), "odd_size": call("--height", "33")}
    compile_model = export_neuron.compile_model

    def broken(files: Any, shapes: Any, part: Path) -> None:
        if files.kind == "image":
            (part / "unet").mkdir()
            raise MemoryError("killed") from OSError("no memory")
        compile_model(files, shapes, part)

    export_neuron.compile_model = broken  # type: ignore[assignment]
    found["failed"] = call()
    export_neuron.compile_model = compile_model
    found["resumed"] = call()
    found["finished"] = call()
    found["other"] = call("--num-beams", "3")
    before = find_model("text", str(out / "text"), compiled=True).info.revision
    found["forced"] = call("--num-beams", "3", "--force", "--only", "text")
    found["changed"] = before != find_model("text", str(out / "text"), compiled=True).info.revision
    # a new training in the same place must not come back as the old model
    import torch
    from transformers import T5ForConditionalGeneration

    model = T5ForConditionalGeneration.from_pretrained(words)
    with torch.no_grad():
        model.shared.weight.add_(1)
    model.save_pretrained(words)
    found["retrained"] = call("--num-beams", "3", "--only", "text")
    pushed: list[list[str]] = []

    def push(model: Path, repo: str, kind: str) -> str:
        pushed.append([model.name, repo, kind])
        return f"https://hub/{repo}"

    export_neuron.push_folder = push  # type: ignore[assignment]
    found["renewed"] = call("--num-beams", "3", "--only", "text", "--force", "--push-to-hub", "me/promo")
    found["pushed"] = pushed
    found["cached"] = len(standins.calls("CompileCache"))
    record = json.loads((out / "text" / "promo_neuron.json").read_text(encoding="utf-8"))
    return {**found, "record": record, "card": (out / "text" / "README.md").read_text(encoding="utf-8")}


def app(folder: Path) -> dict[str, Any]:
    """The app itself on the Neuron back ends, through its API."""
    import os

    os.environ["PROMO_DATA_DIR"] = str(folder / "data")
    from gradio_client import Client

    import app as program

    export(folder / "app", "--sequence-length", str(LENGTH), "--num-beams", str(BEAMS))
    args = program.parser().parse_args(
        ["--text-model", str(folder / "app" / "text"), "--image-model", str(folder / "app" / "image"),
         "--text-backend", "neuron", "--image-backend", "auto"]
    )  # fmt: skip
    page, studio, _ = program.build(args)
    address = program.launch(page, studio, port=program.free_port(free()))
    client = Client(address, verbose=False)
    message = (
        "quiero imagen y texto de coca cola de 2 litros en botella de vidrio a 35 pesos en la playa, en mi tiendita"
    )
    extracted = client.predict(message, None, api_name="/extract")
    record, package = client.predict(extracted, 1, 7, api_name="/promote")
    page.close(verbose=False)
    return {"extracted": extracted, "record": record, "package": Path(package).stat().st_size}


def free() -> int:
    """A port that nobody uses."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def device(folder: Path) -> dict[str, Any]:
    """On a real device: what the stand-ins cannot show. bf16 products change some outputs, so shares are compared."""
    import numpy as np

    from pipelines.backends.registry import load_image, load_text

    started = time.perf_counter()
    export(folder / "chip", "--sequence-length", str(LENGTH), "--num-beams", str(BEAMS))
    compiled = time.perf_counter() - started
    text_model, image_model = (str(folder / "chip" / kind) for kind in ("text", "image"))
    words: Any = load_text(text_model, "auto")
    pixels: Any = load_image(image_model, "auto")
    sources = prompts()
    reference: Any = load_text(None, "torch")
    # a model of several beams gives its best beam, so it is compared with the best beam
    equal = sum(words.generate([s])[0][0] == reference.generate([s], samples=BEAMS)[0][0] for s in sources)
    size = {"width": pixels.limits.width, "height": pixels.limits.height}
    sketch = picture(**size)
    pair = [
        np.asarray(b.generate(PROMPT, init=sketch, strength=0.5, steps=20, seed=3, **size), float)
        for b in (pixels, load_image(None, "torch"))
    ]
    error = float(np.square(pair[0] - pair[1]).mean())
    alone = seconds(lambda: words.generate(sources[:1]))
    one_picture = seconds(lambda: pixels.generate(PROMPT, steps=20, **size))
    busy = threading.Event()

    def paint() -> None:
        while not busy.is_set():
            pixels.generate(PROMPT, steps=20, **size)

    painter = threading.Thread(target=paint)
    painter.start()
    beside = seconds(lambda: words.generate(sources[:1]))
    busy.set()
    painter.join()
    return {
        "compiled_s": compiled,
        "text_equal": equal / len(sources),
        "psnr": 99.0 if error == 0 else 10 * float(np.log10(255**2 / error)),
        "text_s": alone,
        "text_beside_pictures_s": beside,
        "picture_s": one_picture,
        "reasons": [words.reason, pixels.reason],
    }


def seconds(call: Callable[[], Any], repeats: int = 10) -> float:
    """The median of some calls."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return sorted(times)[repeats // 2]


CASES = {case.__name__: case for case in (text, image, bundled, resume, app, device)}


def main() -> int:
    """Runs one case."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    if name != "device":
        from tests import neuron_standins

        neuron_standins.install(device=True)
    import torch

    torch.set_num_threads(1)  # matrices this small only wait for each other on several
    found = CASES[name](folder)
    print(json.dumps(found, default=str), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
