#!/usr/bin/env bash
# Makes .venv with a fitting Python and installs a requirements file, once for each content of that file.
# usage: scripts/venv.sh requirements.txt        (called by the Makefile)
# TORCH_INDEX: a package index with PyTorch builds; its CPU index saves gigabytes on a Linux machine without a GPU.
set -eu
cd "$(dirname "$0")/.."
wanted=$1

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

if [ ! -x .venv/bin/python ] || ! fits .venv/bin/python; then
    python=""
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        if command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "Promo Studio needs Python 3.11, 3.12 or 3.13 and found none." >&2
        echo "Install one (Debian/Ubuntu: sudo apt install python3.11 python3.11-venv; macOS: brew install python@3.11;" >&2
        echo "elsewhere: https://www.python.org/downloads/), or name it: make PYTHON=/path/to/python3.11 run" >&2
        exit 2
    fi
    echo "Making .venv with $("$python" --version) ..."
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        echo "$python cannot make a virtual environment. Debian/Ubuntu: sudo apt install python3-venv" >&2
        exit 2
    fi
fi

mark=$(cat requirements*.txt | cksum | tr ' ' '-')
stamp=.venv/.installed-$(basename "$wanted" .txt)-$mark
if [ ! -f "$stamp" ]; then
    echo "Installing $wanted (once; a few minutes on a slow line) ..."
    if [ -n "${TORCH_INDEX:-}" ]; then
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --index-url "$TORCH_INDEX" \
            "$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.txt)"
    fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$wanted"
    touch "$stamp"
fi
