// What this package does with librocksdb, in one call from Go each. Nothing of
// it calls Go, and nothing keeps what it was given.

#ifndef KEYVALUE_ROCKSDB_DATABASE_H
#define KEYVALUE_ROCKSDB_DATABASE_H

#include "functions.h"

typedef struct kvrocksdb_database kvrocksdb_database;

// An error is a text to be freed with kvrocksdb_free; NULL is none.

// kvrocksdb_load loads the library from a file. It changes nothing if that
// fails or another was loaded before. The text of the error is not of librocksdb.
char *kvrocksdb_load(const char *file);

// kvrocksdb_loaded returns the path of the file that the library was loaded
// from, to be freed with free, or NULL.
char *kvrocksdb_loaded(void);

void kvrocksdb_free(void *memory);

typedef struct {
  int create;           // where there is none
  int read_only;
  int sync;             // each write
  int compression;      // a number of RocksDB's, or negative for its default
  int few_files;        // keep few files open
  uint64_t cache_size;  // in bytes
} kvrocksdb_settings;

typedef struct {
  char *error;
  kvrocksdb_database *database;
} kvrocksdb_opened;

kvrocksdb_opened kvrocksdb_open(const char *path, const kvrocksdb_settings *settings);
void kvrocksdb_close(kvrocksdb_database *);

// kvrocksdb_arm lets the compaction filter remove what has expired.
void kvrocksdb_arm(kvrocksdb_database *);

// kvrocksdb_families stores how many column families the database has.
char *kvrocksdb_families(const char *path, size_t *count);

// A value that was read. Where it does not fit into the buffer, rest is to be
// given to kvrocksdb_take.
typedef struct {
  char *error;
  size_t size;
  int found;
  void *rest;
} kvrocksdb_value;

kvrocksdb_value kvrocksdb_get(kvrocksdb_database *, const char *key, size_t key_size, char *buffer, size_t capacity);
void kvrocksdb_take(void *rest, char *buffer);

// Sizes of values that are none.
#define KVROCKSDB_MISSING UINT64_MAX
#define KVROCKSDB_FAILED (UINT64_MAX - 1)

// kvrocksdb_get_many reads keys, which lie behind each other and end at the
// given places. Of each value it copies so many bytes at most, one behind the
// other, and stores their number. Where they do not fit into the buffer, rest
// is to be given to kvrocksdb_take_many.
kvrocksdb_value kvrocksdb_get_many(kvrocksdb_database *, const char *keys, const uint64_t *ends, size_t count,
                                   size_t most, char *buffer, size_t capacity, uint64_t *sizes);
void kvrocksdb_take_many(void *rest, char *buffer);

char *kvrocksdb_put(kvrocksdb_database *, const char *key, size_t key_size, const char *value, size_t value_size);
char *kvrocksdb_delete(kvrocksdb_database *, const char *key, size_t key_size);

// kvrocksdb_write writes a batch in the form that RocksDB itself has for it.
char *kvrocksdb_write(kvrocksdb_database *, const char *batch, size_t size);

typedef struct {
  uint64_t now;     // in microseconds since 1970
  int wanted;       // one of those below
  int collections;  // one key for each collection only
  size_t found;     // how many at most
  size_t visited;   // how many keys to look at, at most
} kvrocksdb_query;

enum {
  KVROCKSDB_ALL,
  KVROCKSDB_LIVE,
  KVROCKSDB_EXPIRED,
};

typedef struct {
  char *error;
  size_t used;  // bytes of the buffer
  size_t need;  // how large the buffer must be for anything to fit, or 0
  int ended;    // there is nothing behind what was found
} kvrocksdb_scanned;

// kvrocksdb_scan looks at the keys from lower up to and without upper, or to the
// last if upper is empty, and writes records about those wanted into the buffer: the size of the key in 4
// bytes and its expiry in 8, as the machine has them, one byte that is one of
// those below, and the key.
kvrocksdb_scanned kvrocksdb_scan(kvrocksdb_database *, const char *lower, size_t lower_size, const char *upper,
                                 size_t upper_size, const kvrocksdb_query *query, char *buffer, size_t capacity);

enum {
  KVROCKSDB_ENTRY,    // has the form of an entry
  KVROCKSDB_OTHER,    // has not
  KVROCKSDB_PASSED,   // not wanted: tells how far the scan has come
  KVROCKSDB_HEADER = 4 + 8 + 1,
};

char *kvrocksdb_property(kvrocksdb_database *, const char *name);
char *kvrocksdb_flush(kvrocksdb_database *);
void kvrocksdb_compact(kvrocksdb_database *);
char *kvrocksdb_checkpoint(kvrocksdb_database *, const char *path);

#endif
