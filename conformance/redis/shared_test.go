package redis_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/redis"
)

// others are what other programs may have in a database that is shared: all of
// it must survive.
func others(t *testing.T, client goredis.UniversalClient) map[string]string {
	t.Helper()
	ctx := t.Context()
	texts := map[string]string{
		"plain":       "text",
		"user::42":    "text",
		"::":          "text",
		"::k":         string(envelope("", "k", `{}`, time.Time{})),
		"c::":         string(envelope("c", "", `{}`, time.Time{})),
		"c::\xff":     "text",
		"\xff::k":     "text",
		"~kv1~c::k":   "text", // not an escape that we write
		"d::unnamed":  `{"value":{}}`,
		"d::moved":    string(envelope("d", "elsewhere", `{}`, time.Time{})),
		"e::moved":    string(envelope("d", "moved", `{}`, time.Time{})),
		"counter::ab": "12",
	}
	for name, text := range texts {
		if err := client.Set(ctx, name, text, 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(
		client.RPush(ctx, "c::list", "a").Err(), client.HSet(ctx, "c::hash", "a", "b").Err(), client.SAdd(ctx, "set", "a").Err(),
	); err != nil {
		t.Fatal(err)
	}
	return texts
}

// wantOthers wants that everything is still there, and nothing else.
func wantOthers(t *testing.T, client goredis.UniversalClient, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		if got, err := client.Get(t.Context(), name).Result(); err != nil || got != text {
			t.Errorf("%q holds %q, %v; want %q", name, got, err, text)
		}
	}
	for _, name := range []string{"c::list", "c::hash", "set"} {
		if client.Exists(t.Context(), name).Val() != 1 {
			t.Errorf("%q is gone", name)
		}
	}
	if size, want := client.DBSize(t.Context()).Val(), int64(len(texts)+3); size != want {
		t.Errorf("the database holds %d keys, want %d: %q", size, want, client.Keys(t.Context(), "*").Val())
	}
}

// fill puts entries into three collections, and one as Python writes it that
// does not escape the name of its collection.
func fill(t *testing.T, store *redis.Store) {
	t.Helper()
	for _, collection := range []string{"c", "d", "a::b"} {
		for _, key := range []string{"1", "2", "x::y"} {
			if err := store.Put(t.Context(), collection, key, []byte(`{}`), time.Hour); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := store.Client().Set(t.Context(), "c::d::k", envelope("c::d", "k", `{}`, time.Time{}), 0).Err(); err != nil {
		t.Fatal(err)
	}
}

func TestDestroyLeavesOthers(t *testing.T) {
	t.Parallel()
	for _, permissions := range []string{"+@all", "-@scripting"} {
		t.Run(permissions, func(t *testing.T) {
			o := started(t)
			permit(t, o, "+@all", permissions)
			client := goredis.NewClient(o)
			defer client.Close()
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
	store := open(t, servers.Redis.Start(t).URL())
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
	if err := store.Client().Del(ctx, "c::d::k").Err(); err != nil { // of the collection c::d
		t.Fatal(err)
	}
	wantOthers(t, store.Client(), texts)

	// There is one error for each, and the text stays short.
	for i := range 50 {
		if err := store.Client().Set(ctx, fmt.Sprint("many::", i), "text", 0).Err(); err != nil {
			t.Fatal(err)
		}
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
	store := open(t, servers.Redis.Start(t).URL())
	expired := envelope("c", "k", `{}`, time.Now().Add(-time.Second))
	if err := store.Client().Set(ctx, "c::k", expired, time.Minute).Err(); err != nil {
		t.Fatal(err)
	}
	if existed, err := store.DestroyCollection(ctx, "c"); existed || err != nil {
		t.Errorf("DestroyCollection of what has expired = %v, %v; want false, nil", existed, err)
	}
	if size := store.Client().DBSize(ctx).Val(); size != 0 {
		t.Errorf("%d keys are left", size)
	}
}

// Python does not escape a collection that contains the separator, so that its
// entry lies where that of another pair belongs. It is none of that pair.
func TestEntryOfAnotherPair(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Redis.Start(t).URL())
	if err := store.Client().Set(ctx, "c::d::k", envelope("c::d", "k", `{}`, time.Time{}), 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(ctx, "c", "d::k"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want %q", err, core.ErrNotFound)
	}
	if inserted, err := store.Insert(ctx, "c", "d::k", []byte(`{"n":1}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert = %v, %v; want true, nil", inserted, err)
	}
	if entry, err := store.Get(ctx, "c", "d::k"); err != nil || string(entry.Value) != `{"n":1}` {
		t.Errorf("Get after Insert = %s, %v", entry.Value, err)
	}
}

func TestListingOfShared(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	o := started(t)
	client := goredis.NewClient(o)
	defer client.Close()
	store := borrow(t, client, nil)
	others(t, client)
	fill(t, store)
	keys := func(store *redis.Store, collection string) (keys []string, corrupt int) {
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
	collections := func(store *redis.Store) (names []string) {
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

	verifying := borrow(t, client, &redis.Options{VerifyListing: true})
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
	store := open(t, servers.Redis.Start(t).URL())
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
		if size := store.Client().DBSize(ctx).Val(); size != int64(len(collections)-1-i) {
			t.Fatalf("%d keys are left after %q", size, collection)
		}
	}
}
