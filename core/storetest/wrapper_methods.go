package storetest

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// wrapperMethod is one method of core.Full: how the proofs call it.
type wrapperMethod struct {
	name       string
	capability core.Capability // without which it is unsupported
	traits     trait

	call func(ctx context.Context, s core.Full, a arguments) outcome

	// verify looks whether a successful call did what it should, on a store
	// that holds the arguments already, except for Insert.
	verify func(p *trial, w *world, a arguments)
}

// trait is a set of properties of a method.
type trait uint

const (
	ofCollection trait = 1 << iota // it takes a collection
	ofKeys                         // it takes a key or several
	ofValues                       // it takes values and times to live
	isBulk
	isListing
	apart // it has proofs of its own: Supports and Close
)

func (t trait) has(wanted trait) bool { return t&wanted == wanted }

// arguments are what a method is called with. Methods of a single key take
// the first.
type arguments struct {
	collection string
	keys       []string
	value      func(key string) json.RawMessage
	ttl        time.Duration
}

// clone returns arguments that share no slice with these: a wrapper that
// modifies what it is given is caught by "ownership", not by a data race.
func (a arguments) clone() arguments {
	a.keys = slices.Clone(a.keys)
	return a
}

func (a arguments) items() []core.Item {
	items := make([]core.Item, len(a.keys))
	for i, key := range a.keys {
		items[i] = core.Item{Key: key, Value: a.value(key), TTL: a.ttl}
	}
	return items
}

// outcome is what a method answered.
type outcome struct {
	entries []core.Entry
	names   []string
	count   int
	yes     bool
	errs    []error // several from a listing
}

// err returns the last error of the outcome, or nil.
func (o outcome) err() error {
	if len(o.errs) == 0 {
		return nil
	}
	return o.errs[len(o.errs)-1]
}

// failing returns the outcome with that error, if it is one.
func (o outcome) failing(err error) outcome {
	if err != nil {
		o.errs = append(o.errs, err)
	}
	return o
}

// appendedTo is what GetAppend appends to in the proofs.
const appendedTo = "before"

// wrapperMethods has a row for every method of core.Full; the proof "full"
// fails for one without.
var wrapperMethods []wrapperMethod

func init() { // refers to proofs, which refer to it
	const collection, keys, values = ofCollection, ofCollection | ofKeys, ofCollection | ofKeys | ofValues
	wrapperMethods = []wrapperMethod{
		{"Get", 0, keys, func(ctx context.Context, s core.Full, a arguments) outcome {
			entry, err := s.Get(ctx, a.collection, a.keys[0])
			return outcome{entries: []core.Entry{entry}}.failing(err)
		}, verifyGet},
		{"GetAppend", 0, keys, func(ctx context.Context, s core.Full, a arguments) outcome {
			dst := append(make([]byte, 0, 64), appendedTo...)
			entry, err := s.GetAppend(ctx, a.collection, a.keys[0], dst)
			return outcome{entries: []core.Entry{entry}}.failing(err)
		}, verifyGetAppend},
		{"GetMany", 0, keys | isBulk, func(ctx context.Context, s core.Full, a arguments) outcome {
			entries, err := s.GetMany(ctx, a.collection, a.keys)
			return outcome{entries: entries}.failing(err)
		}, verifyGetMany},
		{"Put", 0, values, func(ctx context.Context, s core.Full, a arguments) outcome {
			return outcome{}.failing(s.Put(ctx, a.collection, a.keys[0], a.value(a.keys[0]), a.ttl))
		}, verifyPut},
		{"PutMany", 0, values | isBulk, func(ctx context.Context, s core.Full, a arguments) outcome {
			return outcome{}.failing(s.PutMany(ctx, a.collection, a.items()))
		}, verifyPut},
		{"Insert", core.CanInsert, values, func(ctx context.Context, s core.Full, a arguments) outcome {
			yes, err := s.Insert(ctx, a.collection, a.keys[0], a.value(a.keys[0]), a.ttl)
			return outcome{yes: yes}.failing(err)
		}, verifyInsert},
		{"Delete", 0, keys, func(ctx context.Context, s core.Full, a arguments) outcome {
			yes, err := s.Delete(ctx, a.collection, a.keys[0])
			return outcome{yes: yes}.failing(err)
		}, verifyDelete},
		{"DeleteMany", 0, keys | isBulk, func(ctx context.Context, s core.Full, a arguments) outcome {
			count, err := s.DeleteMany(ctx, a.collection, a.keys)
			return outcome{count: count}.failing(err)
		}, verifyDeleteMany},
		{"Keys", core.CanKeys, collection | isListing, func(ctx context.Context, s core.Full, a arguments) outcome {
			return listed(s.Keys(ctx, a.collection))
		}, verifyKeys},
		{"Collections", core.CanCollections, isListing, func(ctx context.Context, s core.Full, _ arguments) outcome {
			return listed(s.Collections(ctx))
		}, verifyCollections},
		{"DestroyCollection", core.CanDestroyCollection, collection, func(ctx context.Context, s core.Full, a arguments) outcome {
			yes, err := s.DestroyCollection(ctx, a.collection)
			return outcome{yes: yes}.failing(err)
		}, verifyDestroyCollection},
		{"Destroy", core.CanDestroy, 0, func(ctx context.Context, s core.Full, _ arguments) outcome {
			return outcome{}.failing(s.Destroy(ctx))
		}, verifyDestroy},
		{"Cull", core.CanCull, 0, func(ctx context.Context, s core.Full, _ arguments) outcome {
			count, err := s.Cull(ctx)
			return outcome{count: count}.failing(err)
		}, verifyKept},
		{"Setup", 0, collection, func(ctx context.Context, s core.Full, a arguments) outcome {
			return outcome{}.failing(s.Setup(ctx, a.collection))
		}, verifyKept},
		{"Ping", core.CanPing, 0, func(ctx context.Context, s core.Full, _ arguments) outcome {
			return outcome{}.failing(s.Ping(ctx))
		}, verifyKept},
		{name: "Supports", traits: apart},
		{name: "Close", traits: apart},
	}
}

// findMethod returns the row of that name, or nil.
func findMethod(name string) *wrapperMethod {
	i := slices.IndexFunc(wrapperMethods, func(m wrapperMethod) bool { return m.name == name })
	if i < 0 {
		return nil
	}
	return &wrapperMethods[i]
}

// listed is a whole listing.
func listed(names iter.Seq2[string, error]) (o outcome) {
	for name, err := range names {
		if err != nil {
			o = o.failing(err)
			continue
		}
		o.names = append(o.names, name)
	}
	return o
}
