//go:build !unix && !windows

package disk

import "os"

const nonBlocking = 0

func rename(root *os.Root, from, to string) error { return root.Rename(from, to) }

func remove(root *os.Root, name string) error { return root.Remove(name) }

func syncNames(*os.Root, string) error { return nil }
