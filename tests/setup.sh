#!/bin/sh
# Brings what the tests need beyond the Python packages. Nothing here is needed to run the engine.
#   tests/setup.sh VENV
set -eu
venv=$1

say() { printf 'tests/setup: %s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

# The broker, and the decoder's command line for making broken clips.
missing=""
for program in mosquitto ffmpeg; do
    have "$program" || missing="$missing $program"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && have apt-get; then
        say "installing$missing"
        apt-get update -qq
        # shellcheck disable=SC2086 - one word per package
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        say "missing:$missing. Install with your package manager; tests that need them are skipped."
    fi
fi

# Training is optional: its tests need torch's CPU build, which not every Python has.
if ! "$venv/bin/python" -c 'import torch, ultralytics' 2>/dev/null; then
    pip="$venv/bin/pip install --quiet --disable-pip-version-check"
    cpu_index=https://download.pytorch.org/whl/cpu
    if $pip "torch==2.13.0+cpu" 2>/dev/null || $pip "torch==2.13.0" --index-url "$cpu_index" 2>/dev/null; then
        $pip onnx onnxslim onnxscript safetensors matplotlib pillow polars requests
        # Without its dependencies: they bring a second build of cv2 that breaks the headless one.
        $pip --no-deps ultralytics ultralytics-thop torchvision
    else
        say "no CPU build of torch for this Python: the training tests are skipped."
    fi
fi
