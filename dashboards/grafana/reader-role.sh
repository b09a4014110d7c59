#!/bin/sh
# Makes the database account of Grafana: it may read what analysts may read, and nothing else. The official images of PostgreSQL run
# this at the first start of an empty database; on another server run it once, as a user who may make roles.
# Watchpost gives the group its rights at its own next start.
set -eu
psql -v ON_ERROR_STOP=1 -v password="${GRAFANA_DB_PASSWORD:?}" --username "${POSTGRES_USER:?}" --dbname "${POSTGRES_DB:?}" <<'SQL'
create role watchpost_reader nologin;
create role grafana login password :'password' in role watchpost_reader;
alter role grafana set default_transaction_read_only = on;
SQL
