// Compiles if the functions that the store calls are declared in the header of
// RocksDB just as the store declares them.

#include <rocksdb/c.h>

#include "functions.h"

#define CHECK(result, name, parameters) \
  _Static_assert(__builtin_types_compatible_p(__typeof__(name), result parameters), #name " is declared otherwise");

FUNCTIONS(CHECK)
