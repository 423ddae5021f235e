package memcached

import (
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// A proxy between us and the server may repeat a request whose reply it has
// lost. What Insert is told then is that there is an entry: its own. Rule 16.
func TestInsertThatWasRepeated(t *testing.T) {
	var mutex sync.Mutex
	var stored []byte
	server := serve(t, func(conn net.Conn, request string, data []byte) {
		mutex.Lock()
		defer mutex.Unlock()
		switch {
		case strings.HasPrefix(request, "add"):
			if stored == nil {
				stored = data
			}
			fmt.Fprint(conn, "NOT_STORED\r\n")
		case stored != nil:
			fmt.Fprintf(conn, "VALUE c::k 0 %d 7\r\n%s\r\nEND\r\n", len(stored), stored)
		default:
			fmt.Fprint(conn, "END\r\n")
		}
	})
	store := server.store()
	for _, want := range []bool{true, false} {
		got, err := store.Insert(t.Context(), "c", "k", json.RawMessage(`{}`), core.NoTTL)
		if got != want || err != nil {
			t.Errorf("Insert = %v, %v; want %v", got, err, want)
		}
	}
}

// A server that says both that there is an entry and that there is none, again
// and again, does not keep Insert and Delete for ever.
func TestContradiction(t *testing.T) {
	server := serve(t, func(conn net.Conn, request string, _ []byte) {
		switch verb, rest, _ := strings.Cut(request, " "); {
		case verb == "add":
			fmt.Fprint(conn, "NOT_STORED\r\n")
		case verb == "cas":
			fmt.Fprint(conn, "EXISTS\r\n")
		case rest == "c::absent":
			fmt.Fprint(conn, "END\r\n")
		default:
			fmt.Fprint(conn, "VALUE c::k 0 7 7\r\ncorrupt\r\nEND\r\n")
		}
	})
	store := server.store()
	returns(t, "Insert", func() {
		if ok, err := store.Insert(t.Context(), "c", "absent", json.RawMessage(`{}`), core.NoTTL); ok || err == nil {
			t.Errorf("Insert = %v, %v; want an error", ok, err)
		}
	})
	returns(t, "Delete", func() {
		if live, err := store.Delete(t.Context(), "c", "k"); live || err == nil {
			t.Errorf("Delete = %v, %v; want an error", live, err)
		}
	})
	returns(t, "DeleteMany", func() {
		n, err := store.DeleteMany(t.Context(), "c", []string{"k", "absent"})
		if failed := core.FailedKeys(err); n != 0 || len(failed) != 1 {
			t.Errorf("DeleteMany = %d, %v; want an error for k", n, err)
		}
	})
}
