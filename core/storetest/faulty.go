package storetest

import (
	"errors"
	"fmt"
	"sync"

	"github.com/go-keyvalue/keyvalue/core"
)

// ErrInjected is the cause of the errors of a [Fault] that names no other.
var ErrInjected = errors.New("injected fault")

// Faulty is a store that misbehaves on command, for tests of wrappers and of
// programs that must live with a store that fails:
//
//	faulty := storetest.NewFaulty(memory.New(nil))
//	faulty.Inject(storetest.Fault{Method: "Get", Key: "ada", Times: 2})
//	faulty.Inject(storetest.Fault{Method: "Put", LoseReply: true})
//
// It passes on every call that no fault strikes. It has every method of
// [core.Full] and the capabilities of the store inside, and it is transparent:
// it has Unwrap. What it does depends on nothing but the faults and the order
// of the calls. It is safe for concurrent use.
type Faulty struct {
	store core.Store

	mutex    sync.Mutex
	faults   []*injected
	calls    map[string]int
	strikes  int
	disabled core.Capability
}

var (
	_ core.Full      = (*Faulty)(nil)
	_ core.Unwrapper = (*Faulty)(nil)
)

// NewFaulty returns a Faulty around the store. It behaves until [Faulty.Inject].
func NewFaulty(inner core.Store) *Faulty {
	return &Faulty{store: inner, calls: make(map[string]int)}
}

// Inject adds faults. Where several strike at one call, the one that was
// injected first does, and those behind it do not see the call. Inject panics
// for a method that core.Full does not have: a misspelt fault would never
// strike.
func (f *Faulty) Inject(faults ...Fault) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, fault := range faults {
		if _, known := operations[fault.Method]; !known && fault.Method != "" {
			panic(fmt.Sprintf("storetest: Fault.Method %q is no method of core.Full that can fail", fault.Method))
		}
		f.faults = append(f.faults, &injected{Fault: fault})
	}
}

// Clear removes all faults. Disabled capabilities stay disabled.
func (f *Faulty) Clear() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.faults = nil
}

// Disable takes capabilities away: Supports denies them, and their methods
// answer a bare [errors.ErrUnsupported] from now on.
func (f *Faulty) Disable(capabilities core.Capability) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.disabled |= capabilities
}

// Calls returns how often the method was called, or how many calls there were
// altogether for an empty name. A listing counts each time that it is ranged
// over. Calls of Supports and of disabled capabilities do not count.
func (f *Faulty) Calls(method string) int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if method != "" {
		return f.calls[method]
	}
	total := 0
	for _, n := range f.calls {
		total += n
	}
	return total
}

// Strikes returns how often a fault has struck. In a bulk call or a listing
// each key that was made to fail counts.
func (f *Faulty) Strikes() int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.strikes
}

// Unwrap returns the store inside.
func (f *Faulty) Unwrap() core.Store { return f.store }

// Supports reports whether the store inside has the capabilities and none of
// them was disabled.
func (f *Faulty) Supports(wanted core.Capability) bool {
	return f.enabled(wanted) && core.Supports(f.store, wanted)
}

// enabled reports whether none of the capabilities was disabled.
func (f *Faulty) enabled(wanted core.Capability) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.disabled&wanted == 0
}

// arrived counts a call and returns the fault that strikes it, or nil.
func (f *Faulty) arrived(call Call) *Fault {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.calls[call.Method]++
	return f.first(func(fault *injected) bool {
		return fault.matches(call) && (fault.Key == "" || call.single() && fault.Key == call.Keys[0])
	})
}

// atKey returns the fault that strikes one key of a bulk call or a listing, or
// nil.
func (f *Faulty) atKey(call Call, key string) *Fault {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.first(func(fault *injected) bool {
		return fault.Key != "" && fault.Key == key && fault.matches(call)
	})
}

// first returns the first fault that matches and is due. The mutex is held.
func (f *Faulty) first(matches func(*injected) bool) *Fault {
	for _, fault := range f.faults {
		if matches(fault) && fault.due() {
			f.strikes++
			return &fault.Fault
		}
	}
	return nil
}
