package memcached

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

const (
	envelope = `{"collection":"c","key":"k","value":{"secret":1},"version":1}`
	found1   = "VALUE c::k 0 61 7\r\n" + envelope + "\r\nEND\r\n"
)

// What is no reply to the request is an error: no miss, no success, and it
// repeats nothing of what was said, which may be a value.
func TestUnexpectedReplies(t *testing.T) {
	if len(envelope) != 61 {
		t.Fatalf("the envelope has %d bytes", len(envelope))
	}
	for _, reply := range []string{
		"\r\n", "secret\r\n", "{\"secret\":1}\r\nEND\r\n", "VALUE secret\r\n", "VALUE c::k 0\r\n", "VALUE c::k 0 secret 7\r\n",
		"VALUE c::k secret 2\r\n{}\r\nEND\r\n", "VALUE c::k 0 -1 7\r\nEND\r\n", "VALUE c::k 0 2 secret\r\n{}\r\nEND\r\n",
		"VALUE c::k 0 60 7\r\n" + envelope + "\r\nEND\r\n", // too short
		"VALUE c::other 0 61 7\r\n" + envelope + "\r\nEND\r\n",
		"VALUE c::k2 0 61 7\r\n" + envelope + "\r\nEND\r\n",
		"HTTP/1.1 400 Bad Request\r\nsecret\r\n", "-ERR unknown command secret\r\n", "+PONG secret\r\n",
		"ERROR\r\n", "CLIENT_ERROR bad command line format\r\n", "SERVER_ERROR proxy is out of order\r\n",
		strings.Repeat("secret", 2000) + "\r\n",
	} {
		server := say(t, reply)
		for _, c := range everyCall {
			store := server.store() // each on a connection of its own
			err := c.call(context.Background(), store)
			if err == nil || errors.Is(err, core.ErrNotFound) {
				t.Errorf("told %.40q, %s = %v; want an error", reply, c.name, err)
				continue
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("told %.40q, %s repeats it: %v", reply, c.name, err)
			}
			for _, word := range []string{"CLIENT_ERROR bad", "SERVER_ERROR proxy"} {
				if strings.HasPrefix(reply, word) && c.name != "Ping" && !strings.Contains(err.Error(), word) {
					t.Errorf("told %q, %s does not say so: %v", reply, c.name, err)
				}
			}
		}
	}
}

// A connection that is out of step is not used again.
func TestConnectionOutOfStep(t *testing.T) {
	server := serve(t, func(conn net.Conn, _ string, _ []byte) {
		// Two replies, of which one would be the next caller's.
		conn.Write([]byte("VALUE c::other 0 12 1\r\n{\"value\":{}}\r\nEND\r\nEND\r\n"))
	})
	store := server.store()
	for range 3 {
		for _, c := range everyCall {
			if c.name == "Put" || c.name == "PutMany" || c.name == "Insert" || c.name == "Ping" {
				continue
			}
			if err := c.call(t.Context(), store); !errors.Is(err, errUnexpected) {
				t.Errorf("%s = %v; want an error, and no miss", c.name, err)
			}
		}
	}
}

// A reply that breaks off is an error wherever it does, and what comes whole is
// the entry.
func TestTruncatedReplies(t *testing.T) {
	for cut := range len(found1) + 1 {
		server := serve(t, func(conn net.Conn, request string, _ []byte) {
			reply := "DELETED\r\n"
			if strings.HasPrefix(request, "get") {
				reply = found1[:cut]
			}
			conn.Write([]byte(reply))
			if len(reply) == cut && cut < len(found1) {
				conn.Close()
			}
		})
		store := server.store()
		for _, c := range everyCall {
			if c.name != "Get" && c.name != "GetMany" && !strings.HasPrefix(c.name, "Delete") {
				continue
			}
			err := c.call(context.Background(), store)
			whole := cut == len(found1)
			if strings.HasSuffix(c.name, "Many") { // which knows how many there are
				whole = cut >= len(found1)-len("END\r\n")
			}
			if whole && err != nil || !whole && (err == nil || errors.Is(err, core.ErrNotFound)) {
				t.Errorf("%s of a reply that ends after %d of %d bytes = %v", c.name, cut, len(found1), err)
			}
		}
		store.Close()
	}
}

// What a server has answered before it fails counts, and the rest does not.
func TestBulkReplyBreaksOff(t *testing.T) {
	// The server knows a and c, and is gone behind c.
	server := serve(t, func(conn net.Conn, request string, _ []byte) {
		if strings.HasPrefix(request, "gets") {
			conn.Write([]byte("VALUE c::a 0 12 1\r\n{\"value\":{}}\r\nVALUE c::c 0 12 2\r\n{\"value\":{}}\r\n"))
		} else {
			conn.Write([]byte("STORED\r\nSTORED\r\n"))
		}
		conn.Close()
	})
	entries, err := server.store().GetMany(t.Context(), "c", []string{"a", "b", "c", "d", "e"})
	if failed := strings.Join(core.FailedKeys(err), ","); failed != "d,e" {
		t.Errorf("the keys that failed are %s, want d,e: %v", failed, err)
	}
	if len(entries) != 5 || !entries[0].Found() || entries[1].Found() || !entries[2].Found() || entries[3].Found() {
		t.Errorf("entries: %v", entries)
	}
	var items []core.Item
	for _, key := range []string{"a", "b", "c", "d"} {
		items = append(items, core.Item{Key: key, Value: []byte(`{}`)})
	}
	err = server.store().PutMany(t.Context(), "c", items)
	if failed := strings.Join(core.FailedKeys(err), ","); failed != "c,d" {
		t.Errorf("the keys that failed are %s, want c,d: %v", failed, err)
	}
}

// FuzzHeader wants no panic, and from a header that it takes no more than is
// there.
func FuzzHeader(f *testing.F) {
	for _, line := range []string{"VALUE c::k 0 61 7", "VALUE k 0 0", "VALUE  0 1 1", "END", "VALUE k 4294967296 1", "VALUE k 0 99999999999"} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		h, ok := parseHeader(line)
		if !ok {
			return
		}
		if len(h.name) == 0 || strings.Contains(string(h.name), " ") || h.size < 0 || h.size > 1<<31-1 {
			t.Errorf("%q: %q, %d", line, h.name, h.size)
		}
		if !strings.HasPrefix(string(line), "VALUE "+string(h.name)+" ") {
			t.Errorf("%q: name %q", line, h.name)
		}
	})
}
