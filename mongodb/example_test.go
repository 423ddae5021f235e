package mongodb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/mongodb"
)

func Example() {
	ctx := context.Background()
	store, err := mongodb.Open(ctx, "mongodb://localhost:27017/my-database")
	if err != nil {
		log.Fatal(err)
	}
	defer core.Close(store)

	if err := store.Put(ctx, "sessions", "42", json.RawMessage(`{"user":"ada"}`), 30*time.Minute); err != nil {
		log.Fatal(err)
	}
	entry, err := store.Get(ctx, "sessions", "42") // core.ErrNotFound on a miss
	if err != nil {
		log.Fatal(err)
	}
	remaining, expires := entry.TTL()
	fmt.Println(string(entry.Value), remaining, expires)
}

func ExampleNew() {
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://host1,host2,host3/?replicaSet=rs0"))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Disconnect(context.Background())

	store, err := mongodb.New(client, &mongodb.Options{
		Database:       "my-database",
		ReadPreference: readpref.SecondaryPreferred(),
		WriteConcern:   writeconcern.Majority(),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close() // the client stays open
	if err := store.Ping(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func ExampleNew_invalidOptions() {
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://localhost"))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Disconnect(context.Background())
	_, err = mongodb.New(client, &mongodb.Options{Database: "a/b"})
	fmt.Println(errors.Is(err, core.ErrInvalidOptions))
	fmt.Println(err)
	// Output:
	// true
	// mongodb: new: invalid options: the name of the database is not one that MongoDB takes
}

func ExampleOpen() {
	stores := core.Mux{"mongodb": mongodb.Open, "mongodb+srv": mongodb.Open}
	store, err := stores.Open(context.Background(), "mongodb://localhost:27017/my-database?no_create=true&w=majority")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(core.Supports(store, core.CanAll)) // Open does not connect
	fmt.Println(core.Close(store))
	// Output:
	// true
	// <nil>
}

func ExampleStore_Collection() {
	ctx := context.Background()
	store, err := mongodb.Open(ctx, "mongodb://localhost:27017/my-database")
	if err != nil {
		log.Fatal(err)
	}
	defer core.Close(store)

	// Values are documents, and may be searched.
	sessions := store.(*mongodb.Store).Collection("sessions")
	cursor, err := sessions.Find(ctx, bson.D{{Key: "value.object.user", Value: "ada"}})
	if err != nil {
		log.Fatal(err)
	}
	defer cursor.Close(ctx)
	for cursor.Next(ctx) {
		fmt.Println(cursor.Current.Lookup("key"))
	}
}

func ExampleStore_DestroyCollection() {
	ctx := context.Background()
	store, err := mongodb.Open(ctx, "mongodb://localhost:27017/my-database")
	if err != nil {
		log.Fatal(err)
	}
	defer core.Close(store)

	existed, err := core.DestroyCollection(ctx, store, "sessions")
	if errors.Is(err, core.ErrCorrupt) {
		fmt.Println("something that is no entry was left:", err)
	}
	fmt.Println(existed)
}
