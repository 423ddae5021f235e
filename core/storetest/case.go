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

	// disposable says that the case closes its store, empties it, or leaves
	// something behind, so that Check, which is given a store in use, leaves it
	// out.
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

// inFull returns the rules of these numbers, one a line.
func inFull(numbers []int) string {
	var texts []string
	for _, n := range numbers {
		if n > 0 && n < len(rules) {
			texts = append(texts, "rule "+strconv.Itoa(n)+": "+rules[n])
		}
	}
	return strings.Join(texts, "\n")
}
