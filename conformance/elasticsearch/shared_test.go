package elasticsearch_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/elasticsearch"
)

// before is a client that does something before it sends to a path.
type before struct {
	elasticsearch.Client
	path string
	does func()
}

func (b *before) Perform(request *http.Request) (*http.Response, error) {
	if strings.HasSuffix(request.URL.Path, b.path) {
		b.does()
	}
	return b.Client.Perform(request)
}

// python is the index of a collection as the Python library makes it.
func (c *cluster) python(t *testing.T, collection string) {
	t.Helper()
	const body = `{"mappings":{"properties":{"created_at":{"type":"date"},"expires_at":{"type":"date"},"collection":{"type":"keyword"},` +
		`"key":{"type":"keyword"},"version":{"type":"integer"},"value":{"properties":{"flattened":{"type":"flattened"}}}}},"settings":{}}`
	if status, answer := c.do(t.Context(), t, http.MethodPut, "/"+c.prefix+"-"+collection, body); status != 200 {
		t.Fatalf("%d: %s", status, answer)
	}
}

// document is one as Python writes it.
func document(collection, key, value, expires string) string {
	text := `{"version":1,"key":"` + key + `","collection":"` + collection + `","created_at":"2025-01-01T00:00:00.123456+00:00",`
	if expires != "" {
		text += `"expires_at":"` + expires + `",`
	}
	return text + `"value":{"flattened":` + value + `}}`
}

func (c *cluster) write(t *testing.T, index, id, document string) {
	t.Helper()
	if err := c.put(t.Context(), c.prefix+"-"+index, id, document); err != nil {
		t.Fatal(err)
	}
}

func keysOf(t *testing.T, store core.Store, collection string) (keys []string, corrupt int) {
	t.Helper()
	for key, err := range core.Keys(t.Context(), store, collection) {
		switch {
		case errors.Is(err, core.ErrCorrupt):
			corrupt++
		case err != nil:
			t.Fatal(err)
		default:
			keys = append(keys, key)
		}
	}
	return keys, corrupt
}

func wantNames(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

const past = "2025-01-01T00:00:10.000001+00:00"

// What other programs and Python have put into an index is told apart, and what
// is not an entry survives.
func TestForeignDocuments(t *testing.T) {
	c := shared(t)
	c.python(t, "c")
	c.write(t, "c", "k", document("c", "k", `{"n":1.0}`, ""))
	c.write(t, "c", "old", document("c", "old", `{}`, past))
	c.write(t, "c", "moved", document("c", "elsewhere", `{}`, ""))
	c.write(t, "c", "K", document("C", "K", `{}`, "")) // Python's collection C has the same index
	c.write(t, "c", "nameless", `{"value":{"flattened":{"n":2}}}`)
	c.write(t, "c", "broken", `{"something":"else"}`)
	c.write(t, "c", "text", `{"key":"text","collection":"c","value":{"flattened":null}}`)
	store, ctx := c.open(t, ""), t.Context()

	if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"n":1.0}` {
		t.Errorf("Get of Python's entry = %s, %v", entry.Value, err)
	}
	for _, key := range []string{"old", "moved", "elsewhere", "K"} {
		if _, err := store.Get(ctx, "c", key); err != core.ErrNotFound {
			t.Errorf("Get of %s = %v; want a miss", key, err)
		}
	}
	for _, key := range []string{"broken", "text"} {
		if _, err := store.Get(ctx, "c", key); !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("Get of %s = %v; want ErrCorrupt", key, err)
		}
	}
	keys, corrupt := keysOf(t, store, "c")
	wantNames(t, "keys", keys, "k", "text", "nameless")
	if corrupt != 1 {
		t.Errorf("the listing has %d errors, want 1 for broken", corrupt)
	}
	if count, err := store.Cull(ctx); count != 1 || err != nil {
		t.Errorf("Cull = %d, %v; want 1 for old", count, err)
	}
	// Insert takes the place of what is another's entry.
	if inserted, err := store.Insert(ctx, "c", "moved", json.RawMessage(`{}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert over what lies under another name = %v, %v; want true", inserted, err)
	}
	if live, err := store.Delete(ctx, "c", "K"); live || err != nil {
		t.Errorf("Delete of another's = %v, %v; want false", live, err)
	}
	if _, err := store.DestroyCollection(ctx, "c"); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("DestroyCollection = %v; want ErrCorrupt for what was left", err)
	}
	if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get after DestroyCollection = %v", err)
	}
	if status, _ := c.do(ctx, t, http.MethodGet, "/"+c.prefix+"-c/_doc/broken", ""); status != 200 {
		t.Errorf("the foreign document is gone: %d", status)
	}
}

