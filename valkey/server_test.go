package valkey

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/valkey-io/valkey-go"
)

// fakeServer answers as it is told, to see what comes of that.
type fakeServer struct {
	address string

	// answer returns the answer to a command, in the protocol of Valkey.
	// What does not concern a test is not given to it.
	answer func(words []string) string

	mutex sync.Mutex
	reads []int // how many commands came with each read
}

// newFakeServer returns a server on the loopback interface that ends with the
// test.
func newFakeServer(t *testing.T, answer func(words []string) string) *fakeServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fakeServer{address: listener.Addr().String(), answer: answer}
	var serving sync.WaitGroup
	var mutex sync.Mutex
	var connections []net.Conn
	serving.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			mutex.Lock()
			connections = append(connections, connection)
			mutex.Unlock()
			serving.Go(func() { s.serve(connection) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		mutex.Lock()
		for _, connection := range connections {
			connection.Close()
		}
		mutex.Unlock()
		serving.Wait()
	})
	return s
}

// client returns a client of the server alone.
func (s *fakeServer) client(t *testing.T) valkey.Client {
	t.Helper()
	client, err := valkey.NewClient(valkey.ClientOption{
		InitAddress: []string{s.address}, ForceSingleClient: true, DisableCache: true, AlwaysRESP2: true,
		PipelineMultiplex: -1, DisableRetry: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func (s *fakeServer) serve(connection net.Conn) {
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for count := 0; ; {
		words, err := readCommand(reader)
		if err != nil {
			return
		}
		answer := "+OK\r\n"
		switch words[0] {
		case "HELLO":
			answer = "*2\r\n$5\r\nproto\r\n:2\r\n"
		case "CLIENT", "SELECT":
		case "PING":
			answer = "+PONG\r\n"
		default:
			answer = s.answer(words)
		}
		count++
		if reader.Buffered() == 0 {
			s.mutex.Lock()
			s.reads = append(s.reads, count)
			s.mutex.Unlock()
			count = 0
		}
		if _, err := io.WriteString(connection, answer); err != nil {
			return
		}
	}
}

func readCommand(reader *bufio.Reader) ([]string, error) {
	size := func(kind string) (int, error) {
		line, err := reader.ReadString('\n')
		if err != nil {
			return 0, err
		}
		digits, ok := strings.CutPrefix(strings.TrimSpace(line), kind)
		if !ok {
			return 0, fmt.Errorf("%q is no command", line)
		}
		return strconv.Atoi(digits)
	}
	n, err := size("*")
	if err != nil {
		return nil, err
	}
	words := make([]string, n)
	for i := range words {
		length, err := size("$")
		if err != nil {
			return nil, err
		}
		text := make([]byte, length+2)
		if _, err := io.ReadFull(reader, text); err != nil {
			return nil, err
		}
		words[i] = string(text[:length])
	}
	return words, nil
}

// bulk returns a text in the protocol.
func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }
