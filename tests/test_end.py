"""How the program ends: in order, whoever ends it, and with a plain word where it cannot begin. Real processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import app as program
from tests.test_ui import open_port

ROOT = Path(__file__).resolve().parent.parent
SPACE = """
import signal
import sys
from pathlib import Path

import huggingface_hub

import app
from pipelines.cases import CaseStore, Vote
from tests.test_mirror import Hub

signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run as a shell's background job it is ignored
data, hub = Path(sys.argv[1]), Path(sys.argv[2])
huggingface_hub.HfApi = lambda token: Hub(hub)
begin = app.warm_up

def voted(studio):
    # the first copy may be made before or after this; the last one must have it
    CaseStore(data / "studio.sqlite3").vote(Vote("promotion", "p1", "Ana", thumb=1))
    print("voted", flush=True)

app.warm_up = voted
sys.exit(app.main(["--port", sys.argv[3]]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_space_that_is_ended_makes_its_last_copy(tmp_path: Path, number: signal.Signals) -> None:
    from pipelines.cases import CaseStore

    data, hub = tmp_path / "data", tmp_path / "hub"
    environment = {**os.environ, "SPACE_ID": "ana/promo", "HF_TOKEN": "hf_x", "PROMO_DATA_DIR": str(data)}
    environment["GRADIO_SERVER_NAME"] = "127.0.0.1"
    with subprocess.Popen(
        [sys.executable, "-c", SPACE, str(data), str(hub), str(open_port())],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        try:
            for line in running.stdout:
                if line == "voted\n":
                    break
            running.send_signal(number)
            out, err = running.communicate(timeout=60)
        finally:
            running.kill()  # of one that does not end the test shall end all the same
    assert running.returncode == 0, err
    assert "bye" in out
    assert CaseStore(hub / "studio.sqlite3").summary("promotion", "p1").up == 1


def test_a_proxy_in_front_of_this_machine_is_told_with_its_cure(tmp_path: Path) -> None:
    dead = f"http://127.0.0.1:{open_port()}"
    cleared = {k: v for k, v in os.environ.items() if k.lower() not in ("no_proxy", "all_proxy")}
    environment = {**cleared, "HTTP_PROXY": dead, "http_proxy": dead, "PROMO_DATA_DIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "app.py", "--port", str(open_port())],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert "NO_PROXY=localhost,127.0.0.1" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_gradios_words_about_localhost_are_known_and_other_errors_are_not() -> None:
    assert program.unreachable(ValueError("When localhost is not accessible, a shareable link must be created."))
    assert not program.unreachable(ValueError("something else"))
