package storetest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

// traces are the names under which a case has written, so that a store in use
// can be left as it was found.
type traces struct {
	mutex sync.Mutex
	owned []string                       // collections that are the case's alone
	keys  map[string]map[string]struct{} // by collection
}

// own says that a collection is the case's alone: it may be destroyed.
func (t *traces) own(collection string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.owned = append(t.owned, collection)
}

// add notes keys that are about to be written.
func (t *traces) add(collection string, keys ...string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.keys == nil {
		t.keys = make(map[string]map[string]struct{})
	}
	if t.keys[collection] == nil {
		t.keys[collection] = make(map[string]struct{})
	}
	for _, key := range keys {
		t.keys[collection][key] = struct{}{}
	}
}

// wrote notes keys that the case is about to write in its collection. The
// methods of scenario that write do it themselves.
func (s *scenario) wrote(keys ...string) { s.traces.add(s.collection, keys...) }

// cleanUp removes what the case has written: whole collections where they are
// its own and the store can destroy them, and otherwise key by key. It does
// what it can: the case may have closed the store.
func (r *caseRun) cleanUp() {
	ctx, cancel := context.WithTimeout(context.Background(), r.options.patience())
	defer cancel()
	r.traces.mutex.Lock()
	defer r.traces.mutex.Unlock()
	for _, collection := range r.traces.owned {
		if _, err := core.DestroyCollection(ctx, r.store, collection); err == nil {
			delete(r.traces.keys, collection)
		}
	}
	for collection, keys := range r.traces.keys {
		for chunk := range slices.Chunk(slices.Collect(maps.Keys(keys)), 1000) {
			if _, err := r.store.DeleteMany(ctx, collection, chunk); err == nil {
				continue
			}
			// One of the keys is refused, and then all are.
			for _, key := range chunk {
				_, _ = r.store.Delete(ctx, collection, key)
			}
		}
	}
}
