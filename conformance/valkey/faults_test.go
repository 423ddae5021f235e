package valkey_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/valkey"
)

// What the server has done, although its reply was lost, is never denied.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	o := started(t)
	between := proxy.New(t, o.InitAddress[0])
	// With one connection the reply that is lost is that of the next command,
	// and not of a greeting.
	o.InitAddress, o.PipelineMultiplex = []string{between.Address}, -1
	store := borrow(t, connect(t, o), nil)
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
	if live, err := store.Delete(ctx, "c", "k"); err == nil {
		t.Errorf("Delete whose reply was lost = %v, %v; want an error", live, err)
	}
	if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get after Delete = %v, want %q", err, core.ErrNotFound)
	}

	if err := store.Put(ctx, "c", "a", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	lose()
	if count, err := store.DeleteMany(ctx, "c", []string{"a", "b"}); err == nil {
		t.Errorf("DeleteMany whose reply was lost = %v, %v; want an error", count, err)
	}

	lose()
	if err := store.Put(ctx, "c", "k", []byte(`{"n":3}`), core.NoTTL); err == nil {
		t.Error("Put whose reply was lost is no error; the driver does not repeat it")
	}
	for range 2 {
		if entry, err := store.Get(ctx, "c", "k"); err != nil || string(entry.Value) != `{"n":3}` {
			t.Errorf("Get = %s, %v; the driver repeats it where the reply is lost", entry.Value, err)
		}
		lose()
	}
	if entries, err := store.GetMany(ctx, "c", []string{"k", "l"}); err != nil || string(entries[0].Value) != `{"n":3}` {
		t.Errorf("GetMany = %v, %v; the driver repeats it", entries, err)
	}
	lose()
	for key, err := range store.Keys(ctx, "c") {
		if key != "k" || err != nil {
			t.Errorf("Keys yields %q, %v; the driver repeats it", key, err)
		}
	}
	if between.Lost() > 0 {
		t.Error("the reply was not lost")
	}
}

// conditional are the conditional writes of the store by the name of the command
// that each begins with, and what a user has to be allowed for it.
var conditional = map[string][]string{"EVAL": {"+@all"}, "MULTI": {"+@all", "-@scripting"}}

