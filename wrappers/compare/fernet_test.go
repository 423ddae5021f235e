package compare

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fernet/fernet-go"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// cell is a store of one entry that costs nothing.
type cell struct {
	core.Store // the methods that no benchmark calls
	entry      core.Entry
}

func (c *cell) Get(context.Context, string, string) (core.Entry, error) { return c.entry, nil }

func (c *cell) Put(_ context.Context, _, _ string, value json.RawMessage, _ time.Duration) error {
	c.entry.Value = value
	return nil
}

// BenchmarkFernet compares a whole Put and Get through the wrapper with what
// fernet-go does of it: make and open a token. The wrapper checks that the
// value is JSON, and has an envelope around the token with a second base64.
func BenchmarkFernet(b *testing.B) {
	ctx := context.Background()
	key := wrappers.GenerateFernetKey()
	theirs := fernet.MustDecodeKeys(key.Reveal())
	for _, size := range []int{128, 1024, 64 << 10} {
		value := []byte(`{"text":"` + strings.Repeat("x", size-len(`{"text":""}`)) + `"}`)
		store, err := wrappers.NewFernet(new(cell), &wrappers.FernetOptions{Keys: []wrappers.FernetKey{key}})
		if err != nil {
			b.Fatal(err)
		}
		if err := store.Put(ctx, "", "key", value, core.NoTTL); err != nil {
			b.Fatal(err)
		}
		token, err := fernet.EncryptAndSign(value, theirs[0])
		if err != nil {
			b.Fatal(err)
		}
		if !bytes.Equal(fernet.VerifyAndDecrypt(token, -1, theirs), value) {
			b.Fatal("the token does not open")
		}
		b.Run(fmt.Sprintf("Encrypt/%dB", size), func(b *testing.B) {
			byTurns(b,
				contestant{"wrapper", func() { store.Put(ctx, "", "key", value, core.NoTTL) }},
				contestant{"fernet-go", func() { fernet.EncryptAndSign(value, theirs[0]) }})
		})
		b.Run(fmt.Sprintf("Decrypt/%dB", size), func(b *testing.B) {
			byTurns(b,
				contestant{"wrapper", func() { store.Get(ctx, "", "key") }},
				contestant{"fernet-go", func() { fernet.VerifyAndDecrypt(token, -1, theirs) }})
		})
	}
}

// What each writes the other reads.
func TestFernet(t *testing.T) {
	ctx, inner := t.Context(), new(cell)
	key := wrappers.GenerateFernetKey()
	theirs := fernet.MustDecodeKeys(key.Reveal())
	store, err := wrappers.NewFernet(inner, &wrappers.FernetOptions{Keys: []wrappers.FernetKey{key}})
	if err != nil {
		t.Fatal(err)
	}
	const value = `{"name":"Ada"}`
	if err := store.Put(ctx, "", "key", []byte(value), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	type envelope struct {
		Data    []byte `json:"__encrypted_data__"`
		Version int    `json:"__encryption_version__"`
	}
	var written envelope
	if err := json.Unmarshal(inner.entry.Value, &written); err != nil {
		t.Fatal(err)
	}
	if got := fernet.VerifyAndDecrypt(written.Data, time.Minute, theirs); string(got) != value {
		t.Errorf("fernet-go reads %q", got)
	}
	token, err := fernet.EncryptAndSign([]byte(value), theirs[0])
	if err != nil {
		t.Fatal(err)
	}
	inner.entry.Value, _ = json.Marshal(envelope{token, 1})
	if entry, err := store.Get(ctx, "", "key"); err != nil || string(entry.Value) != value {
		t.Errorf("the wrapper reads %q, %v", entry.Value, err)
	}
}
