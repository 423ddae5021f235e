package storetest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// shelf is the backend of the store that the suite itself is tested with: real
// envelopes in a map, and every capability.
type shelf struct {
	mutex sync.Mutex
	data  map[shelfName][]byte

	// physical, if set, is where an entry lies.
	physical func(collection, key string) (string, string)
}

type shelfName struct{ collection, key string }

func newShelf() *shelf { return &shelf{data: make(map[shelfName][]byte)} }

func (s *shelf) name(collection, key string) shelfName {
	if s.physical != nil {
		collection, key = s.physical(collection, key)
	}
	return shelfName{collection, key}
}

func (s *shelf) get(collection, key string) (core.Entry, error) {
	data, ok := s.data[s.name(collection, key)]
	if !ok {
		return core.Entry{}, core.ErrNotFound
	}
	return managed.DecodeAs(data, collection, key)
}

func (s *shelf) Get(_ context.Context, collection, key string) (core.Entry, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, err := s.get(collection, key)
	entry.Value = slices.Clone(entry.Value)
	return entry, err
}

func (s *shelf) put(record *driver.Record) {
	s.data[s.name(record.Collection, record.Key)] = managed.Append(nil, record)
}

func (s *shelf) Put(_ context.Context, record *driver.Record) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.put(record)
	return nil
}

func (s *shelf) Insert(_ context.Context, record *driver.Record) (bool, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, err := s.get(record.Collection, record.Key)
	if err == nil && !entry.ExpiredAt(record.CreatedAt) {
		return false, nil
	}
	if err != nil && err != core.ErrNotFound {
		return false, err
	}
	s.put(record)
	return true, nil
}

func (s *shelf) Delete(_ context.Context, collection, key string, now time.Time) (bool, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, err := s.get(collection, key)
	delete(s.data, s.name(collection, key))
	return err == nil && !entry.ExpiredAt(now), nil
}

func (s *shelf) Keys(_ context.Context, collection string) (driver.Pager, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var names []driver.Listed
	for name, data := range s.data {
		if name.collection == s.name(collection, "k").collection {
			e, err := managed.Decode(data)
			key, _ := e.Key()
			names = append(names, driver.Listed{Name: key, ExpiresAt: e.ExpiresAt, Err: err})
		}
	}
	return driver.Names(names), nil
}

func (s *shelf) Collections(context.Context) (driver.Pager, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var names []driver.Listed
	for _, data := range s.data {
		e, err := managed.Decode(data)
		collection, _ := e.Collection()
		names = append(names, driver.Listed{Name: collection, ExpiresAt: e.ExpiresAt, Err: err})
	}
	return driver.Names(names), nil
}

func (s *shelf) DestroyCollection(_ context.Context, collection string, now time.Time) (live bool, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	maps.DeleteFunc(s.data, func(name shelfName, data []byte) bool {
		if name.collection != s.name(collection, "k").collection {
			return false
		}
		e, err := managed.Decode(data)
		live = live || err == nil && !e.ExpiredAt(now)
		return true
	})
	return live, nil
}

func (s *shelf) Destroy(context.Context) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	clear(s.data)
	return nil
}

func (s *shelf) Cull(_ context.Context, now time.Time) (count int, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	maps.DeleteFunc(s.data, func(_ shelfName, data []byte) bool {
		e, err := managed.Decode(data)
		gone := err == nil && e.ExpiredAt(now)
		if gone {
			count++
		}
		return gone
	})
	return count, nil
}

func (s *shelf) Ping(context.Context) error { return nil }
