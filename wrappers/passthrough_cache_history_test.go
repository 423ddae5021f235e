package wrappers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// dawdler is a store whose calls take a random time before and after what they
// do. It runs in a bubble of synctest, where that costs nothing.
type dawdler struct {
	core.Full
	// late is how often a Put fails, and lands later all the same: one in so
	// many. Zero means never.
	late int
	// failing is how often a write fails and does nothing.
	failing int
}

func newDawdler(t testing.TB, late, failing int) *dawdler {
	t.Helper()
	store, err := memory.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &dawdler{store, late, failing}
}

// dawdle is one of two ways to let others go first.
func dawdle() {
	if rand.IntN(3) == 0 {
		for range rand.IntN(4) {
			runtime.Gosched()
		}
		return
	}
	time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
}

func (d *dawdler) fails() error {
	if d.failing > 0 && rand.IntN(d.failing) == 0 {
		return &core.Error{Op: "delete", Err: context.DeadlineExceeded}
	}
	return nil
}

func (d *dawdler) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	dawdle()
	defer dawdle()
	return d.Full.Get(ctx, collection, key)
}

func (d *dawdler) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	dawdle()
	defer dawdle()
	return d.Full.GetAppend(ctx, collection, key, dst)
}

func (d *dawdler) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	dawdle()
	defer dawdle()
	return d.Full.GetMany(ctx, collection, keys)
}

func (d *dawdler) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	dawdle()
	defer dawdle()
	if d.late > 0 && rand.IntN(d.late) == 0 {
		go func() {
			time.Sleep(time.Duration(rand.IntN(1000)) * time.Microsecond)
			_ = d.Full.Put(context.WithoutCancel(ctx), collection, key, value, ttl)
		}()
		return &core.Error{Op: "put", Err: context.DeadlineExceeded}
	}
	return d.Full.Put(ctx, collection, key, value, ttl)
}

func (d *dawdler) PutMany(ctx context.Context, collection string, items []core.Item) error {
	dawdle()
	defer dawdle()
	return d.Full.PutMany(ctx, collection, items)
}

func (d *dawdler) Delete(ctx context.Context, collection, key string) (bool, error) {
	dawdle()
	defer dawdle()
	if err := d.fails(); err != nil {
		return false, err
	}
	return d.Full.Delete(ctx, collection, key)
}

func (d *dawdler) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	dawdle()
	defer dawdle()
	if err := d.fails(); err != nil {
		return 0, err
	}
	return d.Full.DeleteMany(ctx, collection, keys)
}

func (d *dawdler) DestroyCollection(ctx context.Context, collection string) (bool, error) {
	dawdle()
	defer dawdle()
	if err := d.fails(); err != nil {
		return false, err
	}
	return d.Full.DestroyCollection(ctx, collection)
}

func (d *dawdler) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	dawdle()
	defer dawdle()
	return d.Full.Insert(ctx, collection, key, value, ttl)
}

// cachedRegister is a key whose writes are numbered. Writers take turns, so
// that a higher number is a later write.
type cachedRegister struct {
	name  string
	turn  chan struct{} // not a mutex: time stands still in a bubble that waits for one
	begun atomic.Int64  // the last write that began
	ended atomic.Int64  // the last write that was acknowledged
	gone  atomic.Int64  // the last delete that began
}

