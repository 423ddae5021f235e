// The functions of librocksdb that this package calls, as <rocksdb/c.h>
// declares them from version 7.8 on. The library is loaded while the program
// runs, so that header is not needed to build; a test compares the two.

#ifndef KEYVALUE_ROCKSDB_FUNCTIONS_H
#define KEYVALUE_ROCKSDB_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rocksdb_t rocksdb_t;
typedef struct rocksdb_block_based_table_options_t rocksdb_block_based_table_options_t;
typedef struct rocksdb_cache_t rocksdb_cache_t;
typedef struct rocksdb_checkpoint_t rocksdb_checkpoint_t;
typedef struct rocksdb_column_family_handle_t rocksdb_column_family_handle_t;
typedef struct rocksdb_compactionfilter_t rocksdb_compactionfilter_t;
typedef struct rocksdb_filterpolicy_t rocksdb_filterpolicy_t;
typedef struct rocksdb_flushoptions_t rocksdb_flushoptions_t;
typedef struct rocksdb_iterator_t rocksdb_iterator_t;
typedef struct rocksdb_options_t rocksdb_options_t;
typedef struct rocksdb_pinnableslice_t rocksdb_pinnableslice_t;
typedef struct rocksdb_readoptions_t rocksdb_readoptions_t;
typedef struct rocksdb_writebatch_t rocksdb_writebatch_t;
typedef struct rocksdb_writeoptions_t rocksdb_writeoptions_t;

