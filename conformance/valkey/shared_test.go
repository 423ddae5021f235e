package valkey_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/valkey"
)

// others are what other programs may have in a database that is shared: all of
// it must survive.
func others(t *testing.T, client driver.Client) map[string]string {
	t.Helper()
	texts := map[string]string{
		"plain":       "text",
		"user::42":    "text",
		"::":          "text",
		"::k":         envelope("", "k", `{}`, time.Time{}),
		"c::":         envelope("c", "", `{}`, time.Time{}),
		"c::\xff":     "text",
		"\xff::k":     "text",
		"~kv1~c::k":   "text", // not an escape that we write
		"d::unnamed":  `{"value":{}}`,
		"d::moved":    envelope("d", "elsewhere", `{}`, time.Time{}),
		"e::moved":    envelope("d", "moved", `{}`, time.Time{}),
		"counter::ab": "12",
	}
	for name, text := range texts {
		do(t, client, "SET", name, text)
	}
	do(t, client, "RPUSH", "e::list", "a")
	do(t, client, "HSET", "f::hash", "a", "b")
	do(t, client, "SADD", "set", "a")
	return texts
}

// wantOthers wants that everything is still there, and nothing else.
func wantOthers(t *testing.T, client driver.Client, texts map[string]string) {
	t.Helper()
	for name, wanted := range texts {
		if got := text(t, client, "GET", name); got != wanted {
			t.Errorf("%q holds %q, want %q", name, got, wanted)
		}
	}
	for name, wanted := range map[string]string{"e::list": "list", "f::hash": "hash", "set": "set"} {
		if kind := text(t, client, "TYPE", name); kind != wanted {
			t.Errorf("%q is of kind %s, want %s", name, kind, wanted)
		}
	}
	if size, want := size(t, client), int64(len(texts)+3); size != want {
		t.Errorf("the database holds %d keys, want %d", size, want)
	}
}

// fill puts entries into three collections, and one as Python writes it that
// does not escape the name of its collection.
func fill(t *testing.T, store *valkey.Store) {
	t.Helper()
	for _, collection := range []string{"c", "d", "a::b"} {
		for _, key := range []string{"1", "2", "x::y"} {
			if err := store.Put(t.Context(), collection, key, []byte(`{}`), time.Hour); err != nil {
				t.Fatal(err)
			}
		}
	}
	do(t, store.Client(), "SET", "c::d::k", envelope("c::d", "k", `{}`, time.Time{}))
}

func TestDestroyLeavesOthers(t *testing.T) {
	t.Parallel()
	for _, permissions := range []string{"+@all", "-@scripting"} {
		t.Run(permissions, func(t *testing.T) {
			o := started(t)
			permit(t, &o, "+@all", permissions)
			client := connect(t, o)
			store := borrow(t, client, nil)
			texts := others(t, client)
			fill(t, store)
			if err := store.Destroy(t.Context()); err != nil {
				t.Errorf("Destroy = %v", err)
			}
			wantOthers(t, client, texts)
		})
	}
}

func TestDestroyCollectionLeavesOthers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Valkey.Start(t).URL())
	texts := others(t, store.Client())
	fill(t, store)

	existed, err := store.DestroyCollection(ctx, "c")
	if !existed || err != nil {
		t.Errorf("DestroyCollection(c) = %v, %v; want true, nil", existed, err)
	}
	// What a string like this is cannot be known, and the caller is told.
	existed, err = store.DestroyCollection(ctx, "d")
	if existed || !errors.Is(err, core.ErrCorrupt) || !strings.Contains(err.Error(), `"d::unnamed"`) {
		t.Errorf("DestroyCollection(d) = %v, %v; want ErrCorrupt for d::unnamed", existed, err)
	}
	if existed, err := store.DestroyCollection(ctx, "a::b"); !existed || err != nil {
		t.Errorf("DestroyCollection(a::b) = %v, %v; want true, nil", existed, err)
	}
	existed, err = store.DestroyCollection(ctx, "user")
	if existed || !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("DestroyCollection(user) = %v, %v; want ErrCorrupt for user::42", existed, err)
	}
	if existed, err := store.DestroyCollection(ctx, "nobody"); existed || err != nil {
		t.Errorf("DestroyCollection(nobody) = %v, %v; want false, nil", existed, err)
	}
	for collection, name := range map[string]string{"e": "e::list", "f": "f::hash"} {
		existed, err = store.DestroyCollection(ctx, collection)
		if existed || !errors.Is(err, core.ErrCorrupt) || !strings.Contains(err.Error(), strconv.Quote(name)) {
			t.Errorf("DestroyCollection(%s) = %v, %v; want ErrCorrupt for %s", collection, existed, err, name)
		}
	}
	do(t, store.Client(), "DEL", "c::d::k") // of the collection c::d
	wantOthers(t, store.Client(), texts)

	// There is one error for each, and the text stays short.
	for i := range 50 {
		do(t, store.Client(), "SET", fmt.Sprint("many::", i), "text")
	}
	_, err = store.DestroyCollection(ctx, "many")
	var e *core.Error
	if !errors.As(err, &e) {
		t.Fatalf("DestroyCollection(many) = %v, want a core.Error", err)
	}
	joined, ok := e.Err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 50 || len(err.Error()) > 300 {
		t.Errorf("DestroyCollection(many) = %v; want 50 errors and a short text", err)
	}
}

