package dynamodb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/dynamodb"
)

// calls are one call of every kind. The key `there` exists.
var calls = map[string]func(ctx context.Context, s *dynamodb.Store) error{
	"Get": func(ctx context.Context, s *dynamodb.Store) error { _, err := s.Get(ctx, "c", "there"); return err },
	"GetMany": func(ctx context.Context, s *dynamodb.Store) error {
		_, err := s.GetMany(ctx, "c", []string{"there", "x"})
		return err
	},
	"Put": func(ctx context.Context, s *dynamodb.Store) error { return s.Put(ctx, "c", "new", value, time.Hour) },
	"PutMany": func(ctx context.Context, s *dynamodb.Store) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: "x", Value: value}, {Key: "y", Value: value}})
	},
	"Delete": func(ctx context.Context, s *dynamodb.Store) error { _, err := s.Delete(ctx, "c", "new"); return err },
	"DeleteMany": func(ctx context.Context, s *dynamodb.Store) error {
		_, err := s.DeleteMany(ctx, "c", []string{"x", "y"})
		return err
	},
	"Insert": func(ctx context.Context, s *dynamodb.Store) error {
		_, err := s.Insert(ctx, "c", "there", value, time.Hour)
		return err
	},
	"Keys": func(ctx context.Context, s *dynamodb.Store) (err error) {
		for _, err = range s.Keys(ctx, "c") {
		}
		return err
	},
	"Collections": func(ctx context.Context, s *dynamodb.Store) (err error) {
		for _, err = range s.Collections(ctx) {
		}
		return err
	},
	"DestroyCollection": func(ctx context.Context, s *dynamodb.Store) error {
		_, err := s.DestroyCollection(ctx, "another")
		return err
	},
	"Destroy": func(ctx context.Context, s *dynamodb.Store) error { return s.Destroy(ctx) },
	"Cull":    func(ctx context.Context, s *dynamodb.Store) error { _, err := s.Cull(ctx); return err },
	"Ping":    func(ctx context.Context, s *dynamodb.Store) error { return s.Ping(ctx) },
}

var value = json.RawMessage(`{"n":1}`)

// patience is how much longer than its deadline a call may take on a machine
// that is busy with other things. A call that hangs takes longer.
const patience = 20 * time.Second

// between returns a proxy to the server that all tests share, and a store of a
// table of its own behind it with one entry.
func between(t *testing.T) (*proxy.Proxy, *dynamodb.Store) {
	t.Helper()
	url := servers.DynamoDB.URL(t)
	p := proxy.New(t, strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/"))
	store := open(t, "http://"+p.Address, newTable(t, url), "")
	if err := store.Put(t.Context(), "c", "there", value, core.NoTTL); err != nil {
		t.Fatal(err)
	}
	return p, store
}

// Connections on which nothing comes, or that break: every call is an error in
// time, and none is a miss. Afterwards the same store works.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	p, store := between(t)
	for name, mode := range map[string]proxy.Mode{"stall": proxy.Stall, "reset": proxy.Reset, "refuse": proxy.Refuse, "lose": proxy.Lose} {
		for method, call := range calls {
			if mode == proxy.Lose && method == "Destroy" {
				continue // which would be performed
			}
			p.Set(mode)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			start := time.Now()
			err := call(ctx, store)
			cancel()
			var e *core.Error
			if !errors.As(err, &e) || errors.Is(err, core.ErrNotFound) {
				t.Errorf("%s on connections that %s = %v, want an error", method, name, err)
			}
			if mode == proxy.Stall && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s on connections that stall = %v, want the deadline", method, err)
			}
			if took := time.Since(start); took > patience {
				t.Errorf("%s on connections that %s took %v", method, name, took)
			}
		}
		p.Set(proxy.Pass)
		recovers(t, store)
	}
}

// recovers waits until the store reads again: the SDK repeats nothing for a
// while after many failures.
func recovers(t *testing.T, store *dynamodb.Store) {
	t.Helper()
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var entry core.Entry
		if entry, err = store.Get(t.Context(), "c", "there"); err == nil && string(entry.Value) == string(value) {
			return
		}
	}
	t.Fatalf("the store does not recover: %v", err)
}

