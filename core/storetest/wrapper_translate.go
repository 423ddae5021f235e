package storetest

import "github.com/go-keyvalue/keyvalue/core"

// name is a collection and a key.
type name struct{ collection, key string }

// translate returns what the wrapper makes of the names below.
func (p *trial) translate(collection, key string) name {
	below, ok := p.translateBy(p.world(0), name{collection, key})
	if !ok {
		p.Fatalf("Get(%q, %q) on a new store asked for no key below", collection, key)
	}
	return below
}

// translateBy returns what this wrapper makes of the names below: those of the
// first read that it makes for a key that is not there.
func (p *trial) translateBy(w *world, n name) (below name, ok bool) {
	w.inner.Reset()
	_, _ = w.store.Get(p.ctx, n.collection, n.key) // a miss: what matters is what is asked below
	for _, call := range w.inner.Calls("Get", "GetAppend", "GetMany") {
		if len(call.Keys) == 1 {
			return name{core.CollectionName(call.Collection), call.Keys[0]}, true
		}
	}
	return name{}, false
}

// confusing are names that a careless translation maps to one.
var confusing = []name{
	{"a", "b"}, {"a", "b__c"}, {"a__b", "c"}, {"a__", "b"}, {"a", "__b"}, {"a_", "_b"}, {"a_", "b"}, {"a", "_b"},
	{"a::b", "c"}, {"a", "b::c"}, {"a:", ":b"}, {"a:", "b"}, {"a", ":b"}, {"a/b", "c"}, {"a", "b/c"},
	{"", "a"}, {"", "b__c"}, {core.DefaultCollection + "__b", "c"}, {"_", "_"}, {"__", "__"}, {"_", "__"}, {"__", "_"},
	{"A", "b"}, {"a", "B"}, {"a", "b "}, {"a", " b"}, {"a", "%5F"}, {"a", "_"}, {"a", "~"}, {"a", "\x00"}, {"a\x00", "b"}, {"a", "\x00b"},
	{"é", "b"}, {"e\u0301", "b"}, {"~kv1~a", "b"}, {"a", "~kv1~b"}, {"a%3Ab", "c"}, {"a%b", "c"},
}

// meaning returns the names that the caller means: an empty collection is the
// default one.
func (p *trial) meaning(n name) name {
	if n.collection == "" {
		n.collection = p.options.DefaultCollection
	}
	return n
}

// lookalikes returns names which, taken as they are, look like the one below:
// its pieces, as a prefix taken for another would leave them.
func (p *trial) lookalikes(original, below name) (names []name) {
	if p.options.RenamesKeys {
		for i := range below.key {
			names = append(names, name{original.collection, below.key[i:]})
			for j := i; j <= i+2 && p.options.RenamesCollections; j++ {
				if i > 0 && j < len(below.key) {
					names = append(names, name{below.key[:i], below.key[j:]})
				}
			}
		}
	}
	if p.options.RenamesCollections {
		for i := range below.collection {
			names = append(names, name{below.collection[i:], original.key})
		}
	}
	return names
}

// legal reports whether the names are such that a store must take them.
func (n name) legal() bool {
	return core.CheckCollection(n.collection) == nil && core.CheckKey(n.key) == nil
}