// The same for the write that replaces an expired entry, with a script or in a
// transaction.
func TestLostReplyOfReplacement(t *testing.T) {
	t.Parallel()
	for command, permissions := range conditional {
		t.Run(command, func(t *testing.T) {
			ctx := t.Context()
			o := started(t)
			permit(t, &o, permissions...)
			between := proxy.New(t, o.InitAddress[0])
			o.InitAddress, o.PipelineMultiplex = []string{between.Address}, -1
			client := connect(t, o)
			do(t, client, "SET", "c::k", envelope("c", "k", `{}`, time.Now().Add(-time.Second)))
			store := borrow(t, before{client, command, func() { between.LoseReplies(1) }}, nil)
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

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	server := servers.Valkey.Start(t, "--requirepass", "the-password")
	for _, user := range []string{":not-the-password@", "ada:not-the-password@", ""} {
		_, err := valkey.Open(t.Context(), "valkey://"+user+server.Address)
		var e *core.Error
		if !errors.As(err, &e) || e.Op != "open" || !strings.Contains(err.Error(), "WRONGPASS") && !strings.Contains(err.Error(), "NOAUTH") {
			t.Errorf("Open as %q = %v, want the server's word that it needs another password", user, err)
		}
		if strings.Contains(fmt.Sprint(err), "the-password") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
	store := open(t, "valkey://:the-password@"+server.Address)
	if err := store.Ping(t.Context()); err != nil {
		t.Errorf("Ping with the password = %v", err)
	}
	// A password that is changed later, when a connection has to be made again.
	// Both on one connection: a new one would need the new password.
	client := store.Client()
	answers := client.DoMulti(t.Context(),
		client.B().Arbitrary("CONFIG", "SET", "requirepass", "another").Build(),
		client.B().Arbitrary("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no").Build())
	if err := answers[0].Error(); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() error {
		_, err := store.Get(t.Context(), "c", "k")
		if err == core.ErrNotFound {
			t.Fatal("a password that is wrong is a miss")
		}
		if !strings.Contains(fmt.Sprint(err), "WRONGPASS") {
			return fmt.Errorf("Get = %v, want WRONGPASS", err)
		}
		return nil
	})
}

// A user that may do less than it is asked for is told so.
func TestMissingPermission(t *testing.T) {
	t.Parallel()
	o := started(t)
	permit(t, &o, "+get")
	store := borrow(t, connect(t, o), nil)
	if _, err := store.Get(t.Context(), "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get = %v, want %q", err, core.ErrNotFound)
	}
	for method, call := range calls {
		if strings.HasPrefix(method, "Get") {
			continue
		}
		if err := call(t.Context(), store); err == nil || !strings.Contains(err.Error(), "NOPERM") {
			t.Errorf("%s = %v, want the server's word about permissions", method, err)
		}
	}
}

// An unknown command is answered with its arguments, of which one is a value.
func TestUnknownCommand(t *testing.T) {
	t.Parallel()
	store := open(t, servers.Valkey.Start(t, "--rename-command", "SET", "").URL())
	value := []byte(`{"secret":"canary"}`)
	_, insertErr := store.Insert(t.Context(), "c", "k", value, core.NoTTL)
	for method, err := range map[string]error{
		"Put":     store.Put(t.Context(), "c", "k", value, core.NoTTL),
		"PutMany": store.PutMany(t.Context(), "c", []core.Item{{Key: "k", Value: value}}),
		"Insert":  insertErr,
	} {
		if err == nil || !strings.Contains(err.Error(), "unknown command 'SET'") {
			t.Errorf("%s = %v, want an error that names the command", method, err)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s = %v, which holds the value", method, err)
		}
	}
}

func TestWrongType(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := open(t, servers.Valkey.Start(t).URL())
	foreign := func(key string) { do(t, store.Client(), "RPUSH", "c::"+key, "not ours") }
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
	store := open(t, servers.Valkey.Start(t).URL())
	for name, text := range map[string]string{
		"nothing": "", "text": "hello", "bytes": "\xff\xfe", "number": "42", "list": "[]", "object": `{"user":"ada"}`,
		"value": `{"value":1}`, "cut": `{"value":{"a":`, "two": `{"value":{}}{"value":{}}`,
		"utf8": "{\"value\":{\"a\":\"\xff\"}}", "time": `{"value":{},"expires_at":"tomorrow"}`,
	} {
		do(t, store.Client(), "SET", "c::"+name, text)
		_, err := store.Get(ctx, "c", name)
		var e *core.Error
		if !errors.Is(err, core.ErrCorrupt) || !errors.As(err, &e) || e.Op != "get" || e.Collection != "c" || e.Key != name {
			t.Errorf("Get of %q = %v; want ErrCorrupt with the names of the call", text, err)
		}
	}
	// An entry of another key is none of this one.
	do(t, store.Client(), "SET", "c::k", envelope("c", "other", `{}`, time.Time{}))
	if _, err := store.Get(ctx, "c", "k"); err != core.ErrNotFound {
		t.Errorf("Get of another's entry = %v, want %q", err, core.ErrNotFound)
	}
	if live, err := store.Delete(ctx, "c", "k"); live || err != nil {
		t.Errorf("Delete of another's entry = %v, %v; want false, nil", live, err)
	}
}

// A server that is killed and comes back is an error meanwhile, also without a
// deadline, and nothing needs to be made anew.
func TestRestart(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := servers.Valkey.Start(t)
	store := open(t, server.URL())
	if err := store.Put(ctx, "c", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	answers := make(chan error)
	for method, call := range calls {
		go func() {
			err := call(ctx, store)
			if err == nil || errors.Is(err, core.ErrNotFound) {
				err = fmt.Errorf("%s without a server = %v, want an error", method, err)
			} else {
				err = nil
			}
			answers <- err
		}()
	}
	for range calls {
		select {
		case err := <-answers:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Fatal("a call without a deadline hangs while there is no server")
		}
	}
	server.Restart()
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
