package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// errStub is what every method of a stub answers, so that a test sees which
// store a call came to.
var errStub = errors.New("stub was called")

// stub is a store that has the six methods and no capability.
type stub struct{ name string }

func (s *stub) fail(op, collection, key string) error {
	return &core.Error{Op: op, Store: s.name, Collection: collection, Key: key, Err: errStub}
}

func (s *stub) Get(_ context.Context, collection, key string) (core.Entry, error) {
	if key == "known" {
		return core.Entry{Value: json.RawMessage(`{"a":1}`)}, nil
	}
	return core.Entry{}, s.fail("get", collection, key)
}

func (s *stub) GetMany(_ context.Context, collection string, _ []string) ([]core.Entry, error) {
	return nil, s.fail("get many", collection, "")
}

func (s *stub) Put(_ context.Context, collection, key string, _ json.RawMessage, _ time.Duration) error {
	return s.fail("put", collection, key)
}

func (s *stub) PutMany(_ context.Context, collection string, _ []core.Item) error {
	return s.fail("put many", collection, "")
}

func (s *stub) Delete(_ context.Context, collection, key string) (bool, error) {
	return false, s.fail("delete", collection, key)
}

func (s *stub) DeleteMany(_ context.Context, collection string, _ []string) (int, error) {
	return 0, s.fail("delete many", collection, "")
}

// able is a stub with every capability.
type able struct{ stub }

var (
	_ core.KeyLister           = (*able)(nil)
	_ core.CollectionLister    = (*able)(nil)
	_ core.CollectionDestroyer = (*able)(nil)
	_ core.Destroyer           = (*able)(nil)
	_ core.Culler              = (*able)(nil)
	_ core.Inserter            = (*able)(nil)
	_ core.GetAppender         = (*able)(nil)
	_ core.Setupper            = (*able)(nil)
	_ core.Pinger              = (*able)(nil)
)

func (s *able) Keys(_ context.Context, collection string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) { yield("", s.fail("keys", collection, "")) }
}

func (s *able) Collections(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) { yield("", s.fail("collections", "", "")) }
}

func (s *able) DestroyCollection(_ context.Context, collection string) (bool, error) {
	return true, s.fail("destroy collection", collection, "")
}

func (s *able) Destroy(context.Context) error     { return s.fail("destroy", "", "") }
func (s *able) Cull(context.Context) (int, error) { return 7, s.fail("cull", "", "") }
func (s *able) Ping(context.Context) error        { return s.fail("ping", "", "") }
func (s *able) Close() error                      { return s.fail("close", "", "") }

func (s *able) Insert(_ context.Context, collection, key string, _ json.RawMessage, _ time.Duration) (bool, error) {
	return true, s.fail("insert", collection, key)
}

func (s *able) GetAppend(_ context.Context, collection, key string, dst []byte) (core.Entry, error) {
	return core.Entry{Value: append(dst, '!')}, s.fail("get append", collection, key)
}

func (s *able) Setup(_ context.Context, collections ...string) error {
	return s.fail("setup", collections[0], "")
}

// see is a wrapper by somebody who knows nothing of capabilities.
type see struct{ core.Store }

func (s see) Unwrap() core.Store { return s.Store }

// refuses is a wrapper that has all methods and knows that it cannot.
type refuses struct{ able }

func (*refuses) Supports(wanted core.Capability) bool { return core.CanPing.Has(wanted) }
