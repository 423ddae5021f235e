package proxy_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/proxy"
)

// echo is a server that answers each line with itself.
func echo(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				_, _ = io.Copy(connection, connection)
			}()
		}
	}()
	return listener.Addr().String()
}

// ask sends a line on a new connection and returns what comes back.
func ask(address string) (string, error) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return "", err // a reset may come that early
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(200 * time.Millisecond))
	if _, err := io.WriteString(connection, "hello\n"); err != nil {
		return "", err
	}
	return bufio.NewReader(connection).ReadString('\n')
}

func TestModes(t *testing.T) {
	p := proxy.New(t, echo(t))
	for _, c := range []struct {
		name  string
		set   func()
		reply string
		err   bool
	}{
		{"pass", func() { p.Set(proxy.Pass) }, "hello\n", false},
		{"stall", func() { p.Set(proxy.Stall) }, "", true},
		{"reset", func() { p.Set(proxy.Reset) }, "", true},
		{"refuse", func() { p.Set(proxy.Refuse) }, "", true},
		{"lose", func() { p.LoseReplies(1) }, "", true},
		{"after the loss", func() {}, "hello\n", false},
		{"truncate", func() { p.Truncate(3) }, "hel", true},
		{"pass again", func() { p.Set(proxy.Pass) }, "hello\n", false},
	} {
		c.set()
		reply, err := ask(p.Address)
		if reply != c.reply || (err != nil) != c.err {
			t.Errorf("%s: got %q, %v", c.name, reply, err)
		}
		if c.name == "stall" && !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("stall: %v", err)
		}
	}
}
