package wrappers_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func TestReadOnly(t *testing.T) {
	for silent, answer := range map[bool]error{false: core.ErrReadOnly, true: nil} {
		refuses := make(map[string]error)
		for _, method := range []string{
			"Put", "PutMany", "Insert", "Delete", "DeleteMany", "DestroyCollection", "Destroy", "Cull", "Setup",
		} {
			refuses[method] = answer
		}
		wrap := wrapping(wrappers.NewReadOnly, &wrappers.ReadOnlyOptions{Silent: silent})
		storetest.RunWrapper(t, func(t *testing.T, inner core.Store) core.Store { return wrap(t, inner) }, &storetest.WrapperOptions{
			Refuses: refuses,
			Capabilities: func(inner core.Capability) core.Capability {
				return inner | core.CanInsert | core.CanDestroyCollection | core.CanDestroy | core.CanCull
			},
		})
	}
}

func TestLimitSize(t *testing.T) {
	prove(t, wrapping(wrappers.NewLimitSize, &wrappers.LimitSizeOptions{MinSize: 1, MaxSize: 1 << 30}), nil, nil)
}

func TestTTLClamp(t *testing.T) {
	prove(t, wrapping(wrappers.NewTTLClamp, &wrappers.TTLClampOptions{}), nil, nil)
	t.Run("bounded", func(t *testing.T) {
		wrap := wrapping(wrappers.NewTTLClamp, &wrappers.TTLClampOptions{Max: time.Minute, Missing: time.Second})
		storetest.RunWrapper(t, func(t *testing.T, inner core.Store) core.Store { return wrap(t, inner) },
			&storetest.WrapperOptions{ChangesTTLs: true})
	})
}

func TestDefaultValue(t *testing.T) {
	value := json.RawMessage(`{"default":true}`)
	wrap := wrapping(wrappers.NewDefaultValue, &wrappers.DefaultValueOptions{Value: value})
	storetest.RunWrapper(t, func(t *testing.T, inner core.Store) core.Store { return wrap(t, inner) },
		&storetest.WrapperOptions{DefaultValue: value})
}
