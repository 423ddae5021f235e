# shellcheck shell=bash disable=SC2154
# Redis, as Debian packages it.
packages() { command -v redis-server >/dev/null || echo redis-server; }

start() {
  local port
  port=$(free_ports 1)
  run redis redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no
  echo "export KEYVALUE_TEST_REDIS_URL=redis://127.0.0.1:$port/0"
  echo "export KEYVALUE_TEST_REDIS_SERVER=$(command -v redis-server)"
}
