package wrappers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// disabled is a level at which nothing is logged.
const disabled = slog.Level(math.MaxInt)

// logged is where the records of a test go, one line of JSON each.
type logged struct{ bytes.Buffer }

// records returns the records since the last time, without their time.
func (l *logged) records(t *testing.T) (records []map[string]any) {
	t.Helper()
	for line := range strings.Lines(l.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		delete(record, slog.TimeKey)
		records = append(records, record)
	}
	l.Reset()
	return records
}

func newLogging(t testing.TB, inner core.Store, options wrappers.LoggingOptions, level slog.Level) (*wrappers.Logging, *logged) {
	t.Helper()
	out := new(logged)
	options.Logger = slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level}))
	store, err := wrappers.NewLogging(inner, &options)
	if err != nil {
		t.Fatal(err)
	}
	return store, out
}

func TestLogging(t *testing.T) {
	options := &wrappers.LoggingOptions{Logger: slog.New(slog.NewJSONHandler(t.Output(), nil)), Starts: true, Values: true}
	prove(t, wrapping(wrappers.NewLogging, options), &storetest.WrapperOptions{Transparent: true}, nil)
}

func TestLoggingOptions(t *testing.T) {
	if _, err := wrappers.NewLogging(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store inside: %v", err)
	}
}

// TestLoggingDefault uses the default logger of the time of the call.
func TestLoggingDefault(t *testing.T) {
	store, err := wrappers.NewLogging(newMemory(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	before := slog.Default()
	defer slog.SetDefault(before)
	out := new(logged)
	slog.SetDefault(slog.New(slog.NewJSONHandler(out, nil)))
	store.Ping(t.Context())
	if records := out.records(t); len(records) != 1 || records[0]["op"] != "ping" {
		t.Errorf("logged %v", records)
	}
}

// TestLoggingRecords makes one call after the other on one store, while the
// clock stands still, and compares whole records.
func TestLoggingRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, out := newLogging(t, newMemory(t), wrappers.LoggingOptions{}, slog.LevelInfo)
		for _, c := range loggingCalls {
			c.call(t.Context(), store)
			records := out.records(t)
			want := map[string]any{"level": "INFO", "msg": "store call", "duration": 0.0}
			if err := json.Unmarshal([]byte(c.want), &want); err != nil {
				t.Fatal(err)
			}
			if len(records) != 1 || !reflect.DeepEqual(records[0], want) {
				t.Errorf("%s: logged %v, want %v", c.name, records, want)
			}
		}
	})
}

