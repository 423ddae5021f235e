package driver_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

func TestCapabilities(t *testing.T) {
	if s := driver.NewStore(newFake(), nil); s.Supports(core.CanPing) || !s.Supports(0) {
		t.Error("a backend of three methods has a capability")
	}
	_, tables := newTables()
	if !tables.Supports(core.CanKeys | core.CanDestroy | core.CanDestroyCollection) {
		t.Error("a method of the backend was overlooked")
	}
	s := driver.NewStore(newFake(), nil)
	_, insertErr := s.Insert(t.Context(), "c", "k", value, 0)
	_, destroyErr := s.DestroyCollection(t.Context(), "c")
	_, cullErr := s.Cull(t.Context())
	for _, err := range []error{insertErr, destroyErr, cullErr, s.Destroy(t.Context()), s.Ping(t.Context())} {
		if err != errors.ErrUnsupported {
			t.Errorf("%v, want a bare ErrUnsupported", err)
		}
	}
	for _, err := range s.Keys(t.Context(), "c") {
		if err != errors.ErrUnsupported {
			t.Errorf("Keys: %v", err)
		}
	}
	for _, err := range s.Collections(t.Context()) {
		if err != errors.ErrUnsupported {
			t.Errorf("Collections: %v", err)
		}
	}
}

// Times are stored in steps; creation is never late and expiry never early.
func TestStamps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(1234567 * time.Nanosecond)
		for _, step := range []time.Duration{0, time.Millisecond, time.Second} {
			f := newFake()
			s := driver.NewStore(f, &driver.Options{TimeStep: step})
			step = max(step, time.Microsecond)
			for _, ttl := range []time.Duration{1, time.Microsecond, 1500 * time.Millisecond, time.Hour, math.MaxInt64} {
				now := time.Now()
				if err := s.Put(t.Context(), "", "k", value, ttl); err != nil {
					t.Fatal(err)
				}
				entry := f.entries[core.DefaultCollection+"/k"]
				if late := now.Sub(entry.CreatedAt); late < 0 || late >= step || entry.CreatedAt.Location() != time.UTC {
					t.Errorf("step %v: created %v before now, at %v", step, late, entry.CreatedAt)
				}
				want := now.Add(ttl)
				if entry.ExpiresAt.Before(want.Round(0)) || !entry.ExpiresAt.Before(want.Add(step)) {
					t.Errorf("step %v, ttl %v: expires at %v, want %v or less than a step later", step, ttl, entry.ExpiresAt, want)
				}
				if entry.ExpiresAt.Truncate(step) != entry.ExpiresAt {
					t.Errorf("step %v: %v is not a multiple of it", step, entry.ExpiresAt)
				}
			}
		}
	})
}

func TestExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, hides := range []bool{false, true} {
			f := newFake()
			s := driver.NewStore(&batched{fake: f}, &driver.Options{HidesExpired: hides})
			if err := s.Put(t.Context(), "c", "k", value, time.Second); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			_, err := s.Get(t.Context(), "c", "k")
			entries, _ := s.GetMany(t.Context(), "c", []string{"k"})
			if (err == core.ErrNotFound) == hides || entries[0].Found() != hides {
				t.Errorf("HidesExpired %v: Get = %v, GetMany = %v", hides, err, entries)
			}
			if len(f.entries) != 1 {
				t.Error("a read removed the expired entry")
			}
		}
	})
}

func TestLimits(t *testing.T) {
	f := newFake()
	s := driver.NewStore(f, &driver.Options{
		MaxValue: 10,
		CheckName: func(collection, key string) error {
			if len(collection)+len(key) > 20 {
				return core.ErrInvalidKey
			}
			return nil
		},
		CheckValue: func(value json.RawMessage) error {
			if strings.Contains(string(value), "$") {
				return core.ErrInvalidValue
			}
			return nil
		},
	})
	long := strings.Repeat("x", 30)
	_, getErr := s.Get(t.Context(), "c", long)
	_, deleteErr := s.Delete(t.Context(), long, "k")
	_, manyErr := s.GetMany(t.Context(), long, nil)
	_, defaultErr := s.Get(t.Context(), "", "xxx") // the default's name counts
	for _, c := range []struct{ err, want error }{
		{getErr, core.ErrInvalidKey},
		{deleteErr, core.ErrInvalidKey},
		{manyErr, core.ErrInvalidKey},
		{defaultErr, core.ErrInvalidKey},
		{s.Setup(t.Context(), long), core.ErrInvalidKey},
		{s.Put(t.Context(), "c", "k", []byte(`{"a":"bcdef"}`), 0), core.ErrTooLarge},
		{s.Put(t.Context(), "c", "k", []byte(`{"$":1}`), 0), core.ErrInvalidValue},
		{s.Put(t.Context(), "c", "k", []byte(`{"a":1}`), -1), core.ErrInvalidTTL},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("error = %v, want %v", c.err, c.want)
		}
	}
	if len(f.calls) != 0 {
		t.Errorf("the backend was called: %q", f.calls)
	}
}

// Errors name what the caller asked for, and tell when it was the caller who
// gave up.
func TestErrors(t *testing.T) {
	f := newFake()
	s := driver.NewStore(f, &driver.Options{Name: "fake"})
	f.before = func(context.Context, string, string) error {
		return &core.Error{Op: "internal", Key: "physical", Attempts: 3, Err: errBroken}
	}
	_, err := s.Get(t.Context(), "", "k")
	want := core.Error{Op: "get", Store: "fake", Key: "k", Attempts: 3, Err: errBroken}
	if e, ok := err.(*core.Error); !ok || *e != want {
		t.Errorf("error = %#v, want %#v", err, want)
	}
	if _, err := s.Delete(t.Context(), "c", "k"); !errors.Is(err, errBroken) {
		t.Errorf("Delete = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f.before = func(context.Context, string, string) error { cancel(); return errBroken }
	if err := s.Put(ctx, "c", "k", value, 0); !errors.Is(err, context.Canceled) || !errors.Is(err, errBroken) {
		t.Errorf("Put = %v, want both the context's error and the driver's", err)
	}
}

// appender is a fake that reads into buffers.
type appender struct{ *fake }

func (a appender) GetAppend(ctx context.Context, collection, key string, dst []byte) (core.Entry, error) {
	entry, err := a.Get(ctx, collection, key)
	entry.Value = append(dst, entry.Value...)
	return entry, err
}

func TestGetAppend(t *testing.T) {
	f := newFake()
	for _, s := range []*driver.Store{driver.NewStore(f, nil), driver.NewStore(appender{f}, nil)} {
		if err := s.Put(t.Context(), "c", "k", value, 0); err != nil {
			t.Fatal(err)
		}
		dst := append(make([]byte, 0, 64), "head"...)
		entry, err := s.GetAppend(t.Context(), "c", "k", dst)
		if err != nil || string(entry.Value) != `head{"a":1}` || &entry.Value[0] != &dst[0] {
			t.Errorf("GetAppend = %q, %v", entry.Value, err)
		}
		if entry, err := s.GetAppend(t.Context(), "c", "none", dst); err != core.ErrNotFound || entry.Value != nil {
			t.Errorf("GetAppend of a missing key = %q, %v", entry.Value, err)
		}
		if _, err := s.GetAppend(t.Context(), "c", "", dst); !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("GetAppend of an empty key = %v", err)
		}
		s.Close()
		if _, err := s.GetAppend(t.Context(), "c", "k", dst); !errors.Is(err, core.ErrClosed) {
			t.Errorf("GetAppend after Close = %v", err)
		}
	}
}
