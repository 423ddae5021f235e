package storetest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// pair is the name of one entry.
type pair struct{ collection, key string }

// value is one that no other pair has, and that says in a message whose it is.
// It is ASCII: what is tested is the names.
func (p pair) value() string {
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%q %q", p.collection, p.key)
	return fmt.Sprintf(`{"key":%s,"collection":%s,"hash":"%x"}`, ascii(p.key), ascii(p.collection), hash.Sum64())
}

// ascii is a name as a JSON string, cut.
func ascii(name string) string {
	text, _ := json.Marshal(strconv.QuoteToASCII(name[:min(len(name), 24)]))
	return string(text)
}

// keepApart puts an entry under each of the pairs, all different, and wants
// that none of them is ever taken for another. Of the pairs that the store
// documents to refuse it wants that.
func (s *scenario) keepApart(pairs ...pair) {
	s.Helper()
	kept := s.putEach(pairs)
	for _, p := range kept {
		s.in(p.collection).wantRead(p.key, p.value())
	}
	s.wantPairsListed(kept)
	for i, p := range kept {
		s.in(p.collection).wantDelete(p.key, true)
		if next := i + 1; next < len(kept) {
			s.in(kept[next].collection).wantValue(kept[next].key, kept[next].value())
		}
	}
	for _, p := range kept {
		s.in(p.collection).wantMiss(p.key)
	}
}

// putEach puts a different value under each pair and returns those that the
// store takes.
func (s *scenario) putEach(pairs []pair) (kept []pair) {
	s.Helper()
	for _, p := range pairs {
		at := s.in(p.collection)
		if s.refuses(p) {
			at.wantRefused(p.key)
			continue
		}
		at.put(p.key, p.value())
		kept = append(kept, p)
	}
	return kept
}

// wantPairsListed wants that every collection lists its keys as they were
// given, and is listed itself.
func (s *scenario) wantPairsListed(pairs []pair) {
	s.Helper()
	keys := make(map[string][]string)
	for _, p := range pairs {
		keys[p.collection] = append(keys[p.collection], p.key)
	}
	for collection, want := range keys {
		s.in(collection).wantKeys(want...)
	}
	s.wantAllListed(slices.Collect(maps.Keys(keys))...)
}

// refuses reports whether the store documents that it refuses the names.
func (s *scenario) refuses(p pair) bool {
	o := s.options
	return o.MaxKey > 0 && len(p.key) > o.MaxKey ||
		o.MaxCollection > 0 && len(p.collection) > o.MaxCollection ||
		o.RefusesName != nil && o.RefusesName(core.CollectionName(p.collection), p.key)
}

// keysHere are pairs of the scenario's collection.
func (s *scenario) keysHere(keys ...string) (pairs []pair) {
	for _, key := range keys {
		pairs = append(pairs, pair{s.collection, key})
	}
	return pairs
}

// surrounded returns collections that nobody else uses and that begin and end
// with each of the texts, each with one key.
func (s *scenario) surrounded(texts ...string) (pairs []pair) {
	middle := unique()
	for _, text := range texts {
		name := text + middle + text
		s.traces.own(name)
		pairs = append(pairs, pair{name, "k"})
	}
	return pairs
}

