package rocksdb_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// collect returns what a listing has given, and its first error.
func collect(listing iter.Seq2[string, error]) (names []string, err error) {
	for name, problem := range listing {
		if problem != nil {
			return names, problem
		}
		names = append(names, name)
	}
	return names, nil
}

// Long keys fill pages before there are a thousand, and one may be longer than a
// page. Prefixes of each other must not end a page too early or too late.
func TestListingOfLongKeys(t *testing.T) {
	need(t)
	ctx := t.Context()
	store := open(t, t.TempDir(), nil)
	var want []string
	for size := range 300 {
		want = append(want, strings.Repeat("a", size*7+1), strings.Repeat("a", size*7+1)+"\x00")
	}
	want = append(want, strings.Repeat("b", 100_000), strings.Repeat("b", 200_000), "z")
	for _, key := range want {
		if err := store.Put(ctx, "c", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)
	if keys, err := collect(store.Keys(ctx, "c")); err != nil || !slices.Equal(keys, want) {
		t.Errorf("Keys gives %d keys, %v; want the %d that were put, in their order", len(keys), err, len(want))
	}
}

// Collections of which all is expired are passed over, and one live entry behind
// many expired ones is found.
func TestCollectionsAmongExpired(t *testing.T) {
	need(t)
	ctx := t.Context()
	store := open(t, t.TempDir(), nil)
	past := []byte("\x00\x00\x00\x00\x00\x00\x00\x01{}")
	for i := range 3000 {
		for _, collection := range []string{"dead", "half"} {
			if err := store.DB().Put(fmt.Appendf(nil, "%s::%06d", collection, i), past); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, collection := range []string{"half", "half:x", "half;", "z"} {
		if err := store.Put(ctx, collection, "live", json.RawMessage(`{}`), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	collections, err := collect(store.Collections(ctx))
	slices.Sort(collections)
	if want := []string{"half", "half:x", "half;", "z"}; err != nil || !slices.Equal(collections, want) {
		t.Errorf("Collections = %q, %v; want %q", collections, err, want)
	}
	if existed, err := store.DestroyCollection(ctx, "dead"); existed || err != nil {
		t.Errorf("DestroyCollection of what is all expired = %t, %v; want false", existed, err)
	}
	if existed, err := store.DestroyCollection(ctx, "half"); !existed || err != nil {
		t.Errorf("DestroyCollection with one live entry = %t, %v; want true", existed, err)
	}
	if value, found, err := store.DB().Get([]byte("dead::000000"), nil); found || err != nil {
		t.Errorf("a destroyed collection still has %q, %v", value, err)
	}
	if _, err := store.Get(ctx, "half:x", "live"); err != nil {
		t.Errorf("Get from a collection with a longer name = %v", err)
	}
}
