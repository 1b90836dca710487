"""Training a Stable Diffusion's denoiser, whole or by LoRA: pictures, loop, checkpoints, validation, export. Knows no recipe
by name and no product."""