// write makes one write of the key, at random.
func (r *cachedRegister) write(ctx context.Context, store core.Store) {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	n := r.begun.Add(1)
	value := fmt.Appendf(nil, `{"n":%d}`, n)
	if rand.IntN(8) == 0 { // a caller who does not wait: the outcome is unknown
		hurried, cancel := context.WithTimeout(ctx, time.Duration(rand.IntN(300))*time.Microsecond)
		defer cancel()
		ctx = hurried
	}
	ok := true
	var err error
	switch rand.IntN(7) {
	case 0:
		r.gone.Store(n)
		_, err = store.Delete(ctx, "c", r.name)
	case 1:
		r.gone.Store(n)
		_, err = store.DeleteMany(ctx, "c", []string{r.name, "other"})
	case 2:
		ok, err = core.Insert(ctx, store, "c", r.name, value, core.NoTTL)
	case 3:
		err = store.PutMany(ctx, "c", []core.Item{{Key: "other", Value: value}, {Key: r.name, Value: value}})
	default:
		err = store.Put(ctx, "c", r.name, value, time.Hour)
	}
	if ok && err == nil {
		r.ended.Store(n)
	}
}

// readRegisters reads all keys at once, or one, and returns what was older than it may
// be.
func readRegisters(ctx context.Context, store core.Store, registers []*cachedRegister) (stale string) {
	if rand.IntN(3) > 0 {
		i := rand.IntN(len(registers))
		registers = registers[i : i+1]
	}
	keys := make([]string, len(registers))
	least := make([]int64, len(registers))
	for i, r := range registers {
		keys[i], least[i] = r.name, r.ended.Load()
	}
	entries := make([]core.Entry, 1)
	var err error
	if len(keys) > 1 || rand.IntN(3) == 0 {
		entries, err = store.GetMany(ctx, "c", keys)
	} else if entries[0], err = core.GetAppend(ctx, store, "c", keys[0], nil); err == core.ErrNotFound {
		err = nil
	}
	if err != nil {
		return "a read failed: " + err.Error()
	}
	for i, r := range registers {
		var value struct{ N int64 }
		switch found := entries[i].Found(); {
		case !found && least[i] > 0 && r.gone.Load() < least[i]:
			return fmt.Sprintf("%s is missing, although write %d was complete and nothing has deleted it since", r.name, least[i])
		case found && json.Unmarshal(entries[i].Value, &value) != nil:
			return "not a value that was written"
		case found && value.N < least[i]:
			return fmt.Sprintf("%s has write %d, although %d was complete before the read began", r.name, value.N, least[i])
		case found && value.N > r.begun.Load():
			return "a value from the future"
		}
	}
	return ""
}

