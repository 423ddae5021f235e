package dynamodb

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// plain returns a value as it comes out of JSON.
func plain(t *testing.T, value any) (plain any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &plain); err != nil {
		t.Fatal(err)
	}
	return plain
}

// Sizes are those that a server counts: conformance/dynamodb asks one.
func TestSizeOf(t *testing.T) {
	for _, c := range []struct {
		item item
		want int
	}{
		{item{}, 0},
		{item{"key": &types.AttributeValueMemberS{Value: "é"}}, 5},
		{item{"ttl": &types.AttributeValueMemberN{Value: "1735689610"}}, 3 + 6},
		{item{"ttl": &types.AttributeValueMemberN{Value: "1735689600"}}, 3 + 5},
		{item{"ttl": &types.AttributeValueMemberN{Value: "17356896123"}}, 3 + 7},
	} {
		if got := sizeOf(c.item); got != c.want {
			t.Errorf("sizeOf(%v) = %d, want %d", c.item, got, c.want)
		}
	}
}

func TestExpiry(t *testing.T) {
	at := func(seconds int64, microseconds int64) time.Time {
		return time.Unix(seconds, microseconds*1000).UTC()
	}
	n := func(text string) types.AttributeValue { return &types.AttributeValueMemberN{Value: text} }
	for name, c := range map[string]struct {
		attribute types.AttributeValue
		written   time.Time
		want      time.Time
	}{
		"neither":             {nil, time.Time{}, time.Time{}},
		"only in the entry":   {nil, at(100, 5), at(100, 5)},
		"rounded up":          {n("101"), at(100, 5), at(100, 5)},
		"rounded down":        {n("100"), at(100, 5), at(100, 5)},
		"exact":               {n("100"), at(100, 0), at(100, 0)},
		"only the attribute":  {n("100"), time.Time{}, at(100, 0)},
		"prolonged":           {n("4000"), at(100, 5), at(4000, 0)},
		"shortened":           {n("50"), at(100, 5), at(50, 0)},
		"before 1970":         {n("-62135596800"), at(100, 5), at(0, 0)},
		"after the year 9999": {n("999999999999999"), at(100, 5), time.Unix(latest, 0).UTC()},
		"a text":              {&types.AttributeValueMemberS{Value: "50"}, at(100, 5), at(100, 5)},
	} {
		i := item{}
		if c.attribute != nil {
			i[ttlAttribute] = c.attribute
		}
		if got, err := expiry(i, c.written); err != nil || !got.Equal(c.want) {
			t.Errorf("%s: expiry = %v, %v; want %v", name, got, err, c.want)
		}
	}
	for _, text := range []string{"1.5", "1E+40", "", "99999999999999999999"} {
		if _, err := expiry(item{ttlAttribute: n(text)}, at(100, 0)); !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("expiry of %q = %v, want ErrCorrupt", text, err)
		}
	}
}

// The attribute is never earlier than the entry.
func TestEncodeRoundsUp(t *testing.T) {
	for _, c := range []struct {
		expires time.Time
		want    string
	}{
		{time.Unix(100, 0), "100"}, {time.Unix(100, 1000), "101"}, {time.Unix(100, 999999000), "101"},
	} {
		r := &driver.Record{Collection: "c", Key: "k", Entry: core.Entry{Value: value, ExpiresAt: c.expires}}
		i, err := encode(r)
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := i[ttlAttribute].(*types.AttributeValueMemberN); !ok || n.Value != c.want {
			t.Errorf("an entry until %v has the ttl %v, want %s", c.expires, i[ttlAttribute], c.want)
		}
	}
}