// FUNCTIONS calls F(result, name, (parameters)) for each of them.
#define FUNCTIONS(F)                                                                                    \
  F(void, rocksdb_free, (void *))                                                                       \
                                                                                                        \
  F(rocksdb_options_t *, rocksdb_options_create, (void))                                                \
  F(void, rocksdb_options_destroy, (rocksdb_options_t *))                                               \
  F(void, rocksdb_options_set_create_if_missing, (rocksdb_options_t *, unsigned char))                  \
  F(void, rocksdb_options_set_compression, (rocksdb_options_t *, int))                                  \
  F(void, rocksdb_options_set_max_open_files, (rocksdb_options_t *, int))                               \
  F(void, rocksdb_options_set_keep_log_file_num, (rocksdb_options_t *, size_t))                         \
  F(void, rocksdb_options_set_compaction_filter, (rocksdb_options_t *, rocksdb_compactionfilter_t *))   \
  F(void, rocksdb_options_set_block_based_table_factory,                                                \
    (rocksdb_options_t *, rocksdb_block_based_table_options_t *))                                       \
  F(rocksdb_block_based_table_options_t *, rocksdb_block_based_options_create, (void))                  \
  F(void, rocksdb_block_based_options_destroy, (rocksdb_block_based_table_options_t *))                 \
  F(void, rocksdb_block_based_options_set_block_cache,                                                  \
    (rocksdb_block_based_table_options_t *, rocksdb_cache_t *))                                         \
  F(void, rocksdb_block_based_options_set_filter_policy,                                                \
    (rocksdb_block_based_table_options_t *, rocksdb_filterpolicy_t *))                                  \
  F(rocksdb_filterpolicy_t *, rocksdb_filterpolicy_create_bloom_full, (double))                         \
  F(rocksdb_cache_t *, rocksdb_cache_create_lru, (size_t))                                              \
  F(void, rocksdb_cache_destroy, (rocksdb_cache_t *))                                                   \
  F(rocksdb_compactionfilter_t *, rocksdb_compactionfilter_create,                                      \
    (void *, void (*)(void *),                                                                          \
     unsigned char (*)(void *, int, const char *, size_t, const char *, size_t, char **, size_t *,      \
                       unsigned char *),                                                                \
     const char *(*)(void *)))                                                                          \
  F(void, rocksdb_compactionfilter_destroy, (rocksdb_compactionfilter_t *))                             \
  F(rocksdb_readoptions_t *, rocksdb_readoptions_create, (void))                                        \
  F(void, rocksdb_readoptions_destroy, (rocksdb_readoptions_t *))                                       \
  F(void, rocksdb_readoptions_set_iterate_upper_bound, (rocksdb_readoptions_t *, const char *, size_t)) \
  F(rocksdb_writeoptions_t *, rocksdb_writeoptions_create, (void))                                      \
  F(void, rocksdb_writeoptions_destroy, (rocksdb_writeoptions_t *))                                     \
  F(void, rocksdb_writeoptions_set_sync, (rocksdb_writeoptions_t *, unsigned char))                     \
                                                                                                        \
  F(char **, rocksdb_list_column_families, (const rocksdb_options_t *, const char *, size_t *, char **)) \
  F(void, rocksdb_list_column_families_destroy, (char **, size_t))                                      \
  F(rocksdb_t *, rocksdb_open_column_families,                                                          \
    (const rocksdb_options_t *, const char *, int, const char *const *, const rocksdb_options_t *const *, \
     rocksdb_column_family_handle_t **, char **))                                                       \
  F(rocksdb_t *, rocksdb_open_for_read_only_column_families,                                            \
    (const rocksdb_options_t *, const char *, int, const char *const *, const rocksdb_options_t *const *, \
     rocksdb_column_family_handle_t **, unsigned char, char **))                                        \
  F(void, rocksdb_column_family_handle_destroy, (rocksdb_column_family_handle_t *))                     \
  F(void, rocksdb_close, (rocksdb_t *))                                                                 \
                                                                                                        \
  F(rocksdb_pinnableslice_t *, rocksdb_get_pinned,                                                      \
    (rocksdb_t *, const rocksdb_readoptions_t *, const char *, size_t, char **))                        \
  F(const char *, rocksdb_pinnableslice_value, (const rocksdb_pinnableslice_t *, size_t *))             \
  F(void, rocksdb_pinnableslice_destroy, (rocksdb_pinnableslice_t *))                                   \
  F(void, rocksdb_batched_multi_get_cf,                                                                 \
    (rocksdb_t *, const rocksdb_readoptions_t *, rocksdb_column_family_handle_t *, size_t,              \
     const char *const *, const size_t *, rocksdb_pinnableslice_t **, char **, const bool))             \
  F(void, rocksdb_put,                                                                                  \
    (rocksdb_t *, const rocksdb_writeoptions_t *, const char *, size_t, const char *, size_t, char **)) \
  F(void, rocksdb_delete, (rocksdb_t *, const rocksdb_writeoptions_t *, const char *, size_t, char **)) \
  F(rocksdb_writebatch_t *, rocksdb_writebatch_create_from, (const char *, size_t))                     \
  F(void, rocksdb_writebatch_destroy, (rocksdb_writebatch_t *))                                         \
  F(void, rocksdb_write, (rocksdb_t *, const rocksdb_writeoptions_t *, rocksdb_writebatch_t *, char **)) \
                                                                                                        \
  F(rocksdb_iterator_t *, rocksdb_create_iterator, (rocksdb_t *, const rocksdb_readoptions_t *))        \
  F(void, rocksdb_iter_destroy, (rocksdb_iterator_t *))                                                 \
  F(unsigned char, rocksdb_iter_valid, (const rocksdb_iterator_t *))                                    \
  F(void, rocksdb_iter_seek, (rocksdb_iterator_t *, const char *, size_t))                              \
  F(void, rocksdb_iter_next, (rocksdb_iterator_t *))                                                    \
  F(const char *, rocksdb_iter_key, (const rocksdb_iterator_t *, size_t *))                             \
  F(const char *, rocksdb_iter_value, (const rocksdb_iterator_t *, size_t *))                           \
  F(void, rocksdb_iter_get_error, (const rocksdb_iterator_t *, char **))                                \
                                                                                                        \
  F(char *, rocksdb_property_value, (rocksdb_t *, const char *))                                        \
  F(rocksdb_flushoptions_t *, rocksdb_flushoptions_create, (void))                                      \
  F(void, rocksdb_flushoptions_destroy, (rocksdb_flushoptions_t *))                                     \
  F(void, rocksdb_flush, (rocksdb_t *, const rocksdb_flushoptions_t *, char **))                        \
  F(void, rocksdb_compact_range, (rocksdb_t *, const char *, size_t, const char *, size_t))             \
  F(rocksdb_checkpoint_t *, rocksdb_checkpoint_object_create, (rocksdb_t *, char **))                   \
  F(void, rocksdb_checkpoint_create, (rocksdb_checkpoint_t *, const char *, uint64_t, char **))         \
  F(void, rocksdb_checkpoint_object_destroy, (rocksdb_checkpoint_t *))

#endif
