package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/internal/modules"
)

// A repository is a checkout.
type repository struct {
	dir   string
	today time.Time // the date of the changelog's sections
}

// A release is a module that the next stage brings out.
type release struct {
	module  modules.Module
	last    string // version, empty before the first
	next    string
	changes string // of the API, for a reader; empty where there are none
}

func (r release) tag() string { return r.module.Dir + "/" + r.next }

// release finds the next stage, and writes it if that is wanted.
func (r repository) release(write bool, out io.Writer) error {
	if err := r.clean(); err != nil {
		return err
	}
	if err := r.checkHistory(); err != nil {
		return err
	}
	tree, err := modules.Find(r.dir)
	if err != nil {
		return err
	}
	sets, err := modules.Sets(tree)
	if err != nil {
		return err
	}
	name, stage, err := r.nextStage(sets, tree)
	if err != nil {
		return err
	}
	if len(stage) == 0 {
		fmt.Fprintln(out, "nothing to release: no module has changed since its last tag")
		return nil
	}
	fmt.Fprintf(out, "stage: %s\n", name)
	for _, release := range stage {
		fmt.Fprintf(out, "  %s (last: %s)\n", release.tag(), cmp.Or(release.last, "none"))
		for line := range strings.Lines(release.changes) {
			fmt.Fprint(out, "    ", line)
		}
	}
	if !write {
		fmt.Fprintln(out, "nothing is written without -write")
		return nil
	}
	if err := r.write(stage, tree); err != nil {
		return errors.Join(err, errors.New("git checkout . undoes what was written"))
	}
	fmt.Fprintln(out, "committed. When CI is green on it:")
	var tags []string
	for _, release := range stage {
		fmt.Fprintf(out, "  git tag -a %s -m %q\n", release.tag(), release.module.Dir+" "+release.next)
		tags = append(tags, release.tag())
	}
	fmt.Fprintf(out, "  git push origin %s\n", strings.Join(tags, " "))
	return nil
}

// nextStage returns the first set in which a module has changed, and those
// modules. Later sets wait until its tags are made, since their requirements
// name them.
func (r repository) nextStage(sets []modules.Set, tree []modules.Module) (string, []release, error) {
	byDir := make(map[string]modules.Module)
	for _, m := range tree {
		byDir[m.Dir] = m
	}
	for _, set := range sets {
		var stage []release
		for _, dir := range set.Modules {
			next, err := r.nextRelease(byDir[dir], tree)
			if err != nil {
				return "", nil, fmt.Errorf("%s: %w", dir, err)
			}
			if next != nil {
				stage = append(stage, *next)
			}
		}
		if len(stage) > 0 {
			return set.Name, stage, nil
		}
	}
	return "", nil, nil
}

// nextRelease returns nil for a module that has not changed.
func (r repository) nextRelease(m modules.Module, tree []modules.Module) (*release, error) {
	last, err := modules.LastVersion(r.dir, m.Dir)
	if err != nil {
		return nil, err
	}
	if last == "" {
		return &release{module: m, next: "v0.1.0"}, nil
	}
	changed, err := r.changedSince(m.Dir+"/"+last, m.Dir, tree)
	if err != nil || !changed {
		return nil, err
	}
	api, err := r.compareAPI(m, last)
	if err != nil {
		return nil, err
	}
	next, err := nextVersion(last, api)
	if err != nil {
		return nil, err
	}
	return &release{module: m, last: last, next: next, changes: api.text}, nil
}
