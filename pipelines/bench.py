"""Performance on this machine, as ratios against the stock library call on the same weights in the same run.

    python -m pipelines.bench                 text, image and start-up
    python -m pipelines.bench text --json
    python -m pipelines.bench image [--sweep] pictures alone; also schedulers and steps (pipelines/bench_image.py)
    python -m pipelines.bench visitors --url URL    many visitors at once on a running app (pipelines/bench_visitors.py)
    python -m pipelines.bench backends        one brief on every back end present (pipelines/bench_backends.py)

Seconds differ from machine to machine; the ratios are what to compare. `stock` is transformers' eager fp32 `generate`
for texts and diffusers' own text-to-image call (50 steps, fp32) for pictures.
"""

import argparse
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from slots.brief import Brief

MESSAGES = (
    "Quiero una imagen y un texto para vender Coca Cola de 2 litros en botella de vidrio a 35 pesos en la playa",
    "sprite 600 a 18",
    "A poster for Topo Chico in glass, 12 oz, at a backyard cookout, 25 pesos",
    "de vidrio",
    "fanta de naranja de lata en la tiendita para el dia de muertos, dos por 30",
    "hola, buenas tardes",
    "we sell powerade 1 liter at the gym for 32 pesos, just the caption please",
    "cambia el precio, no son 40 sino 38.50",
    "Producto: Del Valle mango | Presentación: 1 L | Envase: tetra pak | Precio: $29.90 | Canal: farmacia",
    "the returnable one",
    "un cartel con novios brindando, topo chico de 355 en vidrio",
    "it should be 2 for 45, not 50",
    "el camión llega a las 8 y pedí 20 cajas",
    "monster energy in cans, 473 ml, gas station, people driving at night",
    "sin precio por favor",
    "para mi fonda, comida corrida con la familia, sidral retornable de medio litro a 15",
)
BATCHES = (1, 16)
BRIEF = Brief.from_dict(
    {
        "product": "Coca-Cola",
        "size": "2 L",
        "packaging": "glass bottle",
        "price": "35 MXN",
        "store": "corner shop",
        "environment": "beach",
        "language": "es",
    }
)


def timed(call: Callable[[], Any], repeats: int) -> dict[str, float]:
    """p50 and p95 in milliseconds of `repeats` calls after one that warms up."""
    call()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return {"p50_ms": round(statistics.median(times), 1), "p95_ms": round(times[int(0.95 * (len(times) - 1))], 1)}


def peak_megabytes() -> int:
    """The largest resident size of this process so far, in MB (ru_maxrss is in KiB on Linux, bytes on macOS)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))


def _with_threads(torch: Any, count: int, call: Callable[[], Any]) -> Any:
    """The call under so many PyTorch threads, which are set back afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        return call()
    finally:
        torch.set_num_threads(before)


