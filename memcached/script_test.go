package memcached

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// scripted is a server that answers as a test wants it.
type scripted struct {
	t        *testing.T
	listener net.Listener
	answer   func(conn net.Conn, request string, data []byte)
	running  sync.WaitGroup

	mutex sync.Mutex
	conns map[net.Conn]struct{}
	made  int // connections so far
}

// serve starts a server. The function is given each request, without the end
// of its line, and the data of a write, and sends what it likes.
func serve(t *testing.T, answer func(conn net.Conn, request string, data []byte)) *scripted {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{t: t, listener: listener, answer: answer, conns: make(map[net.Conn]struct{})}
	s.running.Go(s.accept)
	t.Cleanup(func() {
		listener.Close()
		s.hangUp()
		s.running.Wait()
	})
	return s
}

// say is a server that always says the same.
func say(t *testing.T, reply string) *scripted {
	return serve(t, func(conn net.Conn, _ string, _ []byte) { conn.Write([]byte(reply)) })
}

func (s *scripted) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mutex.Lock()
		s.conns[conn] = struct{}{}
		s.made++
		s.mutex.Unlock()
		s.running.Go(func() { s.converse(conn) })
	}
}

func (s *scripted) converse(conn net.Conn) {
	defer func() {
		conn.Close()
		s.mutex.Lock()
		delete(s.conns, conn)
		s.mutex.Unlock()
	}()
	reader := bufio.NewReader(conn)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		request := strings.TrimSuffix(line, "\r\n")
		var data []byte
		switch verb, _, _ := strings.Cut(request, " "); verb {
		case "set", "add", "cas":
			for len(data) < 2 || string(data[len(data)-2:]) != "\r\n" { // no test has one within
				c, err := reader.ReadByte()
				if err != nil {
					return
				}
				data = append(data, c)
			}
			data = data[:len(data)-2]
		}
		s.answer(conn, request, data)
	}
}

// hangUp closes all connections.
func (s *scripted) hangUp() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for conn := range s.conns {
		conn.Close()
	}
}

// open returns how many connections there are, and connections how many there
// were.
func (s *scripted) open() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.conns)
}

func (s *scripted) connections() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.made
}

// store returns a store on the server. Its timeout is long: what ends earlier
// was ended by something else.
func (s *scripted) store() *Store {
	s.t.Helper()
	store, err := Open(context.Background(), "memcached://"+s.listener.Addr().String()+"?timeout=1h")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { core.Close(store) })
	return store.(*Store)
}

// patience is how long a call may take that is to return at once.
const patience = 20 * time.Second

// returns fails the test if the function does not return.
func returns(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("%s hangs", what)
	}
}

// everyCall is each method on a key that a script may know.
var everyCall = []struct {
	name string
	call func(ctx context.Context, store *Store) error
}{
	{"Get", func(ctx context.Context, s *Store) error { _, err := s.Get(ctx, "c", "k"); return err }},
	{"GetMany", func(ctx context.Context, s *Store) error {
		entries, err := s.GetMany(ctx, "c", []string{"k"})
		if err == nil && !entries[0].Found() {
			return core.ErrNotFound
		}
		return err
	}},
	{"Put", func(ctx context.Context, s *Store) error {
		return s.Put(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL)
	}},
	{"PutMany", func(ctx context.Context, s *Store) error {
		return s.PutMany(ctx, "c", []core.Item{{Key: "k", Value: json.RawMessage(`{}`)}})
	}},
	{"Insert", func(ctx context.Context, s *Store) error {
		_, err := s.Insert(ctx, "c", "k", json.RawMessage(`{}`), core.NoTTL)
		return err
	}},
	{"Delete", func(ctx context.Context, s *Store) error { _, err := s.Delete(ctx, "c", "k"); return err }},
	{"DeleteMany", func(ctx context.Context, s *Store) error {
		_, err := s.DeleteMany(ctx, "c", []string{"k"})
		return err
	}},
	{"Ping", func(ctx context.Context, s *Store) error { return s.Ping(ctx) }},
}