var loggingCalls = []struct {
	name string
	call func(context.Context, core.Full)
	want string
}{
	{"put", func(ctx context.Context, s core.Full) { s.Put(ctx, "", "a", secret, time.Minute) },
		`{"op":"put","collection":"default_collection","key":"a","ttl":60000000000}`},
	{"insert", func(ctx context.Context, s core.Full) { s.Insert(ctx, "c", "a", secret, core.NoTTL) },
		`{"op":"insert","collection":"c","key":"a","inserted":true}`},
	{"get", func(ctx context.Context, s core.Full) { s.Get(ctx, "c", "a") },
		`{"op":"get","collection":"c","key":"a","hit":true}`},
	{"get append", func(ctx context.Context, s core.Full) { s.GetAppend(ctx, "c", "missing", nil) },
		`{"op":"get","collection":"c","key":"missing","hit":false}`},
	{"get many", func(ctx context.Context, s core.Full) { s.GetMany(ctx, "c", sixKeys) },
		`{"op":"get many","collection":"c","keys":["a","b","c","d","e"],"count":6,"hits":1,"misses":5}`},
	{"put many", func(ctx context.Context, s core.Full) {
		s.PutMany(ctx, "c", []core.Item{{Key: "a", Value: secret, TTL: time.Hour}, {Key: "b", Value: secret, TTL: time.Hour}})
	}, `{"op":"put many","collection":"c","keys":["a","b"],"count":2,"ttl":3600000000000}`},
	{"put many with different times", func(ctx context.Context, s core.Full) {
		s.PutMany(ctx, "c", []core.Item{{Key: "a", Value: secret, TTL: time.Hour}, {Key: "b", Value: secret}})
	}, `{"op":"put many","collection":"c","keys":["a","b"],"count":2}`},
	{"put nothing", func(ctx context.Context, s core.Full) { s.PutMany(ctx, "c", nil) },
		`{"op":"put many","collection":"c","keys":[],"count":0}`},
	{"keys", func(ctx context.Context, s core.Full) {
		for range s.Keys(ctx, "c") {
		}
	}, `{"op":"keys","collection":"c","names":2}`},
	{"collections", func(ctx context.Context, s core.Full) {
		for range s.Collections(ctx) {
		}
	}, `{"op":"collections","names":2}`},
	{"delete", func(ctx context.Context, s core.Full) { s.Delete(ctx, "c", "a") },
		`{"op":"delete","collection":"c","key":"a","deleted":true}`},
	{"delete many", func(ctx context.Context, s core.Full) { s.DeleteMany(ctx, "c", sixKeys[:2]) },
		`{"op":"delete many","collection":"c","keys":["a","b"],"count":2,"deleted":1}`},
	{"destroy collection", func(ctx context.Context, s core.Full) { s.DestroyCollection(ctx, "c") },
		`{"op":"destroy collection","collection":"c","destroyed":false}`},
	{"cull", func(ctx context.Context, s core.Full) { s.Cull(ctx) }, `{"op":"cull","culled":0}`},
	{"setup", func(ctx context.Context, s core.Full) { s.Setup(ctx, "x", "") },
		`{"op":"setup","collections":["x","default_collection"],"count":2}`},
	{"destroy", func(ctx context.Context, s core.Full) { s.Destroy(ctx) }, `{"op":"destroy"}`},
	{"invalid", func(ctx context.Context, s core.Full) { s.Get(ctx, "c", "") },
		`{"op":"get","collection":"c","key":"","level":"ERROR","error":"memory: get \"c\": invalid key: empty"}`},
}

var (
	secret  = json.RawMessage(`{"password":"sesame"}`)
	sixKeys = []string{"a", "b", "c", "d", "e", "f"}
)

// TestLoggingHidesValues makes calls that succeed and fail and looks for the
// value in what is logged, at any level.
func TestLoggingHidesValues(t *testing.T) {
	inner := storetest.NewFaulty(newMemory(t))
	for _, values := range []bool{false, true} {
		store, out := newLogging(t, inner, wrappers.LoggingOptions{Starts: true, Values: values}, slog.LevelDebug)
		for range 2 {
			for _, c := range loggingCalls {
				c.call(t.Context(), store)
			}
			store.Put(t.Context(), "c", "a", json.RawMessage(`{"password":"sesame"`), core.NoTTL)
			inner.Inject(storetest.Fault{})
		}
		inner.Clear()
		if got := strings.Contains(out.String(), "sesame"); got != values {
			t.Errorf("Values %v: the value is logged: %v", values, got)
		}
	}
}

func TestLoggingLevels(t *testing.T) {
	inner := storetest.NewFaulty(newMemory(t))
	inner.Inject(storetest.Fault{Method: "Ping"})
	both := func(options wrappers.LoggingOptions, level slog.Level) (levels string) {
		store, out := newLogging(t, inner, options, level)
		store.Get(t.Context(), "c", "missing")
		store.Ping(t.Context())
		for _, record := range out.records(t) {
			levels += record["op"].(string) + " " + record["level"].(string) + "\n"
		}
		return levels
	}
	quiet := wrappers.LoggingOptions{Level: slog.LevelDebug, ErrorLevel: slog.LevelWarn}
	for _, c := range []struct {
		options wrappers.LoggingOptions
		level   slog.Level
		want    string
	}{
		{wrappers.LoggingOptions{}, slog.LevelInfo, "get INFO\nping ERROR\n"},
		{wrappers.LoggingOptions{}, slog.LevelWarn, "ping ERROR\n"},
		{wrappers.LoggingOptions{}, disabled, ""},
		{quiet, slog.LevelDebug, "get DEBUG\nping WARN\n"},
		{quiet, slog.LevelInfo, "ping WARN\n"},
		{quiet, slog.LevelError, ""},
		{wrappers.LoggingOptions{ErrorLevel: slog.LevelDebug}, slog.LevelInfo, "get INFO\n"},
	} {
		if got := both(c.options, c.level); got != c.want {
			t.Errorf("%v at %v logged %q, want %q", c.options, c.level, got, c.want)
		}
	}
}

