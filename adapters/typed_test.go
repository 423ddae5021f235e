package adapters_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/adapters"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/memory"
)

func newMemory(t testing.TB) core.Store {
	t.Helper()
	store, err := memory.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func newTyped[T any](t testing.TB, store core.Store, options *adapters.TypedOptions) *adapters.Typed[T] {
	t.Helper()
	typed, err := adapters.NewTyped[T](store, options)
	if err != nil {
		t.Fatal(err)
	}
	return typed
}

type user struct {
	Name string     `json:"name"`
	Age  int        `json:"age"`
	When *time.Time `json:"when"`
}

type data struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// pair is a tuple of Python.
type pair struct {
	number int
	text   string
}

func (p pair) MarshalJSON() ([]byte, error) { return json.Marshal([]any{p.number, p.text}) }

func (p *pair) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&p.number, &p.text})
}

// uuid and decimal stand for types of other libraries that write text.
type uuid [16]byte

func (u uuid) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:]), nil
}

func (u *uuid) UnmarshalText(text []byte) error {
	var raw []byte
	_, err := fmt.Sscanf(strings.ReplaceAll(string(text), "-", ""), "%x", &raw)
	copy(u[:], raw)
	return err
}

// shape puts and gets a value and compares what is stored.
func shape[T any](value T) func(*testing.T, string) {
	return func(t *testing.T, want string) {
		t.Helper()
		store := newMemory(t)
		typed := newTyped[T](t, store, nil)
		if err := typed.Put(t.Context(), "k", value, 0); err != nil {
			t.Fatal(err)
		}
		entry, err := store.Get(t.Context(), "", "k")
		if err != nil || !equalJSON(t, string(entry.Value), want) {
			t.Errorf("%T is stored as %s, %v, want %s", value, entry.Value, err, want)
		}
		if got, err := typed.Get(t.Context(), "k"); err != nil || !reflect.DeepEqual(got, value) {
			t.Errorf("%T: got %v, %v, want %v", value, got, err, value)
		}
	}
}

func equalJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var left, right any
	if err := json.Unmarshal([]byte(a), &left); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &right); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(left, right)
}

func pointer[T any](value T) *T { return &value }

var year2025 = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// shapes are the kinds of T that the reference has too, by its name.
var shapes = map[string]func(*testing.T, string){
	"PydanticAdapter[BaseModel]":                          shape(user{"a", 1, &year2025}),
	"PydanticAdapter[list[BaseModel]]":                    shape([]user{{"a", 1, nil}}),
	"PydanticAdapter[<class 'int'>]":                      shape(5),
	"PydanticAdapter[<class 'str'>]":                      shape("x"),
	"PydanticAdapter[<class 'float'>]":                    shape(1.0),
	"PydanticAdapter[<class 'bool'>]":                     shape(true),
	"PydanticAdapter[list[int]]":                          shape([]int{1, 2}),
	"PydanticAdapter[dict[str, int]]":                     shape(map[string]int{"a": 1}),
	"PydanticAdapter[set[int]]":                           shape([1]int{1}),
	"PydanticAdapter[tuple[int, str]]":                    shape(pair{1, "a"}),
	"PydanticAdapter[<class 'datetime.datetime'>]":        shape(year2025),
	"PydanticAdapter[<class 'uuid.UUID'>]":                shape(uuid{15: 1}),
	"PydanticAdapter[<class 'decimal.Decimal'>]":          shape("1.50"),
	"PydanticAdapter[<class '__main__.main.<locals>.D'>]": shape(data{"x", 2}),
	"PydanticAdapter[typing.Any]":                         shape[any](map[string]any{"a": 1.0}),
	"PydanticAdapter[int | None]":                         shape[*int](nil),
	"PydanticAdapter[__main__.main.<locals>.U | None]":    shape(pointer(user{"z", 1, nil})),
	"PydanticAdapter[dict[int, str]]":                     shape(map[int]string{1: "a"}),
	"BaseModelAdapter[U]":                                 shape(user{"a", 1, nil}),
	"BaseModelAdapter[list[U]]":                           shape([]user{{"a", 1, nil}}),
	"DataclassAdapter[D]":                                 shape(data{"x", 0}),
	"DataclassAdapter[list[D]]":                           shape([]data{{"x", 0}}),
}