// Destroy removes our indices and Python's entries, and leaves others' indices.
func TestDestroyLeavesOthers(t *testing.T) {
	c := shared(t)
	store, ctx := c.open(t, ""), t.Context()
	c.python(t, "p")
	c.write(t, "p", "k", document("p", "k", `{}`, ""))
	c.write(t, "p", "foreign", `{"a":1}`)
	for _, path := range []string{"logs", "other-c"} {
		mapping := `{"mappings":{"_meta":{"prefix":"` + c.prefix + `-other","collection":"c"}}}`
		if path == "logs" {
			mapping = `{"mappings":{"properties":{"key":{"type":"text"},"collection":{"type":"text"},"expires_at":{"type":"boolean"}}}}`
		}
		if status, answer := c.do(ctx, t, http.MethodPut, "/"+c.prefix+"-"+path, mapping); status != 200 {
			t.Fatal(answer)
		}
		c.write(t, path, "k", `{"key":"k"}`)
	}
	for _, collection := range []string{"a", "B"} {
		if err := store.Put(ctx, collection, "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	var collections []string
	for name, err := range store.Collections(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		collections = append(collections, name)
	}
	slices.Sort(collections)
	wantNames(t, "collections", collections, "B", "a", "p")
	if _, err := store.Cull(ctx); err != nil {
		t.Errorf("Cull = %v", err)
	}
	if err := store.Destroy(ctx); err != nil {
		t.Errorf("Destroy = %v", err)
	}
	for path, want := range map[string]int{
		"-a": 404, "-~kv1~%2542": 404, "-p/_doc/k": 404, "-p/_doc/foreign": 200, "-logs/_doc/k": 200, "-other-c/_doc/k": 200,
	} {
		if status, _ := c.do(ctx, t, http.MethodGet, "/"+c.prefix+path, ""); status != want {
			t.Errorf("after Destroy, %s is %d, want %d", path, status, want)
		}
	}
	// The index of another store's collection is not written to.
	err := store.Put(ctx, "other-c", "k", json.RawMessage(`{}`), core.NoTTL)
	if !errors.Is(err, core.ErrSetup) || !strings.Contains(err.Error(), c.prefix+"-other") {
		t.Errorf("Put to another store's index = %v; want ErrSetup", err)
	}
}

// The mapping of Python's index refuses long texts, and the value is not
// repeated in the error.
func TestLongTextInIndexOfPython(t *testing.T) {
	c := shared(t)
	c.python(t, "c")
	store := c.open(t, "")
	long := json.RawMessage(`{"text":"canary` + strings.Repeat("x", 40_000) + `"}`)
	err := store.PutMany(t.Context(), "c", []core.Item{{Key: "long", Value: long}, {Key: "short", Value: json.RawMessage(`{}`)}})
	if failed := core.FailedKeys(err); !errors.Is(err, core.ErrTooLarge) || !slices.Equal(failed, []string{"long"}) || strings.Contains(err.Error(), "canary") {
		t.Errorf("PutMany = %v; want ErrTooLarge for the long one", err)
	}
	if _, err := store.Get(t.Context(), "c", "short"); err != nil {
		t.Errorf("Get of the short one = %v", err)
	}
	if err := store.Put(t.Context(), "ours", "long", long, core.NoTTL); err != nil {
		t.Errorf("Put of a long text in our own index = %v", err)
	}
}

func TestNoCreate(t *testing.T) {
	c := shared(t)
	store := c.open(t, "?no_create=true")
	err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL)
	if !errors.Is(err, core.ErrSetup) {
		t.Errorf("Put without an index = %v; want ErrSetup", err)
	}
	if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get without an index = %v; want a miss", err)
	}
	if status, _ := c.do(t.Context(), t, http.MethodGet, "/"+c.prefix+"-c", ""); status != 404 {
		t.Errorf("there is an index: %d", status)
	}
	c.python(t, "c")
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
		t.Errorf("Put into the index of another = %v", err)
	}
}

