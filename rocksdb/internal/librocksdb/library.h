#ifndef KEYVALUE_ROCKSDB_LIBRARY_H
#define KEYVALUE_ROCKSDB_LIBRARY_H

#include "database.h"

// The functions of the library that was loaded.
struct kvrocksdb_functions {
#define MEMBER(result, name, parameters) result(*name) parameters;
  FUNCTIONS(MEMBER)
#undef MEMBER
};

extern struct kvrocksdb_functions kvrocksdb_library;

// CALL is a function of the library.
#define CALL(name) (kvrocksdb_library.rocksdb_##name)

struct kvrocksdb_database {
  rocksdb_t *database;
  rocksdb_column_family_handle_t *family;
  rocksdb_options_t *options;
  rocksdb_readoptions_t *reading;
  rocksdb_writeoptions_t *writing;
  rocksdb_cache_t *cache;
  rocksdb_compactionfilter_t *filter;
  int armed;
};

// kvrocksdb_new_filter returns the compaction filter of a database.
rocksdb_compactionfilter_t *kvrocksdb_new_filter(kvrocksdb_database *);

// kvrocksdb_expiry stores when the value expires, in microseconds since 1970
// or 0 for never, and reports whether it has the form of an entry.
int kvrocksdb_expiry(const char *value, size_t size, uint64_t *expiry);

// kvrocksdb_separator returns where the first :: of a key is, or NULL.
const char *kvrocksdb_separator(const char *key, size_t size);

#endif
