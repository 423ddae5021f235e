//go:build cgo && unix

#include "library.h"

#include <stdlib.h>
#include <string.h>

kvrocksdb_value kvrocksdb_get(kvrocksdb_database *d, const char *key, size_t key_size, char *buffer, size_t capacity) {
  kvrocksdb_value value = {NULL, 0, 0, NULL};
  rocksdb_pinnableslice_t *slice = CALL(get_pinned)(d->database, d->reading, key, key_size, &value.error);
  if (slice == NULL) return value;
  const char *bytes = CALL(pinnableslice_value)(slice, &value.size);
  value.found = 1;
  if (value.size > capacity) {
    value.rest = slice;
    return value;
  }
  if (value.size > 0) memcpy(buffer, bytes, value.size);
  CALL(pinnableslice_destroy)(slice);
  return value;
}

void kvrocksdb_take(void *rest, char *buffer) {
  size_t size;
  const char *bytes = CALL(pinnableslice_value)(rest, &size);
  if (size > 0) memcpy(buffer, bytes, size);
  CALL(pinnableslice_destroy)(rest);
}

// slices are what a call for many keys has read. They are one piece of memory
// with the arrays behind.
struct slices {
  size_t count, most;
  rocksdb_pinnableslice_t **values;
};

static size_t copied_size(const struct slices *s, size_t i, const char **bytes) {
  size_t size;
  *bytes = CALL(pinnableslice_value)(s->values[i], &size);
  return size < s->most ? size : s->most;
}

void kvrocksdb_take_many(void *rest, char *buffer) {
  struct slices *s = rest;
  for (size_t i = 0; i < s->count; i++) {
    if (s->values[i] == NULL) continue;
    const char *bytes;
    size_t size = copied_size(s, i, &bytes);
    if (size > 0) memcpy(buffer, bytes, size);
    buffer += size;
    CALL(pinnableslice_destroy)(s->values[i]);
  }
  free(s);
}

kvrocksdb_value kvrocksdb_get_many(kvrocksdb_database *d, const char *keys, const uint64_t *ends, size_t count,
                                   size_t most, char *buffer, size_t capacity, uint64_t *sizes) {
  kvrocksdb_value value = {NULL, 0, 0, NULL};
  struct slices *s = malloc(sizeof *s + count * (sizeof(void *) * 3 + sizeof(size_t)));
  if (s == NULL) {
    value.error = strdup("out of memory");
    return value;
  }
  s->count = count;
  s->most = most;
  s->values = (rocksdb_pinnableslice_t **)(s + 1);
  char **errors = (char **)(s->values + count);
  const char **starts = (const char **)(errors + count);
  size_t *key_sizes = (size_t *)(starts + count);
  for (size_t i = 0, start = 0; i < count; start = ends[i], i++) {
    s->values[i] = NULL;
    errors[i] = NULL;
    starts[i] = keys + start;
    key_sizes[i] = ends[i] - start;
  }
  CALL(batched_multi_get_cf)(d->database, d->reading, d->family, count, starts, key_sizes, s->values, errors, false);
  for (size_t i = 0; i < count; i++) {
    sizes[i] = KVROCKSDB_MISSING;
    if (errors[i] != NULL) {
      sizes[i] = KVROCKSDB_FAILED;
      CALL(free)(errors[i]);
    } else if (s->values[i] != NULL) {
      const char *bytes;
      sizes[i] = copied_size(s, i, &bytes);
      value.size += sizes[i];
    }
  }
  if (value.size > capacity) {
    value.rest = s;
  } else {
    kvrocksdb_take_many(s, buffer);
  }
  return value;
}
