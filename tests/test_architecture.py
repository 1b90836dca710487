"""Imports run one way, heavy libraries are loaded late, and the screens alone know Gradio."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {
    "slots": set(),
    "pipelines": {"slots"},
    "ui": {"pipelines", "slots"},
    "finetune": {"pipelines", "slots"},
}
OURS = set(ALLOWED) | {"app"}
COMMANDS = {"slots/__main__.py"}
"""A command may reach for a back end."""


def imports(file: Path) -> set[str]:
    """Top names imported anywhere in a file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


FILES = sorted(file.relative_to(ROOT).as_posix() for package in ALLOWED for file in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("name", FILES)
def test_a_module_imports_only_what_stands_below_it(name: str) -> None:
    package = name.split("/")[0]
    allowed = ALLOWED[package] | {package} | ({"pipelines"} if name in COMMANDS else set())
    assert (imports(ROOT / name) & OURS) - allowed == set()


@pytest.mark.parametrize("name", FILES)
def test_only_the_screens_import_gradio(name: str) -> None:
    if not name.startswith("ui/"):
        assert "gradio" not in imports(ROOT / name)


@pytest.mark.parametrize("name", [f for f in FILES if f.startswith("slots/") and f not in COMMANDS])
def test_slots_know_no_engine(name: str) -> None:
    assert imports(ROOT / name) & {"torch", "transformers", "diffusers", "ctranslate2", "skia"} == set()


@pytest.mark.parametrize("name", FILES)
def test_a_module_says_what_it_is(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body


def test_importing_the_studio_loads_no_engine() -> None:
    code = (
        "import sys, pipelines.studio, pipelines.__main__, slots.dialogue; "
        "print(sorted({'torch','transformers','diffusers','ctranslate2','gradio'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert out.stdout.strip() == "[]"
