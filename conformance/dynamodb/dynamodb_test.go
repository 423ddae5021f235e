package dynamodb_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/dynamodb"
)

// TestMain sees to it that Open finds no credentials of a person, which
// would mean a bill, but those that DynamoDB Local takes: any.
func TestMain(m *testing.M) {
	for _, name := range []string{
		"AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION",
		"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB",
	} {
		os.Unsetenv(name)
	}
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		os.Setenv(name, value)
	}
	servers.Main(m)
}

const (
	accessKey = "conformance"
	region    = "eu-west-1"
)

// options are those of the suite, whatever store there is.
var options = &storetest.Options{
	Capabilities: core.CanKeys | core.CanCollections | core.CanDestroyCollection | core.CanDestroy |
		core.CanCull | core.CanInsert | core.CanPing,
	MaxKey:        dynamodb.MaxName,
	MaxCollection: dynamodb.MaxName,
	MaxValue:      dynamodb.MaxValue,
	// Two pages. Each write takes some milliseconds on DynamoDB Local.
	Many:    1200,
	Corrupt: corrupt,
}

// corrupt writes something that is no entry past the store.
func corrupt(ctx context.Context, store core.Store, collection, key string) error {
	s, ok := core.As[*dynamodb.Store](store)
	if !ok {
		panic("the suite passes another store than it was given")
	}
	return putItem(ctx, s, collection, key, &types.AttributeValueMemberS{Value: `{"value":[1]}`}, nil)
}

// putItem writes an item as any program may, with a value and a ttl of any
// type. Either may be nil.
func putItem(ctx context.Context, s *dynamodb.Store, collection, key string, value, ttl types.AttributeValue) error {
	item := primaryKey(collection, key)
	if value != nil {
		item["value"] = value
	}
	if ttl != nil {
		item["ttl"] = ttl
	}
	_, err := s.Client().PutItem(ctx, &sdk.PutItemInput{TableName: aws.String(s.Table()), Item: item})
	return err
}

// primaryKey is that of an entry with short names.
func primaryKey(collection, key string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"collection": &types.AttributeValueMemberS{Value: collection},
		"key":        &types.AttributeValueMemberS{Value: key},
	}
}

// getItem reads an item past the store, nil if there is none.
func getItem(t testing.TB, s *dynamodb.Store, collection, key string) map[string]types.AttributeValue {
	t.Helper()
	output, err := s.Client().GetItem(t.Context(), &sdk.GetItemInput{
		TableName: aws.String(s.Table()), Key: primaryKey(collection, key), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	return output.Item
}

// newClient returns a client of the server at the URL.
func newClient(url string, change ...func(*sdk.Options)) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(url),
		Credentials: awscredentials.NewStaticCredentialsProvider(accessKey, "secret", ""),
	}, change...)
}

// newTable returns the name of a table for the test alone, which is removed
// from the server in the end.
func newTable(t testing.TB, url string) string {
	t.Helper()
	name := "test-" + strings.NewReplacer("/", ".", "#", ".", "=", ".", " ", ".").Replace(t.Name())
	if len(name) > 200 {
		name = name[:200]
	}
	client := newClient(url)
	remove := func() {
		_, _ = client.DeleteTable(context.Background(), &sdk.DeleteTableInput{TableName: &name})
	}
	remove() // what a run before may have left
	t.Cleanup(remove)
	return name
}

// open returns a store of a URL over a table.
func open(t testing.TB, url, table, parameters string) *dynamodb.Store {
	t.Helper()
	store, err := dynamodb.Open(t.Context(), "dynamodb://"+table+"?region="+region+"&endpoint="+url+parameters)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close(store) })
	return store.(*dynamodb.Store)
}

// borrow returns a store over a client.
func borrow(t testing.TB, client *sdk.Client, storeOptions *dynamodb.Options) *dynamodb.Store {
	t.Helper()
	store, err := dynamodb.New(client, storeOptions)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestConformance(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	table := newTable(t, url)
	storetest.Run(t, func(t *testing.T) core.Store { return open(t, url, table, "") }, options)
}
