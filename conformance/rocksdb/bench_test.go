package rocksdb_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"go.etcd.io/bbolt"

	"github.com/go-keyvalue/keyvalue/conformance/internal/turns"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

const (
	benchEntries = 10_000
	benchBatch   = 100
)

var bucket = []byte("bench")

// bench is what all contestants work with: the same keys, and values of 1 KiB,
// which for the others are the bytes that the store writes.
type bench struct {
	ctx    context.Context
	store  *rocksdb.Store
	raw    *rocksdb.DB
	pebble *pebble.DB
	write  *pebble.WriteOptions
	bolt   *bbolt.DB
	keys   []string
	names  [][]byte // in the database
	value  json.RawMessage
	stored []byte
	items  []core.Item
}

func newBench(b *testing.B, sync bool) *bench {
	b.Helper()
	need(b)
	directory := b.TempDir()
	// Random digits of 4 bits, so that compression is neither free nor useless.
	text := make([]byte, 1024-24)
	for i := range text {
		text[i] = "0123456789abcdef"[rand.IntN(16)]
	}
	s := &bench{
		ctx: b.Context(), store: open(b, filepath.Join(directory, "rocksdb"), &rocksdb.Options{Sync: sync}),
		write: pebble.NoSync, value: fmt.Appendf(nil, `{"name":"Ada","text":"%s"}`, text),
	}
	s.raw = s.store.DB()
	var err error
	if s.pebble, err = pebble.Open(filepath.Join(directory, "pebble"), &pebble.Options{Logger: silent{}}); err != nil {
		b.Fatal(err)
	}
	if s.bolt, err = bbolt.Open(filepath.Join(directory, "bolt"), 0o600, &bbolt.Options{NoSync: !sync}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		s.pebble.Close()
		s.bolt.Close()
	})
	if sync {
		s.write = pebble.Sync
	}
	for i := range benchEntries {
		s.keys = append(s.keys, fmt.Sprintf("key-%06d", i))
		s.names = append(s.names, []byte(names.Compound("bench", s.keys[i])))
		s.items = append(s.items, core.Item{Key: s.keys[i], Value: s.value})
	}
	if err := s.store.PutMany(s.ctx, "bench", s.items); err != nil {
		b.Fatal(err)
	}
	if s.stored, _, err = s.raw.Get(s.names[0], nil); err != nil {
		b.Fatal(err)
	}
	batch := s.pebble.NewBatch()
	for _, name := range s.names {
		batch.Set(name, s.stored, nil)
	}
	if err := batch.Commit(s.write); err != nil {
		b.Fatal(err)
	}
	err = s.bolt.Update(func(tx *bbolt.Tx) error {
		in, err := tx.CreateBucket(bucket)
		for _, name := range s.names {
			if err == nil {
				err = in.Put(name, s.stored)
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	// All read from tables.
	if err := s.store.Compact(s.ctx); err != nil {
		b.Fatal(err)
	}
	if err := s.pebble.Compact(s.ctx, []byte("a"), []byte("z"), false); err != nil {
		b.Fatal(err)
	}
	return s
}

// silent is a logger.
type silent struct{}

func (silent) Infof(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
func (silent) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf(format, args...))
}

// place is where a call reads or writes: all over the database.
func place(n int) int { return n * 7919 % (benchEntries - benchBatch) }

// clone is what a caller does with a value that it may not keep.
func clone(value []byte) []byte { return append([]byte{}, value...) }

func BenchmarkGet(b *testing.B) {
	s := newBench(b, false)
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			buffer := make([]json.RawMessage, benchEntries)
			turns.Run(b, callers, 500,
				turns.Contestant{Name: "store", Call: func(n int) error {
					_, err := s.store.Get(s.ctx, "bench", s.keys[place(n)])
					return err
				}},
				turns.Contestant{Name: "append", Call: func(n int) error {
					entry, err := s.store.GetAppend(s.ctx, "bench", s.keys[place(n)], buffer[n%benchEntries][:0])
					buffer[n%benchEntries] = entry.Value
					return err
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					value, _, err := s.raw.Get(s.names[place(n)], make([]byte, 0, 1300))
					clone(value)
					return err
				}},
				turns.Contestant{Name: "pebble", Call: func(n int) error {
					value, closer, err := s.pebble.Get(s.names[place(n)])
					if err != nil {
						return err
					}
					clone(value)
					return closer.Close()
				}},
				turns.Contestant{Name: "bbolt", Call: func(n int) error {
					return s.bolt.View(func(tx *bbolt.Tx) error {
						clone(tx.Bucket(bucket).Get(s.names[place(n)]))
						return nil
					})
				}})
		})
	}
}

