// Package stacks draws random stacks of wrappers and holds each to the rules of
// a store and to a model. It is a module of its own, never tagged, so that the
// library that draws does not become a requirement of who uses the wrappers.
package stacks
