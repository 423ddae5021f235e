package driver_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// nothing is a backend that takes no time, so that what remains is the layer.
type nothing struct{ entry core.Entry }

func (n *nothing) Get(context.Context, string, string) (core.Entry, error) { return n.entry, nil }
func (n *nothing) Put(context.Context, *driver.Record) error               { return nil }
func (n *nothing) Delete(context.Context, string, string, time.Time) (bool, error) {
	return true, nil
}

// BenchmarkLayer measures what the Store adds to a call of the backend.
func BenchmarkLayer(b *testing.B) {
	kilobyte := json.RawMessage(`{"a":"` + string(make1K()) + `"}`)
	backend := &nothing{core.Entry{Value: kilobyte, ExpiresAt: time.Now().Add(time.Hour)}}
	s := driver.NewStore(backend, nil)
	ctx := b.Context()
	for name, call := range map[string]func(){
		"Get":    func() { s.Get(ctx, "c", "k") },
		"Put":    func() { s.Put(ctx, "c", "k", kilobyte, time.Hour) },
		"Delete": func() { s.Delete(ctx, "c", "k") },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				call()
			}
		})
	}
}

func make1K() []byte {
	text := make([]byte, 1024)
	for i := range text {
		text[i] = 'x'
	}
	return text
}
