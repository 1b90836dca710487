"""What the README promises."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FRONT = yaml.safe_load(README.split("---")[1])


def pinned(name: str) -> str:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{name}(?:\[\w+\])?==(\S+)", text, re.M)
    assert found
    return found[1]


def test_the_space_runs_the_gradio_version_that_is_pinned() -> None:
    assert FRONT["sdk"] == "gradio"
    assert FRONT["sdk_version"] == pinned("gradio")


def test_the_front_matter_has_what_a_space_needs() -> None:
    assert FRONT["python_version"] == "3.11"
    assert FRONT["license"] == "apache-2.0"
    assert (ROOT / FRONT["app_file"]).is_file()
    assert len(FRONT["short_description"]) <= 60  # the Hub's limit
    assert FRONT["title"]
    assert FRONT["emoji"]


def test_every_pin_has_its_reason() -> None:
    for file in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            if "==" in line and not line.startswith("#"):
                assert "#" in line, f"{file}: {line} has no reason"


def test_the_file_tree_names_only_what_is_there() -> None:
    tree = README.split("## Files")[1].split("```")[1]
    folder = ROOT
    for line in tree.strip().splitlines():
        names = re.split(r"\s{2,}", line.strip())[0]
        nested = line.startswith(" ")
        for name in names.split(", "):
            path = (folder if nested else ROOT) / name
            assert path.exists(), f"the README names {name}"
            if not nested and path.is_dir():
                folder = path


def test_every_local_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_make_targets_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.M), target