// A call that is cancelled ends at once, wherever it is.
func TestCancellation(t *testing.T) {
	t.Parallel()
	p, store := between(t)
	p.Set(proxy.Stall)
	for method, call := range calls {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		start := time.Now()
		if err := call(ctx, store); !errors.Is(err, context.Canceled) || time.Since(start) > patience {
			t.Errorf("%s = %v after %v, want that it was cancelled", method, err, time.Since(start))
		}
	}
}

// What the server has done, although its reply was lost, is never denied.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	p, store := between(t)
	for n := range 5 {
		key := fmt.Sprint("key", n)
		p.LoseReplies(1)
		if inserted, err := store.Insert(t.Context(), "c", key, value, core.NoTTL); !inserted || err != nil {
			t.Errorf("Insert whose reply was lost = %v, %v; want true, nil", inserted, err)
		}
		if inserted, err := store.Insert(t.Context(), "c", key, value, core.NoTTL); inserted || err != nil {
			t.Errorf("Insert over it = %v, %v; want false, nil", inserted, err)
		}
		p.LoseReplies(1)
		if live, err := store.Delete(t.Context(), "c", key); err == nil && !live {
			t.Errorf("Delete whose reply was lost = %v, %v; want true or an error", live, err)
		}
		if _, err := store.Get(t.Context(), "c", key); err != core.ErrNotFound {
			t.Errorf("Get after Delete = %v, want a miss", err)
		}
		if err := store.Put(t.Context(), "c", key, value, core.NoTTL); err != nil {
			t.Fatal(err)
		}
		p.LoseReplies(1)
		if count, err := store.DeleteMany(t.Context(), "c", []string{key, "missing"}); err == nil && count != 1 {
			t.Errorf("DeleteMany whose reply was lost = %v, %v; want 1 or an error", count, err)
		}
		p.LoseReplies(1)
		if err := store.Put(t.Context(), "c", key, value, core.NoTTL); err != nil {
			t.Errorf("Put whose reply was lost = %v; the SDK repeats it", err)
		}
		p.LoseReplies(1)
		if entry, err := store.Get(t.Context(), "c", key); err != nil || string(entry.Value) != string(value) {
			t.Errorf("Get whose reply was lost = %s, %v; the SDK repeats it", entry.Value, err)
		}
		if p.Lost() > 0 {
			t.Fatal("the reply was not lost")
		}
		store.Delete(t.Context(), "c", key)
	}
}

// A reply that ends anywhere is the right answer, since the SDK asks again, or
// an error.
func TestTruncatedReplies(t *testing.T) {
	t.Parallel()
	p, store := between(t)
	for bytes := 0; bytes < 400; bytes += 23 {
		p.Truncate(bytes)
		entry, err := store.Get(t.Context(), "c", "there")
		if errors.Is(err, core.ErrNotFound) || err == nil && string(entry.Value) != string(value) {
			t.Errorf("Get after %d bytes = %s, %v", bytes, entry.Value, err)
		}
		p.Truncate(bytes)
		entries, err := store.GetMany(t.Context(), "c", []string{"there", "missing"})
		if err == nil && (string(entries[0].Value) != string(value) || entries[1].Found()) {
			t.Errorf("GetMany after %d bytes = %v", bytes, entries)
		}
	}
	if p.Truncated() < 10 {
		t.Errorf("%d replies were cut off: that tests too little", p.Truncated())
	}
	p.Set(proxy.Pass)
	recovers(t, store)
}

func TestWrongCredentials(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	const secret = "not/the+secret"
	client := newClient(url, func(o *sdk.Options) {
		o.Credentials = awscredentials.NewStaticCredentialsProvider("not-a-key!", secret, "")
	})
	store := borrow(t, client, nil)
	for method, call := range calls {
		err := call(t.Context(), store)
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != "UnrecognizedClientException" || errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s = %v, want an error of credentials", method, err)
		}
		if strings.Contains(fmt.Sprint(err), secret) {
			t.Errorf("%s repeats the secret: %v", method, err)
		}
	}
}

