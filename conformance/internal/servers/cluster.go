package servers

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// slots is how many hash slots the keys of a cluster are spread over.
const slots = 16384

// Cluster starts a cluster of three masters, without replicas, for the test
// alone, of kind Redis or Valkey. All slots are covered and every node knows it
// when Cluster returns, which takes about three seconds: a master that has just
// started takes no writes for two. Pause, kill and restart the nodes as any
// process.
func Cluster(t testing.TB, kind *Kind) []*Process {
	t.Helper()
	const masters = 3
	nodes := make([]*Process, masters)
	buses := make([]string, masters)
	for i := range nodes {
		// The port of the bus is ten thousand more than the other by default,
		// which may be beyond the last.
		buses[i] = strconv.Itoa(FreePort(t))
		nodes[i] = kind.Start(t,
			"--cluster-enabled", "yes", "--cluster-port", buses[i],
			"--cluster-node-timeout", "2000",
			// With one node down, the slots of the others are served.
			"--cluster-require-full-coverage", "no",
			// What was answered has been handed to the operating system: only
			// its crash could lose it. With everysec the server puts even that
			// off while it syncs.
			"--appendfsync", "no",
		)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for i, node := range nodes {
		must(ctx, t, node, "CLUSTER", "SET-CONFIG-EPOCH", strconv.Itoa(i+1))
		must(ctx, t, node, "CLUSTER", "ADDSLOTSRANGE", strconv.Itoa(i*slots/masters), strconv.Itoa((i+1)*slots/masters-1))
	}
	for i, node := range nodes[1:] {
		host, port, err := net.SplitHostPort(node.Address)
		if err != nil {
			t.Fatal(err)
		}
		must(ctx, t, nodes[0], "CLUSTER", "MEET", host, port, buses[i+1])
	}
	for _, node := range nodes {
		for !covered(must(ctx, t, node, "CLUSTER", "INFO"), masters) {
			select {
			case <-ctx.Done():
				t.Fatalf("the cluster does not come up: %s", must(context.Background(), t, node, "CLUSTER", "INFO"))
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	return nodes
}

// covered reports whether a node that answers so knows all masters and sees
// every slot in good hands.
func covered(info string, masters int) bool {
	for _, line := range []string{
		"cluster_state:ok", fmt.Sprint("cluster_slots_ok:", slots), fmt.Sprint("cluster_size:", masters),
	} {
		if !strings.Contains(info, line+"\r\n") {
			return false
		}
	}
	return true
}

// must sends a command to a server of kind Redis or Valkey and returns its
// answer.
func must(ctx context.Context, t testing.TB, server *Process, words ...string) string {
	t.Helper()
	answer, err := command(ctx, server.Address, words...)
	if err != nil {
		t.Fatalf("%s, asked for %q: %v", server.Address, words, err)
	}
	return answer
}

// command sends one command to a server that speaks the protocol of Redis and
// returns its answer, if that is text or a number.
func command(ctx context.Context, address string, words ...string) (string, error) {
	connection, err := dial(ctx, address)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	request := fmt.Appendf(nil, "*%d\r\n", len(words))
	for _, word := range words {
		request = fmt.Appendf(request, "$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := connection.Write(request); err != nil {
		return "", err
	}
	reader := bufio.NewReader(connection)
	line, err := reader.ReadString('\n')
	if err != nil {
		return "", err
	}
	kind, line := line[0], strings.TrimSpace(line[1:])
	switch kind {
	case '+', ':':
		return line, nil
	case '$':
		size, err := strconv.Atoi(line)
		if err != nil {
			return "", err
		}
		text := make([]byte, max(size, 0))
		_, err = io.ReadFull(reader, text)
		return string(text), err
	}
	return "", fmt.Errorf("the answer is %c%s", kind, line)
}
