package wrappers_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// around returns a function that wraps with each in turn, the first innermost.
func around(wraps ...func(testing.TB, core.Store) core.Store) func(testing.TB, core.Store) core.Store {
	return func(t testing.TB, store core.Store) core.Store {
		for _, wrap := range wraps {
			store = wrap(t, store)
		}
		return store
	}
}

// asTheReference are the wrappers of the vectors, by the reference's name.
var asTheReference = map[string]func(testing.TB, core.Store) core.Store{
	"PrefixKeysWrapper(prefix='p')":        wrapping(wrappers.NewPrefixKeys, &wrappers.PrefixKeysOptions{Prefix: "p"}),
	"PrefixCollectionsWrapper(prefix='p')": wrapping(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: "p"}),
	"PrefixCollectionsWrapper(prefix='p', default_collection='d')": around(
		wrapping(wrappers.NewPrefixCollections, &wrappers.PrefixCollectionsOptions{Prefix: "p"}),
		wrapping(wrappers.NewDefaultCollection, &wrappers.DefaultCollectionOptions{Collection: "d"}),
	),
	"SingleCollectionWrapper(single_collection='s')": wrapping(wrappers.NewSingleCollection, &wrappers.SingleCollectionOptions{Collection: "s"}),
	"SingleCollectionWrapper(single_collection='s', default_collection='d', separator='|')": around(
		wrapping(wrappers.NewSingleCollection, &wrappers.SingleCollectionOptions{Collection: "s", Separator: "|"}),
		wrapping(wrappers.NewDefaultCollection, &wrappers.DefaultCollectionOptions{Collection: "d"}),
	),
	"TTLClampWrapper(min=10,max=100)": wrapping(wrappers.NewTTLClamp, &wrappers.TTLClampOptions{
		Min: 10 * time.Second, Max: 100 * time.Second,
	}),
	"TTLClampWrapper(min=10,max=100,missing=500)": wrapping(wrappers.NewTTLClamp, &wrappers.TTLClampOptions{
		Min: 10 * time.Second, Max: 100 * time.Second, Missing: 500 * time.Second,
	}),
	"ReadOnlyWrapper(raise_on_write=False)": wrapping(wrappers.NewReadOnly, &wrappers.ReadOnlyOptions{Silent: true}),
	"DefaultValueWrapper(default_value={'d':1}, default_ttl=9)": wrapping(wrappers.NewDefaultValue, &wrappers.DefaultValueOptions{
		Value: json.RawMessage(`{"d":1}`), TTL: 9 * time.Second,
	}),
	"StatisticsWrapper": wrapping(wrappers.NewStatistics, nil),
	"TimeoutWrapper":    wrapping(wrappers.NewTimeout, nil),
	"RetryWrapper":      wrapping(wrappers.NewRetry, nil),
	"CollectionRoutingWrapper({'c': store}, default_store=other) - forwarded shows only calls on the mapped store": func(t testing.TB, store core.Store) core.Store {
		options := &wrappers.CollectionRoutingOptions{Stores: map[string]core.Store{"c": store}}
		return wrapping(wrappers.NewCollectionRouting, options)(t, newMemory(t))
	},
	"PassthroughCacheWrapper(primary=recorder, cache=MemoryStore)": func(t testing.TB, store core.Store) core.Store {
		return newCached(t, store, wrappers.PassthroughCacheOptions{})
	},
	copiesRecorded: func(t testing.TB, store core.Store) core.Store {
		return newCached(t, newMemory(t), wrappers.PassthroughCacheOptions{Cache: store})
	},
}

// copiesRecorded is the case that shows the calls on the cache. The Python
// library removes a copy before it writes; here it is the other way round,
// which does not show in them.
const copiesRecorded = "PassthroughCacheWrapper(primary=MemoryStore, cache=recorder)"

// What reaches the store inside is what the Python library sends there.
func TestForwardsAsTheReference(t *testing.T) {
	text, err := os.ReadFile("testdata/wrapper_forwarding.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Cases []struct {
			Name       string
			Operations []struct {
				Call      forwardingCall
				Forwarded []forwardingCall
				Returned  any
			}
		}
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, vector := range vectors.Cases {
		wrap, ok := asTheReference[vector.Name]
		if !ok {
			continue
		}
		seen++
		t.Run(vector.Name, func(t *testing.T) {
			recorder := storetest.NewRecorder(memory.NewNull())
			store := wrap(t, recorder)
			for _, operation := range vector.Operations {
				recorder.Reset()
				if got := operation.Call.run(t, store); got != nil && got != operation.Returned {
					t.Errorf("%+v answered %v, want %v", operation.Call, got, operation.Returned)
				}
				calls := recorder.Calls()
				if len(calls) != len(operation.Forwarded) {
					t.Errorf("%+v made %d calls, want %d", operation.Call, len(calls), len(operation.Forwarded))
					continue
				}
				for i, want := range operation.Forwarded {
					got, method := calls[i], want.method()
					if vector.Name == copiesRecorded && method == "DeleteMany" && len(want.Keys) == 1 {
						method = "Delete" // a copy alone is removed alone
					}
					if got.Method != method || core.CollectionName(got.Collection) != core.CollectionName(want.Collection) || !slices.Equal(got.Keys, want.keys()) {
						t.Errorf("%+v called %+v, want %+v", operation.Call, got, want)
					}
					for _, item := range got.Items {
						if item.TTL != want.ttl() {
							t.Errorf("%+v wrote a time to live of %v, want %v", operation.Call, item.TTL, want.ttl())
						}
					}
				}
			}
		})
	}
	if seen != len(asTheReference) {
		t.Errorf("the vectors have %d of %d wrappers", seen, len(asTheReference))
	}
}
