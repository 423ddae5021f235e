package wrappers_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// pythonRecord is what the Python library logs after a call.
type pythonRecord struct {
	Status     string
	Action     string
	Collection string
	Keys       any // a key or several
	Value      json.RawMessage
	Extra      struct {
		TTL          *float64
		Hit          *bool
		Hits, Misses *float64
		Deleted      any
	}
}

// keys returns the keys of the call.
func (r *pythonRecord) keys() (keys []string) {
	if key, ok := r.Keys.(string); ok {
		return []string{key}
	}
	for _, key := range r.Keys.([]any) {
		keys = append(keys, key.(string))
	}
	return keys
}

// call makes the call that the record tells of, and returns the operation
// that it is here.
func (r *pythonRecord) call(t *testing.T, store core.Store) (op string) {
	t.Helper()
	ctx, keys, ttl := t.Context(), r.keys(), core.NoTTL
	if r.Extra.TTL != nil {
		ttl = time.Duration(*r.Extra.TTL * float64(time.Second))
	}
	var err error
	switch r.Action {
	case "PUT":
		op, err = "put", store.Put(ctx, r.Collection, keys[0], r.Value, ttl)
	case "PUT_MANY":
		var values []json.RawMessage
		if err := json.Unmarshal(r.Value, &values); err != nil {
			t.Fatal(err)
		}
		var items []core.Item
		for i, key := range keys {
			items = append(items, core.Item{Key: key, Value: values[i], TTL: ttl})
		}
		op, err = "put many", store.PutMany(ctx, r.Collection, items)
	case "GET", "TTL":
		op = "get"
		_, err = store.Get(ctx, r.Collection, keys[0])
	case "GET_MANY", "TTL_MANY":
		op = "get many"
		_, err = store.GetMany(ctx, r.Collection, keys)
	case "DELETE":
		op = "delete"
		_, err = store.Delete(ctx, r.Collection, keys[0])
	case "DELETE_MANY":
		op = "delete many"
		_, err = store.DeleteMany(ctx, r.Collection, keys)
	default:
		t.Fatalf("no such action: %s", r.Action)
	}
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		t.Fatal(err)
	}
	return op
}

// facts returns what a record here has to say of the call, besides the
// operation. Where one of ours says less or more, this is the place to see it:
// of many keys there are the first five and their count, and TTL is Get.
func (r *pythonRecord) facts() map[string]any {
	keys := r.keys()
	facts := map[string]any{"collection": core.CollectionName(r.Collection)}
	if _, single := r.Keys.(string); single {
		facts["key"] = keys[0]
	} else {
		var first []any
		for _, key := range keys[:min(len(keys), 5)] {
			first = append(first, key)
		}
		facts["keys"], facts["count"] = first, float64(len(keys))
	}
	switch r.Action {
	case "PUT", "PUT_MANY":
		if r.Extra.TTL != nil {
			facts["ttl"] = *r.Extra.TTL * float64(time.Second)
		}
	case "GET":
		facts["hit"] = *r.Extra.Hit
	case "TTL": // of entries that expire, as those in the vectors
		facts["hit"] = r.Extra.TTL != nil
	case "GET_MANY", "TTL_MANY":
		facts["hits"], facts["misses"] = *r.Extra.Hits, *r.Extra.Misses
	case "DELETE", "DELETE_MANY":
		facts["deleted"] = r.Extra.Deleted
	}
	return facts
}

// TestLoggingVectors makes the calls of testdata/logging.json, as its
// structured records tell them, and compares the facts that are logged. The
// form is not compared: that is the handler's. Values are logged only when
// asked for, which the Python library does in any case.
func TestLoggingVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/logging.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Structured bool `json:"structured_logs"`
			Values     bool `json:"log_values"`
			Records    []struct{ Level, Msg string }
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, vector := range file.Cases {
		if !vector.Structured {
			continue // the same calls, in Python's notation
		}
		cases++
		store, out := newLogging(t, newMemory(t), wrappers.LoggingOptions{Values: vector.Values}, slog.LevelInfo)
		for _, line := range vector.Records {
			var want pythonRecord
			if err := json.Unmarshal([]byte(line.Msg), &want); err != nil {
				t.Fatal(err)
			}
			if want.Status != "finish" {
				continue
			}
			op := want.call(t, store)
			records := out.records(t)
			if len(records) != 1 || records[0]["op"] != op || records[0]["level"] != line.Level {
				t.Fatalf("%s logged %v", line.Msg, records)
			}
			checkFacts(t, records[0], &want, vector.Values)
		}
	}
	if cases != 2 {
		t.Errorf("%d cases, want 2", cases)
	}
}

func checkFacts(t *testing.T, record map[string]any, python *pythonRecord, values bool) {
	t.Helper()
	value, single := record["value"].(string)
	many, several := record["values"].([]any)
	if !values && (single || several) {
		t.Errorf("values are logged: %v", record)
	}
	switch {
	case !values || python.Value == nil:
	case python.Action == "PUT_MANY":
		var texts []json.RawMessage
		for _, text := range many {
			texts = append(texts, json.RawMessage(text.(string)))
		}
		if all, err := json.Marshal(texts); err != nil || !sameJSON(all, python.Value) {
			t.Errorf("the values %s were logged, want %s", all, python.Value)
		}
	case !sameJSON([]byte(value), python.Value):
		t.Errorf("the value %s was logged, want %s", value, python.Value)
	}
	for _, name := range []string{"level", "msg", "op", "duration", "value", "values"} {
		delete(record, name)
	}
	got, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(python.facts())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s logged %s, want %s", python.Action, got, want)
	}
}
