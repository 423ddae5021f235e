package jsonscan

// scanNumber scans the number that begins at data[i], which is a minus sign or
// a digit, and returns the offset behind it.
func scanNumber(data []byte, i int) (int, reason) {
	if data[i] == '-' {
		i++
	}
	switch {
	case i < len(data) && data[i] == '0':
		i++
	case digit(data, i):
		i = digits(data, i)
	default:
		return i, at(data, i, notNumber)
	}
	if i < len(data) && data[i] == '.' {
		if i++; !digit(data, i) {
			return i, at(data, i, notNumber)
		}
		i = digits(data, i)
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		if i++; i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		if !digit(data, i) {
			return i, at(data, i, notNumber)
		}
		i = digits(data, i)
	}
	return i, fine
}

// digit reports whether data[i] is a digit.
func digit(data []byte, i int) bool {
	return i < len(data) && data[i]-'0' <= 9
}

// digits returns the offset of the first byte at or after i that is no digit.
func digits(data []byte, i int) int {
	for i < len(data) && data[i]-'0' <= 9 {
		i++
	}
	return i
}
