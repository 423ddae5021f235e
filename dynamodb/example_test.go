package dynamodb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/dynamodb"
)

func ExampleOpen() {
	ctx := context.Background()
	stores := core.Mux{"dynamodb": dynamodb.Open}
	store, err := stores.Open(ctx, "dynamodb://sessions?region=eu-west-1")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	if err := store.Put(ctx, "users", "s1", json.RawMessage(`{"user":"ada"}`), 30*time.Minute); err != nil {
		panic(err)
	}
	entry, err := store.Get(ctx, "users", "s1")
	if err != nil { // core.ErrNotFound on a miss
		panic(err)
	}
	remaining, expires := entry.TTL()
	fmt.Println(string(entry.Value), remaining, expires)
}

// DynamoDB Local takes any credentials, but not none: the environment has some,
// such as AWS_ACCESS_KEY_ID=local and AWS_SECRET_ACCESS_KEY=local.
func ExampleOpen_local() {
	endpoint := url.QueryEscape("http://localhost:8000")
	store, err := dynamodb.Open(context.Background(), "dynamodb://sessions?region=local&endpoint="+endpoint)
	if err != nil {
		panic(err)
	}
	defer core.Close(store)
	fmt.Println(core.Ping(context.Background(), store))
}

func ExampleNew() {
	ctx := context.Background()
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		panic(err)
	}
	store, err := dynamodb.New(awsdynamodb.NewFromConfig(loaded), &dynamodb.Options{
		Table: "sessions",
		CreateTable: func(input *awsdynamodb.CreateTableInput) {
			input.DeletionProtectionEnabled = aws.Bool(true)
			input.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("accounts")}}
		},
	})
	if err != nil {
		panic(err)
	}
	defer store.Close()

	items := []core.Item{
		{Key: "ada", Value: json.RawMessage(`{"name":"Ada"}`)},
		{Key: "bob", Value: json.RawMessage(`{"name":"Bob"}`), TTL: time.Hour},
	}
	if err := store.PutMany(ctx, "users", items); err != nil {
		panic(err)
	}
	for key, err := range store.Keys(ctx, "users") {
		if err != nil {
			panic(err)
		}
		fmt.Println(key)
	}
}

// A table that others look after, and reads at half the price.
func ExampleNew_noCreate() {
	client := awsdynamodb.New(awsdynamodb.Options{Region: "eu-west-1"})
	store, err := dynamodb.New(client, &dynamodb.Options{Table: "sessions", NoCreate: true, EventualReads: true})
	fmt.Println(store.Table(), err)
	// Output: sessions <nil>
}

func ExampleStore_Insert() {
	ctx := context.Background()
	store, err := dynamodb.Open(ctx, "dynamodb://sessions?region=eu-west-1")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	// Of all who try, one is told true: a lock, for a minute.
	inserted, err := core.Insert(ctx, store, "locks", "report", json.RawMessage(`{}`), time.Minute)
	if err != nil {
		panic(err)
	}
	if inserted {
		fmt.Println("the report is ours to write")
	}
}

// What to do when the table is busy is up to the program, once the SDK and the
// store have tried for a while.
func ExampleStore_PutMany() {
	ctx := context.Background()
	store, err := dynamodb.Open(ctx, "dynamodb://sessions?region=eu-west-1")
	if err != nil {
		panic(err)
	}
	defer core.Close(store)

	err = store.PutMany(ctx, "users", []core.Item{{Key: "ada", Value: json.RawMessage(`{"name":"Ada"}`)}})
	var busy *types.ProvisionedThroughputExceededException
	if errors.As(err, &busy) {
		fmt.Println("to be written later:", core.FailedKeys(err))
	}
}
