package elasticsearch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	driver "github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/go-keyvalue/keyvalue/conformance/internal/turns"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/elasticsearch"
)

const (
	benchEntries = 1000
	benchBatch   = 100
)

// bench is what both contestants work with: one client, values of 1 KiB, the
// same documents.
type bench struct {
	ctx    context.Context
	client *driver.Client
	store  *elasticsearch.Store
	index  string
	keys   []string
	items  []core.Item
	docs   [][]byte
}

func newBench(b *testing.B) *bench {
	b.Helper()
	c := shared(b)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	client, err := driver.NewClient(driver.Config{Addresses: []string{c.address}, Transport: transport})
	if err != nil {
		b.Fatal(err)
	}
	store, err := elasticsearch.New(client, &elasticsearch.Options{Prefix: c.prefix})
	if err != nil {
		b.Fatal(err)
	}
	s := &bench{ctx: b.Context(), client: client, store: store, index: c.prefix + "-bench"}
	value := json.RawMessage(`{"name":"Ada","text":"` + strings.Repeat("x", 1024-24) + `"}`)
	for i := range benchEntries {
		key := fmt.Sprintf("key-%06d", i)
		s.keys = append(s.keys, key)
		s.items = append(s.items, core.Item{Key: key, Value: value})
		s.docs = append(s.docs, []byte(document("bench", key, string(value), "")))
	}
	if err := store.PutMany(s.ctx, "bench", s.items); err != nil {
		b.Fatal(err)
	}
	return s
}

// read reads the answer of the raw driver, without looking at it.
func read(response *esapi.Response, err error) error {
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.IsError() {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}

func batch(n int) (int, int) {
	n %= benchEntries - benchBatch
	return n, n + benchBatch
}

func BenchmarkGet(b *testing.B) {
	s := newBench(b)
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 20,
				turns.Contestant{Name: "store", Call: func(n int) error {
					_, err := s.store.Get(s.ctx, "bench", s.keys[n%benchEntries])
					return err
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					return read(s.client.Get(s.index, s.keys[n%benchEntries], s.client.Get.WithContext(s.ctx)))
				}})
		})
	}
}

func BenchmarkPut(b *testing.B) {
	s := newBench(b)
	for _, callers := range []int{1, 8} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 20,
				turns.Contestant{Name: "store", Call: func(n int) error {
					item := s.items[n%benchEntries]
					return s.store.Put(s.ctx, "bench", item.Key, item.Value, core.NoTTL)
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					n %= benchEntries
					return read(s.client.Index(s.index, bytes.NewReader(s.docs[n]), s.client.Index.WithDocumentID(s.keys[n]), s.client.Index.WithContext(s.ctx)))
				}})
		})
	}
}

func BenchmarkGetMany(b *testing.B) {
	s := newBench(b)
	turns.Run(b, 1, 5,
		turns.Contestant{Name: "store", Call: func(n int) error {
			from, to := batch(n)
			_, err := s.store.GetMany(s.ctx, "bench", s.keys[from:to])
			return err
		}},
		turns.Contestant{Name: "raw", Call: func(n int) error {
			from, to := batch(n)
			body, _ := json.Marshal(map[string][]string{"ids": s.keys[from:to]})
			return read(s.client.Mget(bytes.NewReader(body), s.client.Mget.WithIndex(s.index), s.client.Mget.WithContext(s.ctx)))
		}},
		turns.Contestant{Name: "loop", Call: func(n int) error {
			from, to := batch(n)
			for _, key := range s.keys[from:to] {
				if _, err := s.store.Get(s.ctx, "bench", key); err != nil {
					return err
				}
			}
			return nil
		}})
}

func BenchmarkPutMany(b *testing.B) {
	s := newBench(b)
	turns.Run(b, 1, 5,
		turns.Contestant{Name: "store", Call: func(n int) error {
			from, to := batch(n)
			return s.store.PutMany(s.ctx, "bench", s.items[from:to])
		}},
		turns.Contestant{Name: "raw", Call: func(n int) error {
			from, to := batch(n)
			var body bytes.Buffer
			for i := from; i < to; i++ {
				fmt.Fprintf(&body, "{\"index\":{\"_id\":%q}}\n%s\n", s.keys[i], s.docs[i])
			}
			return read(s.client.Bulk(&body, s.client.Bulk.WithIndex(s.index), s.client.Bulk.WithContext(s.ctx)))
		}},
		turns.Contestant{Name: "loop", Call: func(n int) error {
			from, to := batch(n)
			for _, item := range s.items[from:to] {
				if err := s.store.Put(s.ctx, "bench", item.Key, item.Value, core.NoTTL); err != nil {
					return err
				}
			}
			return nil
		}})
}
