package compare

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// people returns a value of about that size, with the repetitions of real
// records and with what does not repeat.
func people(size int) json.RawMessage {
	random := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	b.WriteString(`{"people":[`)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"user %d","mail":"user%d@example.com","balance":%.2f,"active":%t}`,
			i, random.IntN(1e6), i, random.Float64()*1e4, i%3 == 0)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// byHand is the same envelope made with the standard library.
type byHand struct {
	Data      string `json:"__compressed_data__"`
	Version   int    `json:"__compression_version__"`
	Algorithm string `json:"__compression_algorithm__"`
}

func compressByHand(value []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(value); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return json.Marshal(byHand{base64.StdEncoding.EncodeToString(b.Bytes()), 1, "gzip"})
}

func decompressByHand(stored []byte) ([]byte, error) {
	var envelope byHand
	if err := json.Unmarshal(stored, &envelope); err != nil {
		return nil, err
	}
	payload, err := base64.StdEncoding.DecodeString(envelope.Data)
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// BenchmarkCompression compares a whole Put and Get through the wrapper with
// the same done by hand with compress/gzip, at the same level. The wrapper
// also checks that the value is one JSON object, both ways.
func BenchmarkCompression(b *testing.B) {
	ctx := context.Background()
	for _, size := range []int{2 << 10, 16 << 10, 128 << 10} {
		value := people(size)
		store, err := wrappers.NewCompression(new(cell), nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := store.Put(ctx, "", "key", value, core.NoTTL); err != nil {
			b.Fatal(err)
		}
		stored, err := compressByHand(value)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("Put/%dKiB", size>>10), func(b *testing.B) {
			byTurns(b,
				contestant{"wrapper", func() { store.Put(ctx, "", "key", value, core.NoTTL) }},
				contestant{"by-hand", func() { compressByHand(value) }})
		})
		b.Run(fmt.Sprintf("Get/%dKiB", size>>10), func(b *testing.B) {
			byTurns(b,
				contestant{"wrapper", func() { store.Get(ctx, "", "key") }},
				contestant{"by-hand", func() { decompressByHand(stored) }})
		})
	}
}

// What each writes the other reads, and neither wastes space.
func TestCompression(t *testing.T) {
	ctx, inner, value := t.Context(), new(cell), people(16<<10)
	store, err := wrappers.NewCompression(inner, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Put(ctx, "", "key", value, core.NoTTL); err != nil {
		t.Fatal(err)
	}
	written := len(inner.entry.Value)
	if got, err := decompressByHand(inner.entry.Value); err != nil || !bytes.Equal(got, value) {
		t.Errorf("read by hand: %.60s, %v", got, err)
	}
	if inner.entry.Value, err = compressByHand(value); err != nil {
		t.Fatal(err)
	}
	if entry, err := store.Get(ctx, "", "key"); err != nil || !bytes.Equal(entry.Value, value) {
		t.Errorf("the wrapper reads %.60s, %v", entry.Value, err)
	}
	if byHand := len(inner.entry.Value); written > byHand*5/4 || written > len(value)/2 {
		t.Errorf("%d bytes are stored in %d, by hand in %d", len(value), written, byHand)
	}
}
