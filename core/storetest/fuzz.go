package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Fuzz holds a store to a plain map: it writes, reads and deletes two entries
// of fuzzed names, values and time to live, and compares every answer. What
// the rules say is illegal must be refused, with the error that they name;
// what is legal must be kept, or be refused as the rules allow.
//
// newStore returns a store that is empty and nobody else's, such as one in
// this process: the names are anything.
func Fuzz(f *testing.F, newStore func(t *testing.T) core.Store) {
	for i, name := range append(hostileNames, illegalNames...) {
		value := append(textValues, plainValues...)[i%(len(textValues)+len(plainValues))].text
		other := hostileNames[(i+1)%len(hostileNames)]
		f.Add(name, other, []byte(value), int64(i), name, name, []byte(one))
		f.Add("", name, []byte(one), int64(time.Hour), core.DefaultCollection, name, []byte(value))
		f.Add("c", name, []byte(two), int64(0), "c", other, []byte(one))
	}
	for _, value := range illegalValues {
		f.Add("c", "k", []byte(value.text), int64(-1), "c", "k", []byte(one))
		f.Add("c", "k", []byte(one), int64(0), "c", "k", []byte(value.text))
	}
	f.Fuzz(func(t *testing.T, c1, k1 string, v1 []byte, ttl int64, c2, k2 string, v2 []byte) {
		store := newStore(t)
		defer core.Close(store)
		m := newModel(t.Context(), t, store)
		m.play(pair{c1, k1}, pair{c2, k2}, string(v1), string(v2), time.Duration(ttl))
	})
}

// model is what a store should hold.
type model struct {
	*caseRun
	entries map[pair]string
	refused map[pair]bool // legal names that the store does not take
}

// newModel returns a model of a store that is empty.
func newModel(ctx context.Context, r reporter, store core.Store) *model {
	o := &Options{}
	for c := range core.CanAll.Each {
		if core.Supports(store, c) {
			o.Capabilities |= c
		}
	}
	run := &caseRun{reporter: r, name: "fuzz", store: store, options: o.withDefaults(), ctx: ctx}
	return &model{caseRun: run, entries: make(map[pair]string), refused: make(map[pair]bool)}
}

// play calls every method on both entries, in an order in which each follows
// on another.
func (m *model) play(a, b pair, first, second string, ttl time.Duration) {
	m.check(a, b)
	m.put(a, first, ttl)
	m.check(a, b)
	m.insert(b, second)
	m.check(a, b)
	m.put(b, second, core.NoTTL)
	m.check(a, b)
	m.delete(a)
	m.check(a, b)
	m.insert(a, second)
	m.check(a, b)
	m.put(b, first, core.NoTTL)
	m.check(a, b)
	m.delete(b)
	m.delete(b)
	m.check(a, b)
	m.delete(a)
	m.check(a, b)
}

// at is the scenario at the collection of a pair.
func (m *model) at(p pair) *scenario { return &scenario{m.caseRun, p.collection} }

// plain is the pair by the name that it is one with.
func plain(p pair) pair { return pair{core.CollectionName(p.collection), p.key} }

// legalNames reports whether both names are legal, and not known to be refused.
func (m *model) legalNames(p pair) bool {
	return core.CheckKey(p.key) == nil && core.CheckCollection(p.collection) == nil && !m.refused[plain(p)]
}

// wants returns the error that a write must end with, or nil.
func (m *model) wants(p pair, value string, ttl time.Duration) error {
	switch {
	case !m.legalNames(p):
		return core.ErrInvalidKey
	case ttl < 0:
		return core.ErrInvalidTTL
	case core.CheckValue(json.RawMessage(value)) != nil:
		return core.ErrInvalidValue
	}
	return nil
}

