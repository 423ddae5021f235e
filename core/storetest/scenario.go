package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// reporter is the part of *testing.T that cases use. Check has one of its own.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Failed() bool
}

// scenario is one run of a case on one store, seen from one collection.
type scenario struct {
	*caseRun

	// collection is one that no other case uses, unless the case moved to
	// another with in.
	collection string
}

// caseRun is what the scenarios of one run of a case share.
type caseRun struct {
	reporter
	name    string // of the case
	store   core.Store
	options *Options
	ctx     context.Context
	traces  traces

	mutex    sync.Mutex
	reported map[string]bool   // the failures
	over     bool              // nothing more is reported
	names    map[string]string // of the collections of newCollection, in messages
}

// on runs the case on the store.
func (c *testCase) on(ctx context.Context, r reporter, store core.Store, options *Options) {
	ctx, cancel := context.WithCancel(ctx)
	run := &caseRun{reporter: r, name: c.name, store: store, options: options, ctx: ctx}
	defer run.cleanUp()
	defer run.end()
	defer cancel()
	c.run(&scenario{run, run.newCollection()})
}

// onOwn runs the case on a store that is its own, and closes that.
func (c *testCase) onOwn(ctx context.Context, r reporter, store core.Store, options *Options) {
	defer func() {
		var err error
		if !comesBack(options.patience(), func() { err = core.Close(store) }) {
			r.Errorf("Close after the case did not come back within %v: a call is stuck", options.patience())
		} else if err != nil {
			r.Errorf("Close after the case = %v, want nil", err)
		}
	}()
	c.on(ctx, r, store, options)
}

// mostReports is how many failures of one case are printed. Where a thousand
// callers race, one mistake would be reported a thousand times.
const mostReports = 8

// Errorf reports a failure, unless it was reported before or there were many.
func (r *caseRun) Errorf(format string, args ...any) {
	r.Helper()
	text := fmt.Sprintf(format, args...)
	r.mutex.Lock()
	again := r.over || r.reported[text] || len(r.reported) >= mostReports
	if !again {
		if r.reported == nil {
			r.reported = make(map[string]bool)
		}
		r.reported[text] = true
	}
	last := len(r.reported) == mostReports
	r.mutex.Unlock()
	switch {
	case again:
	case last:
		r.reporter.Errorf("%s (further failures of this case are not shown)", text)
	default:
		r.reporter.Errorf("%s", text)
	}
}

// Fatalf reports a failure and ends the goroutine.
func (r *caseRun) Fatalf(format string, args ...any) {
	r.Helper()
	r.mutex.Lock()
	over := r.over
	r.mutex.Unlock()
	if over {
		runtime.Goexit()
	}
	r.reporter.Fatalf(format, args...)
}

// end says that what is still under way has nothing more to report: a test
// that has ended must not be spoken to.
func (r *caseRun) end() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.over = true
}

// unique returns a text that nobody else uses, in lower-case letters and digits.
func unique() string { return strings.ToLower(rand.Text()[:12]) }

// newCollection returns the name of a collection that is new even on a shared
// server, and has it removed in the end.
func (r *caseRun) newCollection() string {
	name := "storetest_" + r.name + "_" + unique()
	if limit := r.options.MaxCollection; limit > 0 && len(name) > limit {
		name = unique()
	}
	r.traces.own(name)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.names == nil {
		r.names = make(map[string]string)
	}
	r.names[name] = "collection"
	if n := len(r.names); n > 1 {
		r.names[name] += strconv.Itoa(n)
	}
	return name
}

// in returns the scenario at another collection. What is put there by its
// methods is deleted in the end.
func (s *scenario) in(collection string) *scenario { return &scenario{s.caseRun, collection} }

// elsewhere returns the scenario at another new collection.
func (s *scenario) elsewhere() *scenario { return s.in(s.newCollection()) }

// can reports whether the store offers the capabilities.
func (r *caseRun) can(wanted core.Capability) bool { return r.options.Capabilities.Has(wanted) }

// within returns a context for one call, or for a short series of calls.
func (r *caseRun) within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(r.ctx, r.options.Timeout)
}

// together calls the function n times at once and waits for all.
func (r *caseRun) together(n int, call func(i int)) {
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			defer reportPanic(r)
			<-start
			call(i)
		})
	}
	close(start)
	group.Wait()
}

// comesBack calls the function and reports whether it returned in time.
func comesBack(patience time.Duration, call func()) bool {
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		call()
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-returned:
		return true
	case <-timer.C:
		return false
	}
}

// unlessStuck calls the function, for what a careless store never comes back
// from. Within it the reporter's Fatalf ends the function alone.
func (r *caseRun) unlessStuck(what string, call func()) {
	r.Helper()
	guarded := func() {
		defer reportPanic(r)
		call()
	}
	if !comesBack(r.options.patience(), guarded) {
		r.end()
		r.reporter.Fatalf("%s did not come back within %v: the store waits for itself", what, r.options.patience())
	}
}

// sleepUntil waits for a time of the clock that entries expire by.
func sleepUntil(at time.Time) { time.Sleep(time.Until(at)) }