func BenchmarkPut(b *testing.B) {
	for _, sync := range []bool{false, true} {
		s := newBench(b, sync)
		calls := 500
		if sync {
			calls = 5
		}
		for _, callers := range []int{1, 8} {
			b.Run(fmt.Sprintf("sync=%t/callers=%d", sync, callers), func(b *testing.B) {
				turns.Run(b, callers, calls,
					turns.Contestant{Name: "store", Call: func(n int) error {
						return s.store.Put(s.ctx, "bench", s.keys[place(n)], s.value, core.NoTTL)
					}},
					turns.Contestant{Name: "raw", Call: func(n int) error { return s.raw.Put(s.names[place(n)], s.stored) }},
					turns.Contestant{Name: "pebble", Call: func(n int) error { return s.pebble.Set(s.names[place(n)], s.stored, s.write) }},
					turns.Contestant{Name: "bbolt", Call: func(n int) error {
						return s.bolt.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bucket).Put(s.names[place(n)], s.stored) })
					}})
			})
		}
	}
}

// The batches have 100 entries. A loop is of single calls of the store.

func BenchmarkGetMany(b *testing.B) {
	s := newBench(b, false)
	turns.Run(b, 1, 10,
		turns.Contestant{Name: "store", Call: func(n int) error {
			_, err := s.store.GetMany(s.ctx, "bench", s.keys[place(n):place(n)+benchBatch])
			return err
		}},
		turns.Contestant{Name: "loop", Call: func(n int) error {
			for _, key := range s.keys[place(n) : place(n)+benchBatch] {
				if _, err := s.store.Get(s.ctx, "bench", key); err != nil {
					return err
				}
			}
			return nil
		}},
		turns.Contestant{Name: "rawloop", Call: func(n int) error {
			for _, name := range s.names[place(n) : place(n)+benchBatch] {
				value, _, err := s.raw.Get(name, make([]byte, 0, 1300))
				if err != nil {
					return err
				}
				clone(value)
			}
			return nil
		}},
		turns.Contestant{Name: "pebble", Call: func(n int) error {
			for _, name := range s.names[place(n) : place(n)+benchBatch] {
				value, closer, err := s.pebble.Get(name)
				if err != nil {
					return err
				}
				clone(value)
				closer.Close()
			}
			return nil
		}},
		turns.Contestant{Name: "bbolt", Call: func(n int) error {
			return s.bolt.View(func(tx *bbolt.Tx) error {
				for _, name := range s.names[place(n) : place(n)+benchBatch] {
					clone(tx.Bucket(bucket).Get(name))
				}
				return nil
			})
		}})
}

func BenchmarkPutMany(b *testing.B) {
	for _, sync := range []bool{false, true} {
		s := newBench(b, sync)
		b.Run(fmt.Sprint("sync=", sync), func(b *testing.B) {
			turns.Run(b, 1, 5,
				turns.Contestant{Name: "store", Call: func(n int) error {
					return s.store.PutMany(s.ctx, "bench", s.items[place(n):place(n)+benchBatch])
				}},
				turns.Contestant{Name: "loop", Call: func(n int) error {
					for _, item := range s.items[place(n) : place(n)+benchBatch] {
						if err := s.store.Put(s.ctx, "bench", item.Key, item.Value, item.TTL); err != nil {
							return err
						}
					}
					return nil
				}},
				turns.Contestant{Name: "pebble", Call: func(n int) error {
					batch := s.pebble.NewBatch()
					for _, name := range s.names[place(n) : place(n)+benchBatch] {
						if err := batch.Set(name, s.stored, nil); err != nil {
							return err
						}
					}
					return batch.Commit(s.write)
				}},
				turns.Contestant{Name: "bbolt", Call: func(n int) error {
					return s.bolt.Update(func(tx *bbolt.Tx) error {
						for _, name := range s.names[place(n) : place(n)+benchBatch] {
							if err := tx.Bucket(bucket).Put(name, s.stored); err != nil {
								return err
							}
						}
						return nil
					})
				}})
		})
	}
}

// All keys are listed. The others walk over them and copy each.
func BenchmarkKeys(b *testing.B) {
	s := newBench(b, false)
	turns.Run(b, 1, 1,
		turns.Contestant{Name: "store", Call: func(int) error {
			for _, err := range s.store.Keys(s.ctx, "bench") {
				if err != nil {
					return err
				}
			}
			return nil
		}},
		turns.Contestant{Name: "pebble", Call: func(int) error {
			iterator, err := s.pebble.NewIter(nil)
			if err != nil {
				return err
			}
			for iterator.First(); iterator.Valid(); iterator.Next() {
				_ = string(iterator.Key())
			}
			return iterator.Close()
		}},
		turns.Contestant{Name: "bbolt", Call: func(int) error {
			return s.bolt.View(func(tx *bbolt.Tx) error {
				return tx.Bucket(bucket).ForEach(func(name, _ []byte) error {
					_ = string(name)
					return nil
				})
			})
		}})
}