def bench_text(studio: Any, repeats: int = 20) -> dict[str, Any]:
    """Extraction and writing, ours against stock, and whether the greedy outputs agree."""
    import torch

    from pipelines.backends.torch_text import TorchText
    from pipelines.models import find_model
    from slots import wire
    from slots.numbers import tag

    stock = TorchText(find_model("text", studio.options.text_model), device="cpu")
    sources = [wire.source(tag(message).text, None) for message in MESSAGES]
    ours, per = studio.text, len(MESSAGES)
    same = sum(a == b for a, b in zip(ours.generate(sources), stock.generate(sources), strict=True))

    def in_batches(generate: Callable[[list[str]], Any], size: int) -> Callable[[], Any]:
        return lambda: [generate(sources[at : at + size]) for at in range(0, per, size)]

    # the stock call gets the number of threads that suits it best, or the ratio would flatter us
    best = min(
        (1, os.cpu_count() or 1),
        key=lambda n: _with_threads(torch, n, lambda: timed(in_batches(stock.generate, 1), 3)["p50_ms"]),
    )
    model: dict[str, Any] = {"stock_threads": best}
    stock_once = 0.0
    for size in BATCHES:
        a = timed(in_batches(ours.generate, size), repeats)
        b = _with_threads(torch, best, lambda size=size: timed(in_batches(stock.generate, size), max(3, repeats // 4)))  # type: ignore[misc]
        stock_once = stock_once or b["p50_ms"]
        model[f"batch_{size}_ms_a_message"] = round(a["p50_ms"] / per, 2)
        model[f"batch_{size}_stock_ms_a_message"] = round(b["p50_ms"] / per, 2)
        model[f"batch_{size}_speedup"] = round(b["p50_ms"] / a["p50_ms"], 2)
    extract = timed(lambda: [studio.extract(message) for message in MESSAGES], repeats)
    write = timed(lambda: studio.write(BRIEF), max(3, repeats // 4))
    prompt = studio.write(BRIEF).prompt
    stock_write = timed(lambda: stock.generate([prompt], sample=True, samples=16, seed=0), 3)
    return {
        "backend": ours.name,
        **model,
        "greedy_outputs_equal": f"{same}/{per}",
        "extraction_p50_ms": round(extract["p50_ms"] / per, 1),
        "extraction_against_stock_call": round(stock_once / extract["p50_ms"], 2),
        "three_promos_p50_ms": write["p50_ms"],
        "stock_16_samples_p50_ms": stock_write["p50_ms"],
        "three_promos_against_stock": round(stock_write["p50_ms"] / write["p50_ms"], 2),
    }


def bench_start() -> dict[str, Any]:
    """Seconds from `python app.py` to the first page, and the size of that process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = Path(__file__).resolve().parent.parent / "app.py"
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(app), "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"},
    )  # fmt: skip
    try:
        while time.perf_counter() - started < 120:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
                    return {"first_page_s": round(time.perf_counter() - started, 1)}
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the app showed no page within 120 s; start it by hand to see why: python app.py")
    finally:
        process.terminate()
        process.wait(timeout=20)


def compare_backends(artifacts: Path | None, as_json: bool) -> int:
    """One brief on every back end present; 2 when the price table or the folder is wrong, 1 when nothing could be measured."""
    from pipelines import bench_backends as backends

    try:
        instances = backends.load_instances()
        if artifacts is not None and not artifacts.is_dir():
            raise ValueError(
                f"--artifacts {artifacts}: no such folder; give the --out of python -m finetune.export_neuron"
            )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    report = backends.compare(backends.registry_loaders(artifacts), instances)
    report["warnings"] = backends.other_sources(report, artifacts) if artifacts is not None else []
    print(json.dumps(report, indent=2, ensure_ascii=False) if as_json else "\n".join(backends.lines(report)))
    return 0 if backends.succeeded(report) else 1


def meet_visitors(url: str | None, visitors: int, minutes: float, as_json: bool) -> int:
    """Many visitors on a running app; 2 when there is none, 1 when one saw an error, another's answer, or slow replies."""
    import httpx  # gradio_client's

    from pipelines.bench_visitors import bench_visitors

    if url is None or visitors < 1 or minutes <= 0:
        print(
            "visitors needs a running app, at least one visitor and some time: start python app.py in another terminal, then "
            "python -m pipelines.bench visitors --url http://127.0.0.1:7860 --visitors 20 --minutes 5",
            file=sys.stderr,
        )
        return 2
    try:
        figures = bench_visitors(url, visitors, minutes)
    except (OSError, ValueError, httpx.HTTPError) as error:
        print(f"no app answers at {url}: {error}. Start one with python app.py.", file=sys.stderr)
        return 2
    report = {"visitors": visitors, "minutes": minutes, **figures.to_dict(), "good": figures.good}
    print(
        json.dumps(report, indent=2, ensure_ascii=False)
        if as_json
        else "\n".join(f"{k:36} {v}" for k, v in report.items())
    )
    return 0 if figures.good else 1


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.bench", description="Ratios against the stock path.")
    parser.add_argument(
        "what", nargs="?", choices=("all", "text", "image", "start", "backends", "visitors"), default="all"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument(
        "--artifacts", type=Path, metavar="DIR", help="backends: the folder that finetune.export_neuron wrote"
    )
    parser.add_argument("--sweep", action="store_true", help="image: also every scheduler with every number of steps")
    parser.add_argument("--url", metavar="URL", help="visitors: the address of a running app")
    parser.add_argument("--visitors", type=int, default=20, metavar="N", help="visitors: how many at once (default 20)")
    parser.add_argument("--minutes", type=float, default=5, metavar="M", help="visitors: for how long (default 5)")
    args = parser.parse_args(argv)
    if args.what == "visitors":
        return meet_visitors(args.url, args.visitors, args.minutes, args.json)
    if args.url is not None:
        parser.error("--url goes with 'visitors' only: python -m pipelines.bench visitors --url URL")
    if args.sweep and args.what != "image":
        parser.error("--sweep goes with 'image' only: python -m pipelines.bench image --sweep")
    if args.artifacts is not None and args.what != "backends":
        parser.error("--artifacts goes with 'backends' only: python -m pipelines.bench backends --artifacts DIR")
    if args.what == "backends":
        return compare_backends(args.artifacts, args.json)
    from pipelines.studio import Studio

    report: dict[str, Any] = {"cores": os.cpu_count()}
    if args.what in ("all", "start"):
        report["start"] = bench_start()
    studio = Studio()
    if args.what in ("all", "text"):
        report["text"] = bench_text(studio)
    if args.what in ("all", "image"):
        from pipelines.bench_image import bench_image

        report["image"] = bench_image(studio, swept=args.sweep)
    report["peak_memory_mb"] = peak_megabytes()  # of this process, stock copies of the models included
    if args.json:
        print(json.dumps(report, indent=2))
        return 0
    for part, figures in report.items():
        if isinstance(figures, dict):
            print(part)
            for name, value in figures.items():
                print(f"  {name:34} {value}")
        else:
            print(f"{part:36} {figures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
