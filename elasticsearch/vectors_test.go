package elasticsearch

import (
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// vectors are the requests that Python sends.
type vectors struct {
	Cases []struct {
		Op         string
		Collection *string
		Key        string
		Value      json.RawMessage
		TTL        *float64
		HTTP       []struct{ Method, Path, Body string }
	}
}

// different are the indices that are called otherwise here, on purpose:
// Elasticsearch itself refuses a colon.
var different = map[string]string{"kv-c::x": "kv-~kv1~c%3a%3ax"}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/elasticsearch.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	plain, v1 := testLayout(Options{Prefix: "kv"}), testLayout(Options{Prefix: "kv", V1Names: true})
	seen := make(map[string]int)
	for _, c := range v.Cases {
		seen[c.Op]++
		switch c.Op {
		case "":
			request := c.HTTP[len(c.HTTP)-1]
			path, err := url.Parse(request.Path)
			if err != nil {
				t.Fatal(err)
			}
			index, id, _ := strings.Cut(strings.TrimPrefix(path.Path, "/"), "/_doc/")
			if here := different[index]; here != "" {
				index = here
			}
			collection := core.DefaultCollection
			if c.Collection != nil {
				collection = *c.Collection
			}
			if got := plain.index(collection); got != index {
				t.Errorf("the index of %q is %q, want %q", collection, got, index)
			}
			if got := plain.id(collection, c.Key); got != id {
				t.Errorf("the id of %q is %q, want %q", c.Key, got, id)
			}
			wantSame(t, request.Body, collection, c.Key, c.Value, c.TTL)
		case "put_many":
			lines := strings.Split(c.HTTP[0].Body, "\n")
			ttl := 5.0
			wantSame(t, lines[1], "test", "a", json.RawMessage(`{"x":1}`), &ttl)
			wantSame(t, lines[3], "test", "b", json.RawMessage(`{"y":2}`), &ttl)
		case "sanitised put":
			request := c.HTTP[len(c.HTTP)-1]
			want := "/" + v1.index("My Collection") + "/_doc/" + v1.id("My Collection", "My Key") + "?refresh=true"
			if request.Path != want {
				t.Errorf("with the strategies it is %s, want %s", want, request.Path)
			}
			wantSame(t, request.Body, "My Collection", "My Key", json.RawMessage(`{"a":1}`), nil)
		case "put nan":
			body := c.HTTP[0].Body
			if _, err := decodeAs([]byte(body), "test", "k"); !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("decodeAs(%s) = %v; want ErrCorrupt: it is not JSON", body, err)
			}
		}
	}
	// What the others ask for is asked for otherwise here, and tested on a
	// server.
	known := []string{
		"", "put_many", "sanitised put", "put nan", "get", "get missing", "get_many", "delete", "delete missing", "delete_many", "keys",
		"keys limit 5", "collections", "destroy_collection", "cull", "put non-json",
	}
	for op := range seen {
		if !slices.Contains(known, op) {
			t.Errorf("nobody has looked at %q", op)
		}
	}
	if seen[""] < 7 || seen["put_many"] != 1 || seen["sanitised put"] != 1 {
		t.Errorf("there are only %v", seen)
	}
}

// wantSame wants that a document of Python is read as it was meant.
func wantSame(t *testing.T, document, collection, key string, value json.RawMessage, ttl *float64) {
	t.Helper()
	entry, err := decodeAs([]byte(document), collection, key)
	if err != nil {
		t.Errorf("decodeAs(%s) = %v", document, err)
		return
	}
	var got, want any
	if err := errors.Join(json.Unmarshal(entry.Value, &got), json.Unmarshal(value, &want)); err != nil {
		t.Fatal(err)
	}
	created := time.Date(2025, 1, 1, 0, 0, 0, 123456000, time.UTC)
	expires := time.Time{}
	if ttl != nil {
		expires = created.Add(time.Duration(*ttl * float64(time.Second)))
	}
	if !reflect.DeepEqual(got, want) || !entry.CreatedAt.Equal(created) || !entry.ExpiresAt.Equal(expires) {
		t.Errorf("decodeAs(%s) = %s, %v, %v", document, entry.Value, entry.CreatedAt, entry.ExpiresAt)
	}
}
