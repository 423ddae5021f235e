//go:build cgo && unix

#include "library.h"

#include <stdlib.h>
#include <string.h>

// set_up_tables chooses how tables are written: with a Bloom filter, so that a
// key that is not there costs no read, and with a cache of the size given.
static void set_up_tables(kvrocksdb_database *d, uint64_t cache_size) {
  rocksdb_block_based_table_options_t *table = CALL(block_based_options_create)();
  d->cache = CALL(cache_create_lru)((size_t)cache_size);
  CALL(block_based_options_set_block_cache)(table, d->cache);
  CALL(block_based_options_set_filter_policy)(table, CALL(filterpolicy_create_bloom_full)(10));
  CALL(options_set_block_based_table_factory)(d->options, table);
  CALL(block_based_options_destroy)(table);
}

kvrocksdb_opened kvrocksdb_open(const char *path, const kvrocksdb_settings *settings) {
  kvrocksdb_opened opened = {NULL, NULL};
  kvrocksdb_database *d = calloc(1, sizeof *d);
  if (d == NULL) {
    opened.error = strdup("out of memory");
    return opened;
  }
  d->options = CALL(options_create)();
  d->reading = CALL(readoptions_create)();
  d->writing = CALL(writeoptions_create)();
  d->filter = kvrocksdb_new_filter(d);
  CALL(options_set_compaction_filter)(d->options, d->filter);
  CALL(options_set_create_if_missing)(d->options, settings->create != 0);
  CALL(options_set_keep_log_file_num)(d->options, 10);
  if (settings->compression >= 0) CALL(options_set_compression)(d->options, settings->compression);
  if (settings->few_files) CALL(options_set_max_open_files)(d->options, 16);
  CALL(writeoptions_set_sync)(d->writing, settings->sync != 0);
  set_up_tables(d, settings->cache_size);

  const char *const names[] = {"default"};
  const rocksdb_options_t *const options[] = {d->options};
  if (settings->read_only) {
    d->database = CALL(open_for_read_only_column_families)(d->options, path, 1, names, options, &d->family, 0, &opened.error);
  } else {
    d->database = CALL(open_column_families)(d->options, path, 1, names, options, &d->family, &opened.error);
  }
  if (opened.error != NULL) {
    d->database = NULL;
    kvrocksdb_close(d);
    return opened;
  }
  opened.database = d;
  return opened;
}

void kvrocksdb_close(kvrocksdb_database *d) {
  if (d->database != NULL) {
    CALL(column_family_handle_destroy)(d->family);
    CALL(close)(d->database);
  }
  CALL(options_destroy)(d->options);
  CALL(compactionfilter_destroy)(d->filter);
  CALL(cache_destroy)(d->cache);
  CALL(readoptions_destroy)(d->reading);
  CALL(writeoptions_destroy)(d->writing);
  free(d);
}

char *kvrocksdb_families(const char *path, size_t *count) {
  char *error = NULL;
  rocksdb_options_t *options = CALL(options_create)();
  char **names = CALL(list_column_families)(options, path, count, &error);
  CALL(options_destroy)(options);
  if (error == NULL) CALL(list_column_families_destroy)(names, *count);
  return error;
}
