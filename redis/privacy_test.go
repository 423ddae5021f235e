package redis

import (
	"errors"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

// A client is private as long as only the store that made it has it.
func TestPrivacy(t *testing.T) {
	f, borrowed := newFake(t, nil)
	if borrowed.backend.private() {
		t.Error("a client that was passed in is private")
	}
	owned := newOwned(borrowed.Client(), nil)
	if !owned.backend.private() {
		t.Error("a client that nobody was shown is not private")
	}
	f.data["c::k"] = string(managedEntry("c", "k", core.Entry{}.ExpiresAt))
	if _, err := owned.Get(t.Context(), "c", "k"); err != nil {
		t.Fatal(err)
	}
	owned.Client()
	if owned.backend.private() {
		t.Error("a client that somebody was shown is private")
	}
}

// A buffer is used again only when nobody can have it any longer.
func TestBuffersAreReleased(t *testing.T) {
	client := redis.NewClient(&redis.Options{})
	defer client.Close()
	record := &driver.Record{Collection: "c", Key: "k", Entry: core.Entry{Value: []byte(`{}`)}}
	again := func(p *privacy, err error) bool {
		t.Helper()
		// The pool may forget a buffer, so that it is tried more than once.
		for range 100 {
			first := p.encode(record)
			p.release(first, err)
			if p.encode(record) == first {
				return true
			}
		}
		return false
	}
	private := newOwned(client, nil).backend
	if !again(&private.privacy, nil) {
		t.Error("no buffer is used again")
	}
	if again(&private.privacy, errors.New("failed")) {
		t.Error("a buffer is used again although its command failed")
	}
	private.shown.Store(true)
	if again(&private.privacy, nil) {
		t.Error("a buffer is used again although a hook may have kept it")
	}
}
