package dynamodb_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/dynamodb"
)

func text(s string) types.AttributeValue   { return &types.AttributeValueMemberS{Value: s} }
func number(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }

// envelope is a managed entry as any writer may leave it.
func envelope(collection, key string, expires time.Time) types.AttributeValue {
	return text(string(managed.Append(nil, &managed.Record{
		Collection: collection, Key: key, Entry: core.Entry{Value: []byte(`{}`), CreatedAt: time.Now(), ExpiresAt: expires},
	})))
}

// others are items that no entry lies in, by collection and key.
var others = map[[2]string]types.AttributeValue{
	{"c", "nothing"}:      nil,
	{"c", "empty"}:        text(""),
	{"c", "text"}:         text("hello"),
	{"c", "number"}:       number("42"),
	{"c", "bytes"}:        &types.AttributeValueMemberB{Value: []byte(`{"value":{}}`)},
	{"c", "map"}:          &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"a": number("1")}},
	{"c", "null"}:         &types.AttributeValueMemberNULL{Value: true},
	{"c", "list"}:         text("[]"),
	{"c", "other"}:        text(`{"user":"ada"}`),
	{"c", "value"}:        text(`{"value":1}`),
	{"c", "cut"}:          text(`{"value":{"a":`),
	{"c", "time"}:         text(`{"value":{},"expires_at":"tomorrow"}`),
	{"d", "~kv1h~short"}:  text(`{"value":{}}`),
	{"d", "elsewhere"}:    envelope("d", "another", time.Time{}),
	{"elsewhere", "k"}:    envelope("d", "k", time.Time{}),
	{"~kv1~%63", "plain"}: envelope("c", "plain", time.Time{}),
}

