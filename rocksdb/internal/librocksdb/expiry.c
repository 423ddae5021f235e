//go:build cgo && unix

#include "library.h"

#include <string.h>
#include <time.h>

// A value is 8 bytes that say when it expires, the highest first, and then an
// envelope, which is a JSON object.
int kvrocksdb_expiry(const char *value, size_t size, uint64_t *expiry) {
  *expiry = 0;
  if (size < 8 + 2 || value[8] != '{' || value[size - 1] != '}') return 0;
  for (int i = 0; i < 8; i++) *expiry = *expiry << 8 | (unsigned char)value[i];
  return 1;
}

const char *kvrocksdb_separator(const char *key, size_t size) {
  const char *end = key + size;
  while (end - key >= 2) {
    const char *colon = memchr(key, ':', (size_t)(end - key) - 1);
    if (colon == NULL || colon[1] == ':') return colon;
    key = colon + 1;
  }
  return NULL;
}

// An expired entry is invisible, so that nothing but space is lost by keeping
// it. The margin is for clocks that were wrong for a while: an entry that the
// right time would have shown again must still be there.
static const uint64_t margin = UINT64_C(60) * 60 * 1000 * 1000;

// filter reports whether compaction is to remove a version of an entry. What is
// written later is another version, which hides this one: RocksDB puts a
// tombstone in the place of this version, with its sequence number, unless there
// is nothing older. So what a writer puts meanwhile is never removed, nor does
// anything older show up.
static unsigned char filter(void *state, int level, const char *key, size_t key_size, const char *value,
                            size_t value_size, char **new_value, size_t *new_value_size,
                            unsigned char *value_changed) {
  (void)level, (void)new_value, (void)new_value_size, (void)value_changed;
  kvrocksdb_database *d = state;
  uint64_t expiry;
  if (!kvrocksdb_expiry(value, value_size, &expiry) || expiry == 0) return 0;
  if (!__atomic_load_n(&d->armed, __ATOMIC_ACQUIRE) || kvrocksdb_separator(key, key_size) == NULL) return 0;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0) return 0;
  uint64_t microseconds = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
  return microseconds > margin && expiry < microseconds - margin;
}

static void keep(void *state) { (void)state; }

static const char *name(void *state) {
  (void)state;
  return "keyvalue.expiry";
}

rocksdb_compactionfilter_t *kvrocksdb_new_filter(kvrocksdb_database *d) {
  return CALL(compactionfilter_create)(d, keep, filter, name);
}

void kvrocksdb_arm(kvrocksdb_database *d) { __atomic_store_n(&d->armed, 1, __ATOMIC_RELEASE); }
