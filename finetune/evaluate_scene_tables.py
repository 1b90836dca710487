"""The figures of a scene model as Markdown tables for its card. Knows the shape of finetune.evaluate_scenes' figures only."""

from collections.abc import Iterable, Sequence
from typing import Any

KIND_WORDS: dict[str, str] = {
    "default": "default path (image-to-image from the sketch)",
    "text": "text-to-image, default steps",
    "stock": "text-to-image, stock call (50 steps, single precision)",
    "sketch": "the sketches themselves (the judge's ceiling)",
    "through autoencoder": "sketches through the autoencoder (the model's ceiling)",
}


def tables(figures: dict[str, Any]) -> str:
    """All figures, each with its size and what to compare it with."""
    settings, model = figures["settings"], figures["model"]
    head = (
        f"Model `{model['name']}` (weights {settings['weights']}); {settings['backend']}: {settings['reason']}; "
        f"{settings['side']} x {settings['side']} pixels, {settings['near_steps']} steps (text-to-image {settings['steps']}), strength {settings['strength']:g}, "
        f"guidance {settings['near_guidance']:g} (text-to-image {settings['guidance']:g}), {settings['threads']} thread{'s' if settings['threads'] != 1 else ''}, seed {settings['seed']}. "
        "All scenes show combinations of place, light, season and surface that training never saw."
    )
    parts = [head]
    for title, key, write in (
        ("Autoencoder", "autoencoder", _autoencoder),
        ("What the caption does", "prompt", _prompt),
        ("Recognised", "recognised", _recognised),
        ("Refused by the app's judge", "refused", _refused),
        ("The two judges", "judges", _judges),
        ("Distances", "distance", _distance),
        ("Copying", "copying", _copying),
        ("Seconds a picture", "seconds", _seconds),
    ):
        parts += [f"### {title}", write(figures[key]) if key in figures else "Not measured."]
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join(lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows])


def _share(found: dict[str, Any]) -> str:
    if not found["n"]:
        return "none"
    low, high = found["interval"]
    return f"{found['percent']} % ({found['right']}/{found['n']}; {low} to {high})"


def _autoencoder(found: dict[str, Any]) -> str:
    names = {
        "float32": "single precision", "bfloat16": "half precision (bfloat16)",
        "tiny decoder": "tiny decoder after the large encoder", "tiny": "tiny autoencoder, both halves",
        "bicubic": "baseline: smaller to the latents' size and back", "mean colour": "baseline: its mean colour",
    }  # fmt: skip
    rows = [
        (words, *(f"{found[name][key]:.2f}" for key in ("of_mean_error", "median_picture", "worst_picture")))
        for name, words in names.items()
        if name in found
    ]
    note = f"{found['n']} drawings of {found['side']} pixels, PSNR in dB."
    return note + "\n\n" + _table(("", "of the mean error", "median picture", "worst picture"), rows)


def _prompt(found: dict[str, Any]) -> str:
    names = {
        "high": f"mean over {found['timesteps']} time steps from 800 to 999",
        "t950": "time step 950",
        "all": "all noise levels",
    }
    rows = [
        (
            words,
            *(f"{found[key][column]:.4f}" for column in ("right", "shuffled", "none")),
            f"{found[key]['ratio']:.2f} ({found[key]['interval'][0]:.2f} to {found[key]['interval'][1]:.2f})",
        )
        for key, words in names.items()
    ]
    what = "velocity" if found["prediction"] == "v_prediction" else "noise"
    note = (
        f"Squared error of the predicted {what} on {found['n']} drawings of {found['side']} pixels, full precision; wrong is the "
        "caption of another place. A caption without effect would give a ratio of 1."
    )
    return note + "\n\n" + _table(("", "right caption", "wrong caption", "no caption", "wrong over right"), rows)


