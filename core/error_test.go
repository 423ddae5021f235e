package core_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestErrorText(t *testing.T) {
	for _, c := range []struct {
		err  core.Error
		want string
	}{
		{core.Error{Op: "ping", Store: "redis", Err: io.EOF}, `redis: ping: EOF`},
		{core.Error{Op: "get", Collection: "c", Key: "k", Err: io.EOF}, `get "c"/"k": EOF`},
		{core.Error{Op: "get", Key: "a/b\n", Err: io.EOF}, `get "default_collection"/"a/b\n": EOF`},
		{core.Error{Op: "keys", Collection: "c", Err: io.EOF}, `keys "c": EOF`},
		{core.Error{Op: "get", Collection: "c", Key: "k", Attempts: 1, Err: io.EOF}, `get "c"/"k": EOF`},
		{core.Error{Op: "get", Collection: "c", Key: "k", Attempts: 3, Err: io.EOF}, `get "c"/"k": EOF (3 attempts)`},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("Error() = %s, want %s", got, c.want)
		}
	}
	long := (&core.Error{Op: "get", Key: "xy" + strings.Repeat("é", 1<<20), Err: io.EOF}).Error()
	if len(long) > 300 || !strings.Contains(long, "(2097154 bytes)") || !utf8.ValidString(long) {
		t.Errorf("a long key made an error of %d bytes: %.300s", len(long), long)
	}
	broken := (&core.Error{Op: "get", Key: strings.Repeat("\x80", 500), Err: io.EOF}).Error()
	if !strings.Contains(broken, "(500 bytes)") {
		t.Errorf("a key without a rune start: %s", broken)
	}
}

func TestFailedKeys(t *testing.T) {
	fail := func(key string) error { return &core.Error{Op: "put many", Key: key, Err: io.EOF} }
	for _, c := range []struct {
		err  error
		want []string
	}{
		{nil, nil},
		{io.EOF, nil},
		{fail(""), nil},
		{fail("a"), []string{"a"}},
		{errors.Join(fail("b"), fail("a"), io.EOF, fail("b"), fail("")), []string{"b", "a"}},
		{errors.Join(errors.Join(fail("b")), fail("a")), []string{"b", "a"}},
	} {
		if got := core.FailedKeys(c.err); !slices.Equal(got, c.want) {
			t.Errorf("FailedKeys(%v) = %q, want %q", c.err, got, c.want)
		}
	}
}

func TestMapErrors(t *testing.T) {
	strip := func(e core.Error) core.Error {
		e.Key = strings.TrimPrefix(e.Key, "p__")
		return e
	}
	if core.MapErrors(nil, strip) != nil {
		t.Error("nil became an error")
	}
	for _, bare := range []error{core.ErrNotFound, errors.ErrUnsupported} {
		if got := core.MapErrors(bare, strip); got != bare {
			t.Errorf("%v became %v", bare, got)
		}
	}
	one := &core.Error{Op: "get", Key: "p__a", Err: core.ErrCorrupt}
	two := &core.Error{Op: "get", Key: "p__b", Err: io.EOF}
	mapped := core.MapErrors(errors.Join(one, errors.Join(two), io.ErrNoProgress), strip)
	if got := core.FailedKeys(mapped); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("keys of the mapped join = %q", got)
	}
	for _, cause := range []error{core.ErrCorrupt, io.EOF, io.ErrNoProgress} {
		if !errors.Is(mapped, cause) {
			t.Errorf("the mapped join lost %v", cause)
		}
	}
	if one.Key != "p__a" || two.Key != "p__b" {
		t.Error("MapErrors modified the errors it was given")
	}
}

func ExampleFailedKeys() {
	err := errors.Join(
		&core.Error{Op: "put many", Collection: "users", Key: "ada", Err: io.ErrUnexpectedEOF},
		&core.Error{Op: "put many", Collection: "users", Key: "bob", Err: io.ErrUnexpectedEOF},
	)
	for _, key := range core.FailedKeys(err) {
		fmt.Println("try again:", key)
	}
	// Output:
	// try again: ada
	// try again: bob
}

func TestErrors(t *testing.T) {
	one := &core.Error{Op: "get many", Key: "1", Err: io.EOF}
	two := &core.Error{Op: "get many", Key: "2", Err: io.EOF}
	joined := errors.Join(one, io.ErrNoProgress, errors.Join(two, core.ErrNotFound))
	if got := slices.Collect(core.Errors(joined)); !slices.Equal(got, []*core.Error{one, two}) {
		t.Errorf("got %v", got)
	}
	for e := range core.Errors(joined) {
		if e == two {
			t.Error("it went on after the loop was left")
		}
		break
	}
	for _, err := range []error{nil, core.ErrNotFound, io.EOF} {
		for e := range core.Errors(err) {
			t.Errorf("%v has %v", err, e)
		}
	}
}
