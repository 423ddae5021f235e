// Package adapters has typed and other views of a store.
package adapters
