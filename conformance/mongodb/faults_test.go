package mongodb_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/go-keyvalue/keyvalue/conformance/internal/calls"
	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/mongodb"
)

// methods are one call of each method. The answer of Get and of those like it
// says whether there was an entry.
var methods = func() map[string]func(ctx context.Context, s core.Store) error {
	all := maps.Clone(calls.All)
	all["Setup"] = func(ctx context.Context, s core.Store) error { return core.Setup(ctx, s, "another") }
	return all
}()

// behind returns a store whose connections go through a proxy. A connection
// that watches the server asks now and then; it is told to leave the proxy's
// counting alone.
func behind(t *testing.T, o *options.ClientOptions) (*mongodb.Store, *proxy.Proxy) {
	t.Helper()
	_, address, _ := strings.Cut(servers.MongoDB.URL(t), "://")
	address, _, _ = strings.Cut(address, "/")
	if _, after, ok := strings.Cut(address, "@"); ok {
		address = after
	}
	between := proxy.New(t, address)
	o = o.ApplyURI("mongodb://" + between.Address + "/?directConnection=true").
		SetHeartbeatInterval(10 * time.Minute).SetServerMonitoringMode("poll")
	client, err := mongo.Connect(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		between.Set(proxy.Pass)
		_ = client.Disconnect(context.WithoutCancel(t.Context()))
	})
	return borrow(t, client, &mongodb.Options{Database: databaseOf(t)}), between
}

// A network on which nothing comes: the deadline ends a call, and so does
// cancelling.
func TestStall(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(ctx context.Context) (context.Context, context.CancelFunc, error){
		"deadline": func(ctx context.Context) (context.Context, context.CancelFunc, error) {
			ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			return ctx, cancel, context.DeadlineExceeded
		},
		"cancel": func(ctx context.Context) (context.Context, context.CancelFunc, error) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(200*time.Millisecond, cancel)
			return ctx, cancel, context.Canceled
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, between := behind(t, options.Client())
			if err := store.Put(t.Context(), "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			between.Set(proxy.Stall)
			var group sync.WaitGroup
			for method, call := range methods {
				group.Go(func() {
					ctx, cancel, want := end(t.Context())
					defer cancel()
					start := time.Now()
					if err := call(ctx, store); !errors.Is(err, want) {
						t.Errorf("%s = %v, want an error that matches %q", method, err, want)
					}
					if took := time.Since(start); took > calls.Patience {
						t.Errorf("%s took %v", method, took)
					}
				})
			}
			group.Wait()
			between.Set(proxy.Pass)
			calls.Eventually(t, func() error { return store.Ping(t.Context()) })
		})
	}
}

// Connections that are reset are errors, and no misses.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]proxy.Mode{"reset": proxy.Reset, "refuse": proxy.Refuse} {
		t.Run(name, func(t *testing.T) {
			store, between := behind(t, options.Client())
			if err := store.Put(t.Context(), "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			between.Set(mode)
			var group sync.WaitGroup
			for method, call := range methods {
				group.Go(func() {
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					defer cancel()
					var e *core.Error
					if err := call(ctx, store); !errors.As(err, &e) || errors.Is(err, core.ErrNotFound) {
						t.Errorf("%s = %v, want an error of the connection", method, err)
					}
				})
			}
			group.Wait()
			between.Set(proxy.Pass)
			calls.Eventually(t, func() error { return store.Ping(t.Context()) })
		})
	}
}

