#!/bin/bash
# What somebody does with an installation, run by bare-machine.sh inside the bare machine. Exits non-zero with the reason.
set -u
fail() { echo "FAILED: $*"; exit 1; }
watchpost=/opt/watchpost/bin/watchpost node=/opt/watchpost/runtime/bin/node

! command -v node npm || fail "this machine has a Node of its own"
! touch /opt/watchpost/written 2>/dev/null || fail "the installation can be written"
"$watchpost" --help >/dev/null || fail "no help"

# Waits until the console at the first argument says that it is healthy.
healthy() {
  "$node" -e '
    (async () => {
      let found;
      for (let tries = 0; tries < 120; tries++) {
        found = await fetch(new URL("healthz", process.argv[1])).then((answer) => answer.json()).catch((error) => error);
        if (found?.status === "ok") return console.log("healthy:", Object.keys(found.components).join(" "));
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      console.error(found);
      process.exit(1);
    })();
  ' "$1"
}

# Starts with the given arguments, waits until it is healthy, stops it.
start_and_stop() {
  local line log="$HOME/$1.log"
  rm -f "$HOME/ready" && mkfifo "$HOME/ready"
  "$watchpost" "$@" --json >"$HOME/ready" 2>"$log" &
  local started=$!
  read -t 600 -r line <"$HOME/ready" || { tail -40 "$log"; fail "$* said nothing"; }
  healthy "$("$node" -p 'JSON.parse(process.argv[1]).console' "$line")" || { tail -40 "$log"; fail "$* is not healthy"; }
  kill -TERM "$started"
  wait "$started" || { tail -40 "$log"; fail "$* ended with $?"; }
}

WATCHPOST_HTTP_PORT=0 WATCHPOST_MQTT_PORT=0 WATCHPOST_DATA="$HOME/data" start_and_stop start --demo
"$watchpost" check "$HOME/data/server" || fail "check finds something in the demo"

# The guide “Your first site”, command by command as its text has them; only `up` says what it says as JSON and goes on beside the others.
began=$(date +%s) said="$HOME/said" server=
awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$HOME/first-site.md" >"$HOME/commands"
[ "$(wc -l <"$HOME/commands")" -ge 5 ] || fail "the guide has hardly a command"
while read -r command; do
  echo "\$ $command"
  mine=${command/node cli\/bin\/watchpost.mjs/$watchpost}
  [ "$mine" != "$command" ] || fail "no command of Watchpost: $command"
  if [[ $command == *' up '* ]]; then
    rm -f "$HOME/ready" && mkfifo "$HOME/ready"
    sh -c "exec $mine --json" >"$HOME/ready" 2>"$said" &
    server=$!
    read -t 600 -r line <"$HOME/ready" || { tail -40 "$said"; fail "up said nothing"; }
    NODE_EXTRA_CA_CERTS=/srv/watchpost/web/root.pem "$node" "$HOME/first-alert.mjs" \
      "$("$node" -p 'JSON.parse(process.argv[1]).welcome' "$line")" hall-smoke || { tail -40 "$said"; fail "no alert"; }
    echo "$(($(date +%s) - began)) s after its first command"
  else
    sh -c "$mine" </dev/null || fail "exit code $?"
  fi
done <"$HOME/commands"
[ -n "$server" ] || fail "the guide starts nothing"
kill -TERM "$server"
wait "$server" || { tail -40 "$said"; fail "up ended with $?"; }
echo "an installation gets through"
