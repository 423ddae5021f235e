package valkey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// answersOf are what a server may answer to a read, and what each means.
var answersOf = []struct {
	name, answer string
	want         error  // what the error matches; nil: any, but none of core's
	says         string // what the text contains
}{
	{"nothing", "$-1\r\n", core.ErrNotFound, ""},
	{"a list under the name", "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n", core.ErrCorrupt, "not a string"},
	{"foreign text", bulk("hello"), core.ErrCorrupt, "byte 0"},
	{"no password", "-NOAUTH Authentication required.\r\n", nil, "NOAUTH"},
	{"no permission", "-NOPERM this user has no permissions\r\n", nil, "NOPERM"},
	{"loading", "-LOADING Valkey is loading the dataset in memory\r\n", nil, "LOADING"},
	{"another node", "-MOVED 1 127.0.0.1:1\r\n", nil, "MOVED"},
	{"out of memory", "-OOM command not allowed\r\n", nil, "OOM"},
	{"a number", ":1\r\n", nil, "not a string"},
	{"a list", "*1\r\n:1\r\n", nil, "not a string"},
	{"an unknown command", "-ERR unknown command 'GET', with args beginning with: 'c::k' 'canary' \r\n", nil, "unknown command 'GET': the store needs"},
}

func TestAnswers(t *testing.T) {
	for _, c := range answersOf {
		server := newFakeServer(t, func([]string) string { return c.answer })
		store, err := New(server.client(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		check := func(method string, err error) {
			t.Helper()
			switch {
			case err == nil:
				t.Errorf("%s: %s answers no error", c.name, method)
			case c.want != nil && !errors.Is(err, c.want), c.want == nil && (errors.Is(err, core.ErrNotFound) || errors.Is(err, core.ErrCorrupt)):
				t.Errorf("%s: %s = %v, want %v", c.name, method, err, c.want)
			case !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "canary"):
				t.Errorf("%s: %s = %v, want %q", c.name, method, err, c.says)
			}
		}
		_, err = store.Get(t.Context(), "c", "k")
		check("Get", err)
		entries, err := store.GetMany(t.Context(), "c", []string{"k"})
		if err == nil && !entries[0].Found() {
			err = core.ErrNotFound
		}
		check("GetMany", err)
		if c.want == nil {
			_, err = store.Delete(t.Context(), "c", "k")
			check("Delete", err)
			_, err = store.DeleteMany(t.Context(), "c", []string{"k"})
			check("DeleteMany", err)
		}
		if strings.HasPrefix(c.answer, "-") && c.want == nil {
			check("Put", store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL))
			check("PutMany", store.PutMany(t.Context(), "c", []core.Item{{Key: "k", Value: []byte(`{}`)}}))
		}
	}
}

// An error of the context is one only where it is the caller's own.
func TestContextOfAnother(t *testing.T) {
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded, fmt.Errorf("dial: %w", context.Canceled)} {
		if err := unanswered(t.Context(), cause); errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v becomes %v, though this context is not done", cause, err)
		}
		done, cancel := context.WithCancel(t.Context())
		cancel()
		if err := unanswered(done, cause); !errors.Is(err, cause) {
			t.Errorf("%v becomes %v, though the context is done", cause, err)
		}
		late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		defer cancel()
		if err := unanswered(late, cause); !errors.Is(err, cause) {
			t.Errorf("%v becomes %v, though the deadline is over", cause, err)
		}
	}
	cause := errors.New("something else")
	if err := unanswered(t.Context(), cause); err != cause {
		t.Errorf("%v becomes %v", cause, err)
	}
}
