#!/bin/sh
# Runs a private PostgreSQL until its standard input closes, however the tests end.
# Prints the directory of its socket once it takes connections.
set -eu
server=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
# Ctrl-C reaches the whole group: the tests end by it, and this after them.
trap : INT TERM HUP
problem() { cat "$directory/log" >&2; exit 1; }
cd "$directory"
"$server/initdb" --pgdata=data --username=tests --auth=trust --encoding=UTF8 --no-locale --no-sync \
    >log 2>&1 || problem
"$server/pg_ctl" start --wait --silent --pgdata=data --log=log \
    --options="-c listen_addresses= -c unix_socket_directories=$directory -c max_connections=200" \
    </dev/null >&2 || problem
echo "$directory"
cat >/dev/null || true
"$server/pg_ctl" stop --silent --mode=immediate --pgdata=data
