package storetest

import "errors"

func proveDefaultCollection(p *trial) {
	for m := range p.methods(ofCollection) {
		if m.name == "Setup" {
			continue
		}
		for _, way := range []struct{ put, call string }{
			{p.options.DefaultCollection, ""},
			{"", p.options.DefaultCollection},
		} {
			p.sameCollection(m, way.put, way.call)
		}
	}
}

// sameCollection calls a method with one name of a collection, where the
// entries were put with another.
func (p *trial) sameCollection(m *wrapperMethod, put, call string) {
	a := p.canary()
	a.collection = put
	w := p.holding(a)
	if m.traits.has(ofValues) && m.name != "Insert" {
		w = p.world(0)
	}
	a.collection = call
	o := m.call(p.ctx, w.store, a)
	if err := errors.Join(o.errs...); err != nil {
		p.Errorf("%s in collection %q, where the entries are in %q, returned %v", m.name, call, put, err)
		return
	}
	missed := false
	switch m.name {
	case "Get", "GetAppend", "GetMany":
		for _, entry := range o.entries {
			missed = missed || !entry.Found()
		}
	case "Put", "PutMany":
		_, err := w.store.Get(p.ctx, put, a.keys[0])
		missed = err != nil
	case "Insert":
		missed = o.yes
	case "Delete", "DestroyCollection":
		missed = !o.yes
	case "DeleteMany":
		missed = o.count != len(a.keys)
	case "Keys":
		missed = len(o.names) != len(a.keys)
	}
	if missed {
		p.Errorf("%s in collection %q did not see the entries of %q, which is the same", m.name, call, put)
	}
}
