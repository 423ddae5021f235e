package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// Session is what a program might keep: any type that is a JSON object.
type Session struct {
	User  string   `json:"user"`
	Roles []string `json:"roles,omitempty"`
}

// tour stores, reads, waits, lists, and fails.
func tour(ctx context.Context, store core.Store, out io.Writer) error {
	for _, step := range []struct {
		title string
		do    func(context.Context, core.Store, io.Writer) error
	}{
		{"A struct in, a struct out", putAndGet},
		{"A time to live runs out", expire},
		{"Many at once", bulk},
		{"What is there?", list},
		{"Another store, by URL", otherStore},
		{"An error says where and why", showError},
	} {
		fmt.Fprintf(out, "\n%s\n", step.title)
		if err := step.do(ctx, store, out); err != nil {
			return err
		}
	}
	return nil
}

func putAndGet(ctx context.Context, store core.Store, out io.Writer) error {
	value, err := json.Marshal(Session{User: "ada", Roles: []string{"admin"}})
	if err != nil {
		return err
	}
	if err := store.Put(ctx, "sessions", "s1", value, core.NoTTL); err != nil {
		return err
	}
	entry, err := store.Get(ctx, "sessions", "s1")
	if errors.Is(err, core.ErrNotFound) {
		fmt.Fprintln(out, "  this store keeps nothing")
		return nil
	}
	if err != nil {
		return err
	}
	var session Session
	if err := entry.Decode(&session); err != nil {
		return err
	}
	fmt.Fprintf(out, "  sessions/s1 is %+v\n", session)
	return nil
}

func expire(ctx context.Context, store core.Store, out io.Writer) error {
	const ttl = 200 * time.Millisecond
	if err := store.Put(ctx, "sessions", "s2", json.RawMessage(`{"user":"bob"}`), ttl); err != nil {
		return err
	}
	for range 2 {
		entry, err := store.Get(ctx, "sessions", "s2")
		switch {
		case errors.Is(err, core.ErrNotFound):
			fmt.Fprintln(out, "  sessions/s2: not found")
		case err != nil:
			return err
		default:
			remaining, _ := entry.TTL()
			fmt.Fprintf(out, "  sessions/s2 has %v left\n", remaining.Round(10*time.Millisecond))
		}
		time.Sleep(ttl)
	}
	return nil
}

func bulk(ctx context.Context, store core.Store, out io.Writer) error {
	var items []core.Item
	for _, name := range []string{"ada", "bob", "eve"} {
		value, err := json.Marshal(map[string]string{"name": name})
		if err != nil {
			return err
		}
		items = append(items, core.Item{Key: name, Value: value, TTL: time.Hour})
	}
	if err := store.PutMany(ctx, "users", items); err != nil {
		return err
	}
	keys := []string{"eve", "nobody", "ada"}
	entries, err := store.GetMany(ctx, "users", keys)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		if entry.Found() {
			fmt.Fprintf(out, "  users/%s = %s\n", keys[i], entry.Value)
		} else {
			fmt.Fprintf(out, "  users/%s: not found\n", keys[i])
		}
	}
	count, err := store.DeleteMany(ctx, "users", []string{"bob", "nobody"})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  deleted %d of 2\n", count)
	return nil
}

// list shows all that is in the store, where the store can tell.
func list(ctx context.Context, store core.Store, out io.Writer) error {
	if !core.Supports(store, core.CanCollections|core.CanKeys) {
		fmt.Fprintln(out, "  this store cannot list its entries")
		return nil
	}
	for collection, err := range core.Collections(ctx, store) {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %s:", collection)
		for key, err := range core.Keys(ctx, store, collection) {
			if err != nil {
				return err
			}
			fmt.Fprintf(out, " %s", key)
		}
		fmt.Fprintln(out)
	}
	return nil
}

func otherStore(ctx context.Context, _ core.Store, out io.Writer) (err error) {
	const url = "memory://?max_entries=2"
	small, err := stores.Open(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, core.Close(small)) }()
	for _, key := range []string{"first", "second", "third"} {
		if err := small.Put(ctx, "", key, json.RawMessage(`{}`), core.NoTTL); err != nil {
			return err
		}
	}
	_, err = small.Get(ctx, "", "first")
	fmt.Fprintf(out, "  %s keeps the two used last; the first of three: %v\n", url, err)
	if _, err := stores.Open(ctx, "redis://user:secret@localhost"); err != nil {
		fmt.Fprintln(out, " ", err)
	}
	return nil
}

func showError(ctx context.Context, store core.Store, out io.Writer) error {
	err := store.Put(ctx, "sessions", "s3", json.RawMessage(`["not an object"]`), core.NoTTL)
	fmt.Fprintln(out, " ", err)
	var failed *core.Error
	if errors.As(err, &failed) && errors.Is(err, core.ErrInvalidValue) {
		fmt.Fprintf(out, "  op %q, collection %q, key %q, and nothing was written\n", failed.Op, failed.Collection, failed.Key)
	}
	return nil
}