var nameCases = []testCase{
	{
		name:  "hostile-keys",
		rules: []int{2, 15},
		run:   func(s *scenario) { s.keepApart(s.keysHere(hostileNames...)...) },
	},
	{
		name:  "hostile-collections",
		rules: []int{2, 15},
		run:   func(s *scenario) { s.keepApart(s.surrounded(hostileAffixes...)...) },
	},
	{
		// The names as they are, in which others may have entries: nothing but
		// the key is looked at.
		name:       "reserved-collections",
		rules:      []int{2},
		disposable: true,
		run: func(s *scenario) {
			key := "storetest-" + unique()
			var pairs []pair
			for _, name := range reservedCollections {
				pairs = append(pairs, pair{name, key})
			}
			kept := s.putEach(pairs)
			for _, p := range kept {
				s.in(p.collection).wantRead(key, p.value())
			}
			for _, p := range kept {
				s.in(p.collection).wantDelete(key, true)
				s.in(p.collection).wantMiss(key)
			}
		},
	},
	{
		name:  "similar-keys",
		rules: []int{2},
		run:   func(s *scenario) { s.keepApart(s.keysHere(similarNames...)...) },
	},
	{
		name:  "similar-collections",
		rules: []int{2},
		run:   func(s *scenario) { s.keepApart(s.surrounded(similarNames...)...) },
	},
	{
		name:  "separator-injection",
		rules: []int{2},
		run: func(s *scenario) {
			base := unique()
			var pairs []pair
			add := func(collection, key string) {
				s.traces.own(collection)
				pairs = append(pairs, pair{collection, key})
			}
			for _, separator := range separators {
				a := base + separator + "a"
				add(base, "a"+separator+"b")
				add(a, "b")
				add(base, separator+"b")
				add(base+separator, "b")
			}
			s.keepApart(pairs...)
		},
	},
	{
		name:  "names-of-every-byte",
		rules: []int{2},
		run: func(s *scenario) {
			var keys []string
			for c := range rune(0x80) {
				keys = append(keys, "a"+string(c)+"b")
			}
			s.keepApart(s.keysHere(keys...)...)
		},
	},
	{
		name:  "long-keys",
		rules: []int{2},
		when: func(o *Options) string {
			if o.MaxKey > 0 {
				return "the store limits keys"
			}
			return ""
		},
		run: func(s *scenario) { s.keepApart(s.keysHere(longNames(10 << 10)...)...) },
	},
	{
		name:  "long-collections",
		rules: []int{2},
		when: func(o *Options) string {
			if o.MaxCollection > 0 {
				return "the store limits collections"
			}
			return ""
		},
		run: func(s *scenario) {
			var pairs []pair
			for _, name := range longNames(10 << 10) {
				s.traces.own(name)
				pairs = append(pairs, pair{name, "k"})
			}
			s.keepApart(pairs...)
		},
	},
	{
		name:  "longest-key",
		rules: []int{2},
		when: func(o *Options) string {
			if o.MaxKey == 0 {
				return "the store does not limit keys"
			}
			return ""
		},
		run: func(s *scenario) {
			s.keepApart(s.keysHere(longNames(s.options.MaxKey)...)...)
			for _, key := range longNames(s.options.MaxKey + 1) {
				s.wantNameRefused(pair{s.collection, key}, takesKey)
			}
		},
	},
	{
		name:  "longest-collection",
		rules: []int{2},
		when: func(o *Options) string {
			if o.MaxCollection == 0 {
				return "the store does not limit collections"
			}
			return ""
		},
		run: func(s *scenario) {
			var pairs []pair
			for _, name := range longNames(s.options.MaxCollection) {
				s.traces.own(name)
				pairs = append(pairs, pair{name, "k"})
			}
			s.keepApart(pairs...)
			for _, name := range longNames(s.options.MaxCollection + 1) {
				s.wantNameRefused(pair{name, "k"}, takesCollection)
			}
		},
	},
	{
		name:  "illegal-names",
		rules: []int{2},
		run: func(s *scenario) {
			for _, key := range append([]string{""}, illegalNames...) {
				s.wantNameRefused(pair{s.collection, key}, takesKey)
			}
			for _, collection := range illegalNames {
				s.wantNameRefused(pair{collection, "k"}, takesCollection)
			}
			s.wantMiss("first") // the legal key of the batches
			s.wantKeys()
		},
	},
}

// longNames returns names of that length in bytes, which nobody else uses. They
// differ at the end, at the beginning, or in how many characters they have.
func longNames(length int) []string {
	name := "a" + unique() + strings.Repeat("x", length)
	name = name[:length]
	wide := name[:length/2]
	wide += strings.Repeat("é", (length-len(wide))/2)
	wide += strings.Repeat("x", length-len(wide))
	return []string{name, name[:length-1] + "y", "b" + name[1:], wide}
}
