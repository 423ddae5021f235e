package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// TestModel plays what fuzzing would find on stores that are broken.
func TestModel(t *testing.T) {
	a, b := pair{"c", "Key"}, pair{"c", "key"}
	for _, c := range []struct {
		store         string
		first, second pair
		one, two      string
		ttl           time.Duration
	}{
		{"keys in lower case", a, b, one, two, 0},
		{"collections in lower case", pair{"C", "k"}, pair{"c", "k"}, one, two, 0},
		{"an empty collection is one of its own", pair{"", "k"}, pair{core.DefaultCollection, "k"}, one, two, 0},
		{"keys are listed escaped", pair{"c", "a/b"}, a, one, two, 0},
		{"the empty key is taken", pair{"c", ""}, a, one, two, 0},
		{"invalid UTF-8 in a key is repaired", pair{"c", "a\xff"}, a, one, two, 0},
		{"1.0 becomes 1", a, b, `{"a":1.0,"b":2}`, two, 0},
		{"values are not looked into", a, b, `{"a":`, two, 0},
		{"the longest time to live overflows", a, b, one, two, time.Duration(1<<63 - 1)},
		{"a negative time to live is none", a, b, one, two, -1},
		{"Put replaces nothing", a, a, one, two, 0},
		{"Delete always answers true", a, b, one, two, 0},
		{"Delete always answers false", a, b, one, two, 0},
		{"Delete keeps the entry", a, b, one, two, 0},
		{"Insert always answers true", a, a, one, two, 0},
		{"Insert replaces", a, a, one, two, 0},
		{"Insert after Delete is refused", a, b, one, two, 0},
		{"a refused Insert is an error", a, a, one, two, 0},
		{"Keys lacks the first", a, b, one, two, 0},
	} {
		i := slices.IndexFunc(brokenStores, func(b brokenStore) bool { return b.name == c.store })
		if i < 0 {
			t.Fatalf("there is no broken store %q", c.store)
		}
		var r record
		store := brokenStores[i].open()
		done := make(chan struct{})
		go func() { // Fatalf ends it
			defer close(done)
			newModel(t.Context(), &r, store).play(c.first, c.second, c.one, c.two, c.ttl)
		}()
		<-done
		if !r.Failed() {
			t.Errorf("%s: the model sees nothing wrong", c.store)
		}
	}
}

// TestModelOfLimits plays names and values that a store may refuse.
func TestModelOfLimits(t *testing.T) {
	d, _ := limited()
	for _, name := range []string{"k", strings.Repeat("k", 1000), "a\x00b"} {
		for _, value := range []string{one, sized(1 << 20), `[]`} {
			store := newReferenceWith(newShelf(), d)
			newModel(t.Context(), t, store).play(pair{"c", name}, pair{name, "k"}, value, two, time.Millisecond)
			newModel(t.Context(), t, store).play(pair{"$c", "k"}, pair{"c", name}, one, value, time.Hour)
		}
	}
}