// An index that goes away under a store that has set it up: the template gives
// the new one its mapping, and listings know the collection.
func TestIndexThatIsGone(t *testing.T) {
	c := shared(t)
	store, ctx := c.open(t, ""), t.Context()
	for _, collection := range []string{"c", strings.Repeat("long", 100)} {
		if err := store.Put(ctx, collection, "k", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		c.clear(t, "")
		if err := store.Put(ctx, collection, "k", json.RawMessage(`{"text":"`+strings.Repeat("x", 40_000)+`"}`), time.Hour); err != nil {
			t.Fatal(err)
		}
		keys, _ := keysOf(t, store, collection)
		wantNames(t, "keys", keys, "k")
		var collections []string
		for name, err := range store.Collections(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			collections = append(collections, name)
		}
		wantNames(t, "collections", collections, collection)
		// The next store notes the collection in the index.
		if err := c.open(t, "").Setup(ctx, collection); err != nil {
			t.Fatal(err)
		}
		if _, answer := c.do(ctx, t, http.MethodGet, "/"+c.prefix+"-*/_mapping", ""); !strings.Contains(answer, `"collection":"`+collection+`"`) ||
			!strings.Contains(answer, `"enabled":false`) {
			t.Errorf("the mapping is %s", answer)
		}
		if existed, err := store.DestroyCollection(ctx, collection); !existed || err != nil {
			t.Errorf("DestroyCollection = %v, %v", existed, err)
		}
	}
}

// A key that is replaced while it is listed comes once.
func TestListingBesideWriters(t *testing.T) {
	c := shared(t)
	store, ctx := c.open(t, ""), t.Context()
	var items []core.Item
	for i := range 2500 {
		items = append(items, core.Item{Key: "key" + string(rune('a'+i%26)) + strings.Repeat("x", i/26), Value: json.RawMessage(`{}`)})
	}
	if err := store.PutMany(ctx, "c", items); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	var again []core.Item
	for key, err := range store.Keys(ctx, "c") {
		if err != nil {
			t.Fatal(err)
		}
		seen[key]++
		again = append(again, core.Item{Key: key, Value: json.RawMessage(`{"again":1}`)})
		if len(again) == 500 {
			if err := store.PutMany(ctx, "c", again); err != nil {
				t.Fatal(err)
			}
			c.do(ctx, t, http.MethodPost, "/"+c.prefix+"-c/_refresh", "")
			again = again[:0]
		}
	}
	if len(seen) != len(items) {
		t.Errorf("%d keys, want %d", len(seen), len(items))
	}
	for key, times := range seen {
		if times != 1 {
			t.Errorf("%q came %d times", key, times)
		}
	}
}

// The strategies of the reference.
func TestV1Names(t *testing.T) {
	c := shared(t)
	store, ctx := c.open(t, "?v1_names=true&refresh=true"), t.Context()
	for _, collection := range []string{"My Collection", "my collection", "test"} {
		if err := store.Put(ctx, collection, "My Key", json.RawMessage(`{"in":"`+collection+`"}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		if keys, _ := keysOf(t, store, collection); !slices.Equal(keys, []string{"My Key"}) {
			t.Errorf("keys of %q: %q", collection, keys)
		}
	}
	var collections []string
	for name, err := range store.Collections(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		collections = append(collections, name)
	}
	slices.Sort(collections)
	wantNames(t, "collections", collections, "My Collection", "my collection", "test")
	if existed, err := store.DestroyCollection(ctx, "test"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v", existed, err)
	}
	if err := store.Destroy(ctx); err != nil {
		t.Errorf("Destroy = %v", err)
	}
	if _, err := store.Get(ctx, "My Collection", "My Key"); err != core.ErrNotFound {
		t.Errorf("Get after Destroy = %v", err)
	}
}