// putOthers writes them all.
func putOthers(t *testing.T, store *dynamodb.Store) {
	t.Helper()
	if err := store.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	for names, value := range others {
		if err := putItem(t.Context(), store, names[0], names[1], value, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// wantOthers wants that they are all there, and nothing else.
func wantOthers(t *testing.T, store *dynamodb.Store) {
	t.Helper()
	for names := range others {
		if getItem(t, store, names[0], names[1]) == nil {
			t.Errorf("%q in %q is gone", names[1], names[0])
		}
	}
	output, err := store.Client().Scan(t.Context(), &sdk.ScanInput{TableName: aws.String(store.Table()), ConsistentRead: aws.Bool(true)})
	if err != nil || len(output.Items) != len(others) {
		t.Errorf("there are %d items, %v; want %d", len(output.Items), err, len(others))
	}
}

func TestForeignItems(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	store := open(t, url, newTable(t, url), "")
	putOthers(t, store)
	ctx := t.Context()
	if err := store.Put(ctx, "c", "good", value, core.NoTTL); err != nil {
		t.Fatal(err)
	}
	keys := []string{"good", "missing"}
	for names := range others {
		if names[0] != "c" {
			continue
		}
		keys = append(keys, names[1])
		_, err := store.Get(ctx, "c", names[1])
		var e *core.Error
		if !errors.Is(err, core.ErrCorrupt) || !errors.As(err, &e) || e.Op != "get" || e.Collection != "c" || e.Key != names[1] {
			t.Errorf("Get of %q = %v; want ErrCorrupt with the names of the call", names[1], err)
		}
		if inserted, err := store.Insert(ctx, "c", names[1], value, core.NoTTL); inserted || !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("Insert over %q = %v, %v; want ErrCorrupt", names[1], inserted, err)
		}
	}
	entries, err := store.GetMany(ctx, "c", keys)
	if failed := core.FailedKeys(err); len(failed) != len(keys)-2 || len(entries) != len(keys) || !entries[0].Found() || entries[1].Found() {
		t.Errorf("GetMany failed for %q, want all but the first two", failed)
	}
	// What belongs to others is a miss, and may be replaced.
	if _, err := store.Get(ctx, "d", "elsewhere"); err != core.ErrNotFound {
		t.Errorf("Get of another's entry = %v, want a miss", err)
	}
	if live, err := store.Delete(ctx, "d", "elsewhere"); live || err != nil {
		t.Errorf("Delete of another's entry = %v, %v; want false, nil", live, err)
	}
	if inserted, err := store.Insert(ctx, "elsewhere", "k", value, core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert over another's entry = %v, %v; want true, nil", inserted, err)
	}
	// Listings go on.
	var listed []string
	corrupt := 0
	for key, err := range store.Keys(ctx, "c") {
		switch {
		case errors.Is(err, core.ErrCorrupt):
			corrupt++
		case err != nil:
			t.Fatal(err)
		default:
			listed = append(listed, key)
		}
	}
	if !slices.Equal(listed, []string{"good"}) || corrupt != len(keys)-2 {
		t.Errorf("Keys yields %q and %d errors, want only \"good\" and %d", listed, corrupt, len(keys)-2)
	}
	// Put and Delete do away with what is there.
	for _, key := range keys[2:7] {
		if err := store.Put(ctx, "c", key, value, core.NoTTL); err != nil {
			t.Errorf("Put over %q = %v", key, err)
		}
		if entry, err := store.Get(ctx, "c", key); err != nil || string(entry.Value) != string(value) {
			t.Errorf("Get after Put over %q = %s, %v", key, entry.Value, err)
		}
	}
	for _, key := range keys[7:] {
		if live, err := store.Delete(ctx, "c", key); live || err != nil {
			t.Errorf("Delete of %q = %v, %v; want false, nil", key, live, err)
		}
		if _, err := store.Get(ctx, "c", key); err != core.ErrNotFound {
			t.Errorf("Get of %q after Delete = %v, want a miss", key, err)
		}
	}
}

func TestDestroyLeavesOthers(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	store := open(t, url, newTable(t, url), "")
	putOthers(t, store)
	ctx := t.Context()
	fill := func() {
		t.Helper()
		for _, collection := range []string{"c", "d", "e", strings.Repeat("long", 1000)} {
			for n := range 5 {
				if err := store.Put(ctx, collection, fmt.Sprint(strings.Repeat("k", n*600), n), value, time.Hour); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	fill()
	if err := store.Destroy(ctx); err != nil {
		t.Errorf("Destroy = %v", err)
	}
	wantOthers(t, store)
	fill()
	for collection, left := range map[string]int{"c": 12, "d": 1, "e": 0, strings.Repeat("long", 1000): 0} {
		existed, err := store.DestroyCollection(ctx, collection)
		if !existed && left == 0 || errors.Is(err, core.ErrCorrupt) != (left > 0) {
			t.Errorf("DestroyCollection(%.10q) = %v, %.200v; want errors for %d", collection, existed, err, left)
		}
		var e *core.Error
		if left > 0 && errors.As(err, &e) {
			joined, ok := e.Err.(interface{ Unwrap() []error })
			if !ok || len(joined.Unwrap()) != left || len(err.Error()) > 400 {
				t.Errorf("DestroyCollection(%q) = %v; want %d errors and a short text", collection, err, left)
			}
		}
	}
	if existed, err := store.DestroyCollection(ctx, "e"); existed || err != nil {
		t.Errorf("DestroyCollection again = %v, %v; want false, nil", existed, err)
	}
	wantOthers(t, store)
}

// The server holds an entry longer than it lives: for days in the real one.
func TestExpiredButThere(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	ctx := t.Context()
	// A table from which the server removes nothing, which it might do in the
	// middle of the test.
	table := newTable(t, url)
	_, err := newClient(url).CreateTable(ctx, &sdk.CreateTableInput{
		TableName: &table, BillingMode: types.BillingModePayPerRequest,
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("collection"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("key"), KeyType: types.KeyTypeRange},
		},
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("collection"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("key"), AttributeType: types.ScalarAttributeTypeS},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	store := open(t, url, table, "&no_create=true")
	put := func(key string, expires time.Time, ttl int64) {
		t.Helper()
		if err := putItem(ctx, store, "c", key, envelope("c", key, expires), number(strconv.FormatInt(ttl, 10))); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	for _, key := range []string{"get", "delete", "many", "insert", "list"} {
		// The attribute is in the future, rounded up, and the entry has expired.
		put(key, now.Add(-time.Millisecond), now.Unix()+1)
	}
	for key, err := range store.Keys(ctx, "c") {
		t.Errorf("Keys yields %q, %v; want nothing", key, err)
	}
	for collection, err := range store.Collections(ctx) {
		t.Errorf("Collections yields %q, %v; want nothing", collection, err)
	}
	if _, err := store.Get(ctx, "c", "get"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want a miss", err)
	}
	if live, err := store.Delete(ctx, "c", "delete"); live || err != nil {
		t.Errorf("Delete = %v, %v; want false, nil", live, err)
	}
	if count, err := store.DeleteMany(ctx, "c", []string{"many", "missing"}); count != 0 || err != nil {
		t.Errorf("DeleteMany = %v, %v; want 0, nil", count, err)
	}
	if inserted, err := store.Insert(ctx, "c", "insert", value, core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert = %v, %v; want true, nil", inserted, err)
	}
	if ttl := getItem(t, store, "c", "insert")["ttl"]; ttl != nil {
		t.Errorf("what was inserted for good has the ttl %v", ttl)
	}
	// Somebody has changed the attribute: it counts, as in Python.
	put("prolonged", now.Add(-time.Minute), now.Unix()+3600)
	put("shortened", now.Add(time.Hour), now.Unix()-3600)
	if entry, err := store.Get(ctx, "c", "prolonged"); err != nil || entry.ExpiresAt.Unix() != now.Unix()+3600 {
		t.Errorf("Get of what was prolonged = %v, %v", entry.ExpiresAt, err)
	}
	if _, err := store.Get(ctx, "c", "shortened"); err != core.ErrNotFound {
		t.Errorf("Get of what was shortened = %v, want a miss", err)
	}
	if culled, err := store.Cull(ctx); culled != 3 || err != nil {
		t.Errorf("Cull = %d, %v; want get, list and shortened", culled, err)
	}
	if item := getItem(t, store, "c", "prolonged"); item == nil {
		t.Error("Cull removed what lives")
	}
}

// The server removes what has expired by itself, and nothing else.
func TestServerRemovesExpired(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	store := open(t, url, newTable(t, url), "")
	ctx := t.Context()
	err := errors.Join(store.Put(ctx, "c", "short", value, time.Second), store.Put(ctx, "c", "long", value, time.Hour), store.Put(ctx, "c", "ever", value, core.NoTTL))
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(2 * time.Minute); getItem(t, store, "c", "short") != nil; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the server does not remove what has expired")
		}
	}
	if getItem(t, store, "c", "long") == nil || getItem(t, store, "c", "ever") == nil {
		t.Error("the server removed what has not expired")
	}
}
