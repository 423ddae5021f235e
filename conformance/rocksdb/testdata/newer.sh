#!/usr/bin/env bash
# Runs the tests of this package with the RocksDB of another release of Debian,
# and compares its header with what the store declares. The program is the one
# that is built here: it runs with both versions.
#
#   newer.sh DIRECTORY [RELEASE]   the release is trixie, with RocksDB 9.10
#
# It needs root, debootstrap, Go and a C compiler, and makes a tree of the
# release in DIRECTORY unless that is there, from the archive that apt uses.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
directory=$1 release=${2:-trixie}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -d "$directory" ]; then
  # shellcheck disable=SC2016 # apt replaces it
  # shellcheck disable=SC2016 # apt-get expands it
  archive=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep '/debian$' | head -n 1)
  rm -rf "$directory.partial"
  debootstrap --variant=minbase --include=librocksdb-dev "$release" "$directory.partial" "$archive" >&2
  mv "$directory.partial" "$directory"
fi

KEYVALUE_TEST_REQUIRE=rocksdb KEYVALUE_TEST_ROCKSDB_HEADERS=$directory/usr/include \
  go test -count=1 -run '^TestFunctionsAreDeclaredAlike$' .

program=$(mktemp "$directory/tmp/rocksdb.XXXXXX")
trap 'rm -f "$program"' EXIT
CGO_ENABLED=1 go test -c -o "$program" .
# There is no compiler in the tree, and no /proc.
KEYVALUE_TEST_REQUIRE=rocksdb chroot "$directory" /usr/bin/env TMPDIR=/tmp "/tmp/$(basename "$program")" \
  -test.v -test.skip '^Test(FunctionsAreDeclaredAlike|ForeignDatabase|.*LeakNothing)$' |
  grep -E '^(=== ATTR|--- |PASS|FAIL)|^ +--- FAIL|_test.go'
