"""In what precision a device trains. Knows no recipe and no model."""

from typing import Any


def precision_of(wanted: str, device: str) -> tuple[str, str]:
    """(`bf16` or `no`, why) for a recipe's precision on a kind of device."""
    import torch

    if wanted == "fp32":
        return "no", "fp32 as the recipe says"
    if device == "cuda":
        able = torch.cuda.is_bf16_supported(including_emulation=False)
    elif device == "cpu":
        from pipelines.backends.torch_image import pick_dtype

        able = pick_dtype("cpu")[0] == "bfloat16"
    else:
        able = False
    return ("bf16", "bf16") if able else ("no", f"fp32: this {device} does not multiply bf16")


def cpu_autocast() -> Any:
    """Autocast to bfloat16 where this processor multiplies it; where it only emulates it, full precision is ten times
    faster."""
    import torch

    return torch.autocast("cpu", torch.bfloat16, enabled=precision_of("bf16", "cpu")[0] == "bf16")