func TestDestroyCollectionOfExpired(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Valkey.Start(t).URL())
	do(t, store.Client(), "SET", "c::k", envelope("c", "k", `{}`, time.Now().Add(-time.Second)), "EX", "60")
	if existed, err := store.DestroyCollection(ctx, "c"); existed || err != nil {
		t.Errorf("DestroyCollection of what has expired = %v, %v; want false, nil", existed, err)
	}
	if size := size(t, store.Client()); size != 0 {
		t.Errorf("%d keys are left", size)
	}
}

func TestListingOfShared(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	o := started(t)
	client := connect(t, o)
	store := borrow(t, client, nil)
	others(t, client)
	fill(t, store)
	keys := func(store *valkey.Store, collection string) (keys []string, corrupt int) {
		for key, err := range store.Keys(ctx, collection) {
			switch {
			case errors.Is(err, core.ErrCorrupt):
				corrupt++
			case err != nil:
				t.Fatal(err)
			default:
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
		return keys, corrupt
	}
	collections := func(store *valkey.Store) (names []string) {
		for name, err := range store.Collections(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		slices.Sort(names)
		return names
	}
	want := func(what string, got []string, wanted ...string) {
		t.Helper()
		if !slices.Equal(got, wanted) {
			t.Errorf("%s: got %q, want %q", what, got, wanted)
		}
	}

	// By name alone what others have called so is there as well.
	got, _ := keys(store, "c")
	want("keys of c", got, "1", "2", "d::k", "x::y")
	got, _ = keys(store, "user")
	want("keys of user", got, "42")
	want("collections", collections(store), "a::b", "c", "counter", "d", "e", "user")

	verifying := borrow(t, client, &valkey.Options{VerifyListing: true})
	got, corrupt := keys(verifying, "c")
	want("verified keys of c", got, "1", "2", "x::y")
	if corrupt != 0 {
		t.Errorf("%d errors in c, want none: another's entry is not corrupt", corrupt)
	}
	got, corrupt = keys(verifying, "user")
	want("verified keys of user", got)
	if corrupt != 1 {
		t.Errorf("%d errors in user, want 1", corrupt)
	}
	got, _ = keys(verifying, "a::b")
	want("verified keys of a::b", got, "1", "2", "x::y")
	want("verified collections", collections(verifying), "a::b", "c", "d")
}

// The characters that mean something in a pattern are characters of a name.
func TestListingOfPatterns(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Valkey.Start(t).URL())
	collections := []string{
		"*", "?", "a", "ab", "[ab]", "[a-z]", "[^a]", "[", "]", `\`, `\*`, `\a`, `a\`, "a?", "a*", "^", "-", "{a}", "{", "}", "**", "a*b",
	}
	for i, collection := range collections {
		if err := store.Put(ctx, collection, fmt.Sprint("key", i), []byte(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	for i, collection := range collections {
		var keys []string
		for key, err := range store.Keys(ctx, collection) {
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, key)
		}
		if want := fmt.Sprint("key", i); !slices.Equal(keys, []string{want}) {
			t.Errorf("the keys of %q are %q, want %q", collection, keys, want)
		}
	}
	for i, collection := range collections {
		if existed, err := store.DestroyCollection(ctx, collection); !existed || err != nil {
			t.Errorf("DestroyCollection(%q) = %v, %v; want true, nil", collection, existed, err)
		}
		if size := size(t, store.Client()); size != int64(len(collections)-1-i) {
			t.Fatalf("%d keys are left after %q", size, collection)
		}
	}
}
