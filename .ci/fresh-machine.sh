#!/bin/bash
# The README's two commands as a newcomer meets them: Debian 13's base system with its own nodejs and npm and nothing else, an ordinary
# user, a clone in a folder whose name has a blank, Chinese letters and a per cent sign.
#   fresh-machine.sh FOLDER [start]      FOLDER keeps the base system for the next run; `start`: the first command only
# Needs root and debootstrap. Nothing is installed on the host.
set -uo pipefail
cd "$(dirname "$0")/.."

folder=$1 base=$1/base
if [ ! -e "$folder/complete" ]; then
  rm -rf "$base" && mkdir -p "$folder"
  # apt, not debootstrap, installs npm: what npm needs is in part only provided by packages of other names.
  {
    debootstrap --variant=minbase --include=ca-certificates,procps trixie "$base" \
      && echo force-unsafe-io >"$base/etc/dpkg/dpkg.cfg.d/fast" \
      && chroot "$base" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install nodejs npm
  } >"$folder/debootstrap.log" 2>&1 || { tail -20 "$folder/debootstrap.log" >&2; exit 1; }
  touch "$folder/complete"
fi

home=$base/home/newcomer
trap 'rm -rf "$home"' EXIT
rm -rf "$home" && mkdir -p "$home"
cp /etc/resolv.conf "$base/etc/resolv.conf" 2>/dev/null
# A machine behind a proxy of its own trusts that proxy's certificates.
cp /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/ca-certificates.crt"
git clone -q --no-hardlinks . "$home/50% 的 Watchpost" && cp .ci/newcomer.sh "$home/"
chown -R 1000:1000 "$home"
grep -q '^newcomer:' "$base/etc/passwd" || echo 'newcomer:x:1000:1000::/home/newcomer:/bin/bash' >>"$base/etc/passwd"
# The process namespace ends with its first process, so nothing of this run stays.
unshare --mount --pid --fork --kill-child bash -c '
  mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/tmp" && chmod 1777 "$1/tmp"
  mkdir -p "$1/dev/shm" && mount -t tmpfs tmpfs "$1/dev/shm"
  exec chroot "$1" setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps=-all \
    env -i --chdir="/home/newcomer/50% 的 Watchpost" \
    HOME=/home/newcomer USER=newcomer PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 NO_COLOR=1 \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt bash /home/newcomer/newcomer.sh "$2"
' -- "$base" "${2:-all}"
