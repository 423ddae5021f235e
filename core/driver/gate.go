package driver

import (
	"sync"
	"sync/atomic"
)

// gate counts the calls under way, so that Close can wait for them. Entering
// and leaving cost one atomic addition each.
type gate struct {
	state atomic.Int64 // calls under way, and closedBit
	idle  chan struct{}
	once  sync.Once
}

const closedBit = 1 << 62

func (g *gate) init() { g.idle = make(chan struct{}) }

// enter reports whether the gate is open. If so the caller must leave.
func (g *gate) enter() bool {
	if g.state.Add(1)&closedBit != 0 {
		g.leave()
		return false
	}
	return true
}

func (g *gate) leave() {
	if g.state.Add(-1) == closedBit {
		g.once.Do(func() { close(g.idle) })
	}
}

// shut closes the gate and reports whether it was open.
func (g *gate) shut() bool {
	before := g.state.Or(closedBit)
	if before == 0 {
		g.once.Do(func() { close(g.idle) })
	}
	return before&closedBit == 0
}

// wait waits until all who entered before the gate was shut have left.
func (g *gate) wait() { <-g.idle }

func (g *gate) closed() bool { return g.state.Load()&closedBit != 0 }
