package compare

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fernet/fernet-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// BenchmarkStack compares Compression, Fernet, Statistics and PrefixKeys over
// memory with memory alone, and with the same done by hand: compress/gzip,
// fernet-go, an atomic counter and a map.
func BenchmarkStack(b *testing.B) {
	ctx, value := context.Background(), people(4<<10)
	key := wrappers.GenerateFernetKey()
	store, err := newStack(key)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	alone, err := memory.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	defer alone.Close()
	hand := &handMade{keys: fernet.MustDecodeKeys(key.Reveal()), entries: make(map[string][]byte)}
	put := []contestant{
		{"stack", func() { store.Put(ctx, "users", "ada", value, core.NoTTL) }},
		{"by-hand", func() { hand.put("users", "ada", value) }},
		{"memory", func() { alone.Put(ctx, "users", "ada", value, core.NoTTL) }},
	}
	get := []contestant{
		{"stack", func() { store.Get(ctx, "users", "ada") }},
		{"by-hand", func() { hand.get("users", "ada") }},
		{"memory", func() { alone.Get(ctx, "users", "ada") }},
	}
	b.Run("Put", func(b *testing.B) { byTurns(b, put...) })
	b.Run("Get", func(b *testing.B) { byTurns(b, get...) })
}

func newStack(key wrappers.FernetKey) (*wrappers.PrefixKeys, error) {
	inner, err := memory.New(nil)
	if err != nil {
		return nil, err
	}
	encrypted, err := wrappers.NewFernet(inner, &wrappers.FernetOptions{Keys: []wrappers.FernetKey{key}})
	if err != nil {
		return nil, err
	}
	compressed, err := wrappers.NewCompression(encrypted, nil)
	if err != nil {
		return nil, err
	}
	counted, err := wrappers.NewStatistics(compressed, nil)
	if err != nil {
		return nil, err
	}
	return wrappers.NewPrefixKeys(counted, &wrappers.PrefixKeysOptions{Prefix: "tenant"})
}

// handMade is what a program has that needs no store.
type handMade struct {
	keys    []*fernet.Key
	calls   atomic.Int64
	mutex   sync.RWMutex
	entries map[string][]byte
}

func (h *handMade) put(collection, key string, value []byte) error {
	h.calls.Add(1)
	compressed, err := compressByHand(value)
	if err != nil {
		return err
	}
	token, err := fernet.EncryptAndSign(compressed, h.keys[0])
	if err != nil {
		return err
	}
	text, err := json.Marshal(map[string]any{"__encrypted_data__": string(token), "__encryption_version__": 1})
	if err != nil {
		return err
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.entries[collection+"::tenant__"+key] = text
	return nil
}

func (h *handMade) get(collection, key string) ([]byte, error) {
	h.calls.Add(1)
	h.mutex.RLock()
	text := h.entries[collection+"::tenant__"+key]
	h.mutex.RUnlock()
	var envelope struct {
		Data string `json:"__encrypted_data__"`
	}
	if err := json.Unmarshal(text, &envelope); err != nil {
		return nil, err
	}
	return decompressByHand(fernet.VerifyAndDecrypt([]byte(envelope.Data), -1, h.keys))
}

func TestStack(t *testing.T) {
	key := wrappers.GenerateFernetKey()
	store, err := newStack(key)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	value := people(4 << 10)
	if err := store.Put(t.Context(), "users", "ada", value, core.NoTTL); err != nil {
		t.Fatal(err)
	}
	if entry, err := store.Get(t.Context(), "users", "ada"); err != nil || string(entry.Value) != string(value) {
		t.Errorf("the stack reads %.60s, %v", entry.Value, err)
	}
	hand := &handMade{keys: fernet.MustDecodeKeys(key.Reveal()), entries: make(map[string][]byte)}
	if err := hand.put("users", "ada", value); err != nil {
		t.Fatal(err)
	}
	if got, err := hand.get("users", "ada"); err != nil || string(got) != string(value) {
		t.Errorf("by hand: %.60s, %v", got, err)
	}
}
