package mongodb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/conformance/internal/turns"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/mongodb"
)

const (
	benchEntries = 1000
	benchBatch   = 100
	benchTTL     = time.Hour
)

// callers are how many goroutines call at once.
var callers = []int{1, 8}

// setting is how a bulk call is measured.
type setting struct {
	callers  int
	distance time.Duration // how much longer a request takes, as to a server in the same region
}

var settings = []setting{{callers: 1}, {callers: 8}, {callers: 1, distance: 3 * time.Millisecond}}

func (s setting) String() string {
	if s.distance == 0 {
		return fmt.Sprint("callers=", s.callers)
	}
	return fmt.Sprint("distance=", s.distance)
}

// distant makes connections to a server that is that much further away.
type distant time.Duration

func (d distant) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := new(net.Dialer).DialContext(ctx, network, address)
	return &distantConnection{connection, time.Duration(d)}, err
}

type distantConnection struct {
	net.Conn
	distance time.Duration
}

// Write sends a request: the driver writes each at once.
func (c *distantConnection) Write(request []byte) (int, error) {
	time.Sleep(c.distance)
	return c.Conn.Write(request)
}

// bench is what all contestants work with: one client, one collection, and
// values of 1 KiB with twenty members.
type bench struct {
	ctx    context.Context
	store  *mongodb.Store
	raw    *mongo.Collection
	keys   []string
	value  json.RawMessage
	items  []core.Item
	object bson.D // the value as the raw driver takes it
}

func newBench(b *testing.B, distance time.Duration) *bench {
	b.Helper()
	with := options.Client().ApplyURI(servers.MongoDB.URL(b))
	if distance > 0 {
		with.SetDialer(distant(distance))
	}
	store := borrow(b, dialWith(b, with), &mongodb.Options{Database: databaseOf(b)})
	s := &bench{ctx: b.Context(), store: store, raw: store.Collection("bench")}
	text := bytes.NewBufferString(`{"number":1`)
	s.object = bson.D{{Key: "number", Value: int32(1)}}
	for i := range 19 {
		name, value := fmt.Sprintf("field%02d", i), fmt.Sprintf("%040d", i)
		fmt.Fprintf(text, `,"%s":"%s"`, name, value)
		s.object = append(s.object, bson.E{Key: name, Value: value})
	}
	text.WriteByte('}')
	s.value = text.Bytes()
	for i := range benchEntries {
		key := fmt.Sprintf("key-%06d", i)
		s.keys = append(s.keys, key)
		s.items = append(s.items, core.Item{Key: key, Value: s.value, TTL: benchTTL})
	}
	if err := store.PutMany(s.ctx, "bench", s.items); err != nil {
		b.Fatal(err)
	}
	return s
}

func (s *bench) filter(n int) bson.D { return bson.D{{Key: "key", Value: s.keys[n%benchEntries]}} }

// update is what the raw driver is to send. The times are those of the call: a
// server does not write what has not changed.
func (s *bench) update(n int) bson.D {
	now := time.Now()
	return bson.D{{Key: "$set", Value: bson.D{
		{Key: "key", Value: s.keys[n%benchEntries]},
		{Key: "version", Value: int32(1)},
		{Key: "collection", Value: "bench"},
		{Key: "created_at", Value: now},
		{Key: "expires_at", Value: now.Add(benchTTL)},
		{Key: "value", Value: bson.D{{Key: "object", Value: s.object}}},
	}}}
}

// batch returns where a batch begins and ends.
func batch(n int) (int, int) {
	n %= benchEntries - benchBatch
	return n, n + benchBatch
}

func BenchmarkGet(b *testing.B) {
	s := newBench(b, 0)
	for _, callers := range callers {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			turns.Run(b, callers, 20,
				turns.Contestant{Name: "store", Call: func(n int) error {
					_, err := s.store.Get(s.ctx, "bench", s.keys[n%benchEntries])
					return err
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					_, err := s.raw.FindOne(s.ctx, s.filter(n)).Raw()
					return err
				}},
				turns.Contestant{Name: "decoded", Call: func(n int) error {
					var document bson.D
					return s.raw.FindOne(s.ctx, s.filter(n)).Decode(&document)
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
					return s.store.Put(s.ctx, "bench", s.keys[n%benchEntries], s.value, benchTTL)
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					_, err := s.raw.UpdateOne(s.ctx, s.filter(n), s.update(n), options.UpdateOne().SetUpsert(true))
					return err
				}})
		})
	}
}

// The batches have 100 entries. A loop is of single calls of the store.

func BenchmarkGetMany(b *testing.B) {
	for _, setting := range settings {
		b.Run(setting.String(), func(b *testing.B) {
			s := newBench(b, setting.distance)
			turns.Run(b, setting.callers, 2,
				turns.Contestant{Name: "store", Call: func(n int) error {
					from, to := batch(n)
					_, err := s.store.GetMany(s.ctx, "bench", s.keys[from:to])
					return err
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					from, to := batch(n)
					cursor, err := s.raw.Find(s.ctx, bson.D{{Key: "key", Value: bson.D{{Key: "$in", Value: s.keys[from:to]}}}})
					if err != nil {
						return err
					}
					var documents []bson.Raw
					return cursor.All(s.ctx, &documents)
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
		})
	}
}

func BenchmarkPutMany(b *testing.B) {
	for _, setting := range settings {
		b.Run(setting.String(), func(b *testing.B) {
			s := newBench(b, setting.distance)
			turns.Run(b, setting.callers, 2,
				turns.Contestant{Name: "store", Call: func(n int) error {
					from, to := batch(n)
					return s.store.PutMany(s.ctx, "bench", s.items[from:to])
				}},
				turns.Contestant{Name: "raw", Call: func(n int) error {
					from, to := batch(n)
					models := make([]mongo.WriteModel, 0, benchBatch)
					for i := from; i < to; i++ {
						models = append(models, mongo.NewUpdateOneModel().SetFilter(s.filter(i)).SetUpdate(s.update(i)).SetUpsert(true))
					}
					_, err := s.raw.BulkWrite(s.ctx, models, options.BulkWrite().SetOrdered(false))
					return err
				}},
				turns.Contestant{Name: "loop", Call: func(n int) error {
					from, to := batch(n)
					for _, item := range s.items[from:to] {
						if err := s.store.Put(s.ctx, "bench", item.Key, item.Value, item.TTL); err != nil {
							return err
						}
					}
					return nil
				}})
		})
	}
}
