// Makes a database as another program would, in the directory given:
//
//   foreign DIRECTORY plain       default comparator, its own keys and values
//   foreign DIRECTORY comparator  a comparator of its own
//   foreign DIRECTORY families    a column family beside the default one
//   foreign DIRECTORY newer       a later layout of ours
//
// The values of the first would be entries that expired long ago.

#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *error) {
  if (error == NULL) return;
  fprintf(stderr, "%s\n", error);
  exit(1);
}

static void destroy(void *state) { (void)state; }

static int compare(void *state, const char *a, size_t a_size, const char *b, size_t b_size) {
  (void)state;
  int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
  return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static const char *name(void *state) {
  (void)state;
  return "rocksdict";
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  char *error = NULL;
  rocksdb_options_t *options = rocksdb_options_create();
  rocksdb_options_set_create_if_missing(options, 1);
  if (strcmp(argv[2], "comparator") == 0) {
    rocksdb_options_set_comparator(options, rocksdb_comparator_create(NULL, destroy, compare, name));
  }
  rocksdb_t *database = rocksdb_open(options, argv[1], &error);
  check(error);
  rocksdb_writeoptions_t *writing = rocksdb_writeoptions_create();
  if (strcmp(argv[2], "newer") == 0) {
    rocksdb_put(database, writing, "~kv1~layout", 11, "keyvalue rocksdb 99", 19, &error);
    check(error);
  }
  if (strcmp(argv[2], "families") == 0) {
    rocksdb_column_family_handle_t *family = rocksdb_create_column_family(database, options, "other", &error);
    check(error);
    rocksdb_column_family_handle_destroy(family);
  }
  for (int i = 0; i < 1000; i++) {
    char key[32];
    int size = snprintf(key, sizeof key, "c::%d", i);
    rocksdb_put(database, writing, key, (size_t)size, "\0\0\0\0\0\0\0\1{}", 10, &error);
    check(error);
  }
  rocksdb_flushoptions_t *flushing = rocksdb_flushoptions_create();
  rocksdb_flush(database, flushing, &error);
  check(error);
  rocksdb_put(database, writing, "d::log", 6, "\0\0\0\0\0\0\0\1{}", 10, &error);
  check(error);
  rocksdb_close(database);
  return 0;
}
