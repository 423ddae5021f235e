// Quickstart shows a store at work: entries stored, read back, expiring and
// listed, on a store inside this process.
//
//	go run ./examples/quickstart
//
// With JSON lines on standard input it stores those instead, and answers
// lookups of the keys that it is given:
//
//	go run ./examples/quickstart ada grace < people.jsonl
//
// The store is chosen by URL: -store simple:// is another one.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
)

// stores are the stores that this program can open. A program lists what it
// wants to offer to its users; there is no registry behind it.
var stores = core.Mux{
	"memory": memory.Open,
	"simple": memory.OpenSimple,
	"null":   memory.OpenNull,
}

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run is the program without its surroundings.
func run(ctx context.Context, args []string, in *os.File, out io.Writer) (err error) {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	url := flags.String("store", "memory://", "`URL` of the store")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	store, err := stores.Open(ctx, *url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, core.Close(store)) }()

	lines := bufio.NewReader(in)
	if isTerminal(in) || isEmpty(lines) {
		return tour(ctx, store, out)
	}
	return load(ctx, store, lines, flags.Args(), out)
}

// isTerminal reports whether nothing was redirected to the file. Reading from
// it would then wait for somebody to type.
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err != nil || info.Mode()&os.ModeCharDevice != 0
}

func isEmpty(r *bufio.Reader) bool {
	_, err := r.Peek(1)
	return err != nil
}
