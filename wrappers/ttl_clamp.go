package wrappers

import (
	"encoding/json"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// TTLClampOptions configure a [TTLClamp]. Nil and the zero value change
// nothing.
type TTLClampOptions struct {
	// Min is the shortest time to live. Zero means no minimum.
	Min time.Duration

	// Max is the longest time to live. Zero means no maximum.
	Max time.Duration

	// Missing is the time to live of what is put without one. It is brought
	// between Min and Max too. Zero means that such an entry never expires.
	Missing time.Duration
}

// TTLClamp brings the time to live of what is put between two bounds.
//
// It changes writes alone: what lies in the store already keeps its expiry. A
// negative time to live is [core.ErrInvalidTTL], as without the wrapper.
type TTLClamp struct{ guarded }

var _ core.Full = (*TTLClamp)(nil)

// NewTTLClamp returns a TTLClamp around the store. Negative options, and a Min
// above Max, are [core.ErrInvalidOptions].
func NewTTLClamp(inner core.Store, options *TTLClampOptions) (*TTLClamp, error) {
	var o TTLClampOptions
	if options != nil {
		o = *options
	}
	switch {
	case inner == nil:
		return nil, refuseOptions("ttl clamp", "the store inside is nil")
	case o.Min < 0, o.Max < 0, o.Missing < 0:
		return nil, refuseOptions("ttl clamp", "Min, Max or Missing is negative")
	case o.Max > 0 && o.Min > o.Max:
		return nil, refuseOptions("ttl clamp", "Min is above Max")
	}
	return &TTLClamp{guarded{life: newLife("ttl clamp", inner), inner: inner, guard: o}}, nil
}

func (o TTLClampOptions) admit(_ json.RawMessage, ttl time.Duration) (admitted time.Duration, keep bool, err error) {
	if err := core.CheckTTL(ttl); err != nil {
		return 0, false, err
	}
	if ttl == core.NoTTL {
		ttl = o.Missing
	}
	if ttl != core.NoTTL {
		ttl = max(ttl, o.Min)
		if o.Max > 0 {
			ttl = min(ttl, o.Max)
		}
	}
	return ttl, true, nil
}