// TestLoggingStarts has a record before the call and one after it, which says
// how long it took.
func TestLoggingStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := storetest.NewFaulty(newMemory(t))
		inner.Inject(storetest.Fault{Method: "Get", Delay: time.Second})
		store, out := newLogging(t, inner, wrappers.LoggingOptions{Starts: true}, slog.LevelInfo)
		store.Get(t.Context(), "c", "a")
		records := out.records(t)
		if len(records) != 2 || records[0]["msg"] != "store call begins" || records[0]["key"] != "a" ||
			records[1]["duration"] != float64(time.Second) {
			t.Errorf("logged %v", records)
		}
	})
}

// TestLoggingHostileNames logs names and errors that are large or would forge
// a line.
func TestLoggingHostileNames(t *testing.T) {
	inner := storetest.NewFaulty(newMemory(t))
	var out bytes.Buffer
	store, err := wrappers.NewLogging(inner, &wrappers.LoggingOptions{Logger: slog.New(slog.NewTextHandler(&out, nil)), Values: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, long := t.Context(), "x"+strings.Repeat("é\n", 1<<20)
	value, err := json.Marshal(map[string]string{"text": long})
	if err != nil {
		t.Fatal(err)
	}
	var items []core.Item
	for n := range 1000 {
		items = append(items, core.Item{Key: fmt.Sprint(n, "\nlevel=ERROR"), Value: secret})
	}
	for range 2 {
		store.Put(ctx, long, long, value, core.NoTTL)
		store.Get(ctx, long, long)
		store.GetMany(ctx, long, []string{long, "\xff\nlevel=ERROR"})
		store.PutMany(ctx, long, items)
		inner.Inject(storetest.Fault{})
	}
	if lines := strings.Count(out.String(), "\n"); lines != 8 {
		t.Errorf("8 calls logged %d lines", lines)
	}
	if size := out.Len(); size > 8*12<<10 {
		t.Errorf("8 calls logged %d bytes", size)
	}
	if strings.Contains(out.String(), `\xc3`) {
		t.Error("a text was cut inside a character")
	}
	for _, want := range []string{"… (3145729 bytes)", "… (4194316 bytes)"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no length %q of what was cut", want)
		}
	}
}

// errorsOf is a handler that keeps the errors of records and the contexts they
// came with.
type errorsOf struct {
	slog.Handler
	errs     []error
	contexts []context.Context
}

func (h *errorsOf) Handle(ctx context.Context, record slog.Record) error {
	h.contexts = append(h.contexts, ctx)
	for attr := range record.Attrs {
		if err, ok := attr.Value.Any().(error); ok {
			h.errs = append(h.errs, err)
		}
	}
	return nil
}

func TestLoggingKeepsErrors(t *testing.T) {
	handler := &errorsOf{Handler: slog.Default().Handler()}
	store, err := wrappers.NewLogging(newMemory(t), &wrappers.LoggingOptions{Logger: slog.New(handler)})
	if err != nil {
		t.Fatal(err)
	}
	type traceKey struct{}
	ctx := context.WithValue(t.Context(), traceKey{}, "trace")
	store.Get(ctx, "c", "")
	var failed *core.Error
	if len(handler.errs) != 1 || !errors.Is(handler.errs[0], core.ErrInvalidKey) || !errors.As(handler.errs[0], &failed) {
		t.Errorf("the handler got the errors %v", handler.errs)
	}
	if len(handler.contexts) != 1 || handler.contexts[0].Value(traceKey{}) != "trace" {
		t.Error("the handler did not get the caller's context")
	}
}
