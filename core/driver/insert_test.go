package driver_test

import (
	"context"
	"errors"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// inserter is a fake with Insert, whose driver may repeat a request.
type inserter struct {
	*fake
	repeats  bool   // send every request twice
	id       string // of the entry that is there
	confirms error  // what InsertID fails with
}

func (b *inserter) Insert(ctx context.Context, record *driver.Record) (bool, error) {
	inserted, err := b.insertOnce(ctx, record)
	if b.repeats && err == nil {
		return b.insertOnce(ctx, record)
	}
	return inserted, err
}

func (b *inserter) insertOnce(ctx context.Context, record *driver.Record) (bool, error) {
	if err := b.enter(ctx, "insert", record.Key); err != nil {
		return false, err
	}
	name := record.Collection + "/" + record.Key
	if _, there := b.entries[name]; there {
		return false, nil
	}
	b.entries[name], b.id = record.Entry, record.InsertID
	return true, nil
}

// confirming is an inserter that can tell whose entry is there.
type confirming struct{ *inserter }

func (b confirming) InsertID(context.Context, string, string) (string, error) {
	return b.id, b.confirms
}

func TestInsert(t *testing.T) {
	b := &inserter{fake: newFake()}
	s := driver.NewStore(b, nil)
	for _, want := range []bool{true, false} {
		if inserted, err := s.Insert(t.Context(), "c", "k", value, 0); inserted != want || err != nil {
			t.Errorf("Insert = %v, %v, want %v", inserted, err, want)
		}
	}
	if b.id != "" {
		t.Error("an InsertID for a backend that does not confirm")
	}
	if _, err := s.Insert(t.Context(), "c", "", value, 0); !errors.Is(err, core.ErrInvalidKey) {
		t.Errorf("Insert of an empty key = %v", err)
	}
	b.before = func(context.Context, string, string) error { return core.ErrCorrupt }
	if inserted, err := s.Insert(t.Context(), "c", "k", value, 0); inserted || !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Insert over a corrupt entry = %v, %v", inserted, err)
	}
	s.Close()
	if _, err := s.Insert(t.Context(), "c", "k", value, 0); !errors.Is(err, core.ErrClosed) {
		t.Errorf("Insert after Close = %v", err)
	}
}

// A driver that repeats the request is told "there is one" about its own
// entry. Whoever won must not be told false.
func TestInsertRepeated(t *testing.T) {
	b := &inserter{fake: newFake(), repeats: true}
	s := driver.NewStore(confirming{b}, nil)
	if inserted, err := s.Insert(t.Context(), "c", "k", value, 0); !inserted || err != nil {
		t.Errorf("Insert whose request was repeated = %v, %v, want true", inserted, err)
	}
	if len(b.id) < 20 {
		t.Errorf("InsertID = %q, want something random", b.id)
	}
	if inserted, err := s.Insert(t.Context(), "c", "k", value, 0); inserted || err != nil {
		t.Errorf("Insert over an entry of another = %v, %v, want false", inserted, err)
	}
	b.confirms = core.ErrNotFound // deleted meanwhile
	if inserted, err := s.Insert(t.Context(), "c", "k", value, 0); inserted || err != nil {
		t.Errorf("Insert whose rival is gone = %v, %v, want false", inserted, err)
	}
	b.confirms = errBroken
	if inserted, err := s.Insert(t.Context(), "c", "k", value, 0); inserted || !errors.Is(err, errBroken) {
		t.Errorf("Insert that cannot be confirmed = %v, %v, want an error", inserted, err)
	}
}