// A batch of which one record is too large is not sent at all.
func TestLargeRecordInBatch(t *testing.T) {
	f, store := newFake(t, nil, func(string, int, map[string]any) (int, any) { return 200, object{} })
	large := json.RawMessage(`{"a":"` + strings.Repeat("x", MaxValue-8) + `"}`)
	key := strings.Repeat("\x01", MaxName) // which takes six times as much in the entry
	err := store.PutMany(t.Context(), "c", []core.Item{{Key: "a", Value: value}, {Key: key, Value: large}, {Key: "b", Value: large}})
	if failed := core.FailedKeys(err); !errors.Is(err, core.ErrTooLarge) || len(failed) != 1 || failed[0] != key {
		t.Errorf("PutMany = %.200v, want ErrTooLarge for one key", err)
	}
	if err := store.Put(t.Context(), "c", key, large, core.NoTTL); !errors.Is(err, core.ErrTooLarge) {
		t.Errorf("Put = %.200v, want ErrTooLarge", err)
	}
	if _, err := store.Insert(t.Context(), "c", key, large, core.NoTTL); !errors.Is(err, core.ErrTooLarge) {
		t.Errorf("Insert = %.200v, want ErrTooLarge", err)
	}
	// Of a name that looks encoded the primary key is longer than the name.
	key = "~kv1~" + strings.Repeat("\x01", 300)
	for size := MaxValue; size > MaxValue-4000; size -= 50 {
		sized := append(slices.Clone(large[:size-2]), `"}`...)
		record := []driver.Record{{Collection: "c", Key: key, Entry: core.Entry{Value: sized, CreatedAt: time.Now()}}}
		_, err := encode(&record[0])
		if checked := checkRecords(record); (err == nil) != (checked == nil) {
			t.Errorf("a value of %d bytes: %v, and in a batch %v", size, err, checked)
		}
	}
	if n := f.count("PutItem") + f.count("BatchWriteItem"); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Requests stay below what DynamoDB takes, as JSON within JSON.
func TestSplit(t *testing.T) {
	for name, c := range map[string]struct {
		value string
		want  int
	}{
		"small": {`{}`, 4}, "quotes": {`{"a":"` + strings.Repeat(`\"`, 190_000) + `"}`, 10},
		"separators of lines": {`{"a":"` + strings.Repeat("\u2028", 130_000) + `"}`, 8},
		"large":               {`{"a":"` + strings.Repeat("x", 400_000) + `"}`, 4},
	} {
		records := make([]driver.Record, 100)
		for n := range records {
			records[n] = driver.Record{Collection: "c", Key: strings.Repeat("k", n+1), Entry: core.Entry{Value: []byte(c.value)}}
		}
		chunks := split(records)
		total := 0
		for _, chunk := range chunks {
			total += len(chunk)
			size := 0
			for n := range chunk {
				text, err := json.Marshal(string(managed.Append(nil, &chunk[n])))
				if err != nil {
					t.Fatal(err)
				}
				size += len(text) + 100 + len(chunk[n].Key)
			}
			if len(chunk) > writeBatch || size > 16_000_000 {
				t.Errorf("%s: a batch of %d records has %d bytes", name, len(chunk), size)
			}
		}
		if total != len(records) || len(chunks) > c.want {
			t.Errorf("%s: %d batches with %d records, want %d at most", name, len(chunks), total, c.want)
		}
	}
}

func FuzzExamine(f *testing.F) {
	for _, seed := range []string{
		`{"value":{}}`, `{"value":{},"key":"k","collection":"c"}`, `{"value":{},"key":"x"}`, ``, `{"value":1}`, "\xff",
		`{"value":{},"expires_at":"2025-01-01T00:00:00+00:00"}`,
	} {
		f.Add("c", "k", seed, "1735689610")
		f.Add("~kv1h~", "~kv1~%ff", seed, "")
	}
	f.Fuzz(func(t *testing.T, collection, key, value, ttl string) {
		i := item{
			collectionAttribute: &types.AttributeValueMemberS{Value: collection},
			keyAttribute:        &types.AttributeValueMemberS{Value: key},
			valueAttribute:      &types.AttributeValueMemberS{Value: value},
		}
		if ttl != "" {
			i[ttlAttribute] = &types.AttributeValueMemberN{Value: ttl}
		}
		found, err := examine(i)
		if err != nil {
			if err != errElsewhere && !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("examine = %v", err)
			}
			return
		}
		// What is listed is found where it lies, and by nobody else.
		lies := primaryKey(found.collection, found.key)
		if a, _ := text(lies, collectionAttribute); a != collection {
			t.Errorf("%q is listed for %q", found.collection, collection)
		}
		if a, _ := text(lies, keyAttribute); a != key {
			t.Errorf("%q is listed for %q", found.key, key)
		}
		entry, err := entryOf(i, found.collection, found.key)
		if err != nil || !entry.ExpiresAt.Equal(found.expiresAt) {
			t.Errorf("examine finds what Get does not: %v", err)
		}
	})
}

func FuzzNames(f *testing.F) {
	long := strings.Repeat("k", 1024)
	for _, seed := range [][2]string{{"a", "b"}, {"~kv1~a", "a"}, {"\x00", " "}, {long, long + "k"}, {long + "l", long + "k"}, {"", "é"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for scheme, limit := range map[interface {
			Encode(name string) string
			Decode(encoded string) (string, bool)
			Hashed(encoded string) bool
		}]int{collectionNames: 2048, keyNames: 1024} {
			x, y := scheme.Encode(a), scheme.Encode(b)
			if (x == y) != (a == b) {
				t.Errorf("%q and %q are %q and %q", a, b, x, y)
			}
			if x == "" || len(x) > limit {
				t.Errorf("%q has %d bytes", x, len(x))
			}
			if name, ok := scheme.Decode(x); ok && name != a || !ok && !scheme.Hashed(x) {
				t.Errorf("%q is %q and then %q", a, x, name)
			}
		}
	})
}
