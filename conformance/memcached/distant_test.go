package memcached_test

import (
	"net"
	"testing"
	"time"
)

// oneWay is how long distant makes the way to a server.
const oneWay = time.Millisecond

// distant returns an address at which the server at another seems to be, but
// farther away: what is sent takes its time in both directions.
func distant(t testing.TB, address string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", address)
			if err != nil {
				client.Close()
				continue
			}
			go travel(client, server)
			go travel(server, client)
		}
	}()
	return listener.Addr().String()
}

// travel forwards what comes from one connection to another, each piece when
// its time has passed, while it reads further ones.
func travel(from, to net.Conn) {
	type piece struct {
		data    []byte
		arrives time.Time
	}
	under := make(chan piece, 1000)
	go func() {
		defer to.Close()
		for p := range under {
			time.Sleep(time.Until(p.arrives))
			if _, err := to.Write(p.data); err != nil {
				break
			}
		}
		for range under { // who reads must not wait
		}
	}()
	defer close(under)
	for {
		data := make([]byte, 64<<10)
		n, err := from.Read(data)
		if err != nil {
			return
		}
		under <- piece{data[:n], time.Now().Add(oneWay)}
	}
}
