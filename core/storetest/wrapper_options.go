package storetest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

// WrapperOptions say what a wrapper changes; whatever they do not mention must
// pass through it as it is. Nil and the zero value are valid: a transforming
// wrapper, so without Unwrap, which changes nothing that the proofs look at.
//
// How the usual kinds of wrapper use them:
//
//   - Logging, statistics, retry, timeout, circuit breaker, bulkhead, rate
//     limit: Transparent, and nothing else. Configure the wrapper for the
//     trial so that it lets calls through and retries without long delays, or
//     set FakeClock.
//   - A prefix on keys: RenamesKeys, Second with another prefix, and
//     Capabilities, since a collection that is shared with others can be
//     destroyed only where keys can be listed.
//   - A prefix on collections: RenamesCollections, Second, Capabilities.
//   - All collections in one: RenamesCollections and RenamesKeys, Second with
//     another collection, Capabilities.
//   - Another default collection: DefaultCollection. Every other name passes.
//   - Compression and encryption: RecodesValues, and Undecodable for what
//     must be core.ErrCorrupt. Derive keys outside of wrap, which is called
//     hundreds of times.
//   - A bound on the time to live: ChangesTTLs, with a maximum below TTL.
//   - A default value: DefaultValue.
//   - Read-only: Refuses each writing method, with core.ErrReadOnly or nil.
//   - A size limit: the zero options with limits around Value. What it
//     refuses needs tests of its own.
//   - A cache over inner: InnerCalls, at least none for reads, and Both.
//   - A fallback with inner as its first store: Both, and Skip with
//     "errors/Get" and so on for the methods that the second store saves. The
//     second store must not hold what was never written to it.
//   - Routing with inner as the store of all routes: Both with two. Run it
//     once for inner behind a route and once for inner as the default.
//   - A view that its user does not own: KeepsOpen.
type WrapperOptions struct {
	// Transparent says that the wrapper keeps keys, values, collections and
	// permissions, so that it must have a method Unwrap that returns the
	// store inside. Any other wrapper must have none.
	Transparent bool

	// RenamesCollections, RenamesKeys, RecodesValues and ChangesTTLs say what
	// the wrapper changes on the way down, and back on the way up. The
	// original must then never be seen below, nor the changed form above.
	// What is not changed must be seen below exactly as given.
	RenamesCollections, RenamesKeys, RecodesValues, ChangesTTLs bool

	// DefaultCollection is what an empty collection stands for. Empty means
	// core.DefaultCollection.
	DefaultCollection string

	// DefaultValue is what the wrapper answers for a missing key. Nil means
	// core.ErrNotFound.
	DefaultValue json.RawMessage

	// Refuses maps the names of the methods that the wrapper does not permit
	// to the error that they answer, or to nil where they do nothing in
	// silence: false, zero, no error.
	Refuses map[string]error

	// Capabilities returns what the wrapper offers over a store with the
	// capabilities inner. Nil means the same. Over inner stores with each of
	// them taken away, Supports and the methods must agree with it.
	Capabilities func(inner core.Capability) core.Capability

	// InnerCalls returns how many calls that read or write entries the
	// wrapper may make below for one call of the method on an empty cache, or
	// the like. Nil means exactly one, of the same method (Get and GetAppend
	// are one): a bulk call stays one bulk call. Where least is zero the
	// proofs accept that the wrapper answers from elsewhere.
	InnerCalls func(method string) (least, most int)

	// Second, if set, makes a wrapper of the same kind with another
	// configuration. Over one store the two must never meet. It is for
	// wrappers that rename. Choose a pair that is easily confused: the
	// prefixes "a" and "a__b" rather than "a" and "x".
	Second func(t *testing.T, inner core.Store) core.Store

	// Both, if set, makes a wrapper over two stores, where the wrapper is one
	// that stands over several. Closing it must close both.
	Both func(t *testing.T, first, second core.Store) core.Store

	// KeepsOpen says that closing the wrapper leaves the store inside open.
	KeepsOpen bool

	// Undecodable, if set, is a value which, lying below, the wrapper cannot
	// decode: reading it must be core.ErrCorrupt.
	Undecodable json.RawMessage

	// Value, if set, returns the value to put under a key. It must be
	// different for each key, and contain the key where RecodesValues is set.
	// By default values are of about 2 KiB, so that compression is worth it.
	Value func(key string) json.RawMessage

	// TTL is the time to live of the entries that are put. Zero means 67
	// minutes.
	TTL time.Duration

	// FakeClock runs each proof in a bubble of testing/synctest, where waiting
	// takes no time. The wrapper must not do I/O then, and its goroutines
	// must end when it is closed.
	FakeClock bool

	// Timeout is after how long a call counts as stuck. Zero means 10 seconds.
	Timeout time.Duration

	// Skip maps the names of proofs that are not to run, or of single methods
	// in them such as "errors/Get" or "*/Cull", to the reason, which is
	// printed. The names are those of the subtests.
	Skip map[string]string
}

func (o *WrapperOptions) withDefaults() *WrapperOptions {
	var options WrapperOptions
	if o != nil {
		options = *o
	}
	if options.DefaultCollection == "" {
		options.DefaultCollection = core.DefaultCollection
	}
	if options.Value == nil {
		options.Value = canaryValue
	}
	if options.TTL <= 0 {
		options.TTL = 67 * time.Minute
	}
	if options.Timeout <= 0 {
		options.Timeout = 10 * time.Second
	}
	return &options
}

// canaryValue is a value that names its key and is worth compressing.
func canaryValue(key string) json.RawMessage {
	text, _ := json.Marshal(map[string]string{"canary": "value of " + key, "padding": strings.Repeat("coal mine ", 200)})
	return text
}

// contradictions returns what is wrong with the options themselves.
func (o *WrapperOptions) contradictions() (wrong []string) {
	changes := o.RenamesCollections || o.RenamesKeys || o.RecodesValues || o.ChangesTTLs ||
		o.DefaultValue != nil || o.DefaultCollection != core.DefaultCollection || len(o.Refuses) > 0
	if o.Transparent && changes {
		wrong = append(wrong, "a transparent wrapper changes no names, values, times or permissions")
	}
	for _, name := range slices.Sorted(maps.Keys(o.Refuses)) {
		if findMethod(name) == nil {
			wrong = append(wrong, "Refuses names "+name+", which is no method of core.Full")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Skip)) {
		proof, method, _ := strings.Cut(name, "/")
		if proof != "*" && findProof(proof) == nil || method != "" && findMethod(method) == nil {
			wrong = append(wrong, "Skip names "+name+", which is no proof; there are: "+strings.Join(proofNames(), ", "))
		}
	}
	return wrong
}

// skips returns the reason why a proof leaves a method out, or nothing.
func (o *WrapperOptions) skips(proof, method string) string {
	if reason := o.Skip[proof+"/"+method]; reason != "" {
		return reason
	}
	return o.Skip["*/"+method]
}

// refuses reports whether the wrapper does not permit the method.
func (o *WrapperOptions) refuses(method string) bool {
	_, refused := o.Refuses[method]
	return refused
}

// offered returns what the wrapper must offer over such a store.
func (o *WrapperOptions) offered(inner core.Capability) core.Capability {
	if o.Capabilities == nil {
		return inner
	}
	return o.Capabilities(inner)
}

// innerCalls returns how many inner calls a call of the method makes, and
// whether they must be of the same method.
func (o *WrapperOptions) innerCalls(method string) (least, most int, same bool) {
	if o.InnerCalls == nil {
		return 1, 1, true
	}
	least, most = o.InnerCalls(method)
	return least, most, least == 1 && most == 1
}
