# shellcheck shell=bash disable=SC2154
# FerretDB, which speaks the protocol of MongoDB, over PostgreSQL with the
# DocumentDB extension. No other server of that protocol is in a package
# registry. PostgreSQL runs in a tree of Debian's next release, since this one
# has no DocumentDB; the extension keeps everything in one PostgreSQL, whichever
# FerretDB a program asks.
packages() {
  command -v debootstrap >/dev/null || echo debootstrap
  [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
}

install() {
  local archive=() kept=$cache/documentdb
  if [ "$(id -u)" != 0 ]; then
    echo "only root can start FerretDB's PostgreSQL here: set KEYVALUE_TEST_MONGODB_URL to a MongoDB of yours" >&2
    return 1
  fi
  if [ ! -d "$kept" ]; then
    # Elsewhere than on Debian, debootstrap knows where the archive is.
    if grep -qx 'ID=debian' /etc/os-release; then
      mapfile -t archive < <(awk '$1 == "URIs:" { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null)
    fi
    rm -rf "$kept.partial"
    debootstrap --variant=minbase --include=postgresql-18,postgresql-18-documentdb sid "$kept.partial" "${archive[@]}" ||
      { tail -n 20 "$kept.partial/debootstrap/debootstrap.log" >&2; return 1; }
    rm -rf "$kept.partial"/var/cache/apt/archives/*.deb
    mkdir -p "$kept.partial/cluster"
    mv -T "$kept.partial" "$kept"
  fi
  ln -sfT "$kept" "$own/root"
  if [ ! -x "$cache/ferretdb-2.7.0" ]; then
    mkdir -p "$own/ferretdb"
    cp "$here"/servers.d/mongodb/* "$own/ferretdb/"
    (cd "$own/ferretdb" && mv go.mod.txt go.mod && mv go.sum.txt go.sum && mv main.go.txt main.go &&
      GOFLAGS='' GOWORK=off go build -o "$cache/ferretdb-2.7.0.$$" .)
    mv "$cache/ferretdb-2.7.0.$$" "$cache/ferretdb-2.7.0"
  fi
}

# in_root runs a program in the tree as the user postgres, with this run's files
# as /cluster. The mounts are seen by that program alone and end with it.
in_root() {
  # shellcheck disable=SC2016
  unshare --mount bash -c '
    set -e
    root=$1 files=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount --bind "$files" "$root/cluster"
    exec chroot "$root" setpriv --reuid=postgres --regid=postgres --clear-groups \
      env HOME=/cluster PATH=/usr/lib/postgresql/18/bin:/usr/bin:/bin LC_ALL=C.UTF-8 "$@"
  ' - "$own/root" "$own/cluster" "$@"
}

start() {
  local postgres port i
  read -r postgres port <<<"$(free_ports 2)"
  rm -rf "$own/cluster"
  mkdir "$own/cluster"
  chown "$(stat -c %u:%g "$own/root/var/lib/postgresql")" "$own/cluster"
  in_root initdb -D /cluster/data -U postgres -A trust --locale=C.UTF-8 -E UTF8 >&2
  cat >>"$own/cluster/data/postgresql.conf" <<CONFIGURATION
listen_addresses = '127.0.0.1'
port = $postgres
unix_socket_directories = '/cluster'
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
cron.use_background_workers = on
max_worker_processes = 20
max_connections = 300
fsync = off
CONFIGURATION
  (in_root postgres -D /cluster/data </dev/null >"$own/postgres.log" 2>&1) &
  echo $! >>"$own/pids"
  for ((i = 0; i < 600; i++)); do
    in_root psql -h /cluster -p "$postgres" -U postgres -q -c 'CREATE EXTENSION IF NOT EXISTS documentdb CASCADE' >"$own/extension.log" 2>&1 && break
    sleep 0.1
  done
  [ "$i" -lt 600 ] || { cat "$own/extension.log" "$own/postgres.log" >&2; return 1; }

  # The program for tests that start their own: PORT and the directory of its
  # files. Its data is in the PostgreSQL above.
  cat >"$own/mongodb-server" <<PROGRAM
#!/bin/sh
exec "$cache/ferretdb-2.7.0" -address "127.0.0.1:\$1" -postgresql "postgres://postgres@127.0.0.1:$postgres/postgres" -state "\$2"
PROGRAM
  chmod +x "$own/mongodb-server"
  run mongodb "$own/mongodb-server" "$port" "$own/mongodb"
  echo "export KEYVALUE_TEST_MONGODB_URL=mongodb://127.0.0.1:$port/"
  echo "export KEYVALUE_TEST_MONGODB_SERVER=$own/mongodb-server"
}
