package storetest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// rich is a shelf with everything that a backend can have: bulk methods that
// fail for single keys, setup of the store and of each collection, listings in
// pages that repeat names, and a lost reply to every third insert.
type rich struct {
	*shelf
	made    set // what was set up
	inserts atomic.Int32
}

const madeStore = "\x00store"

func (r *rich) ready(collection string) error {
	if !r.made.has(madeStore) || !r.made.has(collection) {
		return driver.ErrNotSetUp
	}
	return nil
}

func (r *rich) Setup(context.Context) error {
	if !r.made.add(madeStore) {
		return errors.New("the store was set up before")
	}
	return nil
}

func (r *rich) SetupCollection(_ context.Context, collection string) error {
	if !r.made.add(collection) {
		return errors.New("the collection was set up before")
	}
	return nil
}

func (r *rich) Get(ctx context.Context, collection, key string) (core.Entry, error) {
	if err := r.ready(collection); err != nil {
		return core.Entry{}, err
	}
	return r.shelf.Get(ctx, collection, key)
}

func (r *rich) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := r.Get(ctx, collection, key)
	if err == nil {
		entry.Value = append(dst, entry.Value...)
	}
	return entry, err
}

func (r *rich) GetMany(ctx context.Context, collection string, keys []string) ([]core.Entry, error) {
	if err := r.ready(collection); err != nil {
		return nil, err
	}
	entries := make([]core.Entry, len(keys))
	failed := make(driver.KeyErrors)
	for i, key := range keys {
		entry, err := r.shelf.Get(ctx, collection, key)
		if err == nil {
			entries[i] = entry
		} else if err != core.ErrNotFound {
			failed[key] = err
		}
	}
	if len(failed) > 0 {
		return entries, failed
	}
	return entries, nil
}

func (r *rich) Put(ctx context.Context, record *driver.Record) error {
	if err := r.ready(record.Collection); err != nil {
		return err
	}
	return r.shelf.Put(ctx, record)
}

func (r *rich) PutMany(ctx context.Context, records []driver.Record) error {
	for i := range records {
		if err := r.Put(ctx, &records[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *rich) Delete(ctx context.Context, collection, key string, now time.Time) (bool, error) {
	if err := r.ready(collection); err != nil {
		return false, err
	}
	return r.shelf.Delete(ctx, collection, key, now)
}

func (r *rich) DeleteMany(ctx context.Context, collection string, keys []string, now time.Time) (count int, err error) {
	for _, key := range keys {
		live, err := r.Delete(ctx, collection, key, now)
		if err != nil {
			return count, err
		}
		if live {
			count++
		}
	}
	return count, nil
}

func (r *rich) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	if err := r.ready(record.Collection); err != nil {
		return false, err
	}
	inserted, err := r.shelf.Insert(ctx, record)
	if inserted && r.inserts.Add(1)%3 == 0 { // and again
		return r.shelf.Insert(ctx, record)
	}
	return inserted, err
}

func (r *rich) InsertID(_ context.Context, collection, key string) (string, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	data, ok := r.data[r.name(collection, key)]
	if !ok {
		return "", core.ErrNotFound
	}
	e, err := managed.Decode(data)
	return e.InsertID(), err
}

func (r *rich) Keys(ctx context.Context, collection string) (driver.Pager, error) {
	if err := r.ready(collection); err != nil {
		return nil, err
	}
	return driver.Resume(func(ctx context.Context, after string, limit int) ([]driver.Listed, error) {
		pager, err := r.shelf.Keys(ctx, collection)
		if err != nil {
			return nil, err
		}
		var all []driver.Listed
		for more := true; more; {
			var page []driver.Listed
			page, more, _ = pager.Next(ctx)
			for _, listed := range page {
				if listed.Err == nil && listed.Name < after {
					continue
				}
				all = append(all, listed) // the one after which to go on, again
			}
		}
		slices.SortFunc(all, func(a, b driver.Listed) int { return cmp.Compare(a.Name, b.Name) })
		return all[:min(limit, len(all))], nil
	}), nil
}

func (r *rich) DestroyCollection(ctx context.Context, collection string, now time.Time) (bool, error) {
	if err := r.ready(collection); err != nil {
		return false, err
	}
	live, err := r.shelf.DestroyCollection(ctx, collection, now)
	r.made.remove(collection)
	return live, err
}

func (r *rich) Destroy(ctx context.Context) error {
	err := r.shelf.Destroy(ctx)
	r.made.clear()
	return err
}

// remove removes a name.
func (s *set) remove(name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.names, name)
}

func (s *set) clear() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	clear(s.names)
}

// richStore is a store over a rich backend.
type richStore struct {
	*driver.Store
	backend *rich
}

func (r *richStore) onShelf() *shelf { return r.backend.shelf }

func newRich() *richStore {
	backend := &rich{shelf: newShelf()}
	return &richStore{driver.NewStore(backend, &driver.Options{Name: "rich", ListsTwice: true}), backend}
}

// TestRunOnRichBackend holds package driver to the rules where it calls the
// optional methods of a backend.
func TestRunOnRichBackend(t *testing.T) {
	o := everything()
	o.Corrupt = func(ctx context.Context, store core.Store, collection, key string) error {
		r := store.(*richStore)
		if err := r.Setup(ctx, collection); err != nil {
			return err
		}
		return corruptShelf(ctx, store, collection, key)
	}
	o.Many = 2500
	Run(t, func(*testing.T) core.Store { return newRich() }, o)
}
