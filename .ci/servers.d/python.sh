# shellcheck shell=bash disable=SC2154
# The Python library that Go programs share data with, and the client of
# Elasticsearch that speaks to version 8.
libraries=(
  "py-key-value-aio[redis,valkey,memcached,mongodb,dynamodb,elasticsearch,vault,filetree,keyring,wrappers-encryption]==0.5.0"
  "elasticsearch>=8,<9"
  keyring-pass
)

packages() { python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv; }

install() {
  [ -x "$own/bin/python" ] || python3 -m venv "$own"
  "$own/bin/python" -m pip --disable-pip-version-check --quiet install "${libraries[@]}"
}

start() { echo "export KEYVALUE_TEST_PYTHON=$own/bin/python"; }
