package mongodb_test

import (
	"context"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/mongodb"
)

func TestMain(m *testing.M) { servers.Main(m) }

// suiteOptions are those of the suite, whatever client there is.
var suiteOptions = storetest.Options{
	Capabilities:  core.CanAll,
	Documents:     true,
	TimeStep:      1e6,
	MaxKey:        mongodb.MaxKey,
	MaxCollection: mongodb.MaxCollection,
	MaxValue:      mongodb.MaxValue,
	Many:          2500,
	Corrupt:       corrupt,
}

// corrupt writes a document that is no entry past the store.
func corrupt(ctx context.Context, store core.Store, collection, key string) error {
	s, ok := core.As[*mongodb.Store](store)
	if !ok {
		panic("the suite passes another store than it was given")
	}
	_, err := s.Collection(collection).ReplaceOne(ctx, bson.D{{Key: "key", Value: key}},
		bson.D{{Key: "key", Value: key}, {Key: "value", Value: "no entry"}}, options.Replace().SetUpsert(true))
	return err
}

func TestConformance(t *testing.T) {
	t.Parallel()
	client, database := connect(t), databaseOf(t)
	storetest.Run(t, func(t *testing.T) core.Store { return borrow(t, client, &mongodb.Options{Database: database}) }, &suiteOptions)
	if err := client.Ping(t.Context(), nil); err != nil {
		t.Errorf("the client was not left open: %v", err)
	}
}

// connect returns a client of the server that all tests share.
func connect(t testing.TB) *mongo.Client {
	t.Helper()
	return dial(t, servers.MongoDB.URL(t))
}

func dial(t testing.TB, url string) *mongo.Client {
	t.Helper()
	return dialWith(t, options.Client().ApplyURI(url))
}

func dialWith(t testing.TB, with *options.ClientOptions) *mongo.Client {
	t.Helper()
	client, err := mongo.Connect(with)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) })
	return client
}

// databaseOf returns the name of a database for the test alone, which is
// dropped behind it.
func databaseOf(t testing.TB) string {
	t.Helper()
	name := "kv_" + strings.Map(func(r rune) rune {
		if strings.ContainsRune("/\\. \"$*<>:|?#,", r) {
			return '_'
		}
		return r
	}, t.Name()[:min(len(t.Name()), 14)]) + "_" + bson.NewObjectID().Hex()[10:]
	client := dial(t, servers.MongoDB.URL(t))
	t.Cleanup(func() { _ = client.Database(name).Drop(context.WithoutCancel(t.Context())) })
	return name
}

// borrow returns a store over a client.
func borrow(t testing.TB, client *mongo.Client, o *mongodb.Options) *mongodb.Store {
	t.Helper()
	store, err := mongodb.New(client, o)
	if err != nil {
		t.Fatal(err)
	}
	return store
}
