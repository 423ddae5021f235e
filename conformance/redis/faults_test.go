package redis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// envelope returns a managed entry as any writer may leave it.
func envelope(collection, key, value string, expires time.Time) []byte {
	return managed.Append(nil, &managed.Record{
		Collection: collection, Key: key, Entry: core.Entry{Value: []byte(value), CreatedAt: time.Now(), ExpiresAt: expires},
	})
}

// What the server has done, although its reply was lost, is never denied.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	for name, newClient := range makers {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			server := servers.Redis.Start(t)
			between := proxy.New(t, server.Address)
			// With one connection the reply that is lost is that of the next
			// command, and not of a greeting.
			client := newClient(goredis.Options{Addr: between.Address, PoolSize: 1, MaxActiveConns: 1})
			defer client.Close()
			store := borrow(t, client, nil)
			lose := func() {
				t.Helper()
				if between.Lost() > 0 {
					t.Fatal("the reply before was not lost")
				}
				if err := store.Ping(ctx); err != nil { // there is a connection
					t.Fatal(err)
				}
				between.LoseReplies(1)
			}

			lose()
			if inserted, err := store.Insert(ctx, "c", "k", []byte(`{"n":1}`), core.NoTTL); !inserted || err != nil {
				t.Errorf("Insert whose reply was lost = %v, %v; want true, nil", inserted, err)
			}
			if inserted, err := store.Insert(ctx, "c", "k", []byte(`{"n":2}`), core.NoTTL); inserted || err != nil {
				t.Errorf("Insert over it = %v, %v; want false, nil", inserted, err)
			}

			lose()
			if live, err := store.Delete(ctx, "c", "k"); err == nil && !live {
				t.Errorf("Delete whose reply was lost = %v, %v; want true or an error", live, err)
			}
			if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
				t.Errorf("Get after Delete = %v, want %q", err, core.ErrNotFound)
			}

			if err := store.Put(ctx, "c", "a", []byte(`{}`), core.NoTTL); err != nil {
				t.Fatal(err)
			}
			lose()
			if count, err := store.DeleteMany(ctx, "c", []string{"a", "b"}); err == nil && count != 1 {
				t.Errorf("DeleteMany whose reply was lost = %v, %v; want 1 or an error", count, err)
			}

			lose()
			if err := store.Put(ctx, "c", "k", []byte(`{"n":3}`), core.NoTTL); err != nil {
				t.Errorf("Put whose reply was lost = %v; the driver repeats it", err)
			}
			lose()
			if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"n":3}` {
				t.Errorf("Get whose reply was lost = %s, %v; the driver repeats it", entry.Value, err)
			}
			if between.Lost() > 0 {
				t.Error("the reply was not lost")
			}
		})
	}
}

// The same for the write that replaces an expired entry, with a script or in a
// transaction.
func TestLostReplyOfReplacement(t *testing.T) {
	t.Parallel()
	for name, permissions := range map[string][]string{"eval": {"+@all"}, "multi": {"+@all", "-@scripting"}} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			o := started(t)
			permit(t, o, permissions...)
			between := proxy.New(t, o.Addr)
			o.Addr = between.Address
			client := goredis.NewClient(o)
			defer client.Close()
			client.AddHook(before{name, func() { between.LoseReplies(1) }})
			expired := envelope("c", "k", `{}`, time.Now().Add(-time.Second))
			if err := client.Set(ctx, "c::k", expired, 0).Err(); err != nil {
				t.Fatal(err)
			}
			store := borrow(t, client, nil)
			if inserted, err := store.Insert(ctx, "c", "k", []byte(`{"n":1}`), core.NoTTL); !inserted || err != nil {
				t.Errorf("Insert whose reply was lost = %v, %v; want true, nil", inserted, err)
			}
			if between.Lost() > 0 {
				t.Error("the reply was not lost")
			}
			between.Set(proxy.Pass)
			if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"n":1}` {
				t.Errorf("Get = %s, %v", entry.Value, err)
			}
		})
	}
}

// before is a hook that does something before a command is sent.
type before struct {
	command string
	do      func()
}

func (before) DialHook(next goredis.DialHook) goredis.DialHook { return next }

func (b before) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if cmd.Name() == b.command {
			b.do()
		}
		return next(ctx, cmd)
	}
}

