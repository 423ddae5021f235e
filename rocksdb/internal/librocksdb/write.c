//go:build cgo && unix

#include "library.h"

char *kvrocksdb_put(kvrocksdb_database *d, const char *key, size_t key_size, const char *value, size_t value_size) {
  char *error = NULL;
  CALL(put)(d->database, d->writing, key, key_size, value, value_size, &error);
  return error;
}

char *kvrocksdb_delete(kvrocksdb_database *d, const char *key, size_t key_size) {
  char *error = NULL;
  CALL(delete)(d->database, d->writing, key, key_size, &error);
  return error;
}

char *kvrocksdb_write(kvrocksdb_database *d, const char *bytes, size_t size) {
  char *error = NULL;
  rocksdb_writebatch_t *batch = CALL(writebatch_create_from)(bytes, size);
  CALL(write)(d->database, d->writing, batch, &error);
  CALL(writebatch_destroy)(batch);
  return error;
}

char *kvrocksdb_flush(kvrocksdb_database *d) {
  char *error = NULL;
  rocksdb_flushoptions_t *options = CALL(flushoptions_create)();  // which wait
  CALL(flush)(d->database, options, &error);
  CALL(flushoptions_destroy)(options);
  return error;
}

void kvrocksdb_compact(kvrocksdb_database *d) { CALL(compact_range)(d->database, NULL, 0, NULL, 0); }

char *kvrocksdb_checkpoint(kvrocksdb_database *d, const char *path) {
  char *error = NULL;
  rocksdb_checkpoint_t *checkpoint = CALL(checkpoint_object_create)(d->database, &error);
  if (error != NULL) return error;
  CALL(checkpoint_create)(checkpoint, path, 0, &error);  // 0: flush, so that there is no log to replay
  CALL(checkpoint_object_destroy)(checkpoint);
  return error;
}

char *kvrocksdb_property(kvrocksdb_database *d, const char *name) { return CALL(property_value)(d->database, name); }
