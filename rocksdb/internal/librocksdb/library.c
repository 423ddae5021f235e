//go:build cgo && unix

#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kvrocksdb_functions kvrocksdb_library;
static int loaded;

static char *missing(const char *name) {
  char text[256];
  snprintf(text, sizeof text, "it has no function %s", name);
  return strdup(text);
}

// The caller sees to it that one thread at a time is in here.
char *kvrocksdb_load(const char *file) {
  if (loaded) return NULL;
  void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    const char *error = dlerror();
    return strdup(error != NULL ? error : "the file cannot be loaded");
  }
  struct kvrocksdb_functions found;
#define LOOK_UP(result, name, parameters)            \
  *(void **)(&found.name) = dlsym(handle, #name);    \
  if (found.name == NULL) {                          \
    dlclose(handle);                                 \
    return missing(#name);                           \
  }
  FUNCTIONS(LOOK_UP)
  kvrocksdb_library = found;
  loaded = 1;
  return NULL;
}

char *kvrocksdb_loaded(void) {
  Dl_info info;
  if (!loaded || dladdr(*(void **)(&kvrocksdb_library.rocksdb_put), &info) == 0 || info.dli_fname == NULL) return NULL;
  return strdup(info.dli_fname);
}

void kvrocksdb_free(void *memory) { kvrocksdb_library.rocksdb_free(memory); }
