package vault

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// vector is a case of the file. An entry that was put has one request, an
// operation has a list of them.
type vector struct {
	Op         string
	Collection *string
	Key        string
	Value      json.RawMessage
	TTL        *float64
	HTTP       json.RawMessage
}

// vectorRequest is a request of Python's.
type vectorRequest struct {
	Method, Path string
	Body         *struct {
		Options map[string]any
		Data    map[string]string
	}
}

// different are Python's paths that are others here, on purpose.
var different = map[string]string{
	// Python puts this under a name that is also that of the key x::k::y of c.
	"/v1/secret/data/c%3A%3Ax%3A%3Ak%3A%3Ay": "/v1/secret/data/~kv1~c%253a%253ax::k::y",
	// Characters beyond ASCII are not safe on every server.
	"/v1/secret/data/caf%C3%A9%3A%3A%F0%9F%94%91%20key": "/v1/secret/data/~kv1~caf%25c3%25a9::~kv1~%25f0%259f%2594%2591%2520key",
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/vault.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []vector }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	tested := make(map[string]int)
	for _, v := range file.Cases {
		tested[v.Op]++
		switch v.Op {
		case "":
			v.testRead(t)
			v.testWrite(t)
		case "get missing", "delete existing", "delete missing":
			v.testRequests(t)
		default:
			t.Errorf("a case of an unknown kind: %s", v.Op)
		}
	}
	if tested[""] != 7 || len(tested) != 4 {
		t.Errorf("tested: %v", tested)
	}
}

func (v *vector) collection() string {
	if v.Collection == nil {
		return core.DefaultCollection
	}
	return *v.Collection
}

// request returns the one request of an entry that was put.
func (v *vector) request(t *testing.T) (r vectorRequest) {
	t.Helper()
	if err := json.Unmarshal(v.HTTP, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// samePath returns where the store has what Python has at a path. It unescapes
// what need not be escaped in a path.
func samePath(path string) string {
	if here, ok := different[path]; ok {
		path = here
	}
	return strings.ReplaceAll(path, "%3A", ":")
}

// testRead reads the entry that Python has written.
func (v *vector) testRead(t *testing.T) {
	t.Helper()
	stored := v.request(t).Body.Data
	entry, err := managed.DecodeAs([]byte(stored["value"]), v.collection(), v.Key)
	if err != nil || len(stored) != 1 {
		t.Fatalf("%q: %v", v.Key, err)
	}
	created := time.Date(2025, 1, 1, 0, 0, 0, 123456000, time.UTC)
	var expires time.Time
	if v.TTL != nil {
		expires = created.Add(time.Duration(*v.TTL * float64(time.Second)))
	}
	if !sameJSON(t, entry.Value, v.Value) || !entry.CreatedAt.Equal(created) || !entry.ExpiresAt.Equal(expires) {
		t.Errorf("%q is read as %s, %v to %v", v.Key, entry.Value, entry.CreatedAt, entry.ExpiresAt)
	}
}

// testWrite writes the entry, and reads it as a server hands out what Python has
// sent.
func (v *vector) testWrite(t *testing.T) {
	t.Helper()
	python := v.request(t)
	server := newServer(t, func(r request) answer {
		if r.method == http.MethodPost {
			return answer{200, `{"data":{"version":2}}`}
		}
		return answer{200, `{"data":{"data":` + toJSON(t, python.Body.Data) + `,"metadata":{"version":1}}}`}
	})
	store := server.store(nil)
	wrote := core.Item{Key: v.Key, Value: v.Value, TTL: core.NoTTL}
	if v.TTL != nil {
		wrote.TTL = time.Duration(*v.TTL * float64(time.Second))
	}
	if err := store.Put(t.Context(), v.collection(), wrote.Key, wrote.Value, wrote.TTL); err != nil {
		t.Fatal(err)
	}
	sent := server.sent()
	if len(sent) != 1 || sent[0].method != python.Method || sent[0].path != samePath(python.Path) {
		t.Errorf("%q: sent %+v, Python %s %s", v.Key, sent, python.Method, samePath(python.Path))
		return
	}
	var ours vectorRequest
	if err := json.Unmarshal([]byte(sent[0].body), &ours.Body); err != nil {
		t.Fatal(err)
	}
	if len(ours.Body.Options) != 0 || len(ours.Body.Data) != 1 {
		t.Errorf("%q: sent %s", v.Key, sent[0].body)
	}
	entry, err := managed.DecodeAs([]byte(ours.Body.Data["value"]), v.collection(), v.Key)
	if err != nil || !sameJSON(t, entry.Value, v.Value) {
		t.Errorf("%q: sent %s, %v", v.Key, sent[0].body, err)
	}

	// Python's bytes could be these very ones.
	then, err := managed.DecodeAs([]byte(python.Body.Data["value"]), v.collection(), v.Key)
	if err != nil {
		t.Fatal(err)
	}
	record := driver.Record{Collection: v.collection(), Key: v.Key, Entry: then}
	record.Value = v.Value
	if canonical, err := managed.AppendCanonical(nil, &record); err != nil || string(canonical) != python.Body.Data["value"] {
		t.Errorf("%q: the canonical form is %s, %v; want %s", v.Key, canonical, err, python.Body.Data["value"])
	}
	if _, err := store.Get(t.Context(), v.collection(), v.Key); err != nil && (v.TTL == nil || err != core.ErrNotFound) {
		t.Errorf("%q: Get = %v", v.Key, err) // those with a time to live expired in 2025
	}
}

// testRequests does an operation and wants Python's requests.
func (v *vector) testRequests(t *testing.T) {
	t.Helper()
	var python []vectorRequest
	if err := json.Unmarshal(v.HTTP, &python); err != nil {
		t.Fatal(err)
	}
	_, compound, _ := strings.Cut(python[0].Path, "/data/")
	collection, key, _ := strings.Cut(strings.ReplaceAll(compound, "%3A", ":"), "::")
	exists := strings.Contains(v.Op, "existing")
	entry := managed.Append(nil, &driver.Record{Collection: collection, Key: key, Entry: core.Entry{Value: []byte(`{}`), CreatedAt: time.Now()}})
	server := newServer(t, func(r request) answer {
		switch {
		case r.method == http.MethodDelete:
			return answer{status: 204}
		case !exists:
			return answer{404, `{"errors":[]}`}
		}
		return answer{200, `{"data":{"data":` + toJSON(t, map[string]string{"value": string(entry)}) + `,"metadata":{"version":1}}}`}
	})
	store := server.store(nil)
	if strings.HasPrefix(v.Op, "get") {
		if _, err := store.Get(t.Context(), collection, key); err != core.ErrNotFound {
			t.Errorf("%s: %v", v.Op, err)
		}
	} else if live, err := store.Delete(t.Context(), collection, key); live != exists || err != nil {
		t.Errorf("%s: %v, %v", v.Op, live, err)
	}
	sent := server.sent()
	if len(sent) != len(python) {
		t.Fatalf("%s: sent %+v, want %d requests", v.Op, sent, len(python))
	}
	for i, want := range python {
		if sent[i].method != want.Method || sent[i].path != samePath(want.Path) {
			t.Errorf("%s: sent %s %s, Python %s %s", v.Op, sent[i].method, sent[i].path, want.Method, samePath(want.Path))
		}
	}
}

func toJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func sameJSON(t *testing.T, a, b json.RawMessage) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal(a, &x), json.Unmarshal(b, &y)); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}
