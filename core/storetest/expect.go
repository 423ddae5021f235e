package storetest

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// The methods of this file make one call each, on the scenario's collection,
// and end the case or report a failure where the answer is not the wanted one.

func (s *scenario) put(key, value string) {
	s.Helper()
	s.putFor(key, value, core.NoTTL)
}

func (s *scenario) putFor(key, value string, ttl time.Duration) {
	s.Helper()
	if err := s.tryPut(key, value, ttl); err != nil {
		s.Fatalf("%s of %s = %v, want nil", s.call("Put", key), shown(json.RawMessage(value)), err)
	}
}

// tryPut is Put, for those who expect an error or race with others.
func (s *scenario) tryPut(key, value string, ttl time.Duration) error {
	s.wrote(key)
	ctx, cancel := s.within()
	defer cancel()
	return s.store.Put(ctx, s.collection, key, json.RawMessage(value), ttl)
}

func (s *scenario) putMany(items ...core.Item) {
	s.Helper()
	if err := s.tryPutMany(items...); err != nil {
		s.Fatalf("%s of %d items = %v, want nil", s.call("PutMany"), len(items), err)
	}
}

func (s *scenario) tryPutMany(items ...core.Item) error {
	for _, item := range items {
		s.wrote(item.Key)
	}
	ctx, cancel := s.within()
	defer cancel()
	return s.store.PutMany(ctx, s.collection, items)
}

// get returns the entry, which must be there.
func (s *scenario) get(key string) core.Entry {
	s.Helper()
	entry, err := s.tryGet(key)
	if err != nil || !entry.Found() {
		s.Fatalf("%s = %s; want an entry", s.call("Get", key), described(entry, err))
	}
	return entry
}

func (s *scenario) tryGet(key string) (core.Entry, error) {
	ctx, cancel := s.within()
	defer cancel()
	return s.store.Get(ctx, s.collection, key)
}

func (s *scenario) tryGetAppend(key string, dst []byte) (core.Entry, error) {
	ctx, cancel := s.within()
	defer cancel()
	return core.GetAppend(ctx, s.store, s.collection, key, dst)
}

// getMany returns one entry for each key; none of them may fail.
func (s *scenario) getMany(keys ...string) []core.Entry {
	s.Helper()
	entries, err := s.tryGetMany(keys...)
	if err != nil {
		s.Fatalf("%s = %v; want no error", s.call("GetMany", keys...), err)
	}
	if len(entries) != len(keys) {
		s.Fatalf("%s returned %d entries for %d keys", s.call("GetMany", keys...), len(entries), len(keys))
	}
	return entries
}

func (s *scenario) tryGetMany(keys ...string) ([]core.Entry, error) {
	ctx, cancel := s.within()
	defer cancel()
	return s.store.GetMany(ctx, s.collection, keys)
}

// wantValue reads the key with Get and wants that value.
func (s *scenario) wantValue(key, value string) {
	s.Helper()
	entry, err := s.tryGet(key)
	if err != nil || !s.same(entry.Value, value) {
		s.Errorf("%s = %s; want %s", s.call("Get", key), described(entry, err), shown(json.RawMessage(value)))
	}
}

// wantRead reads the key in every way and wants that value.
func (s *scenario) wantRead(key, value string) {
	s.Helper()
	s.wantValue(key, value)
	if entry, err := s.tryGetAppend(key, nil); err != nil || !s.same(entry.Value, value) {
		s.Errorf("%s = %s; want %s as Get has it", s.call("GetAppend", key), described(entry, err), shown(json.RawMessage(value)))
	}
	s.wantMany([]string{key}, value)
}

// wantMany reads the keys in one call and wants these values, in this order,
// where "" stands for a miss.
func (s *scenario) wantMany(keys []string, values ...string) {
	s.Helper()
	for i, entry := range s.getMany(keys...) {
		if values[i] == "" {
			if entry.Found() || !entry.ExpiresAt.IsZero() || !entry.CreatedAt.IsZero() {
				s.Errorf("%s has %s at place %d; want the zero Entry", s.call("GetMany", keys...), shown(entry.Value), i)
			}
		} else if !s.same(entry.Value, values[i]) {
			s.Errorf("%s has %s at place %d; want %s",
				s.call("GetMany", keys...), shown(entry.Value), i, shown(json.RawMessage(values[i])))
		}
	}
}

// wantMiss reads the key in every way and wants that nothing is there.
func (s *scenario) wantMiss(key string) {
	s.Helper()
	if entry, err := s.tryGet(key); !missed(entry, err) {
		s.Errorf("%s = %s; want the zero Entry and ErrNotFound itself", s.call("Get", key), described(entry, err))
	}
	if entry, err := s.tryGetAppend(key, nil); !missed(entry, err) {
		s.Errorf("%s = %s; want the zero Entry and ErrNotFound itself", s.call("GetAppend", key), described(entry, err))
	}
	s.wantMany([]string{key}, "")
}

// missed reports whether an answer is that for a key that is not there.
func missed(entry core.Entry, err error) bool {
	return err == core.ErrNotFound && !entry.Found() && entry.CreatedAt.IsZero() && entry.ExpiresAt.IsZero()
}