func TestShapesOfTheReference(t *testing.T) {
	text, err := os.ReadFile("testdata/adapters.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Cases []struct {
			Op, Adapter string
			Stored      json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	// Python's bytes are text there; Go's []byte are base64. Its TypedDict
	// could not be used with the Python of the recording.
	without := []string{"PydanticAdapter[<class 'bytes'>]", "PydanticAdapter[<class '__main__.main.<locals>.TD'>]"}
	seen := 0
	for _, c := range vectors.Cases {
		if c.Op != "stored shape" || slices.Contains(without, c.Adapter) {
			continue
		}
		compare, ok := shapes[c.Adapter]
		if !ok {
			t.Errorf("no type for %s", c.Adapter)
			continue
		}
		seen++
		t.Run(c.Adapter, func(t *testing.T) { compare(t, string(c.Stored)) })
	}
	if seen != len(shapes) {
		t.Errorf("%d cases for %d shapes", seen, len(shapes))
	}
}

func TestShapes(t *testing.T) {
	shape([]byte("hi"))(t, `{"items":"aGk="}`)
	shape(json.RawMessage(`{"a":1}`))(t, `{"items":{"a":1}}`)
	shape[[]int](nil)(t, `{"items":null}`)
	shape("items")(t, `{"items":"items"}`)
	shape(struct{}{})(t, `{}`)
	shape(map[string]int{"items": 1})(t, `{"items":1}`)

	store := newMemory(t)
	object := newTyped[json.RawMessage](t, store, &adapters.TypedOptions{Shape: adapters.ShapeObject})
	if err := object.Put(t.Context(), "k", json.RawMessage(`{"a":1}`), 0); err != nil {
		t.Error(err)
	}
	if err := object.Put(t.Context(), "k", json.RawMessage(`[1]`), 0); !errors.Is(err, core.ErrInvalidValue) {
		t.Errorf("an array as an object: %v", err)
	}
	if got, err := object.Get(t.Context(), "k"); err != nil || string(got) != `{"a":1}` {
		t.Errorf("got %s, %v", got, err)
	}
	wrapped := newTyped[data](t, store, &adapters.TypedOptions{Shape: adapters.ShapeItems})
	if err := wrapped.Put(t.Context(), "k", data{"x", 1}, 0); err != nil {
		t.Error(err)
	}
	if entry, _ := store.Get(t.Context(), "", "k"); string(entry.Value) != `{"items":{"name":"x","n":1}}` {
		t.Errorf("stored %s", entry.Value)
	}
	nothing := newTyped[map[string]int](t, store, nil)
	if err := nothing.Put(t.Context(), "k", nil, 0); !errors.Is(err, core.ErrInvalidValue) {
		t.Errorf("a nil map: %v", err)
	}
	unencodable := newTyped[chan int](t, store, nil)
	if err := unencodable.Put(t.Context(), "k", nil, 0); !errors.Is(err, core.ErrInvalidValue) {
		t.Errorf("a channel: %v", err)
	}
}

func TestTypedOptions(t *testing.T) {
	store := newMemory(t)
	for _, options := range []*adapters.TypedOptions{{Collection: "\xff"}, {Shape: 9}, {Invalid: -1}} {
		if _, err := adapters.NewTyped[int](store, options); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%+v: %v", *options, err)
		}
	}
	if _, err := adapters.NewTyped[int](nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
}

func TestInvalidEntries(t *testing.T) {
	store := newMemory(t)
	put := func(key, value string) {
		t.Helper()
		if err := store.Put(t.Context(), "c", key, json.RawMessage(value), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	put("good", `{"name":"g","age":1}`)
	put("type", `{"name":"g","age":"hunter2"}`)
	put("number", `{"name":"g","age":31415.926}`)
	put("time", `{"name":"g","when":"hunter2"}`)
	keys := []string{"good", "type", "number", "time", "absent"}
	invalid := keys[1:4]

	var told []string
	options := adapters.TypedOptions{Collection: "c", OnInvalid: func(_ context.Context, key string, err error) {
		told = append(told, key)
		if !errors.Is(err, adapters.ErrInvalidEntry) {
			t.Errorf("told %v", err)
		}
	}}
	strict := newTyped[user](t, store, &options)
	for _, key := range invalid {
		_, err := strict.Get(t.Context(), key)
		if e, ok := err.(*core.Error); !ok || !errors.Is(err, adapters.ErrInvalidEntry) || e.Collection != "c" || e.Key != key {
			t.Errorf("%s: %v", key, err)
		}
		if _, _, _, err := strict.TTL(t.Context(), key); !errors.Is(err, adapters.ErrInvalidEntry) {
			t.Errorf("%s: TTL: %v", key, err)
		}
		for _, secret := range []string{"hunter2", "31415"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error holds the value: %v", key, err)
			}
		}
	}
	entries, err := strict.GetMany(t.Context(), keys)
	if got := core.FailedKeys(err); !slices.Equal(got, invalid) || len(entries) != 5 {
		t.Errorf("failed: %q, %d entries", got, len(entries))
	}
	for i, entry := range entries {
		if entry.Found != (i == 0) {
			t.Errorf("%s is found: %t", keys[i], entry.Found)
		}
	}
	if len(told) != 3*len(invalid) {
		t.Errorf("told of %q", told)
	}

	options.Invalid = adapters.InvalidIsMiss
	lenient := newTyped[user](t, store, &options)
	for _, key := range keys[1:] {
		if _, err := lenient.Get(t.Context(), key); err != core.ErrNotFound {
			t.Errorf("%s: %v", key, err)
		}
	}
	if entries, err := lenient.TTLMany(t.Context(), keys); err != nil || !entries[0].Found || entries[1].Found {
		t.Errorf("got %v, %v", entries, err)
	}

	put("no items", `{"item":[1]}`)
	list := newTyped[[]int](t, store, &adapters.TypedOptions{Collection: "c"})
	if _, err := list.Get(t.Context(), "no items"); !errors.Is(err, adapters.ErrInvalidEntry) || !strings.Contains(err.Error(), "items") {
		t.Errorf("without items: %v", err)
	}
}

// even refuses odd numbers.
type even int

var errOdd = errors.New("odd")

func (e *even) Validate() error {
	if *e%2 != 0 {
		return errOdd
	}
	return nil
}

func TestValidate(t *testing.T) {
	store := newMemory(t)
	numbers := newTyped[even](t, store, nil)
	if err := numbers.Put(t.Context(), "k", 2, 0); err != nil {
		t.Error(err)
	}
	if err := numbers.Put(t.Context(), "k", 3, 0); !errors.Is(err, core.ErrInvalidValue) || !errors.Is(err, errOdd) {
		t.Errorf("put 3: %v", err)
	}
	if _, err := numbers.Insert(t.Context(), "other", 3, 0); !errors.Is(err, core.ErrInvalidValue) {
		t.Errorf("insert 3: %v", err)
	}
	err := numbers.PutMany(t.Context(), []adapters.Item[even]{{Key: "k", Value: 4}, {Key: "odd", Value: 5}})
	if got := core.FailedKeys(err); !slices.Equal(got, []string{"odd"}) || !errors.Is(err, errOdd) {
		t.Errorf("put many: %v", err)
	}
	if got, err := numbers.Get(t.Context(), "k"); got != 2 || err != nil {
		t.Errorf("got %d, %v: something was written", got, err)
	}
	if err := store.Put(t.Context(), "", "k", json.RawMessage(`{"items":3}`), 0); err != nil {
		t.Fatal(err)
	}
	if got, err := numbers.Get(t.Context(), "k"); got != 0 || !errors.Is(err, adapters.ErrInvalidEntry) || !errors.Is(err, errOdd) {
		t.Errorf("got %d, %v", got, err)
	}
}

func TestTypedCalls(t *testing.T) {
	recorder := storetest.NewRecorder(newMemory(t))
	users := newTyped[user](t, recorder, &adapters.TypedOptions{Collection: "users"})
	ctx := t.Context()
	items := []adapters.Item[user]{{Key: "a", Value: user{Name: "A"}, TTL: time.Hour}, {Key: "b", Value: user{Name: "B"}}}
	if err := users.PutMany(ctx, items); err != nil {
		t.Fatal(err)
	}
	value, remaining, expires, err := users.TTL(ctx, "a")
	if err != nil || value.Name != "A" || !expires || remaining <= 0 || remaining > time.Hour {
		t.Errorf("got %v, %v, %t, %v", value, remaining, expires, err)
	}
	if _, _, _, err := users.TTL(ctx, "absent"); err != core.ErrNotFound {
		t.Errorf("absent: %v", err)
	}
	entries, err := users.GetMany(ctx, []string{"b", "absent", "a"})
	if err != nil || entries[0].Value.Name != "B" || entries[1].Found || entries[2].Value.Name != "A" {
		t.Errorf("got %v, %v", entries, err)
	}
	if _, expires := entries[0].TTL(); expires || entries[0].CreatedAt.IsZero() {
		t.Errorf("got %+v", entries[0])
	}
	if inserted, err := users.Insert(ctx, "a", user{}, 0); inserted || err != nil {
		t.Errorf("inserted %t, %v", inserted, err)
	}
	if inserted, err := users.Insert(ctx, "c", user{}, 0); !inserted || err != nil {
		t.Errorf("inserted %t, %v", inserted, err)
	}
	var keys []string
	for key, err := range users.Keys(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	if slices.Sort(keys); !slices.Equal(keys, []string{"a", "b", "c"}) {
		t.Errorf("keys %q", keys)
	}
	if deleted, err := users.Delete(ctx, "a"); !deleted || err != nil {
		t.Errorf("deleted %t, %v", deleted, err)
	}
	if deleted, err := users.DeleteMany(ctx, []string{"a", "b", "c"}); deleted != 2 || err != nil {
		t.Errorf("deleted %d, %v", deleted, err)
	}
	if _, err := users.Get(ctx, ""); !errors.Is(err, core.ErrInvalidKey) {
		t.Errorf("an empty key: %v", err)
	}
	bulk := 0
	for _, call := range recorder.Calls() {
		if call.Collection != "users" && call.Collection != "" {
			t.Errorf("a call on %q", call.Collection)
		}
		if call.Method == "GetMany" || call.Method == "PutMany" || call.Method == "DeleteMany" {
			bulk++
		}
	}
	if bulk != 3 {
		t.Errorf("%d bulk calls below, want 3", bulk)
	}
}

// touching is a store that can touch.
type touching struct {
	core.Store
	touched string
}

func (s *touching) Touch(_ context.Context, collection, key string, ttl time.Duration) (bool, error) {
	s.touched = fmt.Sprint(collection, "/", key, " ", ttl)
	return true, nil
}

func TestTouch(t *testing.T) {
	store := newMemory(t)
	if _, err := newTyped[int](t, store, nil).Touch(t.Context(), "k", time.Hour); err != errors.ErrUnsupported {
		t.Errorf("a store that cannot: %v", err)
	}
	able := &touching{Store: store}
	if ok, err := newTyped[int](t, able, &adapters.TypedOptions{Collection: "c"}).Touch(t.Context(), "k", time.Hour); !ok || err != nil {
		t.Errorf("got %t, %v", ok, err)
	}
	if able.touched != "c/k 1h0m0s" {
		t.Errorf("touched %s", able.touched)
	}
}

// Get costs what json.Unmarshal costs.
func TestAllocations(t *testing.T) {
	store := newMemory(t)
	t.Run("struct", func(t *testing.T) { sameAllocations(t, store, user{"Ada", 36, &year2025}, false) })
	t.Run("slice", func(t *testing.T) { sameAllocations(t, store, []int{1, 2, 3}, true) })
	t.Run("string", func(t *testing.T) { sameAllocations(t, store, strings.Repeat("x", 100), true) })
	t.Run("map", func(t *testing.T) { sameAllocations(t, store, map[string]int{"a": 1}, false) })
}

func sameAllocations[T any](t *testing.T, store core.Store, value T, items bool) {
	t.Helper()
	typed := newTyped[T](t, store, nil)
	if err := typed.Put(t.Context(), "k", value, 0); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	alone := testing.AllocsPerRun(200, func() {
		var value T
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
	})
	ctx := t.Context()
	got := testing.AllocsPerRun(200, func() {
		if _, err := typed.Get(ctx, "k"); err != nil {
			t.Fatal(err)
		}
	})
	if got > alone {
		t.Errorf("Get makes %v allocations, json.Unmarshal alone %v", got, alone)
	}
}

// A nil pointer is a value like any other, and has nothing to validate.
func TestValidateOfNil(t *testing.T) {
	store := newMemory(t)
	typed := newTyped[*even](t, store, nil)
	if err := typed.Put(t.Context(), "nil", nil, core.NoTTL); err != nil {
		t.Error(err)
	}
	if err := store.Put(t.Context(), "", "null", json.RawMessage(`{"items":null}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"nil", "null"} {
		if value, err := typed.Get(t.Context(), key); value != nil || err != nil {
			t.Errorf("%s: got %v, %v", key, value, err)
		}
	}
}
