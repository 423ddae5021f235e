package memcached

import (
	"net"
	"sync"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// group is the part of a batch that goes to one server.
type group struct {
	server net.Addr // nil where it is not known
	names  []string // of the items
	places []int    // of their keys in the batch
}

// groups splits a batch by server.
func (b *backend) groups(collection string, n int, key func(i int) string) ([]*group, error) {
	var groups []*group
	byServer := make(map[string]*group, 1)
	for i := range n {
		name := b.naming.item(collection, key(i))
		server, err := b.server(name)
		if err != nil {
			return nil, err
		}
		address := ""
		if server != nil {
			address = server.String()
		}
		g := byServer[address]
		if g == nil {
			g = &group{server: server, names: make([]string, 0, n), places: make([]int, 0, n)}
			byServer[address] = g
			groups = append(groups, g)
		}
		g.names = append(g.names, name)
		g.places = append(g.places, i)
	}
	return groups, nil
}

// forEach calls the function for every group at once, and returns when all
// calls have.
func forEach(groups []*group, call func(g *group)) {
	var others sync.WaitGroup
	for _, g := range groups[1:] {
		others.Go(func() { call(g) })
	}
	call(groups[0])
	others.Wait()
}

// failures collects what went wrong with the keys of a batch, by place.
type failures []error

// fail notes an error for every place that has none of its own yet.
func (f failures) fail(places []int, err error) {
	for _, place := range places {
		if f[place] == nil {
			f[place] = err
		}
	}
}

// result returns the error of a batch call, or nil.
func (f failures) result(key func(i int) string) error {
	var failed driver.KeyErrors
	for i, err := range f {
		if err != nil {
			if failed == nil {
				failed = make(driver.KeyErrors)
			}
			failed[key(i)] = failure(err)
		}
	}
	if failed == nil {
		return nil
	}
	return failed
}
