package mongodb_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/mongodb"
)

// fresh returns a store over a database of its own.
func fresh(t *testing.T, o mongodb.Options) *mongodb.Store {
	t.Helper()
	o.Database = databaseOf(t)
	return borrow(t, connect(t), &o)
}

func insert(t *testing.T, c *mongo.Collection, documents ...any) {
	t.Helper()
	if _, err := c.InsertMany(t.Context(), documents); err != nil {
		t.Fatal(err)
	}
}

// python is a document as the Python library writes it.
func python(collection, key string, n int32, created time.Time, expires any) bson.D {
	d := bson.D{
		{Key: "key", Value: key},
		{Key: "version", Value: int32(1)},
		{Key: "collection", Value: collection},
		{Key: "created_at", Value: created},
	}
	if expires != nil {
		d = append(d, bson.E{Key: "expires_at", Value: expires})
	}
	return append(d, bson.E{Key: "value", Value: bson.D{{Key: "object", Value: bson.D{{Key: "n", Value: n}}}}})
}

func count(t *testing.T, c *mongo.Collection) int64 {
	t.Helper()
	n, err := c.CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func wantValue(t *testing.T, s *mongodb.Store, collection, key, want string) {
	t.Helper()
	entry, err := s.Get(t.Context(), collection, key)
	if want == "" && err != core.ErrNotFound || want != "" && (err != nil || string(entry.Value) != want) {
		t.Errorf("Get(%s, %s) = %s, %v; want %q", collection, key, entry.Value, err, want)
	}
}

// What lies under the key and is no entry.
func TestForeignDocuments(t *testing.T) {
	t.Parallel()
	ctx, store := t.Context(), fresh(t, mongodb.Options{})
	c := store.Collection("c")
	foreign := map[string]bson.D{
		"nothing": {}, "text": {{Key: "value", Value: "x"}}, "no object": {{Key: "value", Value: bson.D{{Key: "a", Value: 1}}}},
		"list": {{Key: "value", Value: bson.D{{Key: "object", Value: bson.A{1}}}}},
		"date": {{Key: "expires_at", Value: "tomorrow"}, {Key: "value", Value: bson.D{{Key: "object", Value: bson.D{}}}}},
		"id":   {{Key: "value", Value: bson.D{{Key: "object", Value: bson.D{{Key: "a", Value: bson.NewObjectID()}}}}}},
	}
	for key, d := range foreign {
		insert(t, c, append(bson.D{{Key: "key", Value: key}}, d...))
	}
	if err := store.Put(ctx, "c", "good", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	for key := range foreign {
		var e *core.Error
		if _, err := store.Get(ctx, "c", key); !errors.Is(err, core.ErrCorrupt) || !errors.As(err, &e) || e.Key != key {
			t.Errorf("Get of %s = %v, want ErrCorrupt", key, err)
		}
		entries, err := store.GetMany(ctx, "c", []string{"good", key, "missing"})
		if !slices.Equal(core.FailedKeys(err), []string{key}) || len(entries) != 3 || !entries[0].Found() || entries[2].Found() {
			t.Errorf("GetMany with %s = %v, %v", key, entries, err)
		}
		if inserted, err := store.Insert(ctx, "c", key, []byte(`{}`), 0); inserted || !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("Insert over %s = %v, %v; want ErrCorrupt", key, inserted, err)
		}
	}
	corrupt := 0
	for _, err := range store.Keys(ctx, "c") {
		if errors.Is(err, core.ErrCorrupt) {
			corrupt++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if want := len(foreign) - 1; corrupt != want { // the type of a field in a value is not looked at
		t.Errorf("Keys gives %d errors, want %d", corrupt, want)
	}
	if _, err := store.DestroyCollection(ctx, "c"); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("DestroyCollection = %v, want ErrCorrupt for what is left", err)
	}
	wantValue(t, store, "c", "good", "")
	for key := range foreign {
		if err := store.Put(ctx, "c", key, []byte(`{"n":1}`), core.NoTTL); err != nil {
			t.Errorf("Put over %s = %v", key, err)
		}
		wantValue(t, store, "c", key, `{"n":1}`)
		if live, err := store.Delete(ctx, "c", key); !live || err != nil {
			t.Errorf("Delete of %s = %v, %v", key, live, err)
		}
	}
	if n := count(t, c); n != 0 {
		t.Errorf("%d documents are left", n)
	}

	// A document with the `_id` of a key, and another key.
	if _, err := store.Insert(ctx, "c", "k", []byte(`{}`), 0); err != nil {
		t.Fatal(err)
	}
	rename := func() {
		t.Helper()
		if _, err := c.UpdateOne(ctx, bson.D{{Key: "key", Value: "k"}}, bson.D{{Key: "$set", Value: bson.D{{Key: "key", Value: "other"}}}}); err != nil {
			t.Fatal(err)
		}
		wantValue(t, store, "c", "k", "")
	}
	rename()
	if err := store.Put(ctx, "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Errorf("Put where another has the _id = %v", err)
	}
	wantValue(t, store, "c", "k", `{"n":1}`)
	rename()
	if err := store.PutMany(ctx, "c", []core.Item{{Key: "k", Value: []byte(`{"n":2}`)}, {Key: "l", Value: []byte(`{}`)}}); err != nil {
		t.Errorf("PutMany where another has the _id = %v", err)
	}
	wantValue(t, store, "c", "k", `{"n":2}`)
	rename()
	if inserted, err := store.Insert(ctx, "c", "k", []byte(`{"n":3}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert where another has the _id = %v, %v", inserted, err)
	}
	wantValue(t, store, "c", "k", `{"n":3}`)
}

// Documents of one key, as two Python programs can leave them.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	ctx, store := t.Context(), fresh(t, mongodb.Options{})
	c, now := store.Collection("c"), time.Now()
	fill := func() {
		t.Helper()
		insert(t, c, python("c", "k", 1, now.Add(-2*time.Second), nil), python("c", "k", 3, now, nil), python("c", "k", 2, now.Add(-time.Second), nil),
			python("c", "l", 4, now, nil), python("c", "j", 5, now, nil))
	}
	fill()
	wantValue(t, store, "c", "k", `{"n":3}`)
	if entries, err := store.GetMany(ctx, "c", []string{"k", "l"}); err != nil || string(entries[0].Value) != `{"n":3}` {
		t.Errorf("GetMany = %s, %v", entries, err)
	}
	var keys []string
	for key, err := range store.Keys(ctx, "c") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	if !slices.Equal(keys, []string{"j", "k", "l"}) {
		t.Errorf("Keys = %q, want each once", keys)
	}
	if inserted, err := store.Insert(ctx, "c", "k", []byte(`{}`), 0); inserted || err != nil {
		t.Errorf("Insert = %v, %v", inserted, err)
	}
	if live, err := store.Delete(ctx, "c", "k"); !live || err != nil {
		t.Errorf("Delete = %v, %v", live, err)
	}
	wantValue(t, store, "c", "k", "")
	if n := count(t, c); n != 2 {
		t.Errorf("%d documents are left, want 2", n)
	}
	fill()
	if err := store.Put(ctx, "c", "k", []byte(`{"n":9}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	wantValue(t, store, "c", "k", `{"n":9}`)
}

// Many programs insert at once, each through a client of its own, where there
// is nothing, and where something has expired.
func TestInsertRaces(t *testing.T) {
	t.Parallel()
	database := databaseOf(t)
	stores := make([]*mongodb.Store, 4)
	for i := range stores {
		stores[i] = borrow(t, connect(t), &mongodb.Options{Database: database})
	}
	c := stores[0].Collection("c")
	for round := range 30 {
		key := fmt.Sprint("k", round)
		if round%2 == 1 {
			insert(t, c, python("c", key, 0, time.Now().Add(-time.Hour), time.Now().Add(-time.Second)))
		}
		var won atomic.Int64
		var group sync.WaitGroup
		for i, store := range stores {
			for range 2 {
				group.Go(func() {
					inserted, err := store.Insert(t.Context(), "c", key, fmt.Appendf(nil, `{"n":%d}`, i), time.Hour)
					if err != nil {
						t.Errorf("Insert = %v", err)
					}
					if inserted {
						won.Add(1)
					}
				})
			}
		}
		group.Wait()
		if won.Load() != 1 {
			t.Errorf("round %d: %d callers won", round, won.Load())
		}
	}
	if n := count(t, c); n != 30 {
		t.Errorf("there are %d documents, want 30", n)
	}
}

// What racing writers of a new key leave is one document.
func TestPutRaces(t *testing.T) {
	t.Parallel()
	database := databaseOf(t)
	a, b := borrow(t, connect(t), &mongodb.Options{Database: database}), borrow(t, connect(t), &mongodb.Options{Database: database})
	var group sync.WaitGroup
	for _, store := range []*mongodb.Store{a, b, a, b} {
		group.Go(func() {
			for n := range 25 {
				if err := store.Put(t.Context(), "c", fmt.Sprint(n), []byte(`{}`), core.NoTTL); err != nil {
					t.Errorf("Put = %v", err)
				}
				items := []core.Item{{Key: fmt.Sprint("m", n), Value: []byte(`{}`)}, {Key: fmt.Sprint("m", n+1), Value: []byte(`{}`)}}
				if err := store.PutMany(t.Context(), "c", items); err != nil {
					t.Errorf("PutMany = %v", err)
				}
			}
		})
	}
	group.Wait()
	if n := count(t, a.Collection("c")); n != 51 {
		t.Errorf("there are %d documents, want 51", n)
	}
}

// indexes returns the names of the indexes of the collection.
func indexes(t *testing.T, c *mongo.Collection) (names []string) {
	t.Helper()
	all, err := c.Indexes().ListSpecifications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return names
}

var ours = []string{"_id_", "keyvalue_expires_at", "keyvalue_key"}

func TestIndexes(t *testing.T) {
	t.Parallel()
	ctx, store := t.Context(), fresh(t, mongodb.Options{})
	if err := store.Put(ctx, "made", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if got := indexes(t, store.Collection("made")); !slices.Equal(got, ours) {
		t.Errorf("the collection that the store has made has the indexes %q", got)
	}

	// Another's collection gets none, although it looks as one of ours could.
	insert(t, store.Collection("foreign"), bson.D{{Key: "expires_at", Value: time.Now()}}, python("foreign", "p", 1, time.Now(), nil))
	if err := store.Put(ctx, "foreign", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if got := indexes(t, store.Collection("foreign")); !slices.Equal(got, []string{"_id_"}) {
		t.Errorf("a foreign collection has the indexes %q", got)
	}

	// A write of another store that comes after the collection was dropped
	// makes it anew without indexes; the next store to set it up adds them.
	if err := store.Collection("made").Drop(ctx); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(ctx, "made", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	next := borrow(t, store.Client(), &mongodb.Options{Database: store.Collection("made").Database().Name()})
	if err := next.Setup(ctx, "made"); err != nil {
		t.Fatal(err)
	}
	if got := indexes(t, store.Collection("made")); !slices.Equal(got, ours) {
		t.Errorf("the collection that a write has made has the indexes %q", got)
	}
	wantValue(t, store, "made", "k", `{}`)
}

// Destroying leaves what is not ours, and drops only what the store has made.
func TestDestroyLeavesOthers(t *testing.T) {
	t.Parallel()
	ctx, store := t.Context(), fresh(t, mongodb.Options{})
	database := store.Collection("c").Database()
	exists := func(name string) bool {
		t.Helper()
		names, err := database.ListCollectionNames(ctx, bson.D{{Key: "name", Value: name}})
		if err != nil {
			t.Fatal(err)
		}
		return len(names) > 0
	}
	fill := func() {
		t.Helper()
		for _, collection := range []string{"made", "mixed", "foreign", "a$b"} {
			if collection == "foreign" && count(t, store.Collection(collection)) == 0 {
				insert(t, store.Collection(collection), bson.D{{Key: "app", Value: 1}}, python("another", "p", 1, time.Now(), nil))
			}
			if err := store.Put(ctx, collection, "k", []byte(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
		}
		insert(t, store.Collection("mixed"), bson.D{{Key: "app", Value: 1}})
		insert(t, database.Collection("~kv1~python"), python("~kv1~python", "p", 1, time.Now(), nil))
	}
	fill()
	if existed, err := store.DestroyCollection(ctx, "made"); !existed || err != nil || exists("made") {
		t.Errorf("DestroyCollection(made) = %v, %v; it is there: %t", existed, err, exists("made"))
	}
	if existed, err := store.DestroyCollection(ctx, "mixed"); !existed || err != nil || count(t, store.Collection("mixed")) != 1 {
		t.Errorf("DestroyCollection(mixed) = %v, %v; %d documents", existed, err, count(t, store.Collection("mixed")))
	}
	if existed, err := store.DestroyCollection(ctx, "nobody"); existed || err != nil {
		t.Errorf("DestroyCollection(nobody) = %v, %v", existed, err)
	}
	fill()
	if err := store.Destroy(ctx); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{"made": 0, "mixed": 2, "foreign": 2, "a$b": 0} {
		if got := count(t, store.Collection(name)); got != want {
			t.Errorf("after Destroy %s has %d documents, want %d", name, got, want)
		}
	}
	if got := count(t, database.Collection("~kv1~python")); got != 0 {
		t.Errorf("Python's collection whose name looks encoded has %d documents", got)
	}
}

// The names of the reference's strategy collide, and entries are told apart.
func TestV1Collections(t *testing.T) {
	t.Parallel()
	ctx, store := t.Context(), fresh(t, mongodb.Options{V1Collections: true})
	if got := store.Collection("test_collection!@#$%^&*()").Name(); got != "S_test_collection_-daf4a2ec" {
		t.Errorf("it is in %q, and with Python in another", got)
	}
	long := func(c string) string { return fmt.Sprintf("%0200d%s", 0, c) }
	for i, key := range []string{"x", "y"} {
		if err := store.Put(ctx, long(key), key, fmt.Appendf(nil, `{"n":%d}`, i), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	if store.Collection(long("x")).Name() != store.Collection(long("y")).Name() {
		t.Fatal("they are in different collections: that tests nothing")
	}
	wantValue(t, store, long("x"), "x", `{"n":0}`)
	wantValue(t, store, long("x"), "y", "")
	var got []string
	for name, err := range store.Collections(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, name)
	}
	if slices.Sort(got); !slices.Equal(got, []string{long("x"), long("y")}) {
		t.Errorf("Collections = %q", got)
	}
	if existed, err := store.DestroyCollection(ctx, long("x")); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v", existed, err)
	}
	wantValue(t, store, long("y"), "y", `{"n":1}`)
}

// Overwriting drops the old expiry, which Python keeps.
func TestOldExpiry(t *testing.T) {
	t.Parallel()
	ctx, store := t.Context(), fresh(t, mongodb.Options{})
	insert(t, store.Collection("c"), python("c", "k", 1, time.Now(), time.Now().Add(time.Hour)))
	if err := store.Put(ctx, "c", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if entry, err := store.Get(ctx, "c", "k"); err != nil || !entry.ExpiresAt.IsZero() {
		t.Errorf("it expires at %v, %v", entry.ExpiresAt, err)
	}
	if n := count(t, store.Collection("c")); n != 1 {
		t.Errorf("there are %d documents", n)
	}
}
