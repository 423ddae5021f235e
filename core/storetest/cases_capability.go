package storetest

import (
	"context"
	"errors"

	"github.com/go-keyvalue/keyvalue/core"
)

// capabilityCases are one for each capability. They hold the options to what
// the store says of itself, and both to what it does.
var capabilityCases = []testCase{
	capabilityCase("keys", core.CanKeys, "Keys"),
	capabilityCase("collections", core.CanCollections, "Collections"),
	capabilityCase("destroy-collection", core.CanDestroyCollection, "DestroyCollection"),
	capabilityCase("destroy", core.CanDestroy, "Destroy"),
	capabilityCase("cull", core.CanCull, "Cull"),
	capabilityCase("insert", core.CanInsert, "Insert"),
	capabilityCase("ping", core.CanPing, "Ping"),
	{
		name:       "destroy-unsupported",
		rules:      []int{19},
		disposable: true,
		when: func(o *Options) string {
			if o.Capabilities.Has(core.CanDestroy) {
				return "the store offers it"
			}
			return ""
		},
		run: func(s *scenario) {
			s.put("k", one)
			ctx, cancel := s.within()
			defer cancel()
			if err := core.Destroy(ctx, s.store); err != errors.ErrUnsupported {
				s.Errorf("Destroy() = %v, although Options.Capabilities lack it; want errors.ErrUnsupported itself", err)
			}
			s.wantRead("k", one)
		},
	},
	{
		name:  "capability-sets",
		rules: []int{19},
		run: func(s *scenario) {
			declared := s.options.Capabilities
			for a := range core.CanAll.Each {
				for b := range core.CanAll.Each {
					if want := declared.Has(a | b); core.Supports(s.store, a|b) != want {
						s.Errorf("Supports(%v) = %v; want %v, whether it has both", a|b, !want, want)
					}
				}
			}
			if !core.Supports(s.store, 0) || !core.Supports(s.store, declared) {
				s.Errorf("Supports is false for nothing, or for all that is declared: %v", declared)
			}
		},
	},
}

func capabilityCase(name string, capability core.Capability, method string) testCase {
	return testCase{
		name:  "capability-" + name,
		rules: []int{19},
		run:   func(s *scenario) { s.wantCapability(capability, methodNamed(method)) },
	}
}

// wantCapability wants that a capability which is declared is offered and
// works, and that one which is not is refused.
func (s *scenario) wantCapability(capability core.Capability, m *storeMethod) {
	s.Helper()
	declared := s.can(capability)
	if core.Supports(s.store, capability) != declared {
		s.Errorf("core.Supports(store, %q) = %v; Options.Capabilities say %v", capability, !declared, declared)
	}
	ctx, cancel := s.within()
	defer cancel()
	if m.wipes {
		// On a context that is done nothing is destroyed, and what cannot be
		// done at all may still say so.
		cancel()
	}
	s.wrote("k")
	answer := m.call(ctx, s.store, s.legal())
	switch unsupported := errors.Is(answer.err, errors.ErrUnsupported); {
	case unsupported && declared:
		s.Errorf("%s = %v, although Options.Capabilities have %q", s.with(m, s.legal()), answer.err, capability)
	case m.wipes && errors.Is(answer.err, context.Canceled):
	case !unsupported && !declared:
		s.Errorf("%s = %v, although Options.Capabilities lack %q; want errors.ErrUnsupported", s.with(m, s.legal()), answer.err, capability)
	case unsupported && answer.err != errors.ErrUnsupported:
		s.Errorf("%s = %v, a %T; want errors.ErrUnsupported itself", s.with(m, s.legal()), answer.err, answer.err)
	case answer.beside && unsupported:
		s.Errorf("%s has a result beside errors.ErrUnsupported", s.with(m, s.legal()))
	case declared && answer.err != nil && !foreign(m, answer.err):
		s.Errorf("%s = %v; want no error", s.with(m, s.legal()), answer.err)
	}
}
