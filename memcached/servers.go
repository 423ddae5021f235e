package memcached

import (
	"errors"
	"hash/crc32"
	"net"
	"sync"
)

// servers spreads items over servers exactly as memcache.ServerList does. But
// it keeps the names of hosts, which are looked up for each new connection,
// within its deadline: a server may move to another address.
type servers []net.Addr

// address is where a server is: host and port, or the path of a socket.
type address struct{ network, text string }

func (a *address) Network() string { return a.network }
func (a *address) String() string  { return a.text }

// PickServer returns the server of an item.
func (s servers) PickServer(name string) (net.Addr, error) { return s[s.pick(name)], nil }

// pick returns the place of the server of an item.
func (s servers) pick(name string) int {
	if len(s) == 1 {
		return 0
	}
	sum := ^uint32(0)
	for i := range len(name) {
		sum = crc32.IEEETable[byte(sum)^name[i]] ^ sum>>8
	}
	return int(^sum % uint32(len(s)))
}

// Each calls the function for every server, at once, and joins the errors.
func (s servers) Each(call func(net.Addr) error) error {
	errs := make([]error, len(s))
	var all sync.WaitGroup
	for i, server := range s {
		all.Go(func() { errs[i] = call(server) })
	}
	all.Wait()
	return errors.Join(errs...)
}
