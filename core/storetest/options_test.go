package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// limited is a store with every limit that options can tell of.
func limited() (*driver.Options, *Options) {
	o := everything()
	o.MaxKey, o.MaxCollection, o.MaxValue = 600, 300, 600_000
	o.TimeStep = time.Second
	o.RefusesName = func(collection, key string) bool {
		return strings.Contains(key, "\x00") || strings.HasPrefix(collection, "$")
	}
	return &driver.Options{
		Name:     "limited",
		MaxValue: o.MaxValue,
		TimeStep: o.TimeStep,
		CheckName: func(collection, key string) error {
			if len(key) > o.MaxKey || len(collection) > o.MaxCollection || o.RefusesName(collection, key) {
				return fmt.Errorf("%w: beyond a limit", core.ErrInvalidKey)
			}
			return nil
		},
	}, o
}

func TestRunWithLimits(t *testing.T) {
	d, o := limited()
	Run(t, func(*testing.T) core.Store { return newReferenceWith(newShelf(), d) }, o)
}

// TestRunWithDocuments is for a store that sorts members, spells numbers its
// own way and refuses what it cannot keep.
func TestRunWithDocuments(t *testing.T) {
	o := everything()
	o.Documents = true
	refused := func(v json.RawMessage) bool {
		var deep, members any
		json.Unmarshal(v, &deep)
		again, _ := json.Marshal(deep)
		json.Unmarshal(again, &members)
		return !equalJSON(again, v, true) || bytes.Count(v, []byte(`"a":`)) == 2 && bytes.HasSuffix(v, []byte(`"a":3}`))
	}
	d := &driver.Options{CheckValue: func(v json.RawMessage) error {
		if refused(v) && !strings.Contains(string(v), "9007199254740993") && !strings.Contains(string(v), "9223372036854775807") {
			return fmt.Errorf("%w: this store cannot keep it", core.ErrInvalidValue)
		}
		return nil
	}}
	Run(t, func(*testing.T) core.Store { return newReferenceWith(newShelf(), d) }, o)
}

// TestRunWithArgumentsFirst is for a wrapper that looks at arguments first.
func TestRunWithArgumentsFirst(t *testing.T) {
	o := everything()
	o.ArgumentsFirst = true
	Run(t, func(*testing.T) core.Store {
		a := &altered{reference: newReference()}
		a.get = func(ctx context.Context, collection, key string) (core.Entry, error) {
			if err := core.CheckKey(key); err != nil {
				return core.Entry{}, refusal("get", collection, key, err)
			}
			return a.reference.Get(ctx, collection, key)
		}
		return a
	}, o)
}

// TestRunWithEachCapability is for stores that lack one thing, or all but one.
func TestRunWithEachCapability(t *testing.T) {
	for c := range core.CanAll.Each {
		for _, offered := range []core.Capability{c, core.CanAll &^ c} {
			synctest.Test(t, func(t *testing.T) {
				o := everything()
				o.Capabilities, o.Many = offered, 1100
				o.Skip = make(map[string]string)
				for _, c := range cases {
					if c.rules[0] == 3 || c.rules[0] == 2 && c.name != "hostile-keys" {
						o.Skip[c.name] = "names and values are the same for all"
					}
				}
				if err := Check(t.Context(), only(offered), o); err != nil {
					t.Errorf("a store that offers %v: %.2000v", offered, err)
				}
			})
		}
	}
}

// only is a reference that offers these capabilities alone.
func only(offered core.Capability) core.Store {
	a := &altered{reference: newReference()}
	a.supports = offered.Has
	if !offered.Has(core.CanKeys) {
		a.keys = func(context.Context, string) iter.Seq2[string, error] { return cannotList }
	}
	if !offered.Has(core.CanCollections) {
		a.collections = func(context.Context) iter.Seq2[string, error] { return cannotList }
	}
	if !offered.Has(core.CanDestroyCollection) {
		a.destroyCollection = func(context.Context, string) (bool, error) { return false, errors.ErrUnsupported }
	}
	if !offered.Has(core.CanDestroy) {
		a.destroy = func(context.Context) error { return errors.ErrUnsupported }
	}
	if !offered.Has(core.CanCull) {
		a.cull = func(context.Context) (int, error) { return 0, errors.ErrUnsupported }
	}
	if !offered.Has(core.CanInsert) {
		a.insert = func(context.Context, string, string, json.RawMessage, time.Duration) (bool, error) {
			return false, errors.ErrUnsupported
		}
	}
	if !offered.Has(core.CanPing) {
		a.ping = func(context.Context) error { return errors.ErrUnsupported }
	}
	return a
}

func cannotList(yield func(string, error) bool) { yield("", errors.ErrUnsupported) }

// TestRunWithBestEffortDelete is for a store that may tell several deletes.
func TestRunWithBestEffortDelete(t *testing.T) {
	o := everything()
	o.BestEffortDelete = true
	Run(t, func(*testing.T) core.Store {
		a := &altered{reference: newReference()}
		a.delete = func(ctx context.Context, collection, key string) (bool, error) {
			_, err := a.reference.Get(ctx, collection, key)
			live, failed := a.reference.Delete(ctx, collection, key)
			return failed == nil && (live || err == nil), failed
		}
		return a
	}, o)
}

func TestSkip(t *testing.T) {
	a := &altered{reference: newReference()}
	a.ping = func(context.Context) error { return refusal("ping", "", "", errOfDatabase) }
	o := everything()
	synctest.Test(t, func(t *testing.T) {
		if Check(t.Context(), a, o) == nil {
			t.Error("Check does not see that Ping fails")
		}
		o.Skip = map[string]string{}
		for _, c := range cases {
			o.Skip[c.name] = "of this test"
		}
		if err := Check(t.Context(), a, o); err != nil {
			t.Errorf("Check of nothing = %v", err)
		}
	})
}

// TestRunSkips looks at what Run says of the cases that Options.Skip names. It
// runs in a process of its own, since a skipped test here would be one that
// nobody expects.
func TestRunSkips(t *testing.T) {
	const child = "STORETEST_SKIPS_ALL"
	o := everything()
	o.Skip = map[string]string{}
	applicable := 0
	for _, c := range cases {
		o.Skip[c.name] = "the reason given"
		if c.inapplicable(o) == "" {
			applicable++
		}
	}
	if os.Getenv(child) != "" {
		Run(t, func(*testing.T) core.Store { t.Error("a skipped case made a store"); return nil }, o)
		return
	}
	command := exec.Command(os.Args[0], "-test.run=^TestRunSkips$", "-test.v")
	command.Env = append(os.Environ(), child+"=1")
	out, err := command.CombinedOutput()
	text := string(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if skipped := strings.Count(text, "--- SKIP: "); skipped != applicable || strings.Count(text, "the reason given") != applicable {
		t.Errorf("%d of %d cases were skipped with their reason", skipped, applicable)
	}
}

func TestDefaults(t *testing.T) {
	o := (*Options)(nil).withDefaults()
	if o.TimeStep != time.Microsecond || o.Many != 10_100 || o.Timeout != 30*time.Second || o.patience() <= o.Timeout {
		t.Errorf("the defaults are %+v", o)
	}
}
