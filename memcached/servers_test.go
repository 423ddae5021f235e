package memcached

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"

	"github.com/bradfitz/gomemcache/memcache"
)

// Entries are where the driver's own selector, and so every other program that
// uses it, looks for them.
func TestServersSpreadAsTheDriver(t *testing.T) {
	for n := 1; n <= 7; n++ {
		var list []string
		var ours servers
		for i := range n {
			list = append(list, fmt.Sprintf("127.0.0.1:%d", 1000+i))
			ours = append(ours, &address{"tcp", list[i]})
		}
		theirs := new(memcache.ServerList)
		if err := theirs.SetServers(list...); err != nil {
			t.Fatal(err)
		}
		for i := range 1000 {
			name := fmt.Sprintf("%d::%d é", i*i, i)
			got, err := ours.PickServer(name)
			want, err2 := theirs.PickServer(name)
			if err != nil || err2 != nil || got.String() != want.String() || got.Network() != want.Network() {
				t.Fatalf("%q of %d servers is on %v, want %v: %v, %v", name, n, got, want, err, err2)
			}
		}
	}
}

// Every server is asked, whatever the others say.
func TestServersEach(t *testing.T) {
	list := servers{&address{"tcp", "a:1"}, &address{"tcp", "b:1"}, &address{"unix", "/c"}}
	asked := make(chan string, 3)
	broken := errors.New("broken")
	err := list.Each(func(server net.Addr) error {
		asked <- server.String()
		if server.String() != "b:1" {
			return broken
		}
		return nil
	})
	got := []string{<-asked, <-asked, <-asked}
	slices.Sort(got)
	if !errors.Is(err, broken) || !slices.Equal(got, []string{"/c", "a:1", "b:1"}) {
		t.Errorf("asked %q: %v", got, err)
	}
}
