package mongodb_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/mongodb"
)

// both returns the stores of the two languages over one database.
func both(t *testing.T) (*mongodb.Store, *pythonstore.Process) {
	t.Helper()
	database := databaseOf(t)
	return borrow(t, connect(t), &mongodb.Options{Database: database}), startPython(t, servers.MongoDB.URL(t), database)
}

// What one language writes, the other reads and deletes.
func TestPython(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	here, other := both(t)
	values := []string{
		`{}`,
		`{"text":"caf\u00e9 \ud83d\ude00 \u2028 </script> \u0000 \" \\ \n"}`,
		`{"é":"e with an accent","\ud83d\ude00":"emoji as a name","":"no name"}`,
		`{"large":9223372036854775807,"small":-9223372036854775808,"zero":0,"int":2147483648}`,
		`{"floats":[1.5,1.0,-0.0,0.1,1e+16,5e-324,1.7976931348623157e+308],"int":1}`,
		`{"nested":{"z":[1,{"y":null,"x":[true,false,[]]}],"a":{}}}`,
		`{"$date":"2026-01-01","$oid":{"a.b":1},"_id":1}`,
		`{"long":"` + strings.Repeat("the quick brown fox jumps over the lazy dog ", 500) + `"}`,
	}
	for _, collection := range []string{"", "users", "a::b", "café/☕ x", "made by Go"} {
		if collection == "made by Go" {
			if err := here.Setup(ctx, collection); err != nil {
				t.Fatal(err)
			}
		}
		for _, value := range values {
			for _, hours := range []float64{0, 1.5} {
				pythonstore.Exchange(t, here, other, collection, "key: naïve ☕\n", value, hours)
			}
		}
	}
}

// Bulk calls and listings see what the other language wrote, and a value of one
// is replaced by the other in its place.
func TestPythonBulk(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	here, other := both(t)
	keys, values := []string{"one", "two", "three"}, []string{`{"n":1}`, `{"n":2}`, `{"n":3.0}`}
	hour := 3600.0
	other.Must(pythonstore.Request{Op: "put", Collection: "bulk", Keys: keys, Values: values, TTL: &hour})
	entries, err := here.GetMany(ctx, "bulk", append(keys, "missing"))
	if err != nil || entries[3].Found() {
		t.Fatal(err)
	}
	for i, want := range values {
		if got := string(entries[i].Value); got != want {
			t.Errorf("Go reads %s, want %s", got, want)
		}
	}
	var listed []string
	for key, err := range here.Keys(ctx, "bulk") {
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, key)
	}
	if !slices.Equal(listed, []string{"one", "three", "two"}) {
		t.Errorf("Go lists %q", listed)
	}
	var collections []string
	for name, err := range here.Collections(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		collections = append(collections, name)
	}
	if !slices.Equal(collections, []string{"bulk"}) {
		t.Errorf("Go lists the collections %q", collections)
	}
	if err := here.PutMany(ctx, "bulk", []core.Item{{Key: "one", Value: []byte(`{"n":10}`)}, {Key: "two", Value: []byte(`{"n":20}`)}}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, here.Collection("bulk")); n != 3 {
		t.Errorf("there are %d documents, want 3: Go replaces Python's", n)
	}
	found := other.Must(pythonstore.Request{Op: "get", Collection: "bulk", Keys: keys})
	if pythonstore.Shown(found.Values[0]) != `{"n": 10}` || found.TTLs[0] != nil || pythonstore.Shown(found.Values[2]) != `{"n": 3.0}` || found.TTLs[2] == nil {
		t.Errorf("Python reads %q, %v", pythonstore.Shown(found.Values[0]), found.TTLs)
	}
	if inserted, err := here.Insert(ctx, "bulk", "three", []byte(`{}`), 0); inserted || err != nil {
		t.Errorf("Insert over Python's entry = %v, %v", inserted, err)
	}
	if deleted, err := here.DeleteMany(ctx, "bulk", append(keys, "missing")); deleted != 3 || err != nil {
		t.Errorf("Go deletes %d, %v", deleted, err)
	}
}

// What differs on purpose, each as the README says it.
func TestPythonDifferences(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	here, other := both(t)
	special := func(name string) (core.Entry, error) {
		other.Must(pythonstore.Request{Op: "put special", Collection: "c", Keys: []string{name, name + " again"}, Values: []string{name, name}})
		return here.Get(ctx, "c", name)
	}
	for name, want := range map[string]string{
		"datetime": `{"a":"2025-01-02T03:04:05.678000+00:00","b":[null]}`, "binary": `{"a":"aGn/"}`, "nan": "",
	} {
		entry, err := special(name)
		if want == "" && !errors.Is(err, core.ErrCorrupt) || want != "" && (err != nil || string(entry.Value) != want) {
			t.Errorf("Go reads Python's %s as %s, %v", name, entry.Value, err)
		}
	}

	// Python keeps an old expiry when a value is written without one.
	hour := 3600.0
	other.Must(pythonstore.Request{Op: "put", Collection: "c", Keys: []string{"k"}, Values: []string{`{}`}, TTL: &hour})
	other.Must(pythonstore.Request{Op: "put", Collection: "c", Keys: []string{"k"}, Values: []string{`{}`}})
	if found := other.Must(pythonstore.Request{Op: "get", Collection: "c", Keys: []string{"k"}}); found.TTLs[0] == nil {
		t.Error("Python has dropped the expiry by now: the README says otherwise")
	}
	if err := here.Put(ctx, "c", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if found := other.Must(pythonstore.Request{Op: "get", Collection: "c", Keys: []string{"k"}}); found.Values[0] == nil || found.TTLs[0] != nil {
		t.Errorf("after Go wrote it without an expiry Python reads %s, %v", pythonstore.Shown(found.Values[0]), found.TTLs[0])
	}

	// A collection that MongoDB does not take is encoded here, and an error there.
	if answer := other.Ask(pythonstore.Request{Op: "put", Collection: "a$b", Keys: []string{"k"}, Values: []string{`{}`}}); answer.Error == "" {
		t.Error("Python takes a collection with a dollar sign by now")
	}
	if err := here.Put(ctx, "a$b", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Errorf("Put in a$b = %v", err)
	}
}