def _recognised(found: dict[str, Any]) -> str:
    columns = ("place", "place, surely", "light", "season", "surface")
    rows = [
        (words, *(_share(found[kind][what]) for what in columns)) for kind, words in KIND_WORDS.items() if kind in found
    ]
    rows.append(("chance", *(f"{found['chance'][what]} %" if what in found["chance"] else "" for what in columns)))
    lines = [
        "Share whose place, light, season (where it shows) and surface evaluation's judge names right, with 95 % intervals; surely: "
        f"with a probability of at least {found['sure from']:g}, as colours in about the right spots can be enough for the "
        "likeliest answer.",
        _table(("", *columns), rows),
    ]
    pair = found["text against stock"]
    if pair:
        lines.append(
            f"Default steps against the stock call, same captions and seeds, {pair['n']} pairs: {pair['points']:+.1f} points "
            f"(95 % interval {pair['interval'][0]:+.1f} to {pair['interval'][1]:+.1f}); only the default steps right "
            f"{pair['only_first']}, only the stock call {pair['only_second']}, McNemar p = {pair['p']:.3f}."
        )
    for kind in ("default", "text", "stock"):
        if kind in found and found[kind]["least recognised"]:
            least = ", ".join(f"{place} {hits}" for place, hits in found[kind]["least recognised"].items())
            lines.append(f"Least recognised, {KIND_WORDS[kind]}: {least}.")
    return "\n\n".join(lines)


def _refused(found: dict[str, Any]) -> str:
    names = {
        "once": "default scenes refused once", "twice": "refused twice (the drawn scene stands in)",
        "posters with a diffusion scene": "posters that carry a diffusion scene",
        "their scenes recognised": "of those, recognised by evaluation's judge",
        "refused though recognised": "of those refused once, recognised by evaluation's judge",
    }  # fmt: skip
    rows = [(words, _share(found[name])) for name, words in names.items()]
    return _table(("", ""), rows) + f"\n\nA question takes {found['milliseconds a question']} ms (median)."


def _judges(found: dict[str, Any]) -> str:
    rows = [
        (
            words,
            _share(found[kind]),
            "undefined" if found[kind]["kappa"] is None else f"{found[kind]['kappa']:.3f}",
            _share(found[kind]["accepted"]),
        )
        for kind, words in KIND_WORDS.items()
        if kind in found
    ]
    note = f"The app's judge accepts a place from a probability of {found['threshold']:g}."
    return _table(("pictures", "both name the same place", "kappa", "accepted by the app's"), rows) + f"\n\n{note}"


def _distance(found: dict[str, Any]) -> str:
    rows = [
        (
            words, row["n"],
            *(f"{row[m]['mean']:.2f} ({row[m]['p10']:.2f})" if row["n"] else "none" for m in ("lab", "structure")),
        )
        for words, row in found.items()
        if words != "side"
    ]  # fmt: skip
    note = (
        f"At {found['side']} pixels, mean over pairs and in brackets the 10th percentile. LAB: root mean square colour distance; "
        "structure: 1 - SSIM of the lightness."
    )
    return note + "\n\n" + _table(("", "pairs", "LAB", "structure"), rows)


def _copying(found: dict[str, Any]) -> str:
    if "skipped" in found:
        return f"Not measured: {found['skipped']}."
    rows = [
        (
            words, row["n"], f"{row['median']:.3f} (least {row['least']:.3f})",
            f"{row['fresh_median']:.3f} (least {row['fresh_least']:.3f})", f"{row['nearer_than_fresh']} %",
        )
        for words, row in (("pixels at 64 x 64", found["pixels"]), ("features of the judge", found["features"]))
    ]  # fmt: skip
    note = (
        f"Distance of text-to-image scenes to the nearest of {found['training']['count']} training pictures, beside that of fresh "
        "drawings of the same captions. The last column is the share of scenes nearer than the nearest 1 % of fresh "
        "drawings: about 1 % says no copying; soft pictures lie nearer to everything."
    )
    return note + "\n\n" + _table(("", "scenes", "scenes' median", "fresh drawings' median", "nearer than fresh"), rows)


def _seconds(found: dict[str, Any]) -> str:
    rows = [
        (KIND_WORDS[path], row["n"], row["median"], row["p90"], row.get("times faster than stock", "1"))
        for path, row in found.items()
    ]
    return _table(("", "scenes", "median", "90th percentile", "times faster than stock"), rows)
