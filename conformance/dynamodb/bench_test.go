package dynamodb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/conformance/internal/turns"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/dynamodb"
)

const (
	benchCollection = "bench"
	benchEntries    = 400
	benchBatch      = 100
	benchTTL        = time.Hour
)

// callers are how many goroutines call at once.
var callers = []int{1, 8}

// bench is what all contestants work with: one client, values of 1 KiB, and the
// same items.
type bench struct {
	ctx       context.Context
	client    *sdk.Client
	table     *string
	store     *dynamodb.Store
	keys      []string
	value     json.RawMessage
	items     []core.Item
	envelopes []string
}

// distant are connections on which a request takes longer by some time, as it
// does to a server that is not on the same machine.
type distant struct {
	http.RoundTripper
	by time.Duration
}

func (d distant) RoundTrip(request *http.Request) (*http.Response, error) {
	time.Sleep(d.by)
	return d.RoundTripper.RoundTrip(request)
}

// distances are how much longer a request takes: the server is at hand, or in
// the same region.
var distances = []time.Duration{0, 3 * time.Millisecond}

func newBench(b *testing.B, distance time.Duration) *bench {
	b.Helper()
	url := servers.DynamoDB.URL(b)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	client := newClient(url, func(o *sdk.Options) { o.HTTPClient = &http.Client{Transport: distant{transport, distance}} })
	store := borrow(b, client, &dynamodb.Options{Table: newTable(b, url)})
	s := &bench{
		ctx: b.Context(), client: store.Client(), table: aws.String(store.Table()), store: store,
		value: fmt.Appendf(nil, `{"name":"Ada","text":"%s"}`, bytes.Repeat([]byte("x"), 1024-24)),
	}
	now := time.Now()
	for n := range benchEntries {
		key := fmt.Sprintf("key-%06d", n)
		s.keys = append(s.keys, key)
		s.items = append(s.items, core.Item{Key: key, Value: s.value, TTL: benchTTL})
		s.envelopes = append(s.envelopes, string(managed.Append(nil, &managed.Record{
			Collection: benchCollection, Key: key, Entry: core.Entry{Value: s.value, CreatedAt: now, ExpiresAt: now.Add(benchTTL)},
		})))
	}
	if err := store.PutMany(b.Context(), benchCollection, s.items); err != nil {
		b.Fatal(err)
	}
	return s
}

// item is what the store writes.
func (s *bench) item(n int) map[string]types.AttributeValue {
	item := primaryKey(benchCollection, s.keys[n])
	item["value"] = text(s.envelopes[n])
	item["ttl"] = number(strconv.FormatInt(time.Now().Add(benchTTL).Unix()+1, 10))
	return item
}

// batch returns where the n-th batch begins and ends.
func batch(n int) (from, to int) {
	from = n * benchBatch % benchEntries
	return from, from + benchBatch
}

func BenchmarkGet(b *testing.B) {
	s := newBench(b, 0)
	for _, callers := range callers {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 20,
				turns.Contestant{Name: "store", Call: func(n int) error {
					_, err := s.store.Get(s.ctx, benchCollection, s.keys[n%benchEntries])
					return err
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					_, err := s.client.GetItem(s.ctx, &sdk.GetItemInput{
						TableName: s.table, Key: primaryKey(benchCollection, s.keys[n%benchEntries]), ConsistentRead: aws.Bool(true),
					})
					return err
				}})
		})
	}
}

func BenchmarkPut(b *testing.B) {
	s := newBench(b, 0)
	for _, callers := range callers {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 20,
				turns.Contestant{Name: "store", Call: func(n int) error {
					return s.store.Put(s.ctx, benchCollection, s.keys[n%benchEntries], s.value, benchTTL)
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					_, err := s.client.PutItem(s.ctx, &sdk.PutItemInput{TableName: s.table, Item: s.item(n % benchEntries)})
					return err
				}})
		})
	}
}

// The batches have 100 entries. A loop is of single calls of the store.

func BenchmarkGetMany(b *testing.B) {
	for _, distance := range distances {
		b.Run(fmt.Sprint("distance=", distance), func(b *testing.B) {
			s := newBench(b, distance)
			turns.Run(b, 1, 3,
				turns.Contestant{Name: "store", Call: func(n int) error {
					from, to := batch(n)
					_, err := s.store.GetMany(s.ctx, benchCollection, s.keys[from:to])
					return err
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					from, to := batch(n)
					var keys []map[string]types.AttributeValue
					for _, key := range s.keys[from:to] {
						keys = append(keys, primaryKey(benchCollection, key))
					}
					_, err := s.client.BatchGetItem(s.ctx, &sdk.BatchGetItemInput{
						RequestItems: map[string]types.KeysAndAttributes{*s.table: {Keys: keys, ConsistentRead: aws.Bool(true)}},
					})
					return err
				}},
				turns.Contestant{Name: "loop", Call: func(n int) error {
					from, to := batch(n)
					for _, key := range s.keys[from:to] {
						if _, err := s.store.Get(s.ctx, benchCollection, key); err != nil {
							return err
						}
					}
					return nil
				}})
		})
	}
}

func BenchmarkPutMany(b *testing.B) {
	for _, distance := range distances {
		b.Run(fmt.Sprint("distance=", distance), func(b *testing.B) {
			s := newBench(b, distance)
			turns.Run(b, 1, 3,
				turns.Contestant{Name: "store", Call: func(n int) error {
					from, to := batch(n)
					return s.store.PutMany(s.ctx, benchCollection, s.items[from:to])
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					from, to := batch(n)
					for ; from < to; from += 25 { // as many as a request may have
						var requests []types.WriteRequest
						for n := from; n < from+25; n++ {
							requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: s.item(n)}})
						}
						_, err := s.client.BatchWriteItem(s.ctx, &sdk.BatchWriteItemInput{
							RequestItems: map[string][]types.WriteRequest{*s.table: requests},
						})
						if err != nil {
							return err
						}
					}
					return nil
				}},
				turns.Contestant{Name: "loop", Call: func(n int) error {
					from, to := batch(n)
					for _, item := range s.items[from:to] {
						if err := s.store.Put(s.ctx, benchCollection, item.Key, item.Value, item.TTL); err != nil {
							return err
						}
					}
					return nil
				}})
		})
	}
}