func (b before) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		if cmds[0].Name() == b.command {
			b.do()
		}
		return next(ctx, cmds)
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	server := servers.Redis.Start(t, "--requirepass", "the-password")
	for _, user := range []string{":not-the-password@", "ada:not-the-password@", ""} {
		store := open(t, "redis://"+user+server.Address)
		_, err := store.Get(t.Context(), "c", "k")
		if !goredis.IsAuthError(err) || errors.Is(err, core.ErrNotFound) {
			t.Errorf("Get as %q = %v, want an error of authentication", user, err)
		}
		if strings.Contains(fmt.Sprint(err), "not-the-password") {
			t.Errorf("the error repeats the password: %v", err)
		}
		if _, err := store.GetMany(t.Context(), "c", []string{"k", "l"}); !goredis.IsAuthError(err) {
			t.Errorf("GetMany as %q = %v, want an error of authentication", user, err)
		}
	}
	if err := open(t, "redis://:the-password@"+server.Address).Ping(t.Context()); err != nil {
		t.Errorf("Ping with the password = %v", err)
	}
}

// A user that may do less than it is asked for is told so.
func TestMissingPermission(t *testing.T) {
	t.Parallel()
	o := started(t)
	permit(t, o, "+get")
	client := goredis.NewClient(o)
	defer client.Close()
	store := borrow(t, client, nil)
	if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want %q", err, core.ErrNotFound)
	}
	if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); !goredis.IsPermissionError(err) {
		t.Errorf("Put = %v, want an error of permissions", err)
	}
}

// An unknown command is answered with its arguments, of which one is a value.
func TestUnknownCommand(t *testing.T) {
	t.Parallel()
	server := servers.Redis.Start(t, "--rename-command", "SET", "")
	store := open(t, server.URL())
	value := []byte(`{"secret":"canary"}`)
	_, insertErr := store.Insert(t.Context(), "c", "k", value, core.NoTTL)
	for method, err := range map[string]error{
		"Put":     store.Put(t.Context(), "c", "k", value, core.NoTTL),
		"PutMany": store.PutMany(t.Context(), "c", []core.Item{{Key: "k", Value: value}}),
		"Insert":  insertErr,
	} {
		if err == nil || !strings.Contains(err.Error(), "unknown command 'set'") {
			t.Errorf("%s = %v, want an error that names the command", method, err)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s = %v, which holds the value", method, err)
		}
	}
}

