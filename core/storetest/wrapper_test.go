package storetest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// brokenWrapper is a wrapper that makes one mistake, and the proof that must
// find it.
type brokenWrapper struct {
	name    string
	proof   string
	wrap    wrapFunc
	options *WrapperOptions
}

func brokenWrappers() []brokenWrapper {
	return slices.Concat(brokenRenamers, brokenForwarders, brokenAnswers, brokenClosers)
}

func TestBrokenWrappers(t *testing.T) {
	for _, broken := range brokenWrappers() {
		t.Run(broken.name, func(t *testing.T) {
			t.Parallel() // some of them hang
			var found []string
			for _, v := range checkWrapper(t, broken.wrap, broken.options) {
				found = append(found, v.Proof)
				t.Logf("%.300s", v.Error())
			}
			if !slices.Contains(found, broken.proof) {
				t.Errorf("found by %q, want it found by %q", found, broken.proof)
			}
		})
	}
}

func TestEveryProofFindsSomething(t *testing.T) {
	for _, p := range proofs {
		if !slices.ContainsFunc(brokenWrappers(), func(b brokenWrapper) bool { return b.proof == p.name }) {
			t.Errorf("no broken wrapper is there to be found by %q", p.name)
		}
	}
}

func TestEveryMethodHasARow(t *testing.T) {
	full := reflect.TypeFor[core.Full]()
	for i := range full.NumMethod() {
		if name := full.Method(i).Name; findMethod(name) == nil {
			t.Errorf("method %s of core.Full has no row", name)
		} else if _, known := operations[name]; !known && name != "Supports" {
			t.Errorf("method %s of core.Full has no operation: Faulty cannot strike it", name)
		}
	}
	for _, m := range wrapperMethods {
		if _, ok := full.MethodByName(m.name); !ok {
			t.Errorf("row %s is no method of core.Full", m.name)
		}
		if !m.traits.has(apart) && m.verify == nil {
			t.Errorf("row %s does not verify what the method answers", m.name)
		}
	}
}

func TestProofsNameTheirRules(t *testing.T) {
	seen := make(map[string]bool)
	for _, p := range proofs {
		if seen[p.name] || p.promise == "" {
			t.Errorf("proof %q has no promise, or comes twice", p.name)
		}
		seen[p.name] = true
		for _, n := range p.rules {
			if !strings.Contains(p.text(), rules[n]) {
				t.Errorf("proof %q does not print rule %d", p.name, n)
			}
		}
	}
}

func TestWrapperSkip(t *testing.T) {
	options := &WrapperOptions{Transparent: true, Skip: map[string]string{
		"closing":    "it closes nothing",
		"errors/Get": "it is a fallback",
		"*/Cull":     "it has nothing to cull",
	}}
	broken := plainly(func(s core.Store) core.Store { return closesAgain{newTransparent(s)} })
	for _, v := range checkWrapper(t, broken, options) {
		t.Errorf("%v, although that is skipped", v)
	}
	if left := findProof("errors").leftOut(options); len(left) != 2 {
		t.Errorf("left out of errors: %q, want Get and Cull", left)
	}
}
