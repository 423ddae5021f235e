package storetest

import (
	"errors"
	"strconv"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

const concurrentCallers, concurrentRounds = 8, 10

func proveConcurrency(p *trial) {
	shared := p.canary()
	w := p.holding(shared)
	var callers sync.WaitGroup
	for i := range concurrentCallers {
		shared := shared.clone()
		callers.Go(func() {
			for range concurrentRounds {
				p.callEverything(w, "canaries "+strconv.Itoa(i), shared)
			}
		})
	}
	callers.Wait()
	p.wantHeld("concurrent calls in other collections", w, shared)

	for i := range concurrentCallers {
		shared := shared.clone()
		callers.Go(func() {
			if i%2 == 0 {
				w.store.Close()
				return
			}
			for range concurrentRounds {
				for m := range p.methods(0) {
					err := m.call(p.ctx, w.store, shared).err()
					if err != nil && !errors.Is(err, core.ErrClosed) && !errors.Is(err, core.ErrNotFound) {
						p.Errorf("%s while the store is closed returned %v, want core.ErrClosed or no error", m.name, err)
					}
				}
			}
		})
	}
	callers.Wait()
}

// callEverything calls each method in a collection that only this caller
// uses, save those that reach beyond it.
func (p *trial) callEverything(w *world, collection string, shared arguments) {
	own := shared
	own.collection = collection
	for m := range p.methods(0) {
		if m.name == "Destroy" {
			continue
		}
		err := m.call(p.ctx, w.store, own).err()
		if err != nil && err != core.ErrNotFound {
			p.Errorf("%s returned %v while others call the store, want no error", m.name, err)
		}
		if m.name == "Put" || m.name == "PutMany" {
			entry, err := w.store.Get(p.ctx, own.collection, own.keys[0])
			p.wantEntry("Get after "+m.name+" while others call the store", own, own.keys[0], entry, err)
		}
		if m.name == "GetMany" {
			entries, err := w.store.GetMany(p.ctx, shared.collection, shared.keys)
			if err != nil || len(entries) != len(shared.keys) {
				p.Errorf("GetMany of what others read returned %d entries, %v; want %d", len(entries), err, len(shared.keys))
			}
		}
	}
}