func TestWrongType(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Redis.Start(t).URL())
	foreign := func(key string) {
		t.Helper()
		if err := store.Client().RPush(ctx, "c::"+key, "not ours").Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Put(ctx, "c", "good", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	foreign("k")
	if _, err := store.Get(ctx, "c", "k"); !errors.Is(err, core.ErrCorrupt) || !strings.Contains(err.Error(), "not a string") {
		t.Errorf("Get = %v, want ErrCorrupt that says why", err)
	}
	entries, err := store.GetMany(ctx, "c", []string{"good", "k", "missing"})
	if !errors.Is(err, core.ErrCorrupt) || !slices.Equal(core.FailedKeys(err), []string{"k"}) || len(entries) != 3 || !entries[0].Found() {
		t.Errorf("GetMany = %v, %v; want the good one, and ErrCorrupt for the other", entries, err)
	}
	if inserted, err := store.Insert(ctx, "c", "k", []byte(`{}`), core.NoTTL); inserted || !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Insert = %v, %v; want false and ErrCorrupt", inserted, err)
	}
	for key, err := range store.Keys(ctx, "c") {
		if err != nil || key != "good" {
			t.Errorf("Keys yields %q, %v; want only \"good\"", key, err)
		}
	}
	if live, err := store.Delete(ctx, "c", "k"); live || err != nil {
		t.Errorf("Delete = %v, %v; want false, nil", live, err)
	}
	if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get after Delete = %v, want %q", err, core.ErrNotFound)
	}
	foreign("k")
	if count, err := store.DeleteMany(ctx, "c", []string{"k", "good"}); count != 1 || err != nil {
		t.Errorf("DeleteMany = %v, %v; want 1, nil", count, err)
	}
	foreign("k")
	if err := store.Put(ctx, "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Errorf("Put over it = %v", err)
	}
	if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"n":1}` {
		t.Errorf("Get after Put = %s, %v", entry.Value, err)
	}
}

func TestForeignText(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Redis.Start(t).URL())
	for name, text := range map[string]string{
		"nothing": "", "text": "hello", "bytes": "\xff\xfe", "number": "42", "list": "[]", "object": `{"user":"ada"}`,
		"value": `{"value":1}`, "cut": `{"value":{"a":`, "two": `{"value":{}}{"value":{}}`,
		"utf8": "{\"value\":{\"a\":\"\xff\"}}", "time": `{"value":{},"expires_at":"tomorrow"}`,
	} {
		if err := store.Client().Set(ctx, "c::"+name, text, 0).Err(); err != nil {
			t.Fatal(err)
		}
		_, err := store.Get(ctx, "c", name)
		var e *core.Error
		if !errors.Is(err, core.ErrCorrupt) || !errors.As(err, &e) || e.Op != "get" || e.Collection != "c" || e.Key != name {
			t.Errorf("Get of %q = %v; want ErrCorrupt with the names of the call", text, err)
		}
	}
	// An entry of another key is none of this one.
	if err := store.Client().Set(ctx, "c::k", envelope("c", "other", `{}`, time.Time{}), 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get of another's entry = %v, want %q", err, core.ErrNotFound)
	}
	if live, err := store.Delete(ctx, "c", "k"); live || err != nil {
		t.Errorf("Delete of another's entry = %v, %v; want false, nil", live, err)
	}
}

// The server holds an entry a little longer than it lives.
func TestExpiredButThere(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Redis.Start(t).URL())
	put := func(key string) {
		t.Helper()
		expired := envelope("c", key, `{}`, time.Now().Add(-time.Second))
		if err := store.Client().Set(ctx, "c::"+key, expired, 30*time.Second).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"get", "delete", "many", "insert", "list"} {
		put(key)
	}
	for key, err := range store.Keys(ctx, "c") {
		t.Errorf("Keys yields %q, %v; want nothing", key, err)
	}
	for collection, err := range store.Collections(ctx) {
		t.Errorf("Collections yields %q, %v; want nothing", collection, err)
	}
	if _, err := store.Get(ctx, "c", "get"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want %q", err, core.ErrNotFound)
	}
	if live, err := store.Delete(ctx, "c", "delete"); live || err != nil {
		t.Errorf("Delete = %v, %v; want false, nil", live, err)
	}
	if count, err := store.DeleteMany(ctx, "c", []string{"many", "missing"}); count != 0 || err != nil {
		t.Errorf("DeleteMany = %v, %v; want 0, nil", count, err)
	}
	if inserted, err := store.Insert(ctx, "c", "insert", []byte(`{"n":1}`), core.NoTTL); !inserted || err != nil {
		t.Errorf("Insert = %v, %v; want true, nil", inserted, err)
	}
	if left := store.Client().PTTL(ctx, "c::insert").Val(); left != -1 {
		t.Errorf("the server removes what was inserted for good in %v", left)
	}
	put("insert")
	if inserted, err := store.Insert(ctx, "c", "insert", []byte(`{"n":2}`), time.Hour); !inserted || err != nil {
		t.Errorf("Insert = %v, %v; want true, nil", inserted, err)
	}
	if left := store.Client().PTTL(ctx, "c::insert").Val(); left <= time.Minute || left > time.Hour+time.Millisecond {
		t.Errorf("the server removes what was inserted for an hour in %v", left)
	}
}

// A server that is killed and comes back is an error meanwhile, and nothing
// needs to be made anew.
func TestRestart(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	server := servers.Redis.Start(t)
	store := open(t, server.URL())
	if err := store.Put(ctx, "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	var group sync.WaitGroup
	for method, call := range calls {
		group.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			if err := call(ctx, store); err == nil || errors.Is(err, core.ErrNotFound) {
				t.Errorf("%s without a server = %v, want an error", method, err)
			}
		})
	}
	group.Wait()
	server.Restart()
	// The driver remembers for up to a second that nobody answered.
	eventually(t, func() error {
		entry, err := store.Get(ctx, "c", "k")
		if err == nil && string(entry.Value) != `{"n":1}` {
			t.Errorf("Get after the restart = %s", entry.Value)
		}
		return err
	})
}

// eventually repeats a call until it succeeds. That there is no entry is no
// failure which goes away.
func eventually(t *testing.T, call func() error) {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		err := call()
		if err == nil {
			return
		}
		if time.Now().After(end) || errors.Is(err, core.ErrNotFound) {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
