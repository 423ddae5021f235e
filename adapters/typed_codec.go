package adapters

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/go-keyvalue/keyvalue/core"
)

// validator is implemented by types that know whether a value is valid.
type validator interface{ Validate() error }

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	validates     = reflect.TypeFor[validator]()
)

// codec is how values of T become JSON objects and back.
type codec[T any] struct {
	items    bool // wrapped in {"items": …}
	validate bool
	nilable  bool // T is a pointer or an interface
}

func newCodec[T any](shape Shape) codec[T] {
	t := reflect.TypeFor[T]()
	return codec[T]{
		items:    shape == ShapeItems || shape == ShapeOfType && !isObject(t),
		nilable:  t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface,
		validate: t.Implements(validates) || reflect.PointerTo(t).Implements(validates),
	}
}

// isObject reports whether every value of the type is a JSON object. A type
// that writes its own JSON could write anything.
func isObject(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	if pointer.Implements(jsonMarshaler) || pointer.Implements(textMarshaler) {
		return false
	}
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Map
}

const (
	itemsBegin = `{"items":`
	itemsEnd   = `}`
)

// encode returns the JSON object for the value.
func (c codec[T]) encode(value *T) (json.RawMessage, error) {
	if err := c.check(value); err != nil {
		return nil, fmt.Errorf("%w: %w", core.ErrInvalidValue, err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("%w: it does not encode as JSON (%T)", core.ErrInvalidValue, err)
	}
	if c.items {
		wrapped := make([]byte, 0, len(itemsBegin)+len(text)+len(itemsEnd))
		wrapped = append(wrapped, itemsBegin...)
		wrapped = append(wrapped, text...)
		return append(wrapped, itemsEnd...), nil
	}
	if text[0] != '{' {
		return nil, fmt.Errorf("%w: its JSON is not an object", core.ErrInvalidValue) // a nil map
	}
	return text, nil
}

// decode sets value to what the JSON object holds.
func (c codec[T]) decode(object []byte, value *T) error {
	text := object
	if c.items {
		if text = member(object, "items"); text == nil {
			return fmt.Errorf(`%w: no member "items"`, ErrInvalidEntry)
		}
	}
	if err := json.Unmarshal(text, value); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidEntry, describe(err))
	}
	if err := c.check(value); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidEntry, err)
	}
	return nil
}

// check calls the value's own Validate. A nil pointer has nothing to validate.
func (c codec[T]) check(value *T) error {
	if !c.validate || c.nilable && reflect.ValueOf(value).Elem().IsNil() {
		return nil
	}
	if v, ok := any(value).(validator); ok {
		return v.Validate()
	}
	if v, ok := any(*value).(validator); ok {
		return v.Validate()
	}
	return nil
}
