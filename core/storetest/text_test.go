package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestTextsAreCut(t *testing.T) {
	for _, text := range []string{
		quoted(strings.Repeat("é\x00", 1<<20)), shown(json.RawMessage(sized(1 << 20))), shown(json.RawMessage(strings.Repeat("\xff", 1<<20))),
	} {
		if len(text) > 500 || !strings.Contains(text, "bytes)") {
			t.Errorf("a long text is shown as %d bytes: %.100s", len(text), text)
		}
	}
	for text, want := range map[string]string{
		shown(nil):                                     "no value",
		shown([]byte(one)):                             one,
		quoted("a\nb"):                                 `"a\nb"`,
		moment(time.Time{}):                            "the zero Time",
		moment(time.Unix(0, 1500).UTC()):               "1970-01-01T00:00:00.000001Z",
		described(core.Entry{}, nil):                   "no value",
		described(core.Entry{}, errors.ErrUnsupported): `error unsupported operation`,
	} {
		if text != want {
			t.Errorf("%s; want %s", text, want)
		}
	}
}

func TestMethodsAreShownAsCalled(t *testing.T) {
	a := callArguments{collection: "c", key: "k"}
	for name, want := range map[string]string{
		"Get":                   `Get("c", "k")`,
		"PutMany":               `PutMany("c", "first", "k")`,
		"GetMany of no keys":    `GetMany("c") of no keys`,
		"Setup of a collection": `Setup("c")`,
		"Keys":                  `Keys("c")`,
		"Cull":                  `Cull()`,
	} {
		if got := (&caseRun{}).with(methodNamed(name), a); got != want {
			t.Errorf("%s is shown as %s; want %s", name, got, want)
		}
	}
	s := &scenario{&caseRun{}, "c"}
	if got := s.call("GetMany", strings.Split("abcdefgh", "")...); got != `GetMany("c", "a", "b", "c", "d", … 8 keys in all)` {
		t.Errorf("a long call is shown as %s", got)
	}
}

// A failure names the rule, in the words of the documentation, what was
// called, what came back and what was wanted.
func TestViolation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &altered{reference: newReference()}
		a.get = func(context.Context, string, string) (core.Entry, error) { return core.Entry{Value: []byte(two)}, nil }
		err := Check(t.Context(), a, everything())
		var v *Violation
		if !errors.As(err, &v) || v.Case != "missing-key" || errors.Unwrap(v) == nil {
			t.Fatalf("Check = %.300v; want a violation of missing-key first", err)
		}
		text := v.Error()
		for _, want := range []string{
			`missing-key: Get(collection, "missing") = {"n":2}; want the zero Entry and ErrNotFound itself`, "rule 6: Deleting. ", "rule 7: Batches. ",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("the violation is %s\nwhich lacks %s", text, want)
			}
		}
		if len(err.Error()) > 200_000 {
			t.Errorf("the violations take %d bytes", len(err.Error()))
		}
	})
}

func TestFailuresAreLimited(t *testing.T) {
	var r record
	run := &caseRun{reporter: &r}
	for i := range 1000 {
		run.Errorf("wrong")
		run.Errorf("wrong %d", i)
	}
	if len(r.messages) != mostReports || !strings.Contains(r.messages[mostReports-1], "not shown") {
		t.Errorf("2,000 failures are printed as %q", r.messages)
	}
}