// What the server has done, although its reply was lost, is never denied.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	store, between := behind(t, options.Client().SetMaxPoolSize(1))
	ctx := t.Context()
	if err := store.Setup(ctx, "c"); err != nil {
		t.Fatal(err)
	}
	lose := func() {
		t.Helper()
		calls.Eventually(t, func() error { return store.Ping(ctx) }) // there is a connection
		between.LoseReplies(1)
	}
	wantLost := func() {
		t.Helper()
		if between.Lost() > 0 {
			t.Error("the reply was not lost")
		}
	}

	for range 5 {
		lose()
		if inserted, err := store.Insert(ctx, "c", "k", []byte(`{"n":1}`), core.NoTTL); !inserted || err != nil {
			t.Errorf("Insert whose reply was lost = %v, %v; want true, nil", inserted, err)
		}
		wantLost()
		if inserted, err := store.Insert(ctx, "c", "k", []byte(`{"n":2}`), core.NoTTL); inserted || err != nil {
			t.Errorf("Insert over it = %v, %v; want false, nil", inserted, err)
		}
		lose()
		if live, err := store.Delete(ctx, "c", "k"); err == nil && !live {
			t.Errorf("Delete whose reply was lost = %v, %v; want true or an error", live, err)
		}
		wantLost()
		calls.Eventually(t, func() error { return store.Ping(ctx) })
		if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
			t.Errorf("Get after Delete = %v, want %q", err, core.ErrNotFound)
		}
	}

	lose()
	_ = store.Put(ctx, "c", "k", []byte(`{"n":3}`), core.NoTTL) // an error, or repeated by the driver on a replica set
	wantLost()
	lose()
	if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"n":3}` {
		t.Errorf("Get whose reply was lost = %s, %v; the driver repeats it", entry.Value, err)
	}
	wantLost()
	lose()
	if count, err := store.DeleteMany(ctx, "c", []string{"k", "l"}); err == nil && count != 1 {
		t.Errorf("DeleteMany whose reply was lost = %v, %v; want 1 or an error", count, err)
	}
	wantLost()
}

// A server that is killed and comes back, under load: what was acknowledged is
// there, no failure is a miss, every call ends, and nothing is made anew.
func TestRestart(t *testing.T) {
	t.Parallel()
	server := servers.MongoDB.Start(t)
	client := dial(t, server.URL()+"?directConnection=true")
	store := borrow(t, client, &mongodb.Options{Database: databaseOf(t)})
	calls.Restart(t, store, server, 200*time.Millisecond, 1200*time.Millisecond)
}

// The server does not let everybody in: that is an error, and no miss, and it
// does not repeat the password.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	_, address, _ := strings.Cut(servers.MongoDB.URL(t), "://")
	address, _, _ = strings.Cut(address, "/")
	store, err := mongodb.Open(t.Context(), "mongodb://ada:not-the-password@"+address+"/kv?authSource=admin&directConnection=true")
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close(store)
	for method, call := range methods {
		err := call(t.Context(), store.(*mongodb.Store))
		if err == nil || errors.Is(err, core.ErrNotFound) {
			t.Errorf("%s = %v, want an error of authentication", method, err)
		} else if !strings.Contains(strings.ToLower(err.Error()), "authenticat") {
			t.Errorf("%s = %v, which does not speak of authentication", method, err)
		} else if strings.Contains(err.Error(), "not-the-password") {
			t.Errorf("%s = %v, which repeats the password", method, err)
		}
	}
}

// A store that must not make collections does not.
func TestNoCreate(t *testing.T) {
	t.Parallel()
	ctx, client, database := t.Context(), connect(t), databaseOf(t)
	store := borrow(t, client, &mongodb.Options{Database: database, NoCreate: true})
	for _, method := range []string{"Put", "PutMany", "Insert"} {
		if err := methods[method](ctx, store); !errors.Is(err, core.ErrSetup) {
			t.Errorf("%s = %v, want ErrSetup", method, err)
		}
	}
	if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want %q", err, core.ErrNotFound)
	}
	if names, err := client.Database(database).ListCollectionNames(ctx, map[string]any{}); len(names) > 0 || err != nil {
		t.Errorf("there are the collections %q, %v", names, err)
	}
	if err := client.Database(database).CreateCollection(ctx, "c"); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(ctx, "c", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Errorf("Put after the collection was made = %v", err)
	}
}
