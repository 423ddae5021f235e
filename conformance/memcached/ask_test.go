package memcached_test

import (
	"bufio"
	"net"
	"strings"
	"testing"
	"time"
)

// ask sends a request as it is and returns the lines of the reply, up to the
// one that begins with last.
func ask(t testing.TB, address, request, last string) (lines []string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := conn.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			t.Fatalf("%q: %v, after %q", request, err, lines)
		}
		lines = append(lines, strings.TrimSuffix(line, "\r\n"))
		if strings.HasPrefix(line, last) {
			return lines
		}
	}
}
