#!/bin/sh
# Brings what the tests need beyond the Python packages. Nothing here is needed to run the engine.
#   tests/setup.sh VENV
set -eu
venv=$1

say() { printf 'tests/setup: %s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

# Each line: what tells that it is there, and Debian's packages that bring it.
wanted="
have mosquitto: mosquitto
have ffmpeg: ffmpeg
have openssl: openssl
have curl: curl
have jq: jq
have unzip: unzip
rtsp_server: python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly
"
rtsp_server() {
    /usr/bin/python3 -c 'import gi; gi.require_version("GstRtspServer", "1.0")' 2>/dev/null
}
missing=$(echo "$wanted" | while IFS=: read -r check packages; do
    [ -z "$check" ] || $check || printf '%s ' $packages
done)
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && have apt-get; then
        say "installing $missing"
        apt-get update -qq
        # shellcheck disable=SC2086 - one word per package
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        say "missing: $missing- install them with your package manager; tests that need them are skipped."
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
