package managed

import "time"

// Times are written as datetime.isoformat of Python writes UTC, always or
// where needed with six digits: 2025-01-01T00:00:00.000000+00:00. Readers of
// Python 3.10 take no Z and no other number of digits.
const dateSize = len("2025-01-01T00:00:00.000000+00:00")

// These are the ends of what four digits of the year can say, for Python also
// the ends of time. The first microsecond is not used: it is the zero Time.
var (
	firstDate = time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)
	lastDate  = time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
)

// floor returns t in UTC, truncated to a microsecond.
func floor(t time.Time) time.Time {
	return clamp(t.UTC().Add(-time.Duration(t.Nanosecond() % 1000)))
}

// ceiling returns t in UTC, rounded up to a microsecond.
func ceiling(t time.Time) time.Time {
	if rest := t.Nanosecond() % 1000; rest != 0 {
		t = t.Add(time.Duration(1000 - rest))
	}
	return clamp(t.UTC())
}

func clamp(t time.Time) time.Time {
	if t.Before(firstDate) {
		return firstDate
	}
	if t.After(lastDate) {
		return lastDate
	}
	return t
}

// appendDate appends t, which is UTC. The fraction has six digits or, where
// fraction is false and it is zero, none.
func appendDate(dst []byte, t time.Time, fraction bool) []byte {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = appendDigits(dst, year/100)
	dst = appendDigits(dst, year%100)
	dst = appendDigits(append(dst, '-'), int(month))
	dst = appendDigits(append(dst, '-'), day)
	dst = appendDigits(append(dst, 'T'), hour)
	dst = appendDigits(append(dst, ':'), minute)
	dst = appendDigits(append(dst, ':'), second)
	if microsecond := t.Nanosecond() / 1000; fraction || microsecond != 0 {
		dst = appendDigits(append(dst, '.'), microsecond/10000)
		dst = appendDigits(dst, microsecond/100%100)
		dst = appendDigits(dst, microsecond%100)
	}
	return append(dst, "+00:00"...)
}

// appendDigits appends two decimal digits.
func appendDigits(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

// parseDate reads text as datetime.fromisoformat of CPython 3.11 does, a time
// without offset as UTC. It reports false where Python raises ValueError.
// The result is never the zero Time, which would mean no time.
func parseDate(text []byte) (time.Time, bool) {
	t, ok := parseCommon(text)
	if !ok {
		t, ok = parseISO(text)
	}
	if ok && t.IsZero() {
		t = firstDate
	}
	return t, ok
}

// parseCommon reads the form that appendDate and Python write.
func parseCommon(text []byte) (time.Time, bool) {
	const whole = len("2025-01-01T00:00:00")
	if len(text) != dateSize && len(text) != whole+len("+00:00") {
		return time.Time{}, false
	}
	if text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
		string(text[len(text)-6:]) != "+00:00" {
		return time.Time{}, false
	}
	d := digitPairs{text: text}
	year := d.pair(0)*100 + d.pair(2)
	month, day := d.pair(5), d.pair(8)
	hour, minute, second := d.pair(11), d.pair(14), d.pair(17)
	microsecond := 0
	if len(text) == dateSize {
		if text[whole] != '.' {
			return time.Time{}, false
		}
		microsecond = d.pair(whole+1)*10000 + d.pair(whole+3)*100 + d.pair(whole+5)
	}
	if d.bad {
		return time.Time{}, false
	}
	return newDate(year, month, day, hour, minute, second, microsecond)
}

// digitPairs reads pairs of digits and remembers that one of them was none.
type digitPairs struct {
	text []byte
	bad  bool
}

func (d *digitPairs) pair(i int) int {
	tens, units := d.text[i]-'0', d.text[i+1]-'0'
	if tens > 9 || units > 9 {
		d.bad = true
	}
	return int(tens)*10 + int(units)
}

// newDate returns the time in UTC, and false where a part is out of range.
func newDate(year, month, day, hour, minute, second, microsecond int) (time.Time, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) ||
		hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	seconds := int64(dayNumber(year, month, day))*86400 + int64(hour*3600+minute*60+second)
	return time.Unix(seconds, int64(microsecond)*1000).UTC(), true
}

// dayNumber returns the number of days from 1970-01-01 to a date.
func dayNumber(year, month, day int) int {
	// Years that begin in March have their leap day last.
	if month <= 2 {
		year--
		month += 12
	}
	const epoch = 719468 // days from 0000-03-01
	return year*365 + year/4 - year/100 + year/400 + (month*153-457)/5 + day - 1 - epoch
}

// daysIn returns the number of days of a month.
func daysIn(year, month int) int {
	switch month {
	case 2:
		if leap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func leap(year int) bool {
	return year%4 == 0 && (year%100 != 0 || year%400 == 0)
}
