package storetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// badArgument is an argument that must be refused.
type badArgument struct {
	traits  trait // the methods that take such an argument
	text    string
	want    error
	changed bool // whether the wrapper changes what is wrong here

	spoil func(a *arguments)

	// carries reports whether a call below has the argument as it was given.
	carries func(Call) bool
}

func (o *WrapperOptions) badArguments() []badArgument {
	var bad []badArgument
	for _, key := range []string{"", "\xffkey"} {
		bad = append(bad, badArgument{
			traits: ofKeys, text: "key", want: core.ErrInvalidKey, changed: o.RenamesKeys,
			spoil:   func(a *arguments) { a.keys[0] = key },
			carries: func(c Call) bool { return slices.Contains(c.Keys, key) },
		})
	}
	bad = append(bad, badArgument{
		traits: ofCollection, text: "collection", want: core.ErrInvalidKey, changed: o.RenamesCollections,
		spoil:   func(a *arguments) { a.collection = "\xffcollection" },
		carries: func(c Call) bool { return slices.Contains(c.collections(), "\xffcollection") },
	})
	for _, value := range []string{"", "null", "[1]", `"text"`, `{"a":`, "{\"a\":\"\xff\"}"} {
		bad = append(bad, badArgument{
			traits: ofValues, text: "value " + value, want: core.ErrInvalidValue, changed: o.RecodesValues,
			spoil: func(a *arguments) {
				first, good := a.keys[0], a.value
				a.value = func(key string) json.RawMessage {
					if key == first {
						return json.RawMessage(value)
					}
					return good(key)
				}
			},
			carries: func(c Call) bool {
				return slices.ContainsFunc(c.Items, func(i core.Item) bool { return bytes.Equal(i.Value, []byte(value)) })
			},
		})
	}
	return append(bad, badArgument{
		traits: ofValues, text: "time to live", want: core.ErrInvalidTTL, changed: o.ChangesTTLs,
		spoil:   func(a *arguments) { a.ttl = -time.Second },
		carries: func(c Call) bool { return slices.ContainsFunc(c.Items, func(i core.Item) bool { return i.TTL < 0 }) },
	})
}

func proveArguments(p *trial) {
	for _, bad := range p.options.badArguments() {
		for m := range p.methods(bad.traits) {
			a := p.canary()
			bad.spoil(&a)
			p.refusesArgument(m, a, bad)
			if m.traits.has(isBulk) { // now behind good ones
				slices.Reverse(a.keys)
				p.refusesArgument(m, a, bad)
			}
		}
	}
}

// refusesArgument looks what a method says of a bad argument, and that a
// store which holds nothing still holds nothing.
func (p *trial) refusesArgument(m *wrapperMethod, a arguments, bad badArgument) {
	w := p.world(0)
	o := m.call(p.ctx, w.store, a)
	if !errors.Is(o.err(), bad.want) {
		p.Errorf("%s(%q, %q) with a bad %s returned %v, want %v", m.name, a.collection, a.keys, bad.text, o.err(), bad.want)
	} else {
		p.checkError(w, m, a, o.err())
	}
	for _, call := range w.inner.Calls() {
		switch {
		case bad.changed:
			p.Errorf("%s with a bad %s called %s below, want no call: the wrapper checks what it changes", m.name, bad.text, call.Method)
		case !bad.carries(call):
			p.Errorf("%s with a bad %s called %s below without it: what is refused must not be done in part", m.name, bad.text, call.Method)
		}
	}
	for collection, err := range core.Collections(p.ctx, w.faulty) {
		if err != nil {
			p.Errorf("the store below could not be listed: %v", err)
			continue
		}
		p.Errorf("%s with a bad %s wrote to collection %q below", m.name, bad.text, collection)
	}
}
