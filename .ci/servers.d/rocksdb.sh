# shellcheck shell=bash
# RocksDB's library, with the header that the tests compare with.
packages() {
  echo '#include <rocksdb/c.h>' | cc -E - >/dev/null 2>&1 || echo librocksdb-dev
}
