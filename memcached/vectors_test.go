package memcached

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bradfitz/gomemcache/memcache"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// vector is a case of the file, of which each kind has some fields.
type vector struct {
	Op         string          `json:"op"`
	Collection *string         `json:"collection"`
	Key        string          `json:"key"`
	Value      json.RawMessage `json:"value"`
	TTL        *float64        `json:"ttl"`
	Name       vectorText      `json:"memcached_key"`
	Item       vectorText      `json:"memcached_value"`
	Exptime    int64           `json:"exptime_sent"`
	Length     int             `json:"compound_utf8_len"`
	StoredKey  string          `json:"stored_key"`
	Stored     vectorText      `json:"stored"`
	Error      string          `json:"error"`
}

type vectorText struct {
	Bytes string `json:"$bytes_utf8"`
}

func (v *vector) collection() string {
	if v.Collection == nil {
		return core.DefaultCollection
	}
	return *v.Collection
}

func (v *vector) ttl() time.Duration {
	if v.TTL == nil {
		return core.NoTTL
	}
	return time.Duration(*v.TTL * float64(time.Second))
}

// ambiguous are compound keys of Python's that mean two entries at once. They
// are encoded here.
var ambiguous = map[string]string{"c::x::k::y": "~kv1~c%3a%3ax::k::y"}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/memcached.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []vector `json:"cases"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	tested := map[string]int{}
	for _, v := range file.Cases {
		tested[v.Op]++
		switch v.Op {
		case "":
			v.testPut(t)
		case "put key limits (no sanitiser)":
			v.testRefusedName(t)
		case "exptime for ttl":
			v.testExpiration(t)
		case "get malformed":
			if _, err := managed.DecodeAs([]byte("not json"), "test", "bad"); !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("malformed: %v; want ErrCorrupt", err)
			}
		case "destroy (flush_all)":
			// It would remove what others have on the server.
			store, err := New(memcache.New(), nil)
			if err != nil || store.Supports(core.CanDestroy) {
				t.Errorf("the store can be destroyed, or there is none: %v", err)
			}
		case "sanitised key (over the COMPOUND key)", "sanitised key":
			v.testV1(t)
		default:
			t.Errorf("a case of an unknown kind: %s", v.Op)
		}
	}
	if len(tested) != 7 || tested[""] != 6 {
		t.Errorf("tested: %v", tested)
	}
}

// testPut wants Python's name and bytes, and at least Python's expiry.
func (v *vector) testPut(t *testing.T) {
	t.Helper()
	want := v.Name.Bytes
	if ours, encoded := ambiguous[want]; encoded {
		want = ours
	}
	if name := plainNaming.item(v.collection(), v.Key); name != want {
		t.Errorf("%s: the item is called %q, want %q", v.Key, name, want)
	}
	entry, err := managed.DecodeAs([]byte(v.Item.Bytes), v.collection(), v.Key)
	if err != nil {
		t.Fatalf("%s: %v", v.Key, err)
	}
	if ttl := v.ttl(); ttl != core.NoTTL && entry.ExpiresAt.Sub(entry.CreatedAt) != ttl {
		t.Errorf("%s: read a time to live of %v, want %v", v.Key, entry.ExpiresAt.Sub(entry.CreatedAt), ttl)
	}
	record := driver.Record{Collection: v.collection(), Key: v.Key, Entry: entry}
	record.Value = v.Value
	written, err := managed.AppendCanonical(nil, &record)
	if err != nil || string(written) != v.Item.Bytes {
		t.Errorf("%s: wrote %s, %v; want %s", v.Key, written, err, v.Item.Bytes)
	}
	v.wantExpiration(t, &record)
}

// wantExpiration wants what Python sends, or more where Python rounds down and
// the server would drop the entry before its time.
func (v *vector) wantExpiration(t *testing.T, record *driver.Record) {
	t.Helper()
	ours := int64(expiration(record))
	if v.ttl() == core.NoTTL {
		if ours != 0 || v.Exptime != 0 {
			t.Errorf("%s: sent %d, Python %d; want 0", v.Key, ours, v.Exptime)
		}
		return
	}
	if least := ceilSeconds(v.ttl()) + 1; ours != least || ours < v.Exptime {
		t.Errorf("%s: sent %d, Python %d; want %d", v.Key, ours, v.Exptime, least)
	}
}

// testRefusedName wants that names which Python refuses are encoded.
func (v *vector) testRefusedName(t *testing.T) {
	t.Helper()
	compound := names.Compound("t", v.Key)
	if len(compound) != v.Length || v.Error == "" {
		t.Errorf("%.20q: a compound key of %d bytes, want %d", v.Key, len(compound), v.Length)
	}
	if name := plainNaming.item("t", v.Key); !legal(name) || !strings.HasPrefix(name, "~kv1") {
		t.Errorf("%.20q: the item is called %q, which is no encoded name", v.Key, name)
	}
}

// testExpiration wants a date where Python sends one, except that Python's
// latest, which is always the same, would drop the entry early.
func (v *vector) testExpiration(t *testing.T) {
	t.Helper()
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	record := driver.Record{Entry: core.Entry{CreatedAt: now, ExpiresAt: now.Add(v.ttl())}}
	ours := int64(expiration(&record))
	want := record.ExpiresAt.Unix() + clockAllowance
	if v.Exptime == 1<<31-1 {
		want = 0
	}
	if ours != want {
		t.Errorf("for %v sent %d, want %d", v.ttl(), ours, want)
	}
}

// testV1 wants the names of Python's strategy. What that refuses is encoded.
func (v *vector) testV1(t *testing.T) {
	t.Helper()
	name := v1Naming.item(v.collection(), v.Key)
	if v.Error != "" {
		if !strings.HasPrefix(name, marker) || !legal(name) {
			t.Errorf("%s, %s: the item is called %q, which is no encoded name", v.collection(), v.Key, name)
		}
		return
	}
	if name != v.StoredKey {
		t.Errorf("%.20q: the item is called %q, want %q", v.Key, name, v.StoredKey)
	}
	if _, err := managed.DecodeAs([]byte(v.Stored.Bytes), v.collection(), v.Key); err != nil {
		t.Errorf("%.20q: %v", v.Key, err)
	}
}
