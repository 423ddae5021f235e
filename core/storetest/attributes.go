package storetest

import (
	"strconv"
	"testing"
)

// noteOptions notes what the options promise as attributes of the test, so
// that who reads the output of go test -json knows what was tested.
func noteOptions(t *testing.T, o *Options) {
	t.Helper()
	t.Attr("storetest-capabilities", o.Capabilities.String())
	t.Attr("storetest-max-key", strconv.Itoa(o.MaxKey))
	t.Attr("storetest-max-collection", strconv.Itoa(o.MaxCollection))
	t.Attr("storetest-max-value", strconv.Itoa(o.MaxValue))
	t.Attr("storetest-time-step", o.TimeStep.String())
	t.Attr("storetest-documents", strconv.FormatBool(o.Documents))
	t.Attr("storetest-best-effort-delete", strconv.FormatBool(o.BestEffortDelete))
}
