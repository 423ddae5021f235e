package valkey

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// vector is one case of testdata/valkey.json.
type vector struct {
	Operation  string          `json:"op"`
	Collection *string         `json:"collection"`
	Key        string          `json:"key"`
	Value      json.RawMessage `json:"value"`
	TTL        *float64        `json:"ttl"`
	Name       utf8            `json:"redis_key"`
	Text       utf8            `json:"redis_value"`
	Remaining  int64           `json:"pttl_ms_after"`
	Malformed  utf8            `json:"raw"`
}

type utf8 struct {
	Text string `json:"$bytes_utf8"`
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/valkey.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []vector }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) != 9 {
		t.Fatalf("%d cases, want 9", len(file.Cases))
	}
	return file.Cases
}

// What Python has written is read by the store, and what the store writes is
// what Python has written, but for spaces and the order of members.
func TestVectors(t *testing.T) {
	var lies map[string]string // what is in the database
	var ttl, written = "", ""
	server := newFakeServer(t, func(words []string) string {
		switch words[0] {
		case "GET":
			return bulk(lies[words[1]])
		case "SET":
			written, ttl = words[2], ""
			if len(words) > 3 {
				ttl = strings.Join(words[3:], " ")
			}
			lies[words[1]] = written
			return "+OK\r\n"
		}
		return "-ERR not expected\r\n"
	})
	store, err := New(server.client(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range readVectors(t) {
		if v.Operation != "" {
			lies = map[string]string{names.Compound("c", "k"): v.Malformed.Text}
			if _, err := store.Get(t.Context(), "c", "k"); !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("Get of %q = %v, want %q", v.Malformed.Text, err, core.ErrCorrupt)
			}
			continue
		}
		collection := ""
		if v.Collection != nil {
			collection = *v.Collection
		}
		name := names.Compound(core.CollectionName(collection), v.Key)
		// The one name that is ambiguous in Python, ("c::x", "k::y") being
		// ("c", "x::k::y") there, is another one here.
		if ambiguous := strings.Contains(collection, "::"); ambiguous != (name != v.Name.Text) {
			t.Errorf("the name of %q/%q is %q, and %q in Python", collection, v.Key, name, v.Name.Text)
		}

		entry, err := managed.DecodeAs([]byte(v.Text.Text), core.CollectionName(collection), v.Key)
		if err != nil || !sameJSON(t, entry.Value, v.Value) {
			t.Errorf("%q holds %s, %v; want %s", v.Name.Text, entry.Value, err, v.Value)
		}
		life := time.Duration(0)
		if v.TTL != nil {
			life = time.Duration(*v.TTL * float64(time.Second))
		}
		record := driver.Record{Collection: core.CollectionName(collection), Key: v.Key, Entry: entry}
		// Python, too, rounds up to milliseconds; some have passed when it looked.
		if v.TTL == nil != (lifetime(&record) == 0) || v.TTL != nil && (lifetime(&record) < v.Remaining || lifetime(&record) > v.Remaining+10) {
			t.Errorf("%q is kept for %d ms, and %d in Python", name, lifetime(&record), v.Remaining)
		}

		lies = make(map[string]string)
		if err := store.Put(t.Context(), collection, v.Key, entry.Value, life); err != nil {
			t.Fatal(err)
		}
		if ttl != "" != (v.TTL != nil) || ttl != "" && !strings.HasPrefix(ttl, "PX ") {
			t.Errorf("a Put for %v was sent with %q", life, ttl)
		}
		again, err := managed.Decode([]byte(written))
		if err != nil {
			t.Fatal(err)
		}
		// The same moment, the same bytes in Python's form.
		record.CreatedAt, record.ExpiresAt = entry.CreatedAt, entry.ExpiresAt
		record.Value = again.Value
		canonical, err := managed.AppendCanonical(nil, &record)
		if err != nil || string(canonical) != v.Text.Text {
			t.Errorf("written as Python does it is\n%s, %v, want\n%s", canonical, err, v.Text.Text)
		}
		if got, err := store.Get(t.Context(), collection, v.Key); err != nil || string(got.Value) != string(entry.Value) {
			t.Errorf("Get after Put = %s, %v; want %s", got.Value, err, entry.Value)
		}
	}
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var texts [2]string
	for i, text := range [][]byte{a, b} {
		record := managed.Record{Entry: core.Entry{Value: text}}
		canonical, err := managed.AppendCanonical(nil, &record)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(canonical)
	}
	return texts[0] == texts[1]
}
