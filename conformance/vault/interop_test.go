package vault_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/pythonstore"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/vault"
)

// both returns the stores of the two languages over one engine.
func both(t *testing.T) (*vault.Store, *pythonstore.Process, string) {
	t.Helper()
	url := servers.Vault.URL(t)
	client := newClient(t, url, rootToken)
	mounted := mount(t, client)
	return borrow(t, client, &vault.Options{Mount: mounted}), startPython(t, url, mounted), mounted
}

// What one language writes, the other reads and deletes.
func TestPython(t *testing.T) {
	t.Parallel()
	here, other, _ := both(t)
	values := []string{
		`{}`,
		`{"text":"caf\u00e9 \ud83d\ude00 \u2028 </script> \u0000 \" \\ \n"}`,
		`{"large":9223372036854775807,"larger":123456789012345678901234567890,"int":1,"floats":[1.5,1.0,-0.0,0.1,1e+16,5e-324]}`,
		`{"nested":{"z":[1,{"y":null,"x":[true,false,[]]}],"a":{}},"":"no name"}`,
		`{"long":"` + strings.Repeat("the quick brown fox jumps over the lazy dog ", 500) + `"}`,
	}
	for _, collection := range []string{"", "users", "with spaces, and %41?#"} {
		for _, value := range values {
			for _, hours := range []float64{0, 1.5} {
				pythonstore.Exchange(t, here, other, collection, "a key: x::y", value, hours)
			}
		}
	}
}

// Bulk calls, listings and expiry see what the other language wrote.
func TestPythonBulk(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	here, other, mounted := both(t)
	keys, values := []string{"one", "two", "three"}, []string{`{"n":1}`, `{"n":2}`, `{"n":3.0}`}
	hour, instant := 3600.0, 0.001
	other.Must(pythonstore.Request{Op: "put", Collection: "bulk", Keys: keys, Values: values, TTL: &hour})
	other.Must(pythonstore.Request{Op: "put", Collection: "bulk", Keys: []string{"short"}, Values: []string{`{}`}, TTL: &instant})
	time.Sleep(2 * time.Millisecond)
	entries, err := here.GetMany(ctx, "bulk", append(keys, "missing", "short"))
	if err != nil || entries[3].Found() || entries[4].Found() {
		t.Fatalf("GetMany = %v, %v", entries, err)
	}
	for i, want := range values {
		if got := string(entries[i].Value); !pythonstore.SameJSON(t, got, want) {
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
	slices.Sort(listed)
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
	if count, err := here.Cull(ctx); count != 1 || err != nil {
		t.Errorf("Cull = %d, %v; Python has written one that has expired", count, err)
	}
	if err := here.Put(ctx, "bulk", "short", []byte(`{}`), time.Millisecond); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Millisecond)
	if found := other.Must(pythonstore.Request{Op: "get", Collection: "bulk", Keys: []string{"short"}}); found.Values[0] != nil {
		t.Errorf("Python reads what has expired: %s", *found.Values[0])
	}
	if inserted, err := here.Insert(ctx, "bulk", "three", []byte(`{}`), 0); inserted || err != nil {
		t.Errorf("Insert over Python's entry = %v, %v", inserted, err)
	}
	if inserted, err := here.Insert(ctx, "bulk", "four", []byte(`{"n":4}`), 0); !inserted || err != nil {
		t.Errorf("Insert = %v, %v", inserted, err)
	}
	if found := other.Must(pythonstore.Request{Op: "get", Collection: "bulk", Keys: []string{"four"}}); pythonstore.Shown(found.Values[0]) != `{"n": 4}` {
		t.Errorf("Python reads what was inserted as %s", pythonstore.Shown(found.Values[0]))
	}
	other.Must(pythonstore.Request{Op: "put", Collection: "bulk", Keys: []string{"four"}, Values: []string{`{"n":5}`}})
	if got := versionsOf(t, here.Client(), mounted, "bulk::four"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("after Python wrote over what Go has made there are the versions %q: Go's limit holds", got)
	}
	if existed, err := here.DestroyCollection(ctx, "bulk"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v", existed, err)
	}
	if found := other.Must(pythonstore.Request{Op: "get", Collection: "bulk", Keys: keys}); found.Values[0] != nil || found.Values[2] != nil {
		t.Errorf("Python still reads %v", found.Values)
	}
}

// What differs on purpose, each as the README says it.
func TestPythonDifferences(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	here, other, mounted := both(t)

	// A key with a slash is in a folder there, and escaped here.
	other.Must(pythonstore.Request{Op: "put", Collection: "c", Keys: []string{"a/b"}, Values: []string{`{}`}})
	if _, err := here.Get(ctx, "c", "a/b"); err != core.ErrNotFound {
		t.Errorf("Go reads Python's key with a slash: %v", err)
	}
	if err := here.Put(ctx, "c", "c/d", []byte(`{}`), 0); err != nil {
		t.Fatal(err)
	}
	if found := other.Must(pythonstore.Request{Op: "get", Collection: "c", Keys: []string{"c/d"}}); found.Values[0] != nil {
		t.Errorf("Python reads Go's key with a slash: %s", *found.Values[0])
	}

	// Collection and key run together there.
	other.Must(pythonstore.Request{Op: "put", Collection: "c::x", Keys: []string{"k"}, Values: []string{`{}`}})
	if _, err := here.Get(ctx, "c::x", "k"); err != core.ErrNotFound {
		t.Errorf("Go reads Python's collection with two colons: %v", err)
	}
	if _, err := here.Get(ctx, "c", "x::k"); err != core.ErrNotFound {
		t.Errorf("Go takes Python's entry for that of other names: %v", err)
	}

	// Versions pile up there.
	for range 3 {
		other.Must(pythonstore.Request{Op: "put", Collection: "c", Keys: []string{"k"}, Values: []string{`{}`}})
	}
	if got := versionsOf(t, here.Client(), mounted, "c::k"); len(got) != 3 {
		t.Errorf("Python leaves the versions %q: the README says that they pile up", got)
	}

	// A failure is a miss there.
	nobody := startPython(t, servers.Vault.URL(t), "nowhere")
	if answer := nobody.Ask(pythonstore.Request{Op: "get", Collection: "c", Keys: []string{"k"}}); answer.Error != "" || answer.Values[0] != nil {
		t.Errorf("Python tells of a missing engine by now: %+v", answer)
	}
	nowhere := borrow(t, here.Client(), &vault.Options{Mount: "nowhere"})
	if _, err := nowhere.Get(ctx, "c", "k"); err == nil || errors.Is(err, core.ErrNotFound) {
		t.Errorf("Go reads from nowhere: %v", err)
	}
}
