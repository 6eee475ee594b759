#!/bin/sh
# Makes a folder in which the newest Home Assistant runs, once; later calls find it ready.
# Home Assistant needs a Python newer than most machines have, so it gets a small Debian of its
# own, entered by chroot: root on Debian or Ubuntu is needed, Docker is not.
#   tests/e2e/home_assistant.sh DIR
set -eu
version=2026.11.0
root=$1
done_mark=$root/.ready-$version

[ -e "$done_mark" ] && exit 0
[ "$(id -u)" = 0 ] || { echo "home_assistant.sh: needs root for chroot" >&2; exit 3; }
command -v apt-get >/dev/null || { echo "home_assistant.sh: needs apt-get" >&2; exit 3; }

export DEBIAN_FRONTEND=noninteractive
if ! command -v debootstrap >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
fi
scripts=/usr/share/debootstrap/scripts
[ -e $scripts/forky ] || ln -s sid $scripts/forky

# A half-made folder of an interrupted call is useless; its mounts go first.
umount "$root/proc" "$root/dev" 2>/dev/null || true
rm -rf "$root"
mkdir -p "$root"
debootstrap --variant=minbase \
    --include=python3.14,python3.14-venv,python3.14-dev,g++,ca-certificates,libturbojpeg0,ffmpeg \
    forky "$root" >"$root.log" 2>&1 || { tail -n 5 "$root.log" >&2; exit 1; }
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
[ ! -e /etc/hosts ] || cp -L /etc/hosts "$root/etc/hosts"
# The package index that this machine is set up to use serves the small Debian too.
if [ -e /etc/pip.conf ]; then cp -L /etc/pip.conf "$root/etc/pip.conf"; fi
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
trap 'umount "$root/proc" "$root/dev"' EXIT
chroot "$root" /bin/sh -ec "
    python3.14 -m venv /venv
    /venv/bin/pip install --quiet --disable-pip-version-check uv
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt UV_SYSTEM_CERTS=1 \
        /venv/bin/uv pip install --quiet --python /venv/bin/python homeassistant==$version
    mkdir -p /config
" >>"$root.log" 2>&1 || { tail -n 15 "$root.log" >&2; exit 1; }
touch "$done_mark"
