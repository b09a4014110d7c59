#!/bin/bash
# Runs a real PostgreSQL 17 with TimescaleDB (Debian trixie's packages, Apache edition) from a folder of its own.
#   timescale-server.sh start FOLDER PORT   → prints the DATABASE_URL
#   timescale-server.sh stop FOLDER
# Needs root and debootstrap. Nothing is installed on the host.
set -euo pipefail

action=$1 root=$2
bin=/usr/lib/postgresql/17/bin
data=/var/lib/postgresql/watchpost
inside() { chroot "$root" setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }

case $action in
  start)
    port=$3
    if [ ! -x "$root$bin/postgres" ]; then
      rm -rf "$root"
      debootstrap --variant=minbase --include=postgresql-17,postgresql-17-timescaledb trixie "$root" >"$root.log" 2>&1 \
        || { tail -20 "$root.log" >&2; exit 1; }
    fi
    # A run that was cut off may have left its server.
    inside $bin/pg_ctl -D $data -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$root$data"
    echo watchpost >"$root/tmp/password" && chmod 644 "$root/tmp/password"
    inside $bin/initdb -D $data -A scram-sha-256 --pwfile=/tmp/password -E UTF8 --locale=C.UTF-8 >/dev/null
    cat >>"$root$data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '/tmp'
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
fsync = on
max_connections = 50
CONF
    inside $bin/pg_ctl -D $data -l /tmp/postgres.log -w -t 60 start >/dev/null
    echo "postgres://postgres:watchpost@127.0.0.1:$port/postgres"
    ;;
  stop) inside $bin/pg_ctl -D $data -m fast -w stop >/dev/null ;;
  *) echo "usage: timescale-server.sh start FOLDER PORT | stop FOLDER" >&2; exit 2 ;;
esac
