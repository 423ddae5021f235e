package memory_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

type seed = map[string]map[string]json.RawMessage

func TestSeed(t *testing.T) {
	given := seed{"": {"k": value(1)}, "c": {"a": value(2), "b": value(3)}, "empty": {}}
	s := newStore(t, &memory.Options{Seed: given, MaxEntries: 3})
	clear(given["c"]["a"])
	if entry, err := s.Get(t.Context(), "c", "a"); err != nil || string(entry.Value) != `{"n":2}` || entry.CreatedAt.IsZero() {
		t.Errorf("Get = %+v, %v", entry, err)
	}
	if !has(t, s, core.DefaultCollection, "k") {
		t.Error("the default collection was not seeded")
	}
	if got := collect(t, s.Collections(t.Context())); !slices.Equal(got, []string{"c", core.DefaultCollection}) {
		t.Errorf("Collections = %q", got)
	}
}

func TestRefusedOptions(t *testing.T) {
	good := map[string]json.RawMessage{"k": value(1), "l": value(2)}
	for name, options := range map[string]memory.Options{
		"entries":            {MaxEntries: -1},
		"bytes":              {MaxBytes: -1},
		"seed too many":      {MaxEntries: 1, Seed: seed{"c": good}},
		"seed too large":     {MaxBytes: 10, Seed: seed{"c": good}},
		"seed value":         {Seed: seed{"c": {"k": json.RawMessage(`"canary"`)}}},
		"seed key":           {Seed: seed{"c": {"": value(1)}}},
		"seed collection":    {Seed: seed{"\xff": good}},
		"default seed twice": {Seed: seed{"": good, core.DefaultCollection: good}},
	} {
		s, err := memory.New(&options)
		if s != nil || !isError(err, "new", core.ErrInvalidOptions) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	_, err := memory.New(&memory.Options{Seed: seed{"c": {"bad": nil, "worse": nil, "good": value(1)}}})
	failed := core.FailedKeys(err)
	slices.Sort(failed)
	if !errors.Is(err, core.ErrInvalidValue) || !slices.Equal(failed, []string{"bad", "worse"}) {
		t.Errorf("failed keys %q, %v", failed, err)
	}
}

func TestOpen(t *testing.T) {
	mux := core.Mux{"memory": memory.Open, "null": memory.OpenNull, "simple": memory.OpenSimple}
	for _, url := range []string{
		"memory:", "memory://", "memory://?", "null:", "simple://",
		"memory://?max_entries=1000&max_bytes=67108864&sweep_interval=5m", "memory:?sweep_interval=-1s",
	} {
		s, err := mux.Open(t.Context(), url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		put(t, s, "", "k", 1)
		if err := core.Close(s); err != nil {
			t.Error(err)
		}
	}
	s, err := memory.Open(t.Context(), "memory://?max_entries=1")
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "", "a", 1)
	put(t, s, "", "b", 1)
	if got := keys(t, s, ""); !slices.Equal(got, []string{"b"}) {
		t.Errorf("keys = %q", got)
	}
}

func TestRefusedURL(t *testing.T) {
	for _, url := range []string{
		"memory://canary", "memory:canary", "memory:///canary", "memory://user:canary@", "memory://#canary",
		"memory://?max_entries=canary", "memory://?max_bytes=canary", "memory://?sweep_interval=canary",
		"memory://?max_entries=-1", "memory://?max_entries=1&max_entries=2", "memory://?max_entries=",
		"memory://?sweep_interval=", "memory://?a;b", "memory://?unknown=canary", "canary", "memory://%zz canary",
	} {
		s, err := memory.Open(t.Context(), url)
		if s != nil || !isError(err, "open", core.ErrInvalidOptions) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, %v", url, s, err)
		}
	}
	for _, open := range []core.Opener{memory.OpenNull, memory.OpenSimple} {
		if s, err := open(t.Context(), "x://?max_entries=1"); s != nil || !isError(err, "open", core.ErrInvalidOptions) {
			t.Errorf("%v, %v", s, err)
		}
	}
}
