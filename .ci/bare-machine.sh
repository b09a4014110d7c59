#!/bin/bash
# What scripts/install.mjs makes, on a machine with Debian 13's base system and nothing else: no Node, no npm, no checkout, no network; an
# ordinary user, who may write nothing but a home and the folder of a server. The demo, then the guide “Your first site” as it is written.
#   bare-machine.sh FOLDER      FOLDER keeps the base system for the next run
# Needs root, debootstrap and ip. Nothing is installed on the host.
set -uo pipefail
cd "$(dirname "$0")/.."

folder=$1 base=$1/base
if [ ! -e "$folder/complete" ]; then
  rm -rf "$base" && mkdir -p "$folder"
  debootstrap --variant=minbase trixie "$base" >"$folder/debootstrap.log" 2>&1 || { tail -20 "$folder/debootstrap.log" >&2; exit 1; }
  touch "$folder/complete"
fi

home=$base/home/guard
trap 'rm -rf "$home" "$base/opt/watchpost" "$base/srv/watchpost"' EXIT
rm -rf "$home" "$base/srv/watchpost" && mkdir -p "$home" "$base/opt" "$base/srv/watchpost"
node scripts/install.mjs all "$base/opt/watchpost" || exit 1
cp .ci/guard.sh .ci/first-alert.mjs docs/guides/first-site.md "$home/" && chown -R 1000:1000 "$home" "$base/srv/watchpost"
grep -q '^guard:' "$base/etc/passwd" || echo 'guard:x:1000:1000::/home/guard:/bin/bash' >>"$base/etc/passwd"
# What an installer of Debian writes, and debootstrap does not.
printf '127.0.0.1 localhost\n::1 localhost\n' >"$base/etc/hosts"
# The process namespace ends with its first process, so nothing of this run stays; the network is loopback alone.
unshare --mount --pid --net --fork --kill-child bash -c '
  ip link set lo up
  mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/tmp" && chmod 1777 "$1/tmp"
  mkdir -p "$1/dev/shm" && mount -t tmpfs tmpfs "$1/dev/shm"
  mount --bind "$1/opt/watchpost" "$1/opt/watchpost" && mount -o remount,bind,ro "$1/opt/watchpost"
  exec chroot "$1" setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps=-all \
    env -i --chdir=/home/guard HOME=/home/guard USER=guard PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 NO_COLOR=1 \
    bash /home/guard/guard.sh
' -- "$base"
