package wrappers_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// slowWriter is a store whose single writes take a while.
type slowWriter struct{ core.Full }

func (s slowWriter) Put(ctx context.Context, collection, key string, value json.RawMessage, ttl time.Duration) error {
	time.Sleep(2 * time.Millisecond)
	return s.Full.Put(ctx, collection, key, value, ttl)
}

// A key that is written without a pause keeps Rewrap from it, and is renewed by
// those who write.
func TestRewrapOfABusyKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner, keys := newMemory(t).(core.Full), encryptionKeys(t, "new", "old").Keys
		old := newEncryption(t, inner, &wrappers.EncryptionOptions{Keys: keys[1:]})
		if err := old.Put(t.Context(), "c", "busy", json.RawMessage(`{}`), core.NoTTL); err != nil {
			t.Fatal(err)
		}
		store := newEncryption(t, slowWriter{inner}, &wrappers.EncryptionOptions{Keys: keys})
		ended, end := context.WithCancel(t.Context())
		var writers sync.WaitGroup
		for i := range 8 {
			writers.Go(func() {
				time.Sleep(time.Duration(i) * 300 * time.Microsecond) // so that they overlap
				for ended.Err() == nil {
					if err := store.Put(t.Context(), "c", "busy", json.RawMessage(`{"n":1}`), core.NoTTL); err != nil {
						t.Error(err)
					}
				}
			})
		}
		time.Sleep(10 * time.Millisecond)
		if _, err := store.Rewrap(t.Context(), "c"); err != nil {
			t.Error(err)
		}
		end()
		writers.Wait()
		if _, err := newEncryption(t, inner, &wrappers.EncryptionOptions{Keys: keys[:1]}).Get(t.Context(), "c", "busy"); err != nil {
			t.Errorf("under the new key alone: %v", err)
		}
	})
}
