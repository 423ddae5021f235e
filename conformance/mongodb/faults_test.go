package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/mongodb"
)

// patience is how much longer than it should a call may take on a busy machine.
const patience = 30 * time.Second

// calls are one call of each method that speaks to the server. The answer of
// Get and of those like it says whether there was an entry.
var calls = map[string]func(ctx context.Context, s *mongodb.Store) error{
	"Get": func(ctx context.Context, s *mongodb.Store) error { _, err := s.Get(ctx, "c", "k"); return err },
	"GetMany": func(ctx context.Context, s *mongodb.Store) error {
		_, err := s.GetMany(ctx, "c", []string{"k", "l"})
		return err
	},
	"Put": func(ctx context.Context, s *mongodb.Store) error { return s.Put(ctx, "c", "k", []byte(`{}`), 0) },
	"PutMany": func(ctx context.Context, s *mongodb.Store) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: "k", Value: []byte(`{}`)}, {Key: "l", Value: []byte(`{}`)}})
	},
	"Delete": func(ctx context.Context, s *mongodb.Store) error { _, err := s.Delete(ctx, "c", "k"); return err },
	"DeleteMany": func(ctx context.Context, s *mongodb.Store) error {
		_, err := s.DeleteMany(ctx, "c", []string{"k", "l"})
		return err
	},
	"Insert": func(ctx context.Context, s *mongodb.Store) error {
		_, err := s.Insert(ctx, "c", "k", []byte(`{}`), 0)
		return err
	},
	"Keys": func(ctx context.Context, s *mongodb.Store) error {
		for _, err := range s.Keys(ctx, "c") {
			return err
		}
		return nil
	},
	"Collections": func(ctx context.Context, s *mongodb.Store) error {
		for _, err := range s.Collections(ctx) {
			return err
		}
		return nil
	},
	"DestroyCollection": func(ctx context.Context, s *mongodb.Store) error {
		_, err := s.DestroyCollection(ctx, "c")
		return err
	},
	"Destroy": func(ctx context.Context, s *mongodb.Store) error { return s.Destroy(ctx) },
	"Cull":    func(ctx context.Context, s *mongodb.Store) error { _, err := s.Cull(ctx); return err },
	"Setup":   func(ctx context.Context, s *mongodb.Store) error { return s.Setup(ctx, "another") },
	"Ping":    func(ctx context.Context, s *mongodb.Store) error { return s.Ping(ctx) },
}

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
			for method, call := range calls {
				group.Go(func() {
					ctx, cancel, want := end(t.Context())
					defer cancel()
					start := time.Now()
					if err := call(ctx, store); !errors.Is(err, want) {
						t.Errorf("%s = %v, want an error that matches %q", method, err, want)
					}
					if took := time.Since(start); took > patience {
						t.Errorf("%s took %v", method, took)
					}
				})
			}
			group.Wait()
			between.Set(proxy.Pass)
			eventually(t, func() error { return store.Ping(t.Context()) })
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
			for method, call := range calls {
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
			eventually(t, func() error { return store.Ping(t.Context()) })
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
		eventually(t, func() error { return store.Ping(ctx) }) // there is a connection
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
		eventually(t, func() error { return store.Ping(ctx) })
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
	if err := store.Put(t.Context(), "load", "always", []byte(`{"n":0}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var failures, acknowledged atomic.Int64
	var group sync.WaitGroup
	last := make([]int, 4)
	for id := range last {
		group.Go(func() {
			key := fmt.Sprint("worker ", id)
			for n := 1; !stop.Load(); n++ {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				start := time.Now()
				err := store.Put(ctx, "load", key, fmt.Appendf(nil, `{"n":%d}`, n), core.NoTTL)
				_, missed := store.Get(ctx, "load", "always")
				cancel()
				if missed == core.ErrNotFound {
					t.Error("a failure was taken for a miss")
				}
				if took := time.Since(start); took > patience {
					t.Errorf("the calls took %v", took)
				}
				if err != nil {
					failures.Add(1)
					n-- // whether it was written is unknown, and it is written again
					continue
				}
				acknowledged.Add(1)
				last[id] = n
			}
		})
	}
	for range 2 {
		time.Sleep(200 * time.Millisecond)
		server.Kill()
		time.Sleep(1200 * time.Millisecond) // calls begin and end meanwhile
		server.Restart()
		eventually(t, func() error { return store.Ping(t.Context()) })
	}
	time.Sleep(200 * time.Millisecond)
	stop.Store(true)
	group.Wait()
	if failures.Load() == 0 || acknowledged.Load() < 20 {
		t.Errorf("%d calls failed and %d were acknowledged: that tests nothing", failures.Load(), acknowledged.Load())
	}
	for id, n := range last {
		entry, err := store.Get(t.Context(), "load", fmt.Sprint("worker ", id))
		if got, next := string(entry.Value), fmt.Sprintf(`{"n":%d}`, n+1); err != nil || got != fmt.Sprintf(`{"n":%d}`, n) && got != next {
			t.Errorf("worker %d reads %s, %v; %d was acknowledged", id, entry.Value, err, n)
		}
	}
}

// eventually repeats a call until it succeeds.
func eventually(t *testing.T, call func() error) {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		err := call()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
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
	for method, call := range calls {
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
		if err := calls[method](ctx, store); !errors.Is(err, core.ErrSetup) {
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
