//go:build !linux

package disk

import "os"

// moves has nothing that is quicker than os.Root.
type moves struct{}

func openMoves(*os.Root) *moves { return nil }

func (*moves) rename(string, string) bool { return false }

func (*moves) close() {}
