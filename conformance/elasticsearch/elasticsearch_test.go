package elasticsearch_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/elasticsearch"
)

func TestMain(m *testing.M) { servers.Main(m) }

// options are those of the suite. An index for each collection is what takes
// the time: the large listings are within one.
var options = storetest.Options{
	Capabilities: core.CanKeys | core.CanCollections | core.CanDestroyCollection | core.CanDestroy | core.CanCull |
		core.CanInsert | core.CanPing,
	TimeStep:      1_000_000,
	MaxKey:        elasticsearch.MaxKey,
	MaxCollection: elasticsearch.MaxCollection,
	MaxValue:      elasticsearch.MaxValue,
}

// manyIndices are the cases that make hundreds of collections. There is an index
// for each, which takes a server that is busy half a minute a case.
var manyIndices = []string{"similar-collections", "hostile-collections", "reserved-collections", "separator-injection"}

// An index for each collection.
func TestConformance(t *testing.T) {
	suite(t, "")
}

// All collections in one index.
func TestConformanceOfSingleIndex(t *testing.T) {
	suite(t, "?single_index=true")
}

func suite(t *testing.T, parameters string) {
	t.Helper()
	c := shared(t)
	c.prefix = "conformance-" + strings.ToLower(rand.Text())
	o := options
	if testing.Short() && parameters == "" {
		o.Skip = make(map[string]string)
		for _, name := range manyIndices {
			o.Skip[name] = "hundreds of indices take too long with -short; all in one index, the case runs"
		}
	}
	o.Corrupt = func(ctx context.Context, _ core.Store, collection, key string) error {
		index := c.prefix
		id := key
		if parameters == "" {
			index += "-" + collection
		} else {
			id = collection + "::" + key
		}
		document := `{"something":"else"}`
		if parameters != "" { // in the index of all, nothing else says where it belongs
			document = fmt.Sprintf(`{"collection":%q,"something":"else"}`, collection)
		}
		return c.put(ctx, index, id, document)
	}
	storetest.Run(t, func(t *testing.T) core.Store {
		store := c.open(t, parameters)
		t.Cleanup(func() { c.clear(t, parameters) })
		return store
	}, &o)
}

// cluster is a cluster, and the indices of a test in it.
type cluster struct {
	address string // URL
	prefix  string
}

func shared(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{address: servers.Elasticsearch.URL(t), prefix: "test-" + strings.ToLower(rand.Text())}
	t.Cleanup(func() {
		c.clear(t, "")
		c.clear(t, "?single_index=true")
		for _, name := range []string{c.prefix, c.prefix + "-single"} {
			if status, _ := c.do(context.Background(), t, http.MethodDelete, "/_index_template/keyvalue-"+name, ""); status != 200 && status != 404 {
				t.Errorf("deleting the template: %d", status)
			}
		}
	})
	return c
}

// url returns the URL of the store.
func (c *cluster) url(parameters string) string {
	return "elasticsearch://" + strings.TrimPrefix(c.address, "http://") + "/" + c.prefix + parameters
}

func (c *cluster) open(t testing.TB, parameters string) *elasticsearch.Store {
	t.Helper()
	store, err := elasticsearch.Open(t.Context(), c.url(parameters))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close(store) })
	return store.(*elasticsearch.Store)
}

// clear deletes all indices of the test, whoever made them.
func (c *cluster) clear(t testing.TB, parameters string) {
	t.Helper()
	pattern := c.prefix + "-*"
	if parameters != "" {
		pattern = c.prefix
	}
	status, body := c.do(context.Background(), t, http.MethodGet, "/_resolve/index/"+pattern, "")
	if status == http.StatusNotFound {
		return
	}
	var found struct{ Indices []struct{ Name string } }
	if err := json.Unmarshal([]byte(body), &found); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for len(found.Indices) > 0 {
		var names []string
		for _, i := range found.Indices[:min(8, len(found.Indices))] {
			names = append(names, escape(i.Name))
		}
		found.Indices = found.Indices[len(names):]
		if status, body := c.do(context.Background(), t, http.MethodDelete, "/"+strings.Join(names, ",")+"?ignore_unavailable=true", ""); status != 200 {
			t.Errorf("deleting indices: %d, %s", status, body)
		}
	}
}

// put writes a document past the store.
func (c *cluster) put(ctx context.Context, index, id, document string) error {
	status, body, err := c.request(ctx, http.MethodPut, "/"+escape(index)+"/_doc/"+escape(id), document)
	if err == nil && status >= 300 {
		err = fmt.Errorf("%d: %s", status, body)
	}
	return err
}

// do is request for one that gets an answer.
func (c *cluster) do(ctx context.Context, t testing.TB, method, path, body string) (int, string) {
	t.Helper()
	status, answer, err := c.request(ctx, method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return status, answer
}

// request sends a request without the driver.
func (c *cluster) request(ctx context.Context, method, path, body string) (int, string, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.address+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, string(answer), err
}

// escape escapes every byte of a segment of a path.
func escape(segment string) string {
	var b strings.Builder
	for _, c := range []byte(segment) {
		fmt.Fprintf(&b, "%%%02x", c)
	}
	return b.String()
}
