package disk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/go-keyvalue/keyvalue/conformance/internal/turns"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/disk"
)

const (
	benchEntries = 1000
	benchBatch   = 100
)

// bench is what all contestants work with: the same keys, and values of 1 KiB,
// which for the others are the bytes that the store writes.
type bench struct {
	b      *testing.B
	sync   bool
	store  *disk.Store
	bolt   *bbolt.DB
	plain  string // directory of files that are written by hand
	keys   []string
	value  json.RawMessage
	stored []byte
	items  []core.Item
}

var bucket = []byte("bench")

func newBench(b *testing.B, sync bool) *bench {
	b.Helper()
	directory := b.TempDir()
	store, err := disk.New(filepath.Join(directory, "disk"), &disk.Options{Sync: sync})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	s := &bench{
		b: b, sync: sync, store: store, plain: filepath.Join(directory, "plain"),
		value: fmt.Appendf(nil, `{"name":"Ada","text":"%s"}`, bytes.Repeat([]byte("x"), 1024-24)),
	}
	if s.bolt, err = bbolt.Open(filepath.Join(directory, "bolt"), 0o600, &bbolt.Options{NoSync: !sync}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.bolt.Close() })
	for i := range benchEntries {
		s.keys = append(s.keys, fmt.Sprintf("key-%06d", i))
		s.items = append(s.items, core.Item{Key: s.keys[i], Value: s.value})
	}
	if err := store.PutMany(b.Context(), "bench", s.items); err != nil {
		b.Fatal(err)
	}
	if s.stored, err = os.ReadFile(filepath.Join(store.Directory(), "bench", s.keys[0]+".json")); err != nil {
		b.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(s.plain, "bench"), 0o700); err != nil {
		b.Fatal(err)
	}
	for i := range benchEntries {
		if err := os.WriteFile(s.file(i), s.stored, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	err = s.bolt.Update(func(tx *bbolt.Tx) error {
		in, err := tx.CreateBucketIfNotExists(bucket)
		for _, key := range s.keys {
			err = errors.Join(err, in.Put([]byte(key), s.stored))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func (s *bench) file(n int) string {
	return filepath.Join(s.plain, "bench", s.keys[n%benchEntries]+".json")
}

// writeAndRename is what a program does by hand for a write that is atomic.
func (s *bench) writeAndRename(n int) error {
	temporary := filepath.Join(s.plain, strconv.FormatUint(rand.Uint64(), 36))
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(s.stored)
	if s.sync {
		err = errors.Join(err, file.Sync())
	}
	if err := errors.Join(err, file.Close(), os.Rename(temporary, s.file(n))); err != nil {
		return err
	}
	if !s.sync {
		return nil
	}
	directory, err := os.Open(filepath.Join(s.plain, "bench"))
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}

func (s *bench) boltGet(n int) error {
	return s.bolt.View(func(tx *bbolt.Tx) error {
		if len(bytes.Clone(tx.Bucket(bucket).Get([]byte(s.keys[n%benchEntries])))) == 0 {
			return errors.New("nothing read")
		}
		return nil
	})
}

func (s *bench) boltPut(n int) error {
	return s.bolt.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bucket).Put([]byte(s.keys[n%benchEntries]), s.stored) })
}

func (s *bench) get(n int) error {
	_, err := s.store.Get(s.b.Context(), "bench", s.keys[n%benchEntries])
	return err
}

func (s *bench) put(n int) error {
	return s.store.Put(s.b.Context(), "bench", s.keys[n%benchEntries], s.value, core.NoTTL)
}

// loop does a call for each key of a batch.
func loop(call func(n int) error) func(n int) error {
	return func(n int) error {
		for i := range benchBatch {
			if err := call(n*benchBatch + i); err != nil {
				return err
			}
		}
		return nil
	}
}

func BenchmarkGet(b *testing.B) {
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := newBench(b, false)
			turns.Run(b, callers, 200,
				turns.Contestant{Name: "store", Call: s.get},
				turns.Contestant{Name: "os.ReadFile", Call: func(n int) error {
					_, err := os.ReadFile(s.file(n))
					return err
				}},
				turns.Contestant{Name: "bbolt", Call: s.boltGet},
			)
		})
	}
}

func BenchmarkGetAppend(b *testing.B) {
	s := newBench(b, false)
	var buffer []byte
	turns.Run(b, 1, 200,
		turns.Contestant{Name: "store", Call: func(n int) error {
			entry, err := s.store.GetAppend(b.Context(), "bench", s.keys[n%benchEntries], buffer[:0])
			buffer = entry.Value
			return err
		}},
		turns.Contestant{Name: "os.ReadFile", Call: func(n int) error {
			_, err := os.ReadFile(s.file(n))
			return err
		}},
	)
}

func BenchmarkPut(b *testing.B) {
	for _, sync := range []bool{false, true} {
		for _, callers := range []int{1, 8} {
			b.Run(fmt.Sprintf("sync=%v/callers=%d", sync, callers), func(b *testing.B) {
				s := newBench(b, sync)
				calls := 100
				if sync {
					calls = 5
				}
				store := turns.Contestant{Name: "store", Call: s.put}
				// Each apart: what bbolt leaves in memory the next contestant has to wait
				// for when it writes.
				b.Run("by-hand", func(b *testing.B) {
					turns.Run(b, callers, calls, store, turns.Contestant{Name: "write-and-rename", Call: s.writeAndRename})
				})
				b.Run("bbolt", func(b *testing.B) {
					turns.Run(b, callers, calls, store, turns.Contestant{Name: "bbolt", Call: s.boltPut})
				})
			})
		}
	}
}

func BenchmarkGetMany(b *testing.B) {
	s := newBench(b, false)
	turns.Run(b, 1, 5,
		turns.Contestant{Name: "store", Call: func(n int) error {
			from := n * benchBatch % benchEntries
			_, err := s.store.GetMany(b.Context(), "bench", s.keys[from:from+benchBatch])
			return err
		}},
		turns.Contestant{Name: "loop", Call: loop(s.get)},
		turns.Contestant{Name: "os.ReadFile", Call: loop(func(n int) error {
			_, err := os.ReadFile(s.file(n))
			return err
		})},
	)
}

func BenchmarkPutMany(b *testing.B) {
	for _, sync := range []bool{false, true} {
		b.Run(fmt.Sprintf("sync=%v", sync), func(b *testing.B) {
			s := newBench(b, sync)
			turns.Run(b, 1, 1,
				turns.Contestant{Name: "store", Call: func(n int) error {
					from := n * benchBatch % benchEntries
					return s.store.PutMany(b.Context(), "bench", s.items[from:from+benchBatch])
				}},
				turns.Contestant{Name: "loop", Call: loop(s.put)},
				turns.Contestant{Name: "write-and-rename", Call: loop(s.writeAndRename)},
			)
		})
	}
}
