package wrappers_test

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// noop is a store that does nothing, so that a benchmark over it measures the
// wrapper alone. It answers every read with the same entry.
type noop struct {
	entry   core.Entry
	entries []core.Entry
}

var _ core.Full = (*noop)(nil)

// newNoop returns a store that answers reads with the value, in bulk up to
// 100 of them without an allocation.
func newNoop(value json.RawMessage) *noop {
	n := &noop{entry: core.Entry{Value: value, CreatedAt: time.Unix(1_700_000_000, 0)}}
	for range 100 {
		n.entries = append(n.entries, n.entry)
	}
	return n
}

func (n *noop) Get(context.Context, string, string) (core.Entry, error) { return n.entry, nil }

func (n *noop) GetAppend(_ context.Context, _, _ string, dst []byte) (core.Entry, error) {
	entry := n.entry
	entry.Value = append(dst, entry.Value...)
	return entry, nil
}

func (n *noop) GetMany(_ context.Context, _ string, keys []string) ([]core.Entry, error) {
	return n.entries[:len(keys):len(keys)], nil
}

func (n *noop) Put(context.Context, string, string, json.RawMessage, time.Duration) error { return nil }
func (n *noop) PutMany(context.Context, string, []core.Item) error                        { return nil }
func (n *noop) Delete(context.Context, string, string) (bool, error)                      { return true, nil }

func (n *noop) DeleteMany(_ context.Context, _ string, keys []string) (int, error) {
	return len(keys), nil
}

func (n *noop) Insert(context.Context, string, string, json.RawMessage, time.Duration) (bool, error) {
	return true, nil
}

func (n *noop) Keys(context.Context, string) iter.Seq2[string, error] {
	return func(func(string, error) bool) {}
}

func (n *noop) Collections(context.Context) iter.Seq2[string, error] {
	return func(func(string, error) bool) {}
}

func (n *noop) DestroyCollection(context.Context, string) (bool, error) { return true, nil }
func (n *noop) Destroy(context.Context) error                           { return nil }
func (n *noop) Cull(context.Context) (int, error)                       { return 0, nil }
func (n *noop) Setup(context.Context, ...string) error                  { return nil }
func (n *noop) Ping(context.Context) error                              { return nil }
func (n *noop) Supports(core.Capability) bool                           { return true }
func (n *noop) Close() error                                            { return nil }
