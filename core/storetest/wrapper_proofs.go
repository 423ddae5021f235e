package storetest

import (
	"slices"
	"strconv"
	"strings"
)

// proof is one thing that every wrapper is held to.
type proof struct {
	name    string
	promise string // what is proved
	rules   []int  // the rules of package core that it follows from
	first   bool   // whether the others make no sense where it fails

	// when, if set, reports whether the proof applies to such a wrapper.
	when func(*WrapperOptions) bool

	run func(*trial)
}

// proofs is what RunWrapper runs, in that order.
var proofs []proof

func init() { // refers to methods, which refer to it
	proofs = []proof{
		{name: "full", first: true, run: proveFull,
			promise: "A wrapper implements every method of core.Full, and the suite knows each."},
		{name: "promotion", run: provePromotion,
			promise: "A wrapper embeds no store: a method that was forgotten would bypass it in silence. " +
				"Only an unexported base of the same package, which implements core.Full itself, may be embedded."},
		{name: "unwrap", run: proveUnwrap,
			promise: "A transparent wrapper has Unwrap, which returns the store inside; a transforming one has none."},
		{name: "forwarding", run: proveForwarding,
			promise: "Every method that is permitted reaches the store inside."},
		{name: "collections", rules: []int{2}, run: proveCollections,
			promise: "Where a wrapper renames collections, the caller's is never seen below; where it does not, exactly that is seen."},
		{name: "keys", rules: []int{2}, run: proveKeys,
			promise: "Where a wrapper renames keys, the caller's are never seen below; where it does not, exactly those are seen."},
		{name: "values", rules: []int{3}, run: proveValues,
			promise: "Where a wrapper recodes values, the caller's are never seen below; where it does not, exactly those are seen."},
		{name: "times to live", rules: []int{4}, run: proveTTLs,
			promise: "Where a wrapper changes times to live, the caller's is not seen below; where it does not, exactly that is seen."},
		{name: "results", rules: []int{2, 3, 4, 5, 6, 7, 15}, run: proveResults,
			promise: "What a method answers is in the caller's names and values, and is what a store without the wrapper would answer."},
		{name: "default collection", rules: []int{1}, run: proveDefaultCollection,
			promise: "An empty collection and the default collection are one."},
		{name: "not found", rules: []int{12, 18}, run: proveNotFound,
			promise: "A miss is a bare core.ErrNotFound, or the value that the wrapper answers instead; an error is never a miss."},
		{name: "errors", rules: []int{12, 18}, run: proveErrors,
			promise: "Every error below reaches the caller: errors.Is holds, it is a *core.Error or a join of those, and Collection and Key are the caller's as given."},
		{name: "partial failures", rules: []int{8}, run: provePartialFailures,
			promise: "When some keys of a batch fail, the rest is done, and the error names the failed ones as the caller gave them."},
		{name: "supports", rules: []int{19}, run: proveSupports,
			promise: "Supports says what calling does, over inner stores with each capability taken away; what cannot be done is a bare errors.ErrUnsupported."},
		{name: "bulk", rules: []int{7}, run: proveBulk,
			promise: "A bulk call stays one bulk call below, and a single call one single call, unless the options say otherwise."},
		{name: "empty batch", rules: []int{7, 10}, run: proveEmptyBatch,
			promise: "An empty batch does nothing and reports context and closed all the same."},
		{name: "arguments", rules: []int{2, 3, 4, 8}, run: proveArguments,
			promise: "Arguments are checked as the caller gave them, before they are translated: an empty key never becomes a legal one with a prefix."},
		{name: "contexts", rules: []int{10}, run: proveContexts,
			promise: "A context that is done does no work, and its error comes before all others."},
		{name: "cancellation", rules: []int{10}, run: proveCancellation,
			promise: "A call returns when its context is done, while the store inside is still at it."},
		{name: "refusals", run: proveRefusals,
			when:    func(o *WrapperOptions) bool { return len(o.Refuses) > 0 },
			promise: "What a wrapper does not permit is answered as its options say and never reaches the store inside."},
		{name: "closing", rules: []int{13}, run: proveClosing,
			promise: "Close closes the store inside once and returns its error, the second time too; then every call is core.ErrClosed."},
		{name: "closing both", rules: []int{13}, run: proveClosingBoth,
			when:    func(o *WrapperOptions) bool { return o.Both != nil },
			promise: "Closing a wrapper closes every store under it, once, and joins the errors."},
		{name: "listing", rules: []int{12, 15}, run: proveListing,
			promise: "A bad entry of a listing passes and the sequence goes on, any other error is last, " +
				"each range starts anew, breaking out releases, and the body may call the store."},
		{name: "ownership", rules: []int{9}, run: proveOwnership,
			promise: "A wrapper modifies neither what it was given nor what the store inside answered, and keeps no slice that the caller holds."},
		{name: "distinct names", rules: []int{2}, run: proveDistinctNames,
			promise: "Two different pairs of collection and key are two below."},
		{name: "two configurations", rules: []int{2}, run: proveTwoConfigurations,
			when:    func(o *WrapperOptions) bool { return o.Second != nil },
			promise: "Two wrappers with different configurations over one store never meet."},
		{name: "undecodable", rules: []int{12}, run: proveUndecodable,
			when:    func(o *WrapperOptions) bool { return o.Undecodable != nil },
			promise: "A value below that the wrapper cannot decode is core.ErrCorrupt, stays there, and hides no other entry; Put replaces it and Delete removes it."},
		{name: "lost insert", rules: []int{16}, run: proveLostInsert,
			promise: "An Insert that happened, and whose reply was lost, is never told false."},
		{name: "concurrency", rules: []int{11}, run: proveConcurrency,
			promise: "A wrapper is safe for concurrent use."},
	}
}

// findProof returns the proof of that name, or nil.
func findProof(name string) *proof {
	i := slices.IndexFunc(proofs, func(p proof) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return &proofs[i]
}

// proofNames returns the names of all proofs.
func proofNames() []string {
	names := make([]string, len(proofs))
	for i, p := range proofs {
		names[i] = p.name
	}
	return names
}

// inapplicable reports whether the proof has no meaning for such a wrapper.
func (p *proof) inapplicable(o *WrapperOptions) bool { return p.when != nil && !p.when(o) }

// text returns the promise and the rules that it follows from.
func (p *proof) text() string {
	lines := []string{p.promise}
	for _, n := range p.rules {
		lines = append(lines, "rule "+strconv.Itoa(n)+": "+rules[n])
	}
	return strings.Join(lines, "\n")
}

// leftOut returns a line for each method that the options leave out.
func (p *proof) leftOut(o *WrapperOptions) (lines []string) {
	for i := range wrapperMethods {
		name := wrapperMethods[i].name
		if reason := o.skips(p.name, name); reason != "" {
			lines = append(lines, "left out: "+name+": "+reason)
		}
	}
	return lines
}