// staleReads runs writers, deleters and readers at the same time, and returns
// what readers should not have been shown.
func staleReads(store core.Store, destroyers int) (stale []string) {
	var registers []*cachedRegister
	for i := range 4 {
		registers = append(registers, &cachedRegister{name: fmt.Sprint("key ", i), turn: make(chan struct{}, 1)})
	}
	ctx := context.Background()
	var group sync.WaitGroup
	var mutex sync.Mutex
	for range 6 {
		group.Go(func() {
			for range 150 {
				registers[rand.IntN(len(registers))].write(ctx, store)
				time.Sleep(time.Duration(rand.IntN(300)) * time.Microsecond)
			}
		})
	}
	for range 8 {
		group.Go(func() {
			for range 500 {
				if found := readRegisters(ctx, store, registers); found != "" {
					mutex.Lock()
					stale = append(stale, found)
					mutex.Unlock()
				}
			}
		})
	}
	for range destroyers {
		group.Go(func() {
			for range 30 {
				for _, r := range registers { // nobody else writes meanwhile
					r.turn <- struct{}{}
					r.gone.Store(r.begun.Add(1))
				}
				if _, err := core.DestroyCollection(ctx, store, "c"); err == nil {
					for _, r := range registers {
						r.ended.Store(r.begun.Load())
					}
				}
				for _, r := range registers {
					<-r.turn
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	group.Wait()
	return stale
}

func TestPassthroughCacheIsNeverStale(t *testing.T) {
	for name, test := range map[string]struct {
		late, failing, destroyers int
		options                   wrappers.PassthroughCacheOptions
	}{
		"plain":               {},
		"destroyed meanwhile": {destroyers: 1},
		"negative and stale": {destroyers: 1, options: wrappers.PassthroughCacheOptions{
			NegativeTTL: time.Minute, MaxTTL: 500 * time.Microsecond, MissingTTL: 500 * time.Microsecond, StaleWhileRevalidate: time.Minute, Jitter: 1,
		}},
		"a cache that fails": {failing: 3, destroyers: 1},
		"a cache that is late": {late: 3, failing: 20, options: wrappers.PassthroughCacheOptions{
			NegativeTTL: time.Minute, MaxTTL: time.Millisecond, StaleWhileRevalidate: 5 * time.Millisecond,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test.options.Cache = newDawdler(t, test.late, test.failing)
				store, err := wrappers.NewPassthroughCache(newDawdler(t, 0, 0), &test.options)
				if err != nil {
					t.Fatal(err)
				}
				for _, stale := range staleReads(store, test.destroyers) {
					t.Error(stale)
				}
				if err := store.Close(); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Second) // what is late arrives
			})
		})
	}
}

// naiveCache is a cache as it is often written.
type naiveCache struct {
	core.Full // the primary
	cache     core.Full
	before    bool // removes the copy before it writes, as the Python library does, or else after
}

func (n *naiveCache) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if entry, err := n.cache.Get(ctx, collection, key); err == nil {
		return entry, nil
	}
	entry, err := n.Full.Get(ctx, collection, key)
	if err == nil {
		_ = n.cache.Put(ctx, collection, key, entry.Value, core.NoTTL)
	}
	return entry, err
}

func (n *naiveCache) GetAppend(ctx context.Context, collection, key string, _ []byte) (core.Entry, error) {
	return n.Get(ctx, collection, key)
}

func (n *naiveCache) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	entries := make([]core.Entry, len(keys))
	for i, key := range keys {
		var err error
		if entries[i], err = n.Get(ctx, collection, key); err != nil && err != core.ErrNotFound {
			return nil, err
		}
	}
	return entries, nil
}

// forget removes the copies when it is time to.
func (n *naiveCache) forget(collection string, now bool, keys ...string) {
	if now {
		_, _ = n.cache.DeleteMany(context.Background(), collection, keys)
	}
}

func (n *naiveCache) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	n.forget(collection, n.before, key)
	defer n.forget(collection, !n.before, key)
	return n.Full.Put(ctx, collection, key, value, ttl)
}

func (n *naiveCache) PutMany(ctx context.Context, collection string, items []core.Item) error {
	for _, item := range items {
		n.forget(collection, n.before, item.Key)
		defer n.forget(collection, !n.before, item.Key)
	}
	return n.Full.PutMany(ctx, collection, items)
}

func (n *naiveCache) Insert(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) (bool, error) {
	n.forget(collection, n.before, key)
	defer n.forget(collection, !n.before, key)
	return n.Full.Insert(ctx, collection, key, value, ttl)
}

func (n *naiveCache) Delete(ctx context.Context, collection, key string) (bool, error) {
	n.forget(collection, n.before, key)
	defer n.forget(collection, !n.before, key)
	return n.Full.Delete(ctx, collection, key)
}

func (n *naiveCache) DeleteMany(ctx context.Context, collection string, keys []string) (int, error) {
	n.forget(collection, n.before, keys...)
	defer n.forget(collection, !n.before, keys...)
	return n.Full.DeleteMany(ctx, collection, keys)
}

// TestHistoryFindsStaleReads shows that the test above would find something.
func TestHistoryFindsStaleReads(t *testing.T) {
	for name, before := range map[string]bool{"removes before writing": true, "removes after writing": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				primary, cache := newDawdler(t, 0, 0), newDawdler(t, 0, 0)
				stale := staleReads(&naiveCache{primary, cache, before}, 0)
				if len(stale) == 0 {
					t.Error("no stale read was found")
				}
				t.Logf("%d stale reads, such as: %s", len(stale), append(stale, "none")[0])
				primary.Close()
				cache.Close()
			})
		})
	}
}
