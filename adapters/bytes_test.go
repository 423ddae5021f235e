package adapters_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
)

func newBytes(t *testing.T, store core.Store) *adapters.Bytes {
	t.Helper()
	b, err := adapters.NewBytes(store, &adapters.BytesOptions{Collection: "blobs"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBytes(t *testing.T) {
	store := newMemory(t)
	b := newBytes(t, store)
	for _, data := range [][]byte{{}, {0}, []byte("text"), {0xff, 0xfe, '"', '\\'}, bytes.Repeat([]byte{7, 0}, 100_000)} {
		if err := b.Put(t.Context(), "k", data, 0); err != nil {
			t.Fatal(err)
		}
		got, err := b.Get(t.Context(), "k")
		if err != nil || got == nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: got %d, %v", len(data), len(got), err)
		}
	}
	if err := b.Put(t.Context(), "k", []byte("text"), 0); err != nil {
		t.Fatal(err)
	}
	if entry, _ := store.Get(t.Context(), "blobs", "k"); string(entry.Value) != `{"base64":"dGV4dA=="}` {
		t.Errorf("stored %s", entry.Value)
	}
	var keys []string
	for key := range b.Keys(t.Context()) {
		keys = append(keys, key)
	}
	if !slices.Equal(keys, []string{"k"}) {
		t.Errorf("keys %q", keys)
	}
	if deleted, err := b.Delete(t.Context(), "k"); !deleted || err != nil {
		t.Errorf("deleted %t, %v", deleted, err)
	}
	if _, err := b.Get(t.Context(), "k"); err != core.ErrNotFound {
		t.Errorf("got %v", err)
	}
	for value, valid := range map[string]bool{
		`{"base64":"dGV4dA=="}`:                                  true,
		`{ "x" : [1,{"base64":2}], "base64" : "\u0064GV4dA==" }`: true,
		`{"base64":"dGV4dA"}`:                                    false,
		`{"base64":5}`:                                           false,
		`{"base64":null}`:                                        false,
		`{"other":"dGV4dA=="}`:                                   false,
	} {
		if err := store.Put(t.Context(), "blobs", "foreign", json.RawMessage(value), 0); err != nil {
			t.Fatal(err)
		}
		got, err := b.Get(t.Context(), "foreign")
		if valid && (err != nil || string(got) != "text") || !valid && !errors.Is(err, adapters.ErrInvalidEntry) {
			t.Errorf("%s: got %q, %v", value, got, err)
		}
	}
}

func TestBytesOptions(t *testing.T) {
	if _, err := adapters.NewBytes(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
	if _, err := adapters.NewBytes(newMemory(t), &adapters.BytesOptions{Collection: "\xff"}); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("not UTF-8: %v", err)
	}
}

func TestFiberStorage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		faulty := storetest.NewFaulty(newMemory(t))
		f := newBytes(t, faulty).Fiber(time.Second)
		if data, err := f.Get("absent"); data != nil || err != nil {
			t.Errorf("absent: %q, %v", data, err)
		}
		for _, err := range []error{f.Set("", []byte("x"), 0), f.Set("k", nil, 0), f.Delete(""), f.Delete("absent")} {
			if err != nil {
				t.Error(err)
			}
		}
		for _, key := range []string{"", "\xff\xfe"} { // from a cookie, which may be anything
			if data, err := f.Get(key); data != nil || err != nil {
				t.Errorf("%q: %q, %v", key, data, err)
			}
			if err := f.Delete(key); err != nil {
				t.Errorf("%q: %v", key, err)
			}
		}
		if err := f.Set("k", []byte("x"), time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := f.Set("forever", []byte("y"), 0); err != nil {
			t.Fatal(err)
		}
		if data, err := f.Get("k"); string(data) != "x" || err != nil {
			t.Errorf("got %q, %v", data, err)
		}
		time.Sleep(time.Minute)
		if data, err := f.Get("k"); data != nil || err != nil {
			t.Errorf("expired: %q, %v", data, err)
		}
		if err := f.Reset(); err != nil {
			t.Error(err)
		}
		if data, err := f.Get("forever"); data != nil || err != nil {
			t.Errorf("after Reset: %q, %v", data, err)
		}

		faulty.Inject(storetest.Fault{Delay: time.Hour})
		start := time.Now()
		if _, err := f.Get("k"); err == nil || time.Since(start) != time.Second {
			t.Errorf("a slow store: %v after %v", err, time.Since(start))
		}
		faulty.Clear()
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := f.Get("k"); !errors.Is(err, core.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}

func TestSCSStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newBytes(t, newMemory(t)).SCS(0)
		for _, token := range []string{"absent", "", "\xff"} { // what a client may send
			if data, found, err := s.Find(token); data != nil || found || err != nil {
				t.Errorf("%q: %q, %t, %v", token, data, found, err)
			}
		}
		expiry := time.Now().Add(time.Minute)
		if err := s.Commit("a", []byte("1"), expiry); err != nil {
			t.Fatal(err)
		}
		if err := s.Commit("b", []byte("2"), expiry.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if all, err := s.All(); err != nil || len(all) != 2 || string(all["a"]) != "1" {
			t.Errorf("all: %q, %v", all, err)
		}
		time.Sleep(time.Minute)
		if _, found, err := s.Find("a"); found || err != nil {
			t.Errorf("expired: %t, %v", found, err)
		}
		if err := s.Commit("b", []byte("3"), time.Now()); err != nil {
			t.Error(err)
		}
		if _, found, err := s.Find("b"); found || err != nil {
			t.Errorf("committed with an expiry that is over: %t, %v", found, err)
		}
		if err := s.Delete("b"); err != nil {
			t.Error(err)
		}
	})
}

func TestAutocertCache(t *testing.T) {
	c := newBytes(t, newMemory(t)).Autocert(io.EOF)
	if _, err := c.Get(t.Context(), "example.org"); err != io.EOF {
		t.Errorf("a miss is %v", err)
	}
	if err := c.Put(t.Context(), "example.org", []byte("pem")); err != nil {
		t.Fatal(err)
	}
	if data, err := c.Get(t.Context(), "example.org"); string(data) != "pem" || err != nil {
		t.Errorf("got %q, %v", data, err)
	}
	for range 2 {
		if err := c.Delete(t.Context(), "example.org"); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.Get(t.Context(), "example.org"); err != io.EOF {
		t.Errorf("deleted: %v", err)
	}
}
