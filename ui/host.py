"""Where the program runs: which Space, on what hardware, and whether its disk survives a restart. Pure but for two look-ups."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from slots.schema import Language
from ui.card import safe
from ui.texts import t


@dataclass(frozen=True)
class Host:
    """One place. `space`: `user/name`, empty elsewhere."""

    space: str = ""
    hardware: str = ""
    lasting: bool = True
    """Whether what is written survives a restart."""


def find_host(data: Path, environ: Mapping[str, str] = os.environ) -> Host:
    """Looks around; loads no engine. A Space's disk is lost at each restart unless the data lie on its `/data` volume."""
    space = environ.get("SPACE_ID", "")
    if not space:
        return Host()
    named = environ.get("SPACE_HARDWARE") or environ.get("ACCELERATOR", "")
    cores, memory = environ.get("CPU_CORES", ""), environ.get("MEMORY", "")
    parts = [named if named and named != "none" else "CPU", f"{cores} vCPU" if cores else "", memory]
    on_volume = data.resolve().is_relative_to("/data") and Path("/data").is_mount()
    return Host(space, " · ".join(filter(None, parts)), on_volume)


def device(language: Language = "en") -> str:
    """What torch would compute on: the GPU's name and memory, or the CPU and its threads. Loads torch."""
    import torch

    if torch.cuda.is_available():
        gpu = torch.cuda.get_device_properties(0)
        return f"{gpu.name}, {gpu.total_memory / 2**30:.0f} GiB"
    if torch.backends.mps.is_available():
        return "Apple GPU (MPS)"
    return f"CPU, {t(language, 'threads', n=torch.get_num_threads())}"


def notice_html(words: str) -> str:
    """Something that every visitor of a page should know, at its head."""
    return f'<p class="ps-host is-warning" role="status">{safe(words)}</p>'


def host_html(host: Host, language: Language, votes: str = "") -> str:
    """What a visitor of a Space should know before they begin; nothing elsewhere. `votes`: where those live."""
    if not host.space:
        return ""
    words = t(language, "host_runs", hardware=host.hardware)
    if not host.lasting:
        words += f" {t(language, 'host_lost')} {votes}".rstrip()
    return f'<p class="ps-host">{safe(words)}</p>'
