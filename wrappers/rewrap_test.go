package wrappers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// rewrapper is what Fernet and Encryption have in common.
type rewrapper interface {
	core.Full
	Rewrap(ctx context.Context, collection string) (int, error)
}

// rotation makes the wrappers of a rotation over one store: with the old key
// alone, with the new one and the old one, and with the new one alone.
type rotation func(t testing.TB, inner core.Store) (before, during, after rewrapper)

func rotations(t testing.TB) map[string]rotation {
	fernet, encryption := fernetKeys(2).Keys, encryptionKeys(t, "new", "old").Keys
	return map[string]rotation{
		"fernet": func(t testing.TB, inner core.Store) (before, during, after rewrapper) {
			with := func(keys ...wrappers.FernetKey) rewrapper {
				return newFernet(t, inner, &wrappers.FernetOptions{Keys: keys, AllowPlaintext: len(keys) > 1})
			}
			return with(fernet[1]), with(fernet...), with(fernet[0])
		},
		"encryption": func(t testing.TB, inner core.Store) (before, during, after rewrapper) {
			with := func(keys ...wrappers.EncryptionKey) rewrapper {
				return newEncryption(t, inner, &wrappers.EncryptionOptions{Keys: keys, AllowPlaintext: len(keys) > 1})
			}
			return with(encryption[1]), with(encryption...), with(encryption[0])
		},
	}
}

// fillRewrap puts so many numbered entries and returns their keys.
func fillRewrap(t testing.TB, store core.Store, count int) (keys []string) {
	t.Helper()
	for i := range count {
		keys = append(keys, fmt.Sprint("key", i))
		if err := store.Put(t.Context(), "", keys[i], number(i), core.NoTTL); err != nil {
			t.Fatal(err)
		}
	}
	return keys
}

func number(i int) json.RawMessage { return json.RawMessage(fmt.Sprintf(`{"n":%d}`, i)) }

func TestRewrap(t *testing.T) {
	for name, rotate := range rotations(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, inner := t.Context(), newMemory(t)
				before, during, after := rotate(t, inner)
				keys := fillRewrap(t, before, 250)
				before.Put(ctx, "", "expiring", number(-1), time.Hour)
				before.Put(ctx, "other", "key0", number(-2), core.NoTTL)
				during.Put(ctx, "", "newer", number(-3), core.NoTTL)
				inner.Put(ctx, "", "plain", number(-4), core.NoTTL)
				newer, _ := inner.Get(ctx, "", "newer")
				time.Sleep(time.Minute)

				if n, err := during.Rewrap(ctx, ""); n != len(keys)+2 || err != nil {
					t.Errorf("got %d, %v, want %d", n, err, len(keys)+2)
				}
				for i, key := range keys {
					if entry, err := after.Get(ctx, "", key); err != nil || string(entry.Value) != string(number(i)) {
						t.Errorf("%s: got %s, %v", key, entry.Value, err)
					}
				}
				entry, err := after.Get(ctx, "", "expiring")
				if remaining, _ := entry.TTL(); err != nil || remaining != 59*time.Minute {
					t.Errorf("%v are left of an hour, %v", remaining, err)
				}
				if entry, _ := inner.Get(ctx, "", "newer"); string(entry.Value) != string(newer.Value) {
					t.Error("an entry under the first key was written")
				}
				if _, err := after.Get(ctx, "", "plain"); err != nil {
					t.Errorf("plaintext was not encrypted: %v", err)
				}
				if _, err := after.Get(ctx, "other", "key0"); !errors.Is(err, core.ErrCorrupt) {
					t.Errorf("another collection was touched: %v", err)
				}
				if n, err := during.Rewrap(ctx, core.DefaultCollection); n != 0 || err != nil {
					t.Errorf("once more: got %d, %v, want nothing to do", n, err)
				}
			})
		})
	}
}

// What does not open stays, is reported, and hides no other entry.
func TestRewrapCorrupt(t *testing.T) {
	for name, rotate := range rotations(t) {
		ctx, inner := t.Context(), newMemory(t)
		before, during, after := rotate(t, inner)
		fillRewrap(t, before, 3)
		bad := json.RawMessage(`{"__encrypted_data__":"AAAA","__encryption_version__":1}`)
		inner.Put(ctx, "", "bad", bad, core.NoTTL)
		n, err := during.Rewrap(ctx, "")
		if failed := core.FailedKeys(err); n != 3 || !errors.Is(err, core.ErrCorrupt) || fmt.Sprint(failed) != "[bad]" {
			t.Errorf("%s: got %d, %v, want 3 and that bad is corrupt", name, n, err)
		}
		if entry, _ := inner.Get(ctx, "", "bad"); string(entry.Value) != string(bad) {
			t.Errorf("%s: the corrupt entry was changed to %s", name, entry.Value)
		}
		if _, err := after.Get(ctx, "", "key2"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRewrapFails(t *testing.T) {
	ctx, faulty := t.Context(), storetest.NewFaulty(newMemory(t))
	before, during, _ := rotations(t)["encryption"](t, faulty)
	fillRewrap(t, before, 250)

	faulty.Inject(storetest.Fault{Method: "GetMany"})
	if n, err := during.Rewrap(ctx, ""); n != 0 || !errors.Is(err, storetest.ErrInjected) || faulty.Calls("GetMany") != 1 {
		t.Errorf("no reads: got %d, %v after %d reads, want one error", n, err, faulty.Calls("GetMany"))
	}
	faulty.Clear()
	faulty.Inject(storetest.Fault{Method: "PutMany", Key: "key7"})
	if n, err := during.Rewrap(ctx, ""); n != 249 || fmt.Sprint(core.FailedKeys(err)) != "[key7]" {
		t.Errorf("one write fails: got %d, %v, want 249 and that key7 failed", n, err)
	}
	faulty.Clear()
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if n, err := during.Rewrap(cancelled, ""); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %d, %v", n, err)
	}
	if n, err := during.Rewrap(ctx, "\xff"); n != 0 || !errors.Is(err, core.ErrInvalidKey) {
		t.Errorf("no collection: got %d, %v", n, err)
	}
	faulty.Disable(core.CanKeys)
	if n, err := during.Rewrap(ctx, ""); n != 0 || err != errors.ErrUnsupported {
		t.Errorf("no listing: got %d, %v, want errors.ErrUnsupported", n, err)
	}
	during.Close()
	if n, err := during.Rewrap(ctx, ""); n != 0 || !errors.Is(err, core.ErrClosed) {
		t.Errorf("closed: got %d, %v", n, err)
	}
}
