package rocksdb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/rocksdb"
)

// callers are calls of every kind, which go on until the store is closed.
var callers = map[string]func(ctx context.Context, s *rocksdb.Store, directory string, n int) error{
	"get": func(ctx context.Context, s *rocksdb.Store, _ string, n int) error {
		_, err := s.Get(ctx, "c", fmt.Sprint(n%100))
		if errors.Is(err, core.ErrNotFound) {
			err = nil
		}
		return err
	},
	"get many": func(ctx context.Context, s *rocksdb.Store, _ string, n int) error {
		_, err := s.GetMany(ctx, "c", []string{fmt.Sprint(n % 100), "absent"})
		return err
	},
	"put": func(ctx context.Context, s *rocksdb.Store, _ string, n int) error {
		return s.Put(ctx, "c", fmt.Sprint(n%100), json.RawMessage(`{}`), time.Millisecond)
	},
	"put many": func(ctx context.Context, s *rocksdb.Store, _ string, n int) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: fmt.Sprint(n % 100), Value: json.RawMessage(`{}`)}, {Key: "k", Value: json.RawMessage(`{}`)}})
	},
	"insert": func(ctx context.Context, s *rocksdb.Store, _ string, n int) error {
		_, err := s.Insert(ctx, "c", fmt.Sprint(n%100), json.RawMessage(`{}`), time.Hour)
		return err
	},
	"delete many": func(ctx context.Context, s *rocksdb.Store, _ string, n int) error {
		_, err := s.DeleteMany(ctx, "c", []string{fmt.Sprint(n % 100), "k"})
		return err
	},
	"keys": func(ctx context.Context, s *rocksdb.Store, _ string, _ int) error {
		_, err := collect(s.Keys(ctx, "c"))
		return err
	},
	"collections": func(ctx context.Context, s *rocksdb.Store, _ string, _ int) error {
		_, err := collect(s.Collections(ctx))
		return err
	},
	"cull": func(ctx context.Context, s *rocksdb.Store, _ string, _ int) error {
		_, err := s.Cull(ctx)
		return err
	},
	"destroy collection": func(ctx context.Context, s *rocksdb.Store, _ string, _ int) error {
		_, err := s.DestroyCollection(ctx, "c")
		return err
	},
	"checkpoint": func(ctx context.Context, s *rocksdb.Store, directory string, n int) error {
		return s.Checkpoint(ctx, filepath.Join(directory, fmt.Sprint("copy", n)))
	},
	"flush":   func(ctx context.Context, s *rocksdb.Store, _ string, _ int) error { return s.Flush(ctx) },
	"compact": func(ctx context.Context, s *rocksdb.Store, _ string, _ int) error { return s.Compact(ctx) },
	"raw get": func(_ context.Context, s *rocksdb.Store, _ string, _ int) error {
		_, _, err := s.DB().Get([]byte("c::1"), nil)
		return err
	},
	"raw put": func(_ context.Context, s *rocksdb.Store, _ string, _ int) error {
		return s.DB().Put([]byte("raw"), []byte("value"))
	},
	"property": func(_ context.Context, s *rocksdb.Store, _ string, _ int) error {
		_, err := s.DB().Property("rocksdb.stats")
		return err
	},
}

// Close waits for the calls that are in C, and those that come later are
// ErrClosed: nothing touches the database that has been freed.
func TestCloseWhileCallsRun(t *testing.T) {
	need(t)
	for range 6 {
		directory := t.TempDir()
		store := open(t, filepath.Join(directory, "data"), nil)
		var group sync.WaitGroup
		started := make(chan string, len(callers))
		for name, call := range callers {
			group.Go(func() {
				for n := 0; ; n++ {
					err := call(context.Background(), store, directory, n)
					if n == 0 {
						started <- name
					}
					if errors.Is(err, core.ErrClosed) {
						return
					}
					if err != nil {
						t.Errorf("%s = %v", name, err)
						return
					}
				}
			})
		}
		for range callers {
			<-started
		}
		for range 3 {
			group.Go(func() {
				if err := store.Close(); err != nil {
					t.Errorf("Close = %v", err)
				}
			})
		}
		group.Wait()
	}
}
