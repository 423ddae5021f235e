// Package valkey keeps entries in Valkey.
package valkey
