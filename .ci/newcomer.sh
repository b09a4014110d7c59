#!/bin/bash
# What a newcomer does, run by fresh-machine.sh inside the fresh machine. In the folder of a clone; exits non-zero with the reason.
set -u
fail() { echo "FAILED: $*"; exit 1; }
# What npm start may make: the packages, the runtime, the built console, the demo's data folder.
tree() {
  find . \( -name node_modules -o -path ./.runtime -o -path ./.git -o -path ./dashboards/console/dist -o -path ./.watchpost \) -prune \
    -o -type f -exec md5sum {} + | sort -k 2
}
# Starts the demo, waits until it is healthy, stops it. (A shell's background commands ignore Ctrl-C's signal, so it is SIGTERM.)
start_and_stop() {
  local log="$HOME/$1.log" line
  rm -f "$HOME/ready" && mkfifo "$HOME/ready"
  setsid npm start --silent -- --json >"$HOME/ready" 2>"$log" &
  local start=$!
  read -t 900 -r line <"$HOME/ready" || { tail -40 "$log"; fail "$1: npm start said nothing"; }
  node -e '
    const { console: page } = JSON.parse(process.argv[1]);
    (async () => {
      for (let tries = 0; tries < 90; tries++) {
        const found = await fetch(new URL("healthz", page)).then((answer) => answer.json()).catch(() => undefined);
        if (found?.status === "ok") return console.log("healthy");
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      process.exit(1);
    })();
  ' "$line" || { tail -40 "$log"; fail "$1: not healthy"; }
  kill -TERM -- "-$start"
  wait "$start"
  for _ in $(seq 200); do pgrep -u "$(id -u)" -f cli/src/main.ts >/dev/null || break; sleep 0.1; done
  ! pgrep -u "$(id -u)" -fa cli/src/main.ts || fail "$1: something goes on after the stop"
  ! grep -iE 'error|EBADENGINE|exception' "$log" || fail "$1: npm start complained"
}

echo "node $(node --version), npm $(npm --version), user $(id -un), in $PWD"
export WATCHPOST_HTTP_PORT=0 WATCHPOST_MQTT_PORT=0
tree >"$HOME/tree.before"

# Ctrl-C in the middle of the installation: nothing goes on, and the next start begins it again at once.
setsid npm start >"$HOME/interrupted.log" 2>&1 &
interrupted=$!
for _ in $(seq 600); do grep -q 'Installing the locked packages' "$HOME/interrupted.log" && break; sleep 0.5; done
grep -q 'Installing the locked packages' "$HOME/interrupted.log" || { cat "$HOME/interrupted.log"; fail "no installation"; }
sleep 5
kill -INT -- "-$interrupted"
for _ in $(seq 100); do pgrep -u "$(id -u)" -f 'npm-cli.js ci|npm ci' >/dev/null || break; sleep 0.1; done
! pgrep -u "$(id -u)" -fa 'npm-cli.js ci|npm ci' || fail "npm goes on after Ctrl-C"
# Whoever started npm gives the lock back when it has seen npm end.
for _ in $(seq 100); do [ -e .installing ] || break; sleep 0.1; done
[ ! -e .installing ] || fail "the lock is still there after Ctrl-C"

start_and_stop first
tree >"$HOME/tree.after"
diff "$HOME/tree.before" "$HOME/tree.after" || fail "npm start changed the checkout"
[ "${1:-all}" != start ] || { echo "a newcomer gets a demo"; exit 0; }

before=$(ls -A "$HOME" /tmp | sort)
npm test || fail "npm test"
after=$(ls -A "$HOME" /tmp | sort)
[ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after"); fail "npm test left files behind"; }

# A checkout that nobody may write, with the data elsewhere; the console and the demo's clip as if they had never been made.
rm -rf node_modules/.cache dashboards/console/dist .watchpost
chmod -R a-w .
WATCHPOST_DATA="$HOME/data" start_and_stop read-only
chmod -R u+w .
echo "a newcomer gets through"
