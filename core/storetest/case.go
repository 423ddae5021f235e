package storetest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-keyvalue/keyvalue/core"
)

// testCase is one thing to look at in a store.
type testCase struct {
	name string

	// rules are the numbers of the rules that the case checks.
	rules []int

	// needs are the capabilities without which the case has no meaning.
	needs core.Capability

	// clock says that the case waits for entries to expire. For a store in
	// this process it runs on the fake clock of testing/synctest.
	clock bool

	// disposable says that the case closes or empties its store, so that
	// Check, which is given a store in use, leaves it out.
	disposable bool

	// when, if set, returns why the case does not apply to such a store.
	when func(*Options) string

	run func(*scenario)
}

// cases is the suite, in the order in which it runs.
var cases = slices.Concat(
	basicCases,
	defaultCases,
	nameCases,
	valueCases,
	ttlCases,
	overwriteCases,
	deleteCases,
	bulkCases,
	ownershipCases,
	contextCases,
	errorCases,
	concurrencyCases,
	corruptCases,
	closeCases,
	setupCases,
	listCases,
	insertCases,
	sweepCases,
	destroyCases,
	capabilityCases,
)

// inapplicable returns why the case has no meaning for a store of these
// options, or nothing.
func (c *testCase) inapplicable(o *Options) string {
	if missing := c.needs &^ o.Capabilities; missing != 0 {
		return "the store does not offer: " + missing.String()
	}
	if c.when != nil {
		return c.when(o)
	}
	return ""
}

// broken returns the rules that a failure of the case speaks of.
func (c *testCase) broken() string {
	texts := make([]string, len(c.rules))
	for i, n := range c.rules {
		texts[i] = "rule " + strconv.Itoa(n) + ": " + rules[n]
	}
	return strings.Join(texts, "\n")
}