// Whoever has no credentials at all is told so.
func TestNoCredentials(t *testing.T) {
	t.Parallel()
	client := newClient(servers.DynamoDB.URL(t), func(o *sdk.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("there are none")
		})
	})
	store := borrow(t, client, nil)
	for method, call := range calls {
		if err := call(t.Context(), store); err == nil || !strings.Contains(err.Error(), "there are none") {
			t.Errorf("%s = %v, want that there are no credentials", method, err)
		}
	}
}

// A table that is missing is made by a write; one that must exist is an error,
// and never a miss.
func TestMissingTable(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	table := newTable(t, url)
	required := open(t, url, table, "&no_create=true")
	for method, call := range calls {
		if err := call(t.Context(), required); !errors.Is(err, core.ErrSetup) {
			t.Errorf("%s where the table must exist = %v, want ErrSetup", method, err)
		}
	}
	store := open(t, url, table, "")
	for _, method := range []string{"GetMany", "Delete", "DeleteMany", "Keys", "Collections", "DestroyCollection", "Destroy", "Cull", "Ping"} {
		if err := calls[method](t.Context(), store); err != nil {
			t.Errorf("%s without a table = %v", method, err)
		}
	}
	if _, err := store.Client().DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: &table}); err == nil {
		t.Error("a call that writes nothing made the table")
	}
	for _, method := range []string{"Put", "PutMany", "Insert"} {
		if err := calls[method](t.Context(), store); err != nil {
			t.Errorf("%s without a table = %v", method, err)
		}
		// Behind the back of the store, which believes that it is there.
		if _, err := store.Client().DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: &table}); err != nil {
			t.Errorf("%s did not make the table: %v", method, err)
		}
		if _, err := store.Get(t.Context(), "c", "new"); err != core.ErrNotFound {
			t.Errorf("Get without a table = %v, want a miss", err)
		}
	}
	// With the table there, the one that must not make it works.
	if err := store.Put(t.Context(), "c", "there", value, core.NoTTL); err != nil {
		t.Fatal(err)
	}
	for method, call := range calls {
		if method == "Destroy" || method == "Get" {
			continue
		}
		if err := call(t.Context(), required); err != nil {
			t.Errorf("%s where the table exists = %v", method, err)
		}
	}
	ttl, err := store.Client().DescribeTimeToLive(t.Context(), &sdk.DescribeTimeToLiveInput{TableName: &table})
	if err != nil || aws.ToString(ttl.TimeToLiveDescription.AttributeName) != "ttl" {
		t.Errorf("the table expires by %v, %v; want ttl", ttl, err)
	}
}

// Several processes that make the table at once share it.
func TestRacingCreators(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	table := newTable(t, url)
	var group sync.WaitGroup
	for n := range 8 {
		store := open(t, url, table, "")
		group.Go(func() {
			if err := store.Put(t.Context(), "c", fmt.Sprint("key", n), value, core.NoTTL); err != nil {
				t.Errorf("Put beside other creators = %v", err)
			}
		})
	}
	group.Wait()
	store, listed := open(t, url, table, ""), 0
	for _, err := range store.Keys(t.Context(), "c") {
		if err != nil {
			t.Fatal(err)
		}
		listed++
	}
	if listed != 8 {
		t.Errorf("%d keys are listed, want 8", listed)
	}
}

// A table that belongs to something else is left alone.
func TestTableWithOtherKeys(t *testing.T) {
	t.Parallel()
	url := servers.DynamoDB.URL(t)
	table := newTable(t, url)
	client := newClient(url)
	_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName: &table, BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
	})
	if err != nil {
		t.Fatal(err)
	}
	store := borrow(t, client, &dynamodb.Options{Table: table})
	for method, call := range calls {
		if method == "Ping" || method == "Destroy" || method == "Collections" || method == "Cull" {
			continue // of which none minds that there is nothing of ours
		}
		if err := call(t.Context(), store); err == nil || errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s in another's table = %v, want an error", method, err)
		}
	}
	ttl, err := client.DescribeTimeToLive(t.Context(), &sdk.DescribeTimeToLiveInput{TableName: &table})
	if err != nil || ttl.TimeToLiveDescription.TimeToLiveStatus != types.TimeToLiveStatusDisabled {
		t.Errorf("the expiry of another's table is %v, %v; want DISABLED", ttl, err)
	}
}
