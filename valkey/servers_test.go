package valkey

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/valkey-io/valkey-go"
)

// slotRange is one element of the answer to CLUSTER SLOTS.
func slotRange(first, last int, host string, port int) string {
	return fmt.Sprintf("*3\r\n:%d\r\n:%d\r\n*3\r\n%s:%d\r\n%s", first, last, host, port, bulk("id"))
}

func TestMasters(t *testing.T) {
	const null = "$-1\r\n"
	for _, c := range []struct {
		name   string
		ranges []string
		want   []master
		says   string
	}{
		{"three", []string{
			slotRange(0, 99, bulk("10.0.0.1"), 6379), slotRange(100, 199, bulk("::1"), 6380),
			slotRange(200, 16383, bulk("host"), 6381),
		}, []master{{"10.0.0.1:6379", 0}, {"[::1]:6380", 100}, {"host:6381", 200}}, ""},
		{"one twice", []string{
			slotRange(0, 99, bulk("h"), 1), slotRange(100, 199, bulk("i"), 2), slotRange(200, 16383, bulk("h"), 1),
		}, []master{{"h:1", 0}, {"i:2", 100}}, ""},
		{"a node that does not know its address", []string{
			slotRange(0, 99, bulk(""), 1), slotRange(100, 16383, null, 2),
		}, []master{{"127.0.0.1:1", 0}, {"127.0.0.1:2", 100}}, ""},
		{"a gap", []string{slotRange(0, 99, bulk("h"), 1), slotRange(101, 16383, bulk("h"), 1)}, nil, "only 16383 of the 16384 slots"},
		{"nothing", nil, nil, "only 0 of the 16384 slots"},
		{"no such slot", []string{slotRange(0, 16384, bulk("h"), 1)}, nil, "cannot be read"},
		{"backwards", []string{slotRange(99, 0, bulk("h"), 1)}, nil, "cannot be read"},
		{"negative", []string{slotRange(-1, 16382, bulk("h"), 1)}, nil, "cannot be read"},
		{"short", []string{"*2\r\n:0\r\n:16383\r\n"}, nil, "cannot be read"},
		{"no node", []string{"*3\r\n:0\r\n:16383\r\n*0\r\n"}, nil, "cannot be read"},
		{"no list", []string{":0\r\n"}, nil, "cannot be read"},
		{"no number", []string{"*3\r\n$1\r\nx\r\n:16383\r\n*2\r\n$1\r\nh\r\n:1\r\n"}, nil, "cannot be read"},
	} {
		server := newFakeServer(t, func([]string) string {
			return fmt.Sprintf("*%d\r\n%s", len(c.ranges), strings.Join(c.ranges, ""))
		})
		client := server.client(t)
		b := newBackend(client, new(Options))
		got, err := b.masters(t.Context(), map[string]valkey.Client{"127.0.0.1:9": client})
		if c.says == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), c.says) || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v, %q", c.name, got, err, c.want, c.says)
		}
	}
}
