#!/bin/bash
# The README's two commands as a newcomer meets them: Debian 13's base system with its own nodejs and npm and nothing else, an ordinary
# user, a clone in a folder whose name has a blank, Chinese letters and a per cent sign.
#   fresh-machine.sh FOLDER      FOLDER keeps the base system for the next run
# Needs root and debootstrap. Nothing is installed on the host.
set -uo pipefail
cd "$(dirname "$0")/.."

folder=$1 base=$1/base
if [ ! -e "$base/.complete" ]; then
  rm -rf "$base" && mkdir -p "$folder"
  # apt, not debootstrap, installs npm: what npm needs is in part only provided by packages of other names.
  {
    debootstrap --variant=minbase --include=ca-certificates trixie "$base" \
      && chroot "$base" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install nodejs npm
  } >"$folder/debootstrap.log" 2>&1 || { tail -20 "$folder/debootstrap.log" >&2; exit 1; }
  touch "$base/.complete"
fi

run=$folder/run-$$
home="$base/home/newcomer"
# Only what is ours, and the whole of it: the process namespace ends with its first process.
trap 'rm -rf "$run"; rm -rf "$home"' EXIT
rm -rf "$home" && mkdir -p "$home" "$run"
cp /etc/resolv.conf "$base/etc/resolv.conf" 2>/dev/null
# A machine behind a proxy of its own trusts that proxy's certificates.
cp /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/ca-certificates.crt"
git clone -q --no-hardlinks . "$home/50% 的 Watchpost"
cat >"$home/newcomer.sh" <<'NEWCOMER'
set -u
cd "$HOME/50% 的 Watchpost"
echo "node $(node --version), npm $(npm --version), user $(id -un)"

# What npm start may make: the packages, the runtime, the built console, the demo's data folder.
tree() {
  find . \( -name node_modules -o -path ./.runtime -o -path ./.git -o -path ./dashboards/console/dist -o -path ./.watchpost \) -prune \
    -o -type f -exec md5sum {} + | sort -k 2
}
tree >"$HOME/tree.before"
export WATCHPOST_HTTP_PORT=0 WATCHPOST_MQTT_PORT=0
mkfifo "$HOME/ready"
npm start --silent -- --json >"$HOME/ready" 2>"$HOME/start.log" &
start=$!
if ! read -t 900 -r line <"$HOME/ready"; then tail -40 "$HOME/start.log"; echo "npm start said nothing"; exit 1; fi
console=$(node -pe 'JSON.parse(process.argv[1]).console' "$line") || exit 1
node -e '
  const health = async () => (await fetch(new URL("healthz", process.argv[1]))).json();
  (async () => {
    for (let tries = 0; tries < 60; tries++) {
      const found = await health().catch(() => undefined);
      if (found?.status === "ok") return console.log("healthy");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    console.log(JSON.stringify(await health()));
    process.exit(1);
  })();
' "$console" || { tail -40 "$HOME/start.log"; exit 1; }
kill -INT "$start"; wait "$start"
grep -iE 'error|EBADENGINE' "$HOME/start.log" && { echo "npm start complained"; exit 1; }
tree >"$HOME/tree.after"
diff "$HOME/tree.before" "$HOME/tree.after" || { echo "npm start changed the checkout"; exit 1; }

before=$(ls -A "$HOME" /tmp | sort)
npm test || exit 1
after=$(ls -A "$HOME" /tmp | sort)
[ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after"); echo "npm test left files behind"; exit 1; }
NEWCOMER
chown -R 1000:1000 "$home"
grep -q '^newcomer:' "$base/etc/passwd" || echo 'newcomer:x:1000:1000::/home/newcomer:/bin/bash' >>"$base/etc/passwd"
unshare --mount --pid --fork --kill-child bash -c '
  mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/tmp" && chmod 1777 "$1/tmp" && mount -t tmpfs tmpfs "$1/dev/shm" 2>/dev/null
  exec chroot "$1" setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps=-all \
    env -i HOME=/home/newcomer USER=newcomer PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 NO_COLOR=1 \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt bash /home/newcomer/newcomer.sh
' -- "$base"