func (s *scenario) wantDelete(key string, want bool) {
	s.Helper()
	if live, err := s.tryDelete(key); live != want || err != nil {
		s.Errorf("%s = %v, %v; want %v, nil", s.call("Delete", key), live, err, want)
	}
}

func (s *scenario) tryDelete(key string) (bool, error) {
	ctx, cancel := s.within()
	defer cancel()
	return s.store.Delete(ctx, s.collection, key)
}

func (s *scenario) wantDeleteMany(keys []string, want int) {
	s.Helper()
	if count, err := s.tryDeleteMany(keys...); count != want || err != nil {
		s.Errorf("%s = %d, %v; want %d, nil", s.call("DeleteMany", keys...), count, err, want)
	}
}

func (s *scenario) tryDeleteMany(keys ...string) (int, error) {
	ctx, cancel := s.within()
	defer cancel()
	return s.store.DeleteMany(ctx, s.collection, keys)
}

func (s *scenario) wantInsert(key, value string, want bool) {
	s.Helper()
	if inserted, err := s.tryInsert(key, value, core.NoTTL); inserted != want || err != nil {
		s.Errorf("%s = %v, %v; want %v, nil", s.call("Insert", key), inserted, err, want)
	}
}

func (s *scenario) tryInsert(key, value string, ttl time.Duration) (bool, error) {
	s.wrote(key)
	ctx, cancel := s.within()
	defer cancel()
	return core.Insert(ctx, s.store, s.collection, key, json.RawMessage(value), ttl)
}

// wantDestroyed destroys the collection, in which there is a live entry.
func (s *scenario) wantDestroyed() {
	s.Helper()
	ctx, cancel := s.within()
	defer cancel()
	if existed, err := core.DestroyCollection(ctx, s.store, s.collection); !existed || err != nil {
		s.Errorf("%s = %v, %v; want true, nil", s.call("DestroyCollection"), existed, err)
	}
}

// wantKeys lists the collection and wants these keys, each once, in any order.
// It does nothing on a store that cannot list keys.
func (s *scenario) wantKeys(want ...string) {
	s.Helper()
	if !s.can(core.CanKeys) {
		return
	}
	got, err := s.keys()
	if err != nil {
		s.Errorf("%s ended with: %v", s.call("Keys"), err)
		return
	}
	s.compareNames(s.call("Keys"), got, want)
}

// compareNames reports what a listing has too little, too much or too often.
func (s *scenario) compareNames(call string, got, want []string) {
	s.Helper()
	times := make(map[string]int, len(got))
	for _, name := range got {
		times[name]++
	}
	for _, name := range want {
		if times[name] != 1 {
			s.Errorf("%s has %s %d times; want it once", call, quoted(name), times[name])
		}
		delete(times, name)
	}
	for name := range times {
		s.Errorf("%s has %s, which is no live key there", call, quoted(name))
	}
}

// keys lists the collection up to the first error.
func (s *scenario) keys() ([]string, error) {
	ctx, cancel := s.within()
	defer cancel()
	return upToError(s.list(core.Keys(ctx, s.store, s.collection)))
}

// collections lists the collections, and how often each came.
func (s *scenario) collections() map[string]int {
	s.Helper()
	ctx, cancel := s.within()
	defer cancel()
	listed := make(map[string]int)
	for name, err := range s.list(core.Collections(ctx, s.store)) {
		// Others may keep what we cannot decode in the same database.
		if err != nil && !errors.Is(err, core.ErrCorrupt) {
			s.Fatalf("Collections() ended with: %v", err)
		}
		if err == nil {
			listed[name]++
		}
	}
	return listed
}

// wantAllListed wants each collection to be listed once. It does nothing on a
// store that cannot list collections.
func (s *scenario) wantAllListed(collections ...string) {
	s.Helper()
	if !s.can(core.CanCollections) {
		return
	}
	listed := s.collections()
	for _, name := range collections {
		if listed[name] != 1 {
			s.Errorf("Collections() has %s, which holds a live entry, %d times; want it once", s.named(name), listed[name])
		}
	}
}

// wantNotListed wants the collection not to be among those that are listed.
// It does nothing on a store that cannot list collections.
func (s *scenario) wantNotListed(collection string) {
	s.Helper()
	if s.can(core.CanCollections) && s.collections()[collection] > 0 {
		s.Errorf("Collections() has %s, which holds no live entry", s.named(collection))
	}
}

// upToError collects the names of a listing.
func upToError(listing func(func(string, error) bool)) (names []string, err error) {
	listing(func(name string, e error) bool {
		err = e
		if e == nil {
			names = append(names, name)
		}
		return e == nil
	})
	return slices.Clip(names), err
}

// item returns an item that never expires.
func item(key, value string) core.Item {
	return core.Item{Key: key, Value: json.RawMessage(value)}
}

// keysBesideCorrupt lists the collection, corrupt entries left out, up to the
// first other error.
func (s *scenario) keysBesideCorrupt() (names []string, err error) {
	ctx, cancel := s.within()
	defer cancel()
	for name, err := range s.list(core.Keys(ctx, s.store, s.collection)) {
		switch {
		case errors.Is(err, core.ErrCorrupt):
		case err != nil:
			return names, err
		default:
			names = append(names, name)
		}
	}
	return names, nil
}
