# shellcheck shell=bash disable=SC2154
# Two servers of Memcached, as Debian packages it.
packages() { command -v memcached >/dev/null || echo memcached; }

start() {
  local first second
  read -r first second <<<"$(free_ports 2)"
  run first memcached -u nobody -l 127.0.0.1 -p "$first"
  run second memcached -u nobody -l 127.0.0.1 -p "$second"
  echo "export KEYVALUE_TEST_MEMCACHED_URL=memcached://127.0.0.1:$first,127.0.0.1:$second"
  echo "export KEYVALUE_TEST_MEMCACHED=$(command -v memcached)"
}
