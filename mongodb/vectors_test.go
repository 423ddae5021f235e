package mongodb

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// vector is one call of the Python library.
type vector struct {
	Op         string
	Collection *string
	Key        string
	Value      json.RawMessage
	TTL        *float64
	Document   json.RawMessage
	ValueRepr  string `json:"value_repr"`
	Error      string
}

// differs are the operations that have another result here, on purpose, and
// those whose requests are others; the tests on a server have them.
var differs = []string{
	"put_many", "overwrite entry that had a TTL without TTL (stale expires_at survives because $set does not unset)",
	"get_many/delete/delete_many/destroy_collection", "destroy_collection never used",
	"get after destroy_collection (same instance)", "sanitised collection",
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/mongodb.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Cases []vector }
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	entries, special := 0, 0
	for _, c := range v.Cases {
		switch {
		case c.Op == "":
			entries++
			wantDocument(t, c)
		case strings.HasPrefix(c.Op, "put special"):
			special++
			wantSpecial(t, c)
		case !slices.Contains(differs, c.Op):
			t.Errorf("nobody has looked at %q", c.Op)
		}
	}
	if entries < 7 || special < 5 {
		t.Errorf("there are only %d entries and %d special values", entries, special)
	}
}

// wantDocument reads the document that Python has written, and wants to write
// the same fields in the same order.
func wantDocument(t *testing.T, c vector) {
	t.Helper()
	collection := ""
	if c.Collection != nil {
		collection = *c.Collection
	}
	collection = core.CollectionName(collection)
	raw := documentOf(t, c.Document)
	d := parse(raw)
	entry, err := d.entry(nil)
	if err != nil || !d.belongs(collection, c.Key) {
		t.Errorf("%s: %v", c.Key, err)
		return
	}
	created := time.Date(2099, 1, 1, 0, 0, 0, 123e6, time.UTC)
	expires := time.Time{}
	if c.TTL != nil {
		// Python rounds down to a millisecond; from the time to a microsecond.
		expires = created.Add(456*time.Microsecond + time.Duration(*c.TTL*1e9)).Truncate(timeStep)
	}
	if !entry.CreatedAt.Equal(created) || !entry.ExpiresAt.Equal(expires) {
		t.Errorf("%s was created at %v and expires at %v, want %v and %v", c.Key, entry.CreatedAt, entry.ExpiresAt, created, expires)
	}
	var got, want any
	if json.Unmarshal(entry.Value, &got) != nil || json.Unmarshal(c.Value, &want) != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s reads %s, want %s", c.Key, entry.Value, c.Value)
	}

	w := new(writer)
	start := w.begin()
	if err := w.record(&driver.Record{Collection: collection, Key: c.Key, Entry: entry}); err != nil {
		t.Fatal(err)
	}
	w.end(start)
	if string(w.data) != string(raw) {
		t.Errorf("%s is written as %v, and by Python as %v", c.Key, bson.Raw(w.data), raw)
	}
	if collection == core.DefaultCollection || strings.Contains(collection, "::") || collection == "café" {
		if name := newScheme(DefaultDatabase).Encode(collection); name != collection {
			t.Errorf("%q is in %q, and with Python in the collection of its name", collection, name)
		}
	}
}

// documentOf returns the document of a vector: dates are what MongoDB keeps of
// them, and numbers what the value says.
func documentOf(t *testing.T, text json.RawMessage) bson.Raw {
	t.Helper()
	var v struct {
		Key, Collection string
		Version         int32
		CreatedAt       struct {
			Date string `json:"$datetime"`
		} `json:"created_at"`
		ExpiresAt *struct {
			Date string `json:"$datetime"`
		} `json:"expires_at"`
		Value struct{ Object json.RawMessage }
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	date := func(text string) bson.DateTime {
		at, err := time.Parse("2006-01-02T15:04:05.999999", text)
		if err != nil {
			t.Fatal(err)
		}
		return bson.NewDateTimeFromTime(at)
	}
	value := new(writer)
	if err := value.value(v.Value.Object); err != nil {
		t.Fatal(err)
	}
	d := bson.D{
		{Key: "key", Value: v.Key},
		{Key: "version", Value: v.Version},
		{Key: "collection", Value: v.Collection},
		{Key: "created_at", Value: date(v.CreatedAt.Date)},
	}
	if v.ExpiresAt != nil {
		d = append(d, bson.E{Key: "expires_at", Value: date(v.ExpiresAt.Date)})
	}
	raw, err := bson.Marshal(append(d, bson.E{Key: "value", Value: bson.D{{Key: "object", Value: bson.Raw(value.data)}}}))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// wantSpecial wants that a value is kept where Python keeps it and refused
// where it cannot be kept.
func wantSpecial(t *testing.T, c vector) {
	t.Helper()
	text := strings.ReplaceAll(c.ValueRepr, "'", `"`)
	if core.CheckValue([]byte(text)) != nil {
		return // a member whose name is a number: Python refuses it too
	}
	if err := checkValue([]byte(text)); (err != nil) != (c.Error != "") {
		t.Errorf("%s = %v, and in Python %q", text, err, c.Error)
	}
}
