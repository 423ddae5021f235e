package driver_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
)

func TestLeftovers(t *testing.T) {
	if err := driver.Leftovers("items", nil); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	first, second := fmt.Errorf("%q: %w", "a", core.ErrCorrupt), errors.New("another")
	for _, test := range []struct {
		errs []error
		want string
	}{
		{[]error{first}, `left "a": corrupt entry`},
		{[]error{first, second}, `left 2 items that are no entries, such as "a": corrupt entry`},
	} {
		err := driver.Leftovers("items", test.errs)
		if err.Error() != test.want {
			t.Errorf("%q, want %q", err, test.want)
		}
		for _, cause := range test.errs {
			if !errors.Is(err, cause) {
				t.Errorf("%v does not match %v", err, cause)
			}
		}
		if !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("%v does not match core.ErrCorrupt", err)
		}
	}
}