// wrote compares the error of a write with the one that is due and reports
// whether the write was done. Where several are due, any of them will do.
func (m *model) wrote(call string, p pair, value string, ttl time.Duration, err error) bool {
	m.Helper()
	want := m.wants(p, value, ttl)
	switch {
	case err == nil && want == nil:
		return true
	case err == nil:
		m.Fatalf("%s of %s with a time to live of %v = nil; want an error that matches %q",
			m.at(p).call(call, p.key), shown(json.RawMessage(value)), ttl, want)
	case want != nil:
		if !errors.Is(err, core.ErrInvalidKey) && !errors.Is(err, core.ErrInvalidTTL) &&
			!errors.Is(err, core.ErrInvalidValue) && !errors.Is(err, core.ErrTooLarge) {
			m.Fatalf("%s = %v; want an error that matches %q", m.at(p).call(call, p.key), err, want)
		}
	case errors.Is(err, core.ErrInvalidKey):
		m.refused[plain(p)] = true // and from now on in every method
	case !errors.Is(err, core.ErrInvalidValue) && !errors.Is(err, core.ErrTooLarge):
		m.Fatalf("%s of %s = %v; want nil", m.at(p).call(call, p.key), shown(json.RawMessage(value)), err)
	}
	return false
}

func (m *model) put(p pair, value string, ttl time.Duration) {
	m.Helper()
	before := time.Now()
	if !m.wrote("Put", p, value, ttl, m.at(p).tryPut(p.key, value, ttl)) {
		return
	}
	m.entries[plain(p)] = value
	if ttl != core.NoTTL && ttl < time.Minute {
		// It would be gone at any moment: want it not to be gone yet, or gone.
		if _, err := m.at(p).tryGet(p.key); err != nil && (err != core.ErrNotFound || time.Since(before) < ttl) {
			m.Fatalf("%s, put %v ago with a time to live of %v, = %v", m.at(p).call("Get", p.key), time.Since(before), ttl, err)
		}
		if err := m.at(p).tryPut(p.key, value, core.NoTTL); err != nil {
			m.Fatalf("%s over an entry = %v; want nil", m.at(p).call("Put", p.key), err)
		}
	}
}

func (m *model) insert(p pair, value string) {
	m.Helper()
	if !m.can(core.CanInsert) {
		m.put(p, value, core.NoTTL)
		return
	}
	inserted, err := m.at(p).tryInsert(p.key, value, core.NoTTL)
	if !m.wrote("Insert", p, value, core.NoTTL, err) {
		if inserted {
			m.Fatalf("%s = true beside an error: %v", m.at(p).call("Insert", p.key), err)
		}
		return
	}
	if _, there := m.entries[plain(p)]; there == inserted {
		m.Fatalf("%s = %v, where there is an entry: %v", m.at(p).call("Insert", p.key), inserted, there)
	}
	if inserted {
		m.entries[plain(p)] = value
	}
}

func (m *model) delete(p pair) {
	m.Helper()
	live, err := m.at(p).tryDelete(p.key)
	if !m.legalNames(p) {
		if live || !errors.Is(err, core.ErrInvalidKey) {
			m.Fatalf("%s = %v, %v; want false and ErrInvalidKey", m.at(p).call("Delete", p.key), live, err)
		}
		return
	}
	if _, there := m.entries[plain(p)]; live != there || err != nil {
		m.Fatalf("%s = %v, %v; want %v, nil", m.at(p).call("Delete", p.key), live, err, there)
	}
	delete(m.entries, plain(p))
}

// check compares everything that can be read with what it should be.
func (m *model) check(pairs ...pair) {
	m.Helper()
	for _, p := range pairs {
		if !m.legalNames(p) {
			if _, err := m.at(p).tryGet(p.key); !errors.Is(err, core.ErrInvalidKey) {
				m.Fatalf("%s = %v; want an error that matches ErrInvalidKey", m.at(p).call("Get", p.key), err)
			}
			continue
		}
		if _, err := m.at(p).tryGet(p.key); errors.Is(err, core.ErrInvalidKey) && m.entries[plain(p)] == "" {
			m.refused[plain(p)] = true
			continue
		}
		if value, there := m.entries[plain(p)]; there {
			m.at(p).wantRead(p.key, value)
		} else {
			m.at(p).wantMiss(p.key)
		}
		var keys []string
		for other := range m.entries {
			if other.collection == plain(p).collection {
				keys = append(keys, other.key)
			}
		}
		m.at(p).wantKeys(keys...)
	}
	if m.Failed() {
		m.Fatalf("the store and the model differ")
	}
}
