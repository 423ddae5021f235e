//go:build !unix

package memcached

import "net"

// probe asks a socket whether there is something to be read, where that can be
// done without waiting. Here it cannot.
type probe struct{}

func newProbe(net.Conn) *probe { return nil }

// alive reports true: only the next request can tell.
func (p *probe) alive() bool { return true }
