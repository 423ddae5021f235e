package storetest

import (
	"go/token"
	"reflect"

	"github.com/go-keyvalue/keyvalue/core"
)

var (
	storeType = reflect.TypeFor[core.Store]()
	fullType  = reflect.TypeFor[core.Full]()
)

func proveFull(p *trial) {
	for i := range fullType.NumMethod() {
		if name := fullType.Method(i).Name; findMethod(name) == nil {
			p.Errorf("the suite has no row for method %s of core.Full", name)
		}
	}
	w := p.world(0)
	if w.store != nil {
		return
	}
	wrapper := reflect.TypeOf(w.wrapper)
	for i := range fullType.NumMethod() {
		want := fullType.Method(i)
		got, ok := wrapper.MethodByName(want.Name)
		switch {
		case !ok:
			p.Errorf("%s has no method %s", wrapper, want.Name)
		case reflect.TypeOf(w.wrapper).Method(got.Index).Type.NumIn() != want.Type.NumIn()+1:
			p.Errorf("%s.%s is %s, want %s", wrapper, want.Name, got.Type, want.Type)
		}
	}
	p.Fatalf("%s does not implement core.Full", wrapper)
}

func provePromotion(p *trial) {
	wrapper := reflect.TypeOf(p.world(0).wrapper)
	for _, path := range embeddedStores(wrapper, packageOf(wrapper)) {
		p.Errorf("%s embeds the store %s, which forwards every method that the wrapper forgets", wrapper, path)
	}
}

// embeddedStores returns the embedded fields that are stores and may not be:
// all but an unexported struct of the same package that is whole by itself.
func embeddedStores(outer reflect.Type, home string) (paths []string) {
	if outer.Kind() == reflect.Pointer {
		outer = outer.Elem()
	}
	if outer.Kind() != reflect.Struct {
		return nil
	}
	for i := range outer.NumField() {
		field := outer.Field(i)
		if !field.Anonymous {
			continue
		}
		if isStore(field.Type) && !isFamilyBase(field.Type, home) {
			paths = append(paths, field.Type.String())
			continue
		}
		for _, path := range embeddedStores(field.Type, home) {
			paths = append(paths, field.Type.String()+", and by it "+path)
		}
	}
	return paths
}

// isStore reports whether the type, or a pointer to it, is a store.
func isStore(t reflect.Type) bool {
	return t.Implements(storeType) || t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(storeType)
}

// isFamilyBase reports whether the type is what a family of wrappers shares:
// an unexported struct of their package that implements core.Full.
func isFamilyBase(t reflect.Type, home string) bool {
	whole := t.Implements(fullType) || t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(fullType)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return whole && t.Kind() == reflect.Struct && t.PkgPath() == home && !token.IsExported(t.Name())
}

// packageOf returns the package that declares the type.
func packageOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath()
}

func proveUnwrap(p *trial) {
	w := p.world(0)
	unwrapper, ok := w.wrapper.(core.Unwrapper)
	switch {
	case ok && !p.options.Transparent:
		p.Errorf("a wrapper that is not transparent has a method Unwrap: core.As reaches through it past what it promises")
	case !ok && p.options.Transparent:
		p.Errorf("a transparent wrapper has no method Unwrap: core.As cannot reach the store inside")
	case ok:
		if inner := unwrapper.Unwrap(); inner != core.Store(w.inner) {
			p.Errorf("Unwrap returned a %T, want the store inside", inner)
		}
	}
}
