//go:build cgo && unix

#include "library.h"

#include <stdlib.h>
#include <string.h>

// found is where the records go.
struct found {
  char *buffer;
  size_t capacity, used, need;
};

// record writes one record, and reports false where there is no room for it.
static int record(struct found *f, unsigned char kind, uint64_t expiry, const char *key, size_t size) {
  size_t whole = KVROCKSDB_HEADER + size;
  if (whole > f->capacity - f->used) {
    if (f->used == 0) f->need = whole;
    return 0;
  }
  char *at = f->buffer + f->used;
  uint32_t size32 = (uint32_t)size;
  memcpy(at, &size32, 4);
  memcpy(at + 4, &expiry, 8);
  at[12] = (char)kind;
  memcpy(at + KVROCKSDB_HEADER, key, size);
  f->used += whole;
  return 1;
}

// is_wanted is for queries that are not about all keys.
static int is_wanted(const kvrocksdb_query *q, int is_entry, uint64_t expiry) {
  int expired = expiry != 0 && expiry <= q->now;
  return is_entry && expired == (q->wanted == KVROCKSDB_EXPIRED);
}

// skip_collection moves past the collection of the key, whose separator is
// given. All of it lies before its name with :; in the place of ::.
static int skip_collection(rocksdb_iterator_t *iterator, const char *key, const char *separator) {
  size_t size = (size_t)(separator - key) + 2;
  char *behind = malloc(size);
  if (behind == NULL) return 0;
  memcpy(behind, key, size);
  behind[size - 1] = ';';
  CALL(iter_seek)(iterator, behind, size);
  free(behind);
  return 1;
}

// walk returns whether it has come to the end.
static int walk(rocksdb_iterator_t *iterator, const kvrocksdb_query *q, struct found *f) {
  size_t found = 0;
  for (size_t visited = 0; CALL(iter_valid)(iterator); visited++) {
    size_t key_size, value_size;
    const char *key = CALL(iter_key)(iterator, &key_size);
    const char *value = CALL(iter_value)(iterator, &value_size);
    uint64_t expiry;
    int is_entry = kvrocksdb_expiry(value, value_size, &expiry);
    const char *separator = kvrocksdb_separator(key, key_size);
    int wanted = q->wanted == KVROCKSDB_ALL || (separator != NULL && is_wanted(q, is_entry, expiry));
    if (!wanted && visited < q->visited) {
      CALL(iter_next)(iterator);
      continue;
    }
    unsigned char kind = !wanted ? KVROCKSDB_PASSED : is_entry ? KVROCKSDB_ENTRY : KVROCKSDB_OTHER;
    if (!record(f, kind, expiry, key, key_size) || !wanted || ++found == q->found) return 0;
    if (!q->collections || separator == NULL) {
      CALL(iter_next)(iterator);
    } else if (!skip_collection(iterator, key, separator)) {
      return 0;
    }
  }
  return 1;
}

kvrocksdb_scanned kvrocksdb_scan(kvrocksdb_database *d, const char *lower, size_t lower_size, const char *upper,
                                 size_t upper_size, const kvrocksdb_query *query, char *buffer, size_t capacity) {
  kvrocksdb_scanned scanned = {NULL, 0, 0, 0};
  struct found f = {buffer, capacity, 0, 0};
  rocksdb_readoptions_t *reading = CALL(readoptions_create)();
  if (upper_size > 0) CALL(readoptions_set_iterate_upper_bound)(reading, upper, upper_size);
  rocksdb_iterator_t *iterator = CALL(create_iterator)(d->database, reading);
  CALL(iter_seek)(iterator, lower, lower_size);
  scanned.ended = walk(iterator, query, &f);
  CALL(iter_get_error)(iterator, &scanned.error);
  CALL(iter_destroy)(iterator);
  CALL(readoptions_destroy)(reading);
  scanned.used = f.used;
  scanned.need = f.need;
  return scanned;
}
